import type { FastifyInstance } from 'fastify'
import { AppError } from '../../retrieval/base/errors.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { IncomingMessage } from './message.ts'
import type { Outgoing, Receipt } from './outgoing.ts'

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
   * Sends one thing to `chat`, split within `limit`.
   * @param key the same at every try of the same thing, for platforms that detect repetitions by it
   * @throws ChannelError
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
