import { EventEmitter } from 'node:events'
import type { ClientBase, Pool } from 'pg'
import { codeOf } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import { transaction } from '../retrieval/store/transaction.ts'
import { type Channel, ChannelError, type Outgoing, type Receipt } from './channels/channel.ts'

const leaseSeconds = 60
const firstRetryMs = 1_000
const longestRetryMs = 300_000
/** A ticket's topic is usually open within this. */
const noAddressMs = 300
/** A message nobody could deliver for a day has lost its use; it is kept as `dead`, and the log names it. */
const giveUpAfterHours = 24

/** `ticket:12` stands for that ticket's topic, whose address is known only after it was opened. */
export type OutboxItem = {
  readonly key: string
  readonly chat: string
  readonly conversation: string | null
  readonly body: Outgoing
}

export type OutboxRow = {
  readonly id: string
  readonly key: string
  readonly chat: string
  readonly conversation: string | null
  readonly body: Outgoing
  readonly attempts: number
}

export type OutboxDeps = {
  readonly pool: Pool
  readonly log: Log
  readonly owner: string
  /** @returns the channel that owns an address, or undefined when it is switched off */
  readonly channelOf: (chat: string) => Channel | undefined
  /** @returns one thing to say as the messages it takes where it goes, so that a failure in the middle repeats nothing */
  readonly partsOf: (chat: string, body: Outgoing) => readonly Outgoing[]
  /** @returns the address to send to now (for `ticket:…` its topic), or null when there is none yet */
  readonly addressOf: (row: OutboxRow) => Promise<string | null>
  /** Runs in the transaction that marks the row as sent. @returns a queue that was waiting for this, or null */
  readonly onSent: (tx: ClientBase, row: OutboxRow, receipt: Receipt) => Promise<string | null>
  /** Runs in the transaction that gives a row up. @returns what has to be said about it elsewhere */
  readonly onDead: (tx: ClientBase, row: OutboxRow, code: string) => Promise<readonly OutboxItem[]>
  /** The topic was deleted; the row waits. @returns what opens a new one */
  readonly onTopicGone: (tx: ClientBase, row: OutboxRow) => Promise<readonly OutboxItem[]>
}

/** Everything to be said, in order per chat, with retries by kind; the only writer of outbox. */
export type Outbox = ReturnType<typeof outbox>

export function outbox(deps: OutboxDeps) {
  const wake = new EventEmitter()
  return {
    /** Emits `work` when something may be sent. */
    wake,
    put: (tx: ClientBase, items: readonly OutboxItem[]) => put(deps, tx, items),
    async sendNext(): Promise<boolean> {
      const sent = await sendNext(deps)
      if (sent) wake.emit('work')
      return sent
    },
    erase,
    recover: () => recover(deps.pool),
  }
}

/** Stores what is to be said, a row per message; a key that is stored already is left alone, so a repeated effect says nothing twice. */
async function put(deps: OutboxDeps, tx: ClientBase, items: readonly OutboxItem[]): Promise<void> {
  for (const item of items) {
    for (const [index, part] of deps.partsOf(item.chat, item.body).entries()) {
      await tx.query('insert into outbox (key, chat, conversation, body) values ($1, $2, $3, $4) on conflict (key) do nothing', [
        index === 0 ? item.key : `${item.key}+${index}`,
        item.chat,
        item.conversation,
        JSON.stringify(part),
      ])
    }
  }
}

/** Sends the oldest message of some chat that may be sent now. @returns false when there was none */
async function sendNext(deps: OutboxDeps): Promise<boolean> {
  const { rows } = await deps.pool.query<OutboxRow>(claimRow, [deps.owner, leaseSeconds])
  const row = rows[0]
  if (row === undefined) return false
  try {
    const address = await deps.addressOf(row)
    const channel = address === null ? undefined : deps.channelOf(address)
    if (address === null || channel === undefined) {
      await retry(
        deps,
        row,
        new ChannelError('unavailable', 'No channel for this address is open yet', { retryAfterMs: noAddressMs }),
      )
      return true
    }
    await finish(deps, row, 'sent', await channel.send(address, row.body, row.key), null)
  } catch (error) {
    await failed(deps, row, error)
  }
  return true
}

