import type { ClientBase, Pool } from 'pg'
import type { Clock } from '../../retrieval/base/clock.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { recordAudit } from '../records/audit.ts'
import { isAhead, type ParkEvent } from './event.ts'
import { type Listed, reconcile, type Step, stateAfter } from './reconcile.ts'
import { signups } from './signups.ts'

type Db = Pool | ClientBase

const select = `
  select e.id::text, e.family, e.number, e.title, e.type, e.starts_at as "startsAt", e.ends_at as "endsAt", e.day_only as "dayOnly", e.place, e.details,
         e.seats, e.closes_at as "closesAt", e.asks_for as "asksFor", e.passage, e.demo, e.state, e.decided, e.revision, e.attendance,
         coalesce(s.taken, 0)::int as taken, coalesce(s.waiting, 0)::int as waiting
    from event e
    left join lateral (select sum(people) filter (where state = 'in') as taken, sum(people) filter (where state = 'waiting') as waiting
                         from event_signup where event = e.id) s on true`

/** Nobody else follows the tables meanwhile. */
const followLock = 720_350_170

/** The park's agenda: events as their tables in force name them, and what became of them. Writes event, event_stage and event_trained. */
export type Agenda = ReturnType<typeof agenda>

export function agenda(pool: Pool, deps: { readonly clock: Clock }) {
  let followed: string | null = null
  const decide = (id: string, work: (tx: ClientBase, event: ParkEvent) => Promise<void>) =>
    transaction(pool, async (tx) => {
      await tx.query('select from event where id = $1 for update', [idOf(id)])
      const event = await byId(tx, id)
      if (event === null) throw new AppError('unknown_event', `There is no event ${id}`, { hint: '/events lists them.' })
      await work(tx, event)
    })
  return {
    /** What tables now say is taken over; does nothing when no document changed since. Told are those who signed up for what changed. */
    async follow(): Promise<void> {
      const { rows } = await pool.query<{ version: string }>(
        `select value #>> '{}' as version from library_state where name = 'documents'`,
      )
      const version = rows[0]?.version ?? ''
      if (version === followed) return
      await transaction(pool, async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1)', [followLock])
        const now = deps.clock()
        for (const step of reconcile(await list(tx), await listed(tx), now)) await take(tx, step, now)
      })
      followed = version
    },

    /** All events, the earliest first; those of tables in force, unless `all`. */
    async list({ all = false, db = pool }: { readonly all?: boolean; readonly db?: Db } = {}): Promise<ParkEvent[]> {
      await this.follow()
      return (await list(db)).filter((each) => all || each.passage !== null)
    },

    byId: (id: string, db: Db = pool) => byId(db, id),

    /** A person cancels it: everybody on the list is told. @throws AppError `unknown_event` · `event_over` */
    cancel: (id: string, by: string, evidence: string | null) =>
      decide(id, async (tx, event) => {
        const now = deps.clock()
        if (event.state === 'held' || !isAhead(event, now))
          throw new AppError('event_over', `Event ${id} is over`, { hint: 'What is over cannot be cancelled.' })
        if (event.state === 'cancelled') return
        const revision = event.revision + 1
        await tx.query(`update event set state = 'cancelled', decided = true, revision = $2 where id = $1`, [event.id, revision])
        await record(tx, { event: event.id, stage: 'cancelled', by, evidence })
        await signups.tellAll(tx, event.id, { revision, now, due: event.startsAt })
      }),

    /**
     * A person records that it was held, how many came where somebody counted, and what proves it. Said again, it is corrected.
     * @throws AppError `unknown_event` · `event_ahead`: it has not begun
     */
    hold: (id: string, by: string, { attendance, evidence }: { attendance: number | null; evidence: string | null }) =>
      decide(id, async (tx, event) => {
        if (event.startsAt > deps.clock())
          throw new AppError('event_ahead', `Event ${id} has not begun`, { hint: 'Record it when it has taken place.' })
        await tx.query(`update event set state = 'held', decided = true, attendance = coalesce($2, attendance) where id = $1`, [
          event.id,
          attendance,
        ])
        await record(tx, { event: event.id, stage: 'held', by, evidence })
      }),

    /** Records who of the list came; the number somebody counted, if any, stays beside it. @throws AppError `unknown_event` · `event_ahead` */
    attend: (id: string, by: string, ids: readonly string[]) =>
      decide(id, async (tx, event) => {
        if (event.startsAt > deps.clock()) throw new AppError('event_ahead', `Event ${id} has not begun`)
        const count = await signups.markAttended(tx, event.id, ids)
        await record(tx, { event: event.id, stage: 'attended', by, evidence: `${count}` })
      }),

    /** Records brokers who were trained there. @param people ids of person @throws AppError `unknown_event` · `event_ahead` · `no_training` */
    train: (id: string, by: string, people: readonly string[]) =>
      decide(id, async (tx, event) => {
        if (event.startsAt > deps.clock()) throw new AppError('event_ahead', `Event ${id} has not begun`)
        if (!isTraining(event)) throw new AppError('no_training', `Event ${id} is no training`)
        for (const person of people)
          await tx.query('insert into event_trained (event, person) values ($1, $2) on conflict do nothing', [event.id, person])
        await record(tx, { event: event.id, stage: 'trained', by, evidence: people.join(' ') })
      }),

    /** @returns names of brokers who were trained there */
    async trained(id: string): Promise<string[]> {
      const { rows } = await pool.query<{ name: string }>(
        'select p.name from event_trained t join person p on p.id = t.person where t.event = $1 order by p.name',
        [idOf(id)],
      )
      return rows.map((each) => each.name)
    },
  }
}

