import { EventEmitter } from 'node:events'
import type { ClientBase } from 'pg'
import { codeOf } from '../retrieval/base/errors.ts'
import { errorFields } from '../retrieval/base/log.ts'
import { transaction } from '../retrieval/store/transaction.ts'
import { ChannelError } from './channels/channel.ts'
import type { Receipt } from './channels/outgoing.ts'
import { joinPlan, type Waiting } from './queue/join.ts'
import { whileRenewed } from './queue/lease.ts'
import { outboxRows } from './queue/rows.ts'
import { deliver, retryAfterMs } from './queue/send/deliver.ts'
import { untilRecorded } from './queue/send/recorded.ts'
import type { Claimed, OutboxDeps, OutboxItem, OutboxRow, Undelivered } from './queue/sending.ts'
import { jsonOf, perform, type Write } from './queue/write.ts'

/** What a dead process was sending is free after this; sooner where a platform's code goes with it, since some live only 20 seconds. */
const leaseSeconds = 15
const codeLeaseSeconds = 5
const beatsPerLease = 4
/** Uploading a file and the call after it take a minute and some seconds at most. */
const mostSendingMs = 120_000
/** After a day a message is useless; it is kept as `dead`, and the log names it. */
const giveUpAfterHours = 24
/** Who paused for longer than this before sending asks whether the message is still theirs to send. */
const pauseMs = 2_000

/** `inHand`: what this process is sending. Nobody else in it takes that, however long a pause of the machine made its lease end. */
type Deps = OutboxDeps & { readonly inHand: Set<string>; readonly stopping: AbortController }

/** Everything to send, in order per chat, with retries by kind; the only writer of outbox. */
export type Outbox = ReturnType<typeof outbox>

export function outbox(needs: OutboxDeps) {
  const deps: Deps = { ...needs, inHand: new Set(), stopping: new AbortController() }
  const wake = new EventEmitter()
  return {
    /** Emits `work` when something may be sent. */
    wake,
    put: (tx: ClientBase, of: readonly OutboxItem[]) => put(deps, tx, of),
    items: (of: readonly OutboxItem[]) => items(deps, of),
    async sendNext(): Promise<boolean> {
      const sent = await sendNext(deps)
      if (sent) wake.emit('work')
      return sent
    },
    release,
    undelivered: (tx: ClientBase, conversation: string, of: Undelivered) => undelivered(deps, tx, conversation, of),
    erase,
    /** What a dead process was sending is sent again; only for a process that knows it is the only one. */
    recover: () =>
      deps.pool.query(`update outbox set state = 'ready', lease_owner = null, lease_until = null where state = 'sending'`),
    /** What was sent and cannot be written down is not tried for much longer. */
    stop: () => deps.stopping.abort(),
  }
}

const now = (deps: OutboxDeps): number => (deps.elapsed ?? (() => performance.now()))()

/** Stores what is to be sent, a row per message; a key already stored is left alone, so a repeated effect sends nothing twice. */
const items =
  ({ partsOf }: OutboxDeps, of: readonly OutboxItem[]): Write =>
  (p) =>
    `insert into outbox (key, chat, conversation, body, rests_on)
    select o.key, o.chat, o.conversation, o.body, o.rests_on
      from lane, jsonb_to_recordset(${p(jsonOf(outboxRows(of, partsOf)))}::jsonb)
        as o(n int, key text, chat text, conversation bigint, body jsonb, rests_on text[]) order by o.n on conflict (key) do nothing`

const put = (deps: OutboxDeps, tx: ClientBase, of: readonly OutboxItem[]): Promise<void> =>
  perform(tx, of.length === 0 ? [] : [items(deps, of)])

/** Sends the oldest message that may be sent now, of any chat. @returns false when there was none */
async function sendNext(deps: Deps): Promise<boolean> {
  const since = now(deps)
  const { rows } = await deps.pool.query<Claimed>(claimRow, [deps.owner, leaseSeconds, codeLeaseSeconds, [...deps.inHand]])
  const claimed = rows[0]
  if (claimed === undefined) return false
  deps.inHand.add(claimed.id)
  try {
    const row = await mergeWaiting(deps, claimed)
    const seconds = row.body.kind === 'text' && row.body.at?.code != null ? codeLeaseSeconds : leaseSeconds
    const renew = async () => (await deps.pool.query(renewRow, [row.id, deps.owner, seconds])).rowCount === 1
    const isLost = async () => now(deps) - since > pauseMs && !(await renew())
    const beat = { everyMs: (seconds * 1_000) / beatsPerLease, mostMs: mostSendingMs }
    await whileRenewed(beat, renew, () => sendRow(deps, row, isLost))
  } finally {
    deps.inHand.delete(claimed.id)
  }
  return true
}