async function finish(
  deps: OutboxDeps,
  row: OutboxRow,
  state: 'sent' | 'dead',
  receipt: Receipt | null,
  code: string | null,
): Promise<void> {
  await transaction(deps.pool, async (tx) => {
    await tx.query(
      `update outbox set state = $2, receipt = $3, error = $4, lease_owner = null, lease_until = null, sent_at = case when $2 = 'sent' then now() end where id = $1`,
      [row.id, state, receipt === null ? null : JSON.stringify(receipt), code],
    )
    if (state === 'dead') return put(deps, tx, await deps.onDead(tx, row, code ?? 'unexpected'))
    const waiting = await deps.onSent(tx, row, receipt ?? { messageIds: [] })
    if (waiting !== null) await tx.query(`update outbox set run_at = now() where chat = $1 and state = 'ready'`, [waiting])
  })
}

async function failed(deps: OutboxDeps, row: OutboxRow, error: unknown): Promise<void> {
  const code = error instanceof ChannelError ? error.code : 'unexpected'
  if (code === 'chat_gone' || code === 'refused') return giveUp(deps, row, code)
  if (code === 'topic_gone') await transaction(deps.pool, async (tx) => put(deps, tx, await deps.onTopicGone(tx, row)))
  return retry(deps, row, error)
}

async function retry(deps: OutboxDeps, row: OutboxRow, error: unknown): Promise<void> {
  const asked = error instanceof ChannelError ? error.retryAfterMs : undefined
  const delay = asked ?? Math.min(firstRetryMs * 2 ** Math.min(row.attempts - 1, 10), longestRetryMs)
  deps.log('outbox_retried', { outbox: row.id, attempts: row.attempts, delay, ...errorFields(error) })
  const { rowCount } = await deps.pool.query(
    `update outbox set state = 'ready', lease_owner = null, lease_until = null, error = $3, run_at = now() + make_interval(secs => $2)
      where id = $1 and created_at > now() - make_interval(hours => $4)`,
    [row.id, delay / 1000, codeOf(error), giveUpAfterHours],
  )
  if (rowCount === 0) await giveUp(deps, row, codeOf(error))
}

async function giveUp(deps: OutboxDeps, row: OutboxRow, code: string): Promise<void> {
  deps.log('outbox_given_up', { outbox: row.id, attempts: row.attempts, code })
  await finish(deps, row, 'dead', null, code)
}

/** Empties what was said to a person; what still waits to be sent stays. */
async function erase(tx: ClientBase, conversation: string): Promise<void> {
  await tx.query(`update outbox set body = '{"kind":"erased"}' where conversation = $1 and state in ('sent', 'dead')`, [
    conversation,
  ])
}

/** What a dead process was sending is sent again; only for a process that knows it is the only one. */
async function recover(pool: Pool): Promise<void> {
  await pool.query(`update outbox set state = 'ready', lease_owner = null, lease_until = null where state = 'sending'`)
}

/** Only the head of a chat's queue may go, so order per chat holds over retries, processes and crashes. */
const claimRow = `
  update outbox set state = 'sending', attempts = attempts + 1, lease_owner = $1, lease_until = now() + make_interval(secs => $2)
   where id = (
     select o.id from outbox o
      where ((o.state = 'ready' and o.run_at <= now()) or (o.state = 'sending' and o.lease_until < now()))
        and not exists (select 1 from outbox earlier where earlier.chat = o.chat and earlier.id < o.id and earlier.state in ('ready', 'sending'))
      order by o.id limit 1
      for update of o skip locked)
  returning id::text, key, chat, conversation::text, body, attempts`
