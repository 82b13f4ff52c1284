import { EventEmitter } from 'node:events'
import type { ClientBase, Pool } from 'pg'
import { codeOf } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import { transaction } from '../retrieval/store/transaction.ts'
import { type Channel, ChannelError, type IncomingMessage, type Outgoing, type Receipt } from './channels/channel.ts'
import { joinPlan, type Waiting } from './queue/join.ts'

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
  /** Passages it quotes as valid; looked at again when it is sent. */
  readonly restsOn?: readonly string[]
}

export type OutboxRow = OutboxItem & { readonly id: string; readonly attempts: number; readonly resent: number }

type Undelivered = NonNullable<IncomingMessage['undelivered']>

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
  /** Runs in the transaction that holds a row until the person writes again. @returns what has to be said about it elsewhere */
  readonly onHeld: (tx: ClientBase, row: OutboxRow, code: string) => Promise<readonly OutboxItem[]>
  /** What a row rests on no longer holds. @returns what is said instead; null when all of it holds */
  readonly lapsed?: (row: OutboxRow) => Promise<Outgoing | null>
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
    release,
    undelivered: (tx: ClientBase, conversation: string, of: Undelivered) => undelivered(deps, tx, conversation, of),
    erase,
    recover: () => recover(deps.pool),
  }
}

/** Stores what is to be said, a row per message; a key that is stored already is left alone, so a repeated effect says nothing twice. */
async function put(deps: OutboxDeps, tx: ClientBase, items: readonly OutboxItem[]): Promise<void> {
  for (const item of items) {
    for (const [index, part] of deps.partsOf(item.chat, item.body).entries()) {
      await tx.query(
        'insert into outbox (key, chat, conversation, body, rests_on) values ($1, $2, $3, $4, $5) on conflict (key) do nothing',
        [index === 0 ? item.key : `${item.key}+${index}`, item.chat, item.conversation, JSON.stringify(part), item.restsOn ?? []],
      )
    }
  }
}

/** Sends the oldest message of some chat that may be sent now. @returns false when there was none */
async function sendNext(deps: OutboxDeps): Promise<boolean> {
  const { rows } = await deps.pool.query<OutboxRow>(claimRow, [deps.owner, leaseSeconds])
  const claimed = rows[0]
  if (claimed === undefined) return false
  const row = await joined(deps, claimed)
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
    const instead = (await deps.lapsed?.(row)) ?? null
    await finish(deps, row, 'sent', await channel.send(address, instead ?? row.body, sendKey(row)), null)
  } catch (error) {
    await failed(deps, row, error)
  }
  return true
}

/** What the platform said it had not delivered is a new message to it; a try of the same message never is. */
function sendKey({ key, resent }: OutboxRow): string {
  return resent === 0 ? key : `${key}~${resent}`
}

/**
 * Where messages are counted, what else waits for the chat goes out with this row. Only before the first try: after it the platform may
 * have these very words already, under this key.
 */