async function sendRow(deps: Deps, row: Claimed, isLost: () => Promise<boolean>): Promise<void> {
  const { kind }: { readonly kind: string } = row.body
  if (kind === 'erased') return finish(deps, row, 'dead', null, 'erased')
  const record = await deliver(deps, row, isLost).then(
    (receipt) => (receipt === null ? null : () => finish(deps, row, 'sent', receipt, null)),
    (error: unknown) => () => failed(deps, row, error),
  )
  if (record === null) return deps.log('outbox_lease_lost', { outbox: row.id })
  // Refused by the database, not merely away: the message counts as failed.
  const until = { log: deps.log, outbox: row.id, stopping: deps.stopping.signal }
  await untilRecorded(record, until).catch((error: unknown) => failed(deps, row, error))
}

/**
 * Where messages are counted, other messages waiting for the chat go out with this row. Only before the first try: afterwards the platform
 * may have these very words under this key.
 */
async function mergeWaiting(deps: OutboxDeps, row: Claimed): Promise<Claimed> {
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
  const merged = await transaction(deps.pool, async (tx) => {
    const { rowCount } = await tx.query(`select from outbox where id = $1 and ${isOurs('$2')} for update`, [row.id, deps.owner])
    if (rowCount !== 1) return false
    for (const { id, body } of plan.rows)
      if (body !== null)
        await tx.query(`update outbox set body = $2, rests_on = $3 where id = $1 and body->>'kind' <> 'erased'`, [
          id,
          JSON.stringify(body),
          restsOn,
        ])
      else await tx.query(`update outbox set state = 'sent', sent_at = now(), receipt = '{"messageIds":[]}' where id = $1`, [id])
    return true
  })
  return merged ? { ...row, body: plan.rows[0]?.body ?? row.body, restsOn } : row
}

/** That it was sent counts whoever has it by now; that it was not, only from who still has it. */
async function finish(
  deps: OutboxDeps,
  row: OutboxRow,
  state: 'sent' | 'dead',
  receipt: Receipt | null,
  code: string | null,
): Promise<void> {
  await transaction(deps.pool, async (tx) => {
    const { rows } = await tx.query<{ kind: string }>(
      `update outbox set state = $2, receipt = $3, error = $4, lease_owner = null, lease_until = null, sent_at = case when $2 = 'sent' then now() end
        where id = $1 and ((${isOurs('$5')}) or ($2 = 'sent' and state in ('ready', 'sending', 'held') and resent = $6))
       returning body->>'kind' as kind`,
      [row.id, state, receipt === null ? null : JSON.stringify(receipt), code, deps.owner, row.resent],
    )
    if (rows.length === 0) return // somebody else has written down what became of it
    if (state === 'dead' && rows[0]?.kind === 'erased') return // erased meanwhile: nothing of it is told to anybody
    if (state === 'dead') return put(deps, tx, await deps.onDead(tx, row, code ?? 'unexpected'))
    const waiting = await deps.onSent(tx, row, receipt ?? { messageIds: [] })
    if (waiting !== null) await tx.query(`update outbox set run_at = now() where chat = $1 and state = 'ready'`, [waiting])
  })
}

const isOurs = (owner: string): string => `state = 'sending' and lease_owner = ${owner}`

const final: ReadonlySet<string> = new Set(['chat_gone', 'refused', 'not_our_turn', 'window_closed', 'window_full'])

async function failed(deps: OutboxDeps, row: Claimed, error: unknown): Promise<void> {
  const code = error instanceof ChannelError ? error.code : 'unexpected'
  if (code.startsWith('window_') && !(row.body.kind === 'text' && row.body.courtesy)) return hold(deps, row, code)
  if (final.has(code)) return giveUp(deps, row, code)
  if (code === 'topic_gone') await transaction(deps.pool, async (tx) => put(deps, tx, await deps.onTopicGone(tx, row)))
  return retry(deps, row, error)
}

