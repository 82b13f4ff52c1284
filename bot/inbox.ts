import { EventEmitter } from 'node:events'
import type { ClientBase, Pool } from 'pg'
import type { Clock } from '../retrieval/base/clock.ts'
import { AppError, codeOf } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'
import { sanitiseDeep } from '../retrieval/base/sanitise.ts'
import { type Ask, prepared } from '../retrieval/prepared.ts'
import { transaction } from '../retrieval/store/transaction.ts'
import type { IncomingMessage } from './channels/message.ts'
import { type Arrival, arrivalRow } from './queue/arrivals.ts'
import { type ClaimedRow, claimedColumns, toLane } from './queue/claimed.ts'
import type { Lane, LaneChange, Posted, Timer } from './queue/lanes.ts'
import { type Effect, perform, performAtOnce, statementOf, unhurried, type Write, withoutWaiting } from './queue/write.ts'

/** A dead worker's lane is free after this; a live one renews at a quarter of it, and a worker that lost its lane cannot commit. */
const leaseSeconds = 8
/** A lease further ahead than any is given was given before the clock was set back. */
const isFree = `(c.lease_until is null or c.lease_until < now() or c.lease_until > now() + interval '1 minute')`
const mostRowsAtOnce = 20
const firstRetryMs = 500

/** Everything that happens to us, stored once and worked off lane by lane; the only writer of conversation and inbox. */
export type Inbox = ReturnType<typeof inbox>

type Needs = { readonly pool: Pool; readonly ask?: Ask; readonly log: Log; readonly clock: Clock; readonly owner: string }
type Db = Pool | ClientBase
type Deps = Needs & { readonly ask: Ask; readonly wake: EventEmitter }

export function inbox(needs: Needs) {
  const deps: Deps = { ...needs, ask: needs.ask ?? prepared(needs.pool, false), wake: new EventEmitter() }
  return {
    /** Emits `work` after a commit that left something to do. */
    wake: deps.wake,
    store: bind(deps, store),
    storeAll: bind(deps, storeAll),
    setTimer,
    claim: bind(deps, claim),
    renew: bind(deps, renew),
    commit: bind(deps, commit),
    release: bind(deps, release),
    storeAction: bind(deps, storeAction),
    putAction,
    erase,
    recover: bind(deps, recover),
    mend: bind(deps, mend),
  }
}