/** Pure: whether people learn there. */
export function isTraining({ type }: Pick<ParkEvent, 'type'>): boolean {
  return type === 'training' || type === 'broker_training' || type === 'contract_training'
}

const idOf = (id: string) => (/^\d{1,18}$/.test(id) ? id : '0')

async function list(db: Db): Promise<ParkEvent[]> {
  return (await db.query<ParkEvent>(`${select} order by e.starts_at, e.id`)).rows
}

async function byId(db: Db, id: string): Promise<ParkEvent | null> {
  return (await db.query<ParkEvent>(`${select} where e.id = $1`, [idOf(id)])).rows[0] ?? null
}

type Row = Pick<Listed, 'family' | 'document' | 'passage' | 'demo' | 'title'> & {
  readonly words: Readonly<Record<string, string>>
  readonly typed: {
    readonly event_type: Listed['type']
    readonly event_state: Listed['state']
    readonly starts_at: string | null
    readonly ends_at: string | null
    readonly closes_at: string | null
    readonly day_only: boolean
    readonly seats: number | null
    readonly asks_for: readonly string[]
  }
}

/** The rows of all tables of events in force, as ingest understood them, in the order of their documents. */
async function listed(db: Db): Promise<Listed[]> {
  const { rows } = await db.query<Row>(
    `select d.family, d.id as document, p.id as passage, d.demo, p.heading as title, p.fields as words, p.fields as typed
       from document d join passage p on p.document_id = d.id
      where d.kind = 'event' and d.state = 'live' and p.wrong_since is null and p.heading is not null order by d.number, p.position`,
  )
  return rows.map(({ words, typed, ...row }) => ({
    ...row,
    number: words['id'] ?? null,
    type: typed.event_type,
    state: typed.event_state,
    startsAt: dateOf(typed.starts_at),
    endsAt: dateOf(typed.ends_at),
    dayOnly: typed.day_only,
    place: words['place'] ?? null,
    details: Object.fromEntries(kept.flatMap((key) => (words[key] === undefined ? [] : [[key, words[key]]]))),
    seats: typed.seats,
    closesAt: dateOf(typed.closes_at),
    asksFor: typed.asks_for,
  }))
}

const kept = ['link', 'organiser', 'contact', 'audience', 'field', 'summary'] as const
const dateOf = (text: string | null) => (text === null ? null : new Date(text))

async function take(tx: ClientBase, step: Step, now: Date): Promise<void> {
  if (step.do === 'unlist') {
    await tx.query('update event set passage = null where id = $1', [step.event.id])
    return
  }
  if (step.do === 'add') return add(tx, step.row, step.startsAt)
  const { event, row, change } = step
  const startsAt = row.startsAt ?? event.startsAt
  const revision = event.revision + (change === null ? 0 : 1)
  await tx.query(
    `update event set ${columns.map((name, n) => `${name} = $${n + 2}`).join(', ')}, revision = $${columns.length + 2} where id = $1`,
    [event.id, ...valuesOf(row, startsAt, stateAfter(event, row)), revision],
  )
  if (change !== null) {
    const evidence = `${event.startsAt.toISOString()} ${event.place ?? ''}`.trim()
    await record(tx, { event: event.id, stage: change, by: `table:${row.document}`, evidence })
    const due = new Date(Math.min(event.startsAt.getTime(), startsAt.getTime()))
    await signups.tellAll(tx, event.id, { revision, now, due })
    if (change === 'moved') await signups.replan(tx, event.id, now)
  }
  if (row.seats !== event.seats) await signups.fill(tx, event.id, now)
}

const columns = [
  'family',
  'number',
  'title',
  'type',
  'state',
  'starts_at',
  'ends_at',
  'day_only',
  'place',
  'details',
  'seats',
  'closes_at',
  'asks_for',
  'passage',
  'demo',
] as const

function valuesOf(row: Listed, startsAt: Date, state: ParkEvent['state']): unknown[] {
  return [
    ...[
      row.family,
      row.number,
      row.title,
      row.type,
      state,
      startsAt,
      row.endsAt,
      row.dayOnly,
      row.place,
      JSON.stringify(row.details),
    ],
    ...[row.seats, row.closesAt, row.asksFor, row.passage, row.demo],
  ]
}

async function add(tx: ClientBase, row: Listed, startsAt: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into event (${columns.join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')}) returning id::text`,
    valuesOf(row, startsAt, row.state),
  )
  await record(tx, { event: rows[0]?.id ?? '0', stage: 'announced', by: `table:${row.document}`, evidence: null })
}

async function record(tx: ClientBase, of: { event: string; stage: string; by: string; evidence: string | null }): Promise<void> {
  await tx.query('insert into event_stage (event, stage, by, evidence) values ($1, $2, $3, $4)', [
    of.event,
    of.stage,
    of.by,
    of.evidence,
  ])
  if (!of.by.startsWith('table:'))
    await recordAudit(tx, { actor: of.by, action: `event_${of.stage}`, about: `event:${of.event}` })
}