async function retry(deps: OutboxDeps, row: OutboxRow, error: unknown): Promise<void> {
  const delay = retryAfterMs(error, row.attempts)
  deps.log('outbox_retried', { outbox: row.id, attempts: row.attempts, delay, ...errorFields(error) })
  const { rowCount } = await deps.pool.query(
    `update outbox set state = 'ready', lease_owner = null, lease_until = null, error = $3, run_at = now() + make_interval(secs => $2)
      where id = $1 and ${isOurs('$5')} and greatest(created_at, released_at) > now() - make_interval(hours => $4)`,
    [row.id, delay / 1000, codeOf(error), giveUpAfterHours, deps.owner],
  )
  if (rowCount === 0) await giveUp(deps, row, codeOf(error))
}

async function giveUp(deps: OutboxDeps, row: OutboxRow, code: string): Promise<void> {
  deps.log('outbox_given_up', { outbox: row.id, attempts: row.attempts, code })
  await finish(deps, row, 'dead', null, code)
}

/** Holds a message until the person writes again. If they wrote meanwhile, it is retried at once. */
async function hold(deps: OutboxDeps, row: Claimed, code: string): Promise<void> {
  await transaction(deps.pool, async (tx) => {
    const { rows } = await tx.query<{ state: string; kind: string }>(
      `update outbox set state = case when released_at > $2::timestamptz then 'ready' else 'held' end,
              attempts = case when attempts = 1 then 0 else attempts end, error = $3, run_at = now(),
              lease_owner = null, lease_until = null
        where id = $1 and ${isOurs('$4')} returning state, body->>'kind' as kind`,
      [row.id, row.claimedAt, code, deps.owner],
    )
    if (rows[0]?.state === 'held' && rows[0].kind !== 'erased') await put(deps, tx, await deps.onHeld(tx, row, code))
  })
}

/** The person has written: held messages may go. One that is being sent learns of it too, in case it is refused. */
const release = (tx: ClientBase, chat: string) => tx.query(releaseRows, [chat])
const releaseRows = `update outbox set released_at = clock_timestamp(), state = case state when 'held' then 'ready' else state end
  where chat = $1 and state in ('held', 'sending')`

/** The platform accepted a message and now reports that it did not arrive: it waits for the person, or somebody who can act is told. */
async function undelivered(deps: OutboxDeps, tx: ClientBase, conversation: string, of: Undelivered): Promise<void> {
  const { messageId, why } = of
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

/**
 * Empties what was said to a person and about them. Without a day also what still waits, except what ends a human's session. A message
 * being sent right now is not retried.
 */
const erase = (tx: ClientBase, conversation: string, before: Date | null = null) => tx.query(eraseRows, [conversation, before])
const eraseRows = `update outbox set body = '{"kind":"erased"}', state = case when state in ('held', 'ready') then 'dead' else state end
  where conversation = $1 and ($2::timestamptz is null or created_at < $2)
    and (state in ('sent', 'dead', 'held') or ($2::timestamptz is null and body->>'kind' in ('text', 'open_topic')
         and body->'at'->>'moment' is distinct from 'hand_back'))`

/** Further ahead than we wait by ourselves: the clock was set back meanwhile. */
const isSetBack = `(o.run_at > now() + interval '10 minutes' and o.error is distinct from 'rate_limited')`
/**
 * Waits for the disk: what was stored without waiting must not be sent before it is safe. Only the head of a chat's queue may go, so the
 * order within a chat survives retries, processes and crashes.
 */
const claimRow = `
  update outbox set state = 'sending', attempts = attempts + 1, lease_owner = $1,
         lease_until = now() + make_interval(secs => case when body #>> '{at,code}' is null then $2::int else $3::int end)
   where id = (
     select o.id from outbox o
      where ((o.state = 'ready' and (o.run_at <= now() or o.attempts = 0 or ${isSetBack}))
          or (o.state = 'sending' and (o.lease_until < now() or o.lease_until > now() + interval '1 minute')))
        and o.id <> all($4::bigint[])
        and not exists (select 1 from outbox earlier where earlier.chat = o.chat and earlier.id < o.id and earlier.state in ('ready', 'sending'))
      order by o.id limit 1
      for update of o skip locked)
  returning id::text, key, chat, conversation::text, body, rests_on as "restsOn", attempts, resent, now()::text as "claimedAt",
            (extract(epoch from created_at) * 1000000)::bigint::text as "madeAt"`
const renewRow = `update outbox set lease_until = now() + make_interval(secs => $3) where id = $1 and ${isOurs('$2')}`
