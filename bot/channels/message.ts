import type { IncomingMessage, SessionKind } from './channel.ts'

/** Text or a click in a private chat with default values for everything else. */
export function ownMessage(of: { externalId: string; chat: string; text: string; button?: string | null }): IncomingMessage {
  const button = of.button ?? null
  return {
    externalId: of.externalId,
    chat: of.chat,
    from: { id: of.chat, name: null },
    kind: button === null ? 'text' : 'button',
    text: of.text,
    button,
    file: null,
    quoted: null,
    group: false,
    addressed: true,
    language: null,
    sentAt: new Date().toISOString(),
  }
}

/** Whether a person said or did it in their own chat; all else happens to topics and sessions. */
export function isSpoken({ kind }: IncomingMessage): boolean {
  return kind === 'text' || kind === 'button' || kind === 'file' || kind === 'unreadable'
}

const ofSessions: ReadonlySet<IncomingMessage['kind']> = new Set<SessionKind>([
  'entered',
  'broker_text',
  'session_taken',
  'session_ended',
  'undelivered',
  'staff_on',
  'staff_off',
])

/** Whether it happened in a session of a platform whose own people can take over a chat. */
export function isSessionKind({ kind }: IncomingMessage): boolean {
  return ofSessions.has(kind)
}

/** Whether somebody else did it in a person's chat, who must not be taken for that person. */
export function isByOthers(message: IncomingMessage): boolean {
  return isSessionKind(message) && message.kind !== 'entered' && message.kind !== 'undelivered'
}
