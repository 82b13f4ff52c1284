import type { IncomingMessage } from './channel.ts'

/** Words or a click in a private chat of our own making: the terminal, the page. */
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

/** What a person says or does in their own chat; the rest happens to topics and sessions. */
export function isSpoken({ kind }: IncomingMessage): boolean {
  return kind === 'text' || kind === 'button' || kind === 'file' || kind === 'unreadable'
}

const ofOthers: ReadonlySet<IncomingMessage['kind']> = new Set([
  'broker_text',
  'session_taken',
  'session_ended',
  'staff_on',
  'staff_off',
])

/** Done in a person's chat by somebody else, who must not be taken for that person. */
export function isByOthers({ kind }: IncomingMessage): boolean {
  return ofOthers.has(kind)
}
