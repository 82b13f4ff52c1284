import type { ClientBase, Pool } from 'pg'
import type { Log } from '../../retrieval/base/log.ts'
import type { Channel } from '../channels/channel.ts'
import type { IncomingMessage } from '../channels/message.ts'
import type { Outgoing, Receipt } from '../channels/outgoing.ts'

/** `ticket:12` stands for that ticket's topic, whose address is known only after it was opened. */
export type OutboxItem = {
  readonly key: string
  readonly chat: string
  readonly conversation: string | null
  readonly body: Outgoing
  /** Passages it quotes as valid; checked again when it is sent. */
  readonly restsOn?: readonly string[]
}

export type OutboxRow = OutboxItem & { readonly id: string; readonly attempts: number; readonly resent: number }

/** A row this process may send. `madeAt`: when it was stored, in microseconds since 1970. */
export type Claimed = OutboxRow & { readonly claimedAt: string; readonly madeAt: string }

export type Undelivered = NonNullable<IncomingMessage['undelivered']>

export type OutboxDeps = {
  readonly pool: Pool
  readonly log: Log
  readonly owner: string
  /** @returns the channel that owns an address, or undefined when it is switched off */
  readonly channelOf: (chat: string) => Channel | undefined
  /** @returns a body as the messages it takes on its channel, so that a failure in the middle repeats nothing */
  readonly partsOf: (chat: string, body: Outgoing) => readonly Outgoing[]
  /** @returns the address to send to now (for `ticket:…` its topic), or null when there is none yet */
  readonly addressOf: (row: OutboxRow) => Promise<string | null>
  /** Runs in the transaction that marks the row as sent. @returns a queue that was waiting for this, or null */
  readonly onSent: (tx: ClientBase, row: OutboxRow, receipt: Receipt) => Promise<string | null>
  /** Runs in the transaction that gives a row up. @returns what has to be said about it elsewhere */
  readonly onDead: (tx: ClientBase, row: OutboxRow, code: string) => Promise<readonly OutboxItem[]>
  /** Runs in the transaction that holds a row until the person writes again. @returns what has to be said about it elsewhere */
  readonly onHeld: (tx: ClientBase, row: OutboxRow, code: string) => Promise<readonly OutboxItem[]>
  /** Runs before sending. @returns what to send instead when the row's passages no longer hold; null when they do */
  readonly lapsed?: (row: OutboxRow) => Promise<Outgoing | null>
  /** Milliseconds that pass even while the process stands still; for tests. */
  readonly elapsed?: () => number
  /** The topic was deleted; the row waits. @returns what opens a new one */
  readonly onTopicGone: (tx: ClientBase, row: OutboxRow) => Promise<readonly OutboxItem[]>
}
