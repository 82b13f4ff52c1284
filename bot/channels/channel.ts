import type { FastifyInstance } from 'fastify'
import { AppError } from '../../retrieval/base/errors.ts'
import type { Log } from '../../retrieval/base/log.ts'

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

/** A run of text; plain strings are shown as they are, never parsed. */
export type Span = string | { readonly bold: string } | { readonly link: string; readonly href: string }
export type Block = { readonly type: 'paragraph' | 'quote' | 'list_item' | 'small'; readonly spans: readonly Span[] }
/** `data` ≤ 64 bytes comes back as IncomingMessage.button. */
export type Button = { readonly label: string; readonly data: string }

/** Everything that can be said; a closed union, so that the port stays small. JSON, since it waits in the outbox. */
export type Outgoing =
  | {
      readonly kind: 'text'
      readonly blocks: readonly Block[]
      readonly buttons?: readonly (readonly Button[])[]
      /** The `externalId` of the message this replies to. */
      readonly replyTo?: string
      /** The preview this message replaces, as `end` of its {@link Stream} returned it. */
      readonly replaces?: string
      /** Sent at a moment for which the platform may have given a code; other channels send it like any text. */
      readonly at?: Moment
      /** Not worth sending later, or to anybody else, when it cannot be sent now. */
      readonly courtesy?: true
      /** An earlier message, by its key, whose buttons no longer apply. */
      readonly settles?: Settles
    }
  /** A file or a picture, of up to 5 MB; only for channels with {@link Channel.files}. */
  | { readonly kind: 'file'; readonly name: string; readonly base64: string }
  /** Opens a place for one ticket (a forum topic); its receipt names the place in `chat`. */
  | { readonly kind: 'open_topic'; readonly name: string }
  | { readonly kind: 'close_topic' }
  /** Shows that an answer is being prepared; may be ignored. */
  | { readonly kind: 'typing' }
  /**
   * Gives the chat to a human of the platform itself: the first of `to` who is receiving, else its queue when anybody is, else nobody. Then
   * says what happened: `said` by the person who got it, or `queued`. Only for channels with {@link Channel.sessions}.
   */
  | {
      readonly kind: 'hand_off'
      readonly to: readonly { readonly account: string; readonly said: string }[]
      readonly queued: string
      /** Whoever has it now has not answered: try another first. */
      readonly again?: true
    }

/**
 * Where a platform can change what it showed, `label` replaces the buttons and nothing more is sent; elsewhere the message that carries
 * this is. `sent`: receipt of the earlier message, filled in when this is sent; null when it was never sent.
 */
export type Settles = { readonly key: string; readonly label: string; readonly sent?: Receipt | null }

/**
 * `welcome` answers an `entered`; `taken` a `session_taken`; `hand_back` ends a human's session, whoever ended it. `hand_off`: a human takes
 * over; `more`: there is more to read than may be sent now.
 */
export type Moment = {
  readonly moment: 'welcome' | 'taken' | 'hand_back' | 'hand_off' | 'more'
  readonly code: string | null
}

/** What the platform returned for a send: ids for later edits, and for `open_topic` the new chat. */
export type Receipt = {
  readonly messageIds: readonly string[]
  readonly chat?: string
  /** Code that lets the buttons of this message be changed once, later. */
  readonly change?: string
}

/**
 * Thrown by `send`. Codes: `rate_limited` (retryAfterMs is set), `unavailable` (retry) · `chat_gone` (blocked, kicked, deleted),
 * `topic_gone`, `refused` (do not retry) · `window_closed` (waits until the person writes again), `window_full` (the same, but one message
 * of moment `more` is still accepted) · `not_our_turn` (a human of the platform has the session) · `misconfigured` (token or rights; stop
 * and tell the operator).
 */