async function joined(deps: OutboxDeps, row: OutboxRow): Promise<OutboxRow> {
  const join = deps.channelOf(row.chat)?.join
  if (join === undefined || row.attempts !== 1 || row.body.kind !== 'text') return row
  // Nobody else takes them meanwhile: only the head of a chat may go, and that is ours.
  const { rows } = await deps.pool.query<Waiting>(
    `select id::text, body, attempts, rests_on as "restsOn" from outbox where chat = $1 and id > $2 and state = 'ready' order by id limit 20`,
    [row.chat, row.id],
  )
  const plan = rows.length === 0 ? null : joinPlan(row, rows, join)
  if (plan === null) return row
  const { restsOn } = plan
  await transaction(deps.pool, async (tx) => {
    for (const { id, body } of plan.rows)
      if (body !== null)
        await tx.query('update outbox set body = $2, rests_on = $3 where id = $1', [id, JSON.stringify(body), restsOn])
      else await tx.query(`update outbox set state = 'sent', sent_at = now(), receipt = '{"messageIds":[]}' where id = $1`, [id])
  })
  return { ...row, body: plan.rows[0]?.body ?? row.body, restsOn }
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

const final: ReadonlySet<string> = new Set(['chat_gone', 'refused', 'not_our_turn', 'window_closed', 'window_full'])

async function failed(deps: OutboxDeps, row: OutboxRow, error: unknown): Promise<void> {
  const code = error instanceof ChannelError ? error.code : 'unexpected'
  if (code.startsWith('window_') && !(row.body.kind === 'text' && row.body.courtesy)) return hold(deps, row, code)
  if (final.has(code)) return giveUp(deps, row, code)
  if (code === 'topic_gone') await transaction(deps.pool, async (tx) => put(deps, tx, await deps.onTopicGone(tx, row)))
  return retry(deps, row, error)
}

async function retry(deps: OutboxDeps, row: OutboxRow, error: unknown): Promise<void> {
  const asked = error instanceof ChannelError ? error.retryAfterMs : undefined
  const delay = asked ?? Math.min(firstRetryMs * 2 ** Math.min(row.attempts - 1, 10), longestRetryMs)
  deps.log('outbox_retried', { outbox: row.id, attempts: row.attempts, delay, ...errorFields(error) })
  const { rowCount } = await deps.pool.query(
    `update outbox set state = 'ready', lease_owner = null, lease_until = null, error = $3, run_at = now() + make_interval(secs => $2)
      where id = $1 and greatest(created_at, released_at) > now() - make_interval(hours => $4)`,
    [row.id, delay / 1000, codeOf(error), giveUpAfterHours],
  )
  if (rowCount === 0) await giveUp(deps, row, codeOf(error))
}

async function giveUp(deps: OutboxDeps, row: OutboxRow, code: string): Promise<void> {
  deps.log('outbox_given_up', { outbox: row.id, attempts: row.attempts, code })
  await finish(deps, row, 'dead', null, code)
}

/** Nothing more may be said here until the person writes again. Written meanwhile: it is tried again at once. */
async function hold(deps: OutboxDeps, row: OutboxRow, code: string): Promise<void> {
  await transaction(deps.pool, async (tx) => {
    const { rows } = await tx.query<{ state: string }>(
      `update outbox set state = case when released_at > lease_until - make_interval(secs => $2) then 'ready' else 'held' end,
              attempts = case when attempts = 1 then 0 else attempts end, error = $3, run_at = now(),
              lease_owner = null, lease_until = null
        where id = $1 returning state`,
      [row.id, leaseSeconds, code],
    )
    if (rows[0]?.state === 'held') await put(deps, tx, await deps.onHeld(tx, row, code))
  })
}

/** The person has written: what was held for that may go. What is being sent just now learns of it, in case it is refused. */
async function release(tx: ClientBase, chat: string): Promise<void> {
  await tx.query(
    `update outbox set released_at = clock_timestamp(), state = case state when 'held' then 'ready' else state end
      where chat = $1 and state in ('held', 'sending')`,
    [chat],
  )
}

/** The platform took a message and says now that it has not arrived: it waits for the person, or whoever can do something is told. */
async function undelivered(
  deps: OutboxDeps,
  tx: ClientBase,
  conversation: string,
  { messageId, why }: Undelivered,
): Promise<void> {
  const { rows } = await tx.query<OutboxRow>(
    `update outbox set state = case when $3 = 'window_closed' then 'held' else 'dead' end, error = $3,
            resent = resent + 1, attempts = 0, sent_at = null
      where conversation = $1 and state = 'sent' and receipt->'messageIds' ? $2
     returning id::text, key, chat, conversation::text, body, attempts, resent`,
    [conversation, messageId, why],
  )
  for (const row of rows) {
    deps.log('outbox_undelivered', { outbox: row.id, code: why })
    await put(deps, tx, why === 'window_closed' ? await deps.onHeld(tx, row, why) : await deps.onDead(tx, row, why))
  }
}

/** Empties what was said to a person; what still waits to be sent stays. */
async function erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
  await tx.query(eraseRows, [conversation, before])
}
const eraseRows = `update outbox set body = '{"kind":"erased"}', state = case state when 'held' then 'dead' else state end
  where conversation = $1 and state in ('sent', 'dead', 'held') and ($2::timestamptz is null or created_at < $2)`

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
  returning id::text, key, chat, conversation::text, body, rests_on as "restsOn", attempts, resent`
