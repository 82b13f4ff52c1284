/** What a person, a broker or a platform did, in one form for all channels. */
export type IncomingMessage = {
  /** Unique within the channel for ever, made from the platform's own key, e.g. Telegram's update_id. Duplicates are dropped by it. */
  readonly externalId: string
  /** Where it was said: `telegram:42`, a forum topic `telegram:-100123#55`. Replies go here. */
  readonly chat: string
  readonly from: { readonly id: string; readonly name: string | null }
  readonly kind:
    | 'text'
    | 'button'
    | 'file'
    | 'unreadable'
    | 'blocked'
    | 'unblocked'
    | 'topic_closed'
    | 'topic_reopened'
    | SessionKind
  /** What was said; for `file` the caption, for `unreadable` (voice, sticker …) empty. */
  readonly text: string
  /** For `button`: the data we attached when sending it. */
  readonly button: string | null
  /** For `file`: how the channel can fetch it later. */
  readonly file: { readonly name: string; readonly size: number; readonly ref: string } | null
  /** The text a person quoted when replying, if the platform tells. */
  readonly quoted: string | null
  /** A shared room, where only words addressed to the bot are answered. */
  readonly group: boolean
  /** Private chat, mention, reply to the bot, or a command for it. */
  readonly addressed: boolean
  /** BCP 47 hint of the person's language, if the platform tells. */
  readonly language: string | null
  readonly sentAt: string
  /** Lets one reply through at this moment (`entered`, `session_taken`, `session_ended`), on platforms that give such codes. */
  readonly replyCode?: string | null
  /** For a verdict under an answer: why, where the platform asks for it. */
  readonly reason?: string
  /** For `undelivered`: one of the ids of a {@link Receipt}, and why; after `window_closed` the same words may be sent later. */
  readonly undelivered?: { readonly messageId: string; readonly why: 'window_closed' | 'chat_gone' | 'refused' }
}

/**
 * What happens in the sessions of a platform that lets its own people take over (微信客服). `entered`: the person opened the chat ·
 * `broker_text`: a human of the platform, `from`, has said `text` there · `session_taken` by `from` · `session_ended` by `from` ·
 * `undelivered`: something we had sent did not arrive after all · `staff_on` / `staff_off`: `from` starts or stops receiving; its `chat`
 * is the account, not a person.
 */
export type SessionKind = 'entered' | 'broker_text' | 'session_taken' | 'session_ended' | 'undelivered' | 'staff_on' | 'staff_off'

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