function bind<Args extends unknown[], Result>(
  deps: Deps,
  step: (deps: Deps, ...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => step(deps, ...args)
}

/**
 * Stores a message once; resolves after the commit, so that the channel may acknowledge.
 * @param settleMs how long a short first message waits for the next one, so that a burst is read together
 * @param db the transaction, when inside one; then its caller emits `work` after the commit
 * @returns false when this platform key is already stored
 */
async function store(deps: Deps, channel: string, message: IncomingMessage, settleMs = 0, db: Db = deps.pool): Promise<boolean> {
  return (await storeAll(deps, [{ channel, message, settleMs }], db)) === 1
}

/** Stores simultaneous arrivals in one statement, in order, as if one after the other. @returns how many were new */
async function storeAll(deps: Deps, arrivals: readonly Arrival[], db: Db = deps.pool): Promise<number> {
  const rows = arrivals.map((arrival, n) => arrivalRow(arrival, n, deps.clock))
  const { rowCount } = await db.query(storeArrivals, [JSON.stringify(rows)])
  if (db === deps.pool) deps.wake.emit('work')
  return rowCount ?? 0
}

/** A timer is an inbox row that falls due later: it survives restarts and is handled by whichever process is alive. */
export async function setTimer(tx: ClientBase, conversation: string, key: string, at: Date, timer: Timer): Promise<void> {
  await tx.query(
    `insert into inbox (channel, external_id, conversation, payload, run_at) values ('timer', $1, $2, $3, $4)
     on conflict (channel, external_id) do nothing`,
    [key, conversation, JSON.stringify(timer), at],
  )
}

/** The same in the lane of a chat that may have no conversation yet: the private chat of a registered person. */
export async function setTimerIn(tx: ClientBase, chat: string, key: string, at: Date, timer: Timer): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into conversation (chat, person) values ($1, $1) on conflict (chat) do update set chat = excluded.chat returning id::text`,
    [chat],
  )
  await setTimer(tx, rows[0]?.id ?? '', key, at, timer)
}

/**
 * Stores a desk action in the lane of the person whose ticket it is: one order for both sides. If the bot is still thinking there, its
 * lease ends: its answer can no longer be committed, and the action is handled first.
 */
async function storeAction(deps: Deps, conversation: string, action: Posted): Promise<void> {
  await transaction(deps.pool, (tx) => putAction(tx, conversation, action))
  deps.wake.emit('work')
}

async function putAction(tx: ClientBase, conversation: string, action: Posted): Promise<void> {
  await tx.query(
    `update conversation set fence = fence + 1, lease_owner = null, lease_until = null
      where id = $1 and turn = 'bot' and lease_until is not null and $2 in ('claim', 'reopen')`,
    [conversation, action.action.do],
  )
  await tx.query(
    `insert into inbox (channel, external_id, conversation, payload, run_at) values ('desk', $1, $2, $3, $4)
     on conflict (channel, external_id) do nothing`,
    [action.key, conversation, JSON.stringify(sanitiseDeep(action)), new Date(0)],
  )
}

/** @returns the free lane that has waited longest, leased to us, with what is known of it; null when nothing is due */
async function claim(deps: Deps): Promise<Lane | null> {
  const { rows } = await deps.ask<ClaimedRow>(claimLane, [deps.owner, leaseSeconds, deps.clock(), mostRowsAtOnce])
  return rows[0] === undefined ? null : toLane(rows[0])
}

/** Keeps a lane during slow work. @returns false when it has been lost */
async function renew(deps: Deps, lane: Lane): Promise<boolean> {
  const { rowCount } = await deps.pool.query(
    `update conversation set lease_until = now() + make_interval(secs => $3) where id = $1 and fence = $2`,
    [lane.conversation.id, lane.fence, leaseSeconds],
  )
  return rowCount === 1
}

/**
 * Commits effects, the conversation's change and "done" in one transaction, fenced; in one statement when all effects are rows.
 * @throws AppError `lease_lost` when another worker has the lane by now: nothing was written
 */
async function commit(deps: Deps, lane: Lane, outcome: string, change: LaneChange, effects: readonly Effect[]): Promise<void> {
  const changed = laneChanged(lane, change)
  const done = rowsDone(lane, outcome)
  const rows = effects.filter((each) => typeof each !== 'function')
  if (rows.length === effects.length) {
    if (!(await performAtOnce(deps.ask, unhurried(changed), [done, ...rows.flat()]))) throw lost()
  } else
    await transaction(deps.pool, async (tx) => {
      const { text, values } = statementOf(changed, [done])
      const { rows: ours } = await tx.query<{ lanes: number }>(text, [...values])
      if (ours[0]?.lanes !== 1) throw lost()
      for (const effect of effects) await perform(tx, effect)
    })
  deps.wake.emit('work')
}

const lost = () => new AppError('lease_lost', 'Another worker has this conversation', { retry: true })

const laneChanged =
  ({ conversation, fence }: Lane, change: LaneChange): Write =>
  (p) =>
    `update conversation set turn = coalesce(${p(change.turn)}, turn), clarified = coalesce(${p(change.clarified)}::int, clarified),
            language = coalesce(${p(change.language)}, language), memory = coalesce(${p(change.memory && JSON.stringify(change.memory))}::jsonb, memory),
            blocked = coalesce(${p(change.blocked)}::boolean, blocked), lease_owner = null, lease_until = null
      where id = ${p(conversation.id)} and fence = ${p(fence)} returning id`

const rowsDone =
  ({ rows }: Lane, outcome: string): Write =>
  (p) =>
    `update inbox set done_at = now(), outcome = ${p(outcome)}, error = null from lane where inbox.id = any(${p(rows.map((row) => row.id))}::bigint[])`

/** Gives a lane back after a failure; its rows are retried later, the first retry at once. */
async function release(deps: Deps, lane: Lane, error: unknown): Promise<void> {
  const attempts = Math.max(1, ...lane.rows.map((row) => row.attempts))
  const delay = firstRetryMs * 2 ** Math.min(attempts - 1, 8)
  deps.log('inbox_retried', { conversation: lane.conversation.id, attempts, delay, ...errorFields(error) })
  await transaction(deps.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'update conversation set lease_owner = null, lease_until = null where id = $1 and fence = $2',
      [lane.conversation.id, lane.fence],
    )
    if (rowCount !== 1) return
    await tx.query('update inbox set run_at = $2, error = $3 where id = any($1) and done_at is null', [
      lane.rows.map((row) => row.id),
      new Date(deps.clock().getTime() + delay),
      codeOf(error),
    ])
  })
}

/** Erases what was said, or said before a day, also by a broker in their own chat; the conversation itself stays. */
async function erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
  await tx.query(
    `update inbox set payload = jsonb_build_object('kind', 'erased') where done_at is not null and ($2::timestamptz is null or received_at < $2)
        and id in (select id from inbox where conversation = $1 union all
                   select substring(external_id from '^inbox:(\\d+):act$')::bigint from inbox where conversation = $1 and channel = 'desk')`,
    [conversation, before],
  )
  if (before === null) await tx.query(`update conversation set person_name = null, memory = '{}' where id = $1`, [conversation])
  else await tx.query(`update conversation set memory = memory - 'agenda' where id = $1 and seen_at < $2`, [conversation, before])
}

/** Frees every lane at once; only for a process that knows it is the only one. */
async function recover(deps: Deps): Promise<void> {
  await deps.pool.query('update conversation set lease_owner = null, lease_until = null where lease_until is not null')
}

/** No words wait for longer than minutes: what is due later was stored before the clock was set back. Once a minute. */
async function mend(deps: Deps): Promise<void> {
  const due = `done_at is null and channel <> 'timer' and run_at > $1::timestamptz + interval '10 minutes'`
  const { rowCount } = await deps.pool.query(`update inbox set run_at = '-infinity' where ${due}`, [deps.clock()])
  if (rowCount !== 0) deps.wake.emit('work')
}

/**
 * Words in a ticket's topic belong to the lane of the person they are for: one order for both sides. Chats are handled in the order of
 * their names, so that two processes that store for the same ones cannot deadlock.
 */
const storeArrivals = `
  with given as (
    select * from jsonb_to_recordset($1::jsonb)
      as g(n int, channel text, key text, chat text, person text, name text, payload jsonb, run_at timestamptz)),
  desk as (select g.n, t.conversation as id from given g join ticket t on t.desk_chat = g.chat),
  own as (
    insert into conversation (chat, person, person_name)
    select distinct on (chat) chat, person, name from given where n not in (select n from desk)
     order by chat, person is null, n desc
    on conflict (chat) do update set seen_at = park_now(), person = coalesce(excluded.person, conversation.person),
      person_name = coalesce(excluded.person_name, conversation.person_name)
    returning id, chat)
  insert into inbox (channel, external_id, conversation, payload, run_at)
  select g.channel, g.key, coalesce(desk.id, own.id), g.payload, g.run_at
    from given g left join desk on desk.n = g.n left join own on own.chat = g.chat order by g.n
  on conflict (channel, external_id) do nothing`

/**
 * The lane whose oldest due row has waited longest; `skip locked` lets many workers claim at once. Its data is read as of the start of the
 * statement; `fresh` tells whether nobody had the lane in between. Does not wait for the disk: a lease lost in a server crash is simply
 * taken again, and repeated messages have the same key.
 */
const claimLane = `
  with free as (
     select c.id from inbox i join conversation c on c.id = i.conversation
      where i.done_at is null and i.run_at <= $3 and ${isFree}
      order by i.run_at, i.id limit 1
      for update of c skip locked),
  lane as (
    update conversation c set lease_owner = $1, lease_until = now() + make_interval(secs => $2), fence = c.fence + 1
      from free where c.id = free.id and ${withoutWaiting}
    returning c.*),
  due as (
    update inbox set attempts = attempts + 1
     where done_at is null and id in (
       select i.id from inbox i join lane on lane.id = i.conversation
        where i.done_at is null and (i.run_at <= $3 or i.channel <> 'timer') order by i.id limit $4)
    returning id, channel, attempts, received_at, payload)
  select ${claimedColumns}`