export class ChannelError extends AppError {
  readonly retryAfterMs: number | undefined
  constructor(
    code:
      | 'rate_limited'
      | 'unavailable'
      | 'chat_gone'
      | 'topic_gone'
      | 'refused'
      | 'misconfigured'
      | 'window_closed'
      | 'window_full'
      | 'not_our_turn',
    message: string,
    options: { retryAfterMs?: number; hint?: string; cause?: unknown } = {},
  ) {
    super(code, message, {
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      retry: code === 'rate_limited' || code === 'unavailable',
      cause: options.cause,
    })
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Small durable memory of a channel (`channel_state`), shared by all processes. */
export type ChannelState = {
  get(name: string): Promise<unknown>
  set(name: string, value: unknown): Promise<void>
  /**
   * Reads and writes in one step, so that no two processes do it at once: leases, counters, electing one of many.
   * @param step pure; `now` is the database's time, since processes' clocks differ. Without `value` nothing is written
   */
  change<Result>(name: string, step: (value: unknown, now: Date) => StateChange<Result>): Promise<Result>
}
/**
 * A page of messages and the cursor after it: stored together, or not at all. `from` is what `name` must still hold (undefined = nothing),
 * so that of two processes that read the same page only one stores it; the other gets `state_moved`.
 */
export type Batch = {
  readonly messages: readonly IncomingMessage[]
  readonly moved: { readonly name: string; readonly from: unknown; readonly to: unknown }
  readonly also: readonly { readonly name: string; readonly value: unknown }[]
}
export type OnBatch = (batch: Batch) => Promise<void>

export type StateChange<Result> = { readonly value?: unknown; readonly result: Result }
/**
 * Shows a reply while it is being made. It shows previews, never the reply itself: that comes whole through the outbox and replaces the
 * preview, even when the connection was cut in between.
 */
export type Stream = {
  /** Shows the whole text so far: checked sentences, no markup. Paced and skipped as the platform requires; never throws. */
  show(text: string): void
  /** Ends the preview. @returns what the final message must replace, or null when it is simply sent */
  end(): Promise<string | null>
}

/** One result of `doctor`, worded for whoever set the channel up. */
export type ChannelCheck = {
  readonly name: string
  readonly ok: boolean
  readonly code: string | null
  readonly message: string
  readonly hint: string | null
}

/** What a channel is given when it is opened. */
export type ChannelDeps = {
  readonly log: Log
  readonly state: ChannelState
  /** The memory under another name, shared by channels of one platform, e.g. for an access token. */
  readonly stateOf: (name: string) => ChannelState
  readonly http: FastifyInstance
  readonly publicUrl: string | null
}

/** The port: six required members, and members that not every platform needs. One file per platform implements it. */
export type Channel = {
  /** Prefix of every chat id this channel owns. Lower case, never changes: it is stored. */
  readonly name: string
  /** Longest text of one message, counted in `unit`, after the channel's own markup is parsed. */
  readonly limit: { readonly size: number; readonly unit: 'utf16' | 'bytes' }
  /** Where brokers get a topic per ticket (`telegram:-100123`); null when this channel has no such place or none is set. */
  readonly desk: string | null
  /**
   * Starts receiving. The platform gets its acknowledgement only after `onMessage` resolves; when it rejects, the platform sends again.
   * Channels that read pages by a cursor give each page to `onBatch`.
   */
  start(onMessage: (message: IncomingMessage) => Promise<void>, onBatch?: OnBatch): Promise<void>
  /**
   * Sends one thing to `chat`, split within `limit`. @param key the same at every try of the same thing, for platforms that detect
   * repetitions by it @throws ChannelError
   */
  send(chat: string, outgoing: Outgoing, key?: string): Promise<Receipt>
  /** Stops receiving and waits for messages in hand. Safe to call twice. */
  stop(): Promise<void>
  /**
   * Pure: one thing to say → the messages it takes on this platform, in order; `send` of one of them makes one message. A caller that sends
   * them one by one and counts them can resume after a failure without repeating any. Absent: always one.
   */
  parts?(outgoing: Outgoing): readonly Outgoing[]
  /**
   * Fetches the file a message carried, by its `file.ref`; stops reading beyond `mostBytes`. Absent: files cannot be fetched.
   * @throws ChannelError `refused` when it is too large or no longer there, `unavailable` (retry), `misconfigured`
   */
  fetchFile?(ref: string, limits: { readonly mostBytes: number; readonly signal?: AbortSignal }): Promise<Uint8Array>
  /**
   * Opens a preview of the next reply in `chat`. `key` is the same when the same reply is made again after a crash, so that the earlier
   * preview is found and replaced. Absent: replies appear only when they are whole.
   */
  stream?(chat: string, key: string): Stream
  /** Pure: several things waiting for one chat → the same in fewer messages, for platforms where each message counts. Absent: never. */
  join?(outgoing: readonly Outgoing[]): readonly Outgoing[]
  /** Whether humans of the platform itself can take over a chat; without it a `hand_off` is never sent here. */
  readonly sessions?: boolean
  /** Whether a `file` can be sent here; elsewhere its name is sent instead. */
  readonly files?: true
  /** Why the channel does not work right now, for readiness and the operator; null when all is well. Absent: nothing ever stops it. */
  problem?(): { readonly code: string; readonly message: string; readonly hint: string | null } | null
  /**
   * Asks the platform whether everything is set up. Runs beside the service, without disturbing it, on a channel that is not started; never
   * throws. Absent: there is nothing to ask.
   * @param people accounts of registered people, as `from.id` gives them
   */
  check?(people: readonly string[]): Promise<readonly ChannelCheck[]>
}
