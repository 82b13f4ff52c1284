import type { ClientBase, Pool } from 'pg'
import type { Clock } from '../../retrieval/base/clock.ts'
import { documentsVersion } from '../../retrieval/store/library-state.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { Person, Role } from '../handoff/people.ts'
import { recordAudit } from '../records/audit.ts'
import { isAhead, isTraining, type ParkEvent } from './event.ts'
import { type Listed, reconcile, type Step, stateAfter } from './reconcile.ts'
import { byId, type Db, idOf, list, listed } from './rows.ts'
import { signups } from './signups.ts'

/** Nobody else follows the tables meanwhile. */
const followLock = 720_350_170

/** The park's agenda: events as their tables in force name them, and what became of them. Writes event, event_stage and event_trained. */
export type Agenda = ReturnType<typeof agenda>

export function agenda(pool: Pool, deps: { readonly clock: Clock }) {
  let followed: string | null = null
  return {
    /** What tables now say is taken over; does nothing when no document changed since. Told are those who signed up for what changed. */
    async follow(): Promise<void> {
      const version = await documentsVersion(pool)
      if (version === followed) return
      await transaction(pool, async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1)', [followLock])
        const now = deps.clock()
        for (const step of reconcile(await list(tx), await listed(tx), now)) await take(tx, step, now)
      })
      followed = version
    },

    /** Events of tables in force, the earliest first; with `all` also those no table names any more, except the demo park's. */
    async list({ all = false }: { readonly all?: boolean } = {}): Promise<ParkEvent[]> {
      await this.follow()
      return (await list(pool)).filter((each) => each.passage !== null || (all && !each.demo))
    },

    byId: (id: string, db: Db = pool) => byId(db, id),
    signupsOf: (id: string) => signups.ofEvent(pool, idOf(id)),
    signupsBy: (who: string) => signups.ofWho(pool, who),

    /** @returns brokers who were trained there */
    async trained(id: string): Promise<{ id: string; name: string }[]> {
      const { rows } = await pool.query<{ id: string; name: string }>(
        'select p.id::text, p.name from event_trained t join person p on p.id = t.person where t.event = $1 order by p.name',
        [idOf(id)],
      )
      return rows
    },

    /** Every step of an event, oldest first; `by` is a person's name, or null when a table said so. */
    async steps(id: string): Promise<{ stage: string; by: string | null; evidence: string | null; at: Date }[]> {
      const { rows } = await pool.query<{ stage: string; by: string | null; evidence: string | null; at: Date }>(
        `select s.stage, p.name as by, s.evidence, s.at from event_stage s left join person p on s.by = 'person:' || p.id where s.event = $1 order by s.id`,
        [idOf(id)],
      )
      return rows
    },

    /** What a registered person decides about an event: all of it, or why nothing of it. */
    async decide(
      tx: ClientBase,
      id: string,
      by: Pick<Person, 'id' | 'role'>,
      decisions: readonly Decision[],
    ): Promise<Refused | null> {
      await tx.query('select from event where id = $1 for update', [idOf(id)])
      const event = await byId(tx, id)
      if (event === null) return 'unknown_event'
      const of = { now: deps.clock(), role: by.role }
      const refused = decisions.map((each) => refusalOf(event, each, of)).find((each) => each !== null)
      if (refused !== undefined) return refused
      for (const each of decisions) await settle(tx, event, each, { by: `person:${by.id}`, now: of.now })
      return null
    },
  }
}

/**
 * `cancel`: everybody on the list is told · `hold`: it took place, so many came where somebody counted, and what proves it; said again, it is
 * corrected · `attend`: who of the list came, ids of event_signup · `train`: which brokers were trained, ids of person; nobody else was.
 */
export type Decision =
  | { readonly do: 'cancel'; readonly evidence: string | null }
  | { readonly do: 'hold'; readonly attendance: number | null; readonly evidence: string | null; readonly sure?: boolean }
  | { readonly do: 'attend'; readonly ids: readonly string[] }
  | { readonly do: 'train'; readonly people: readonly string[] }

/** `not_yours`: everybody on the list is told, so the park's staff and leads decide it. */
export type Refused =
  | 'unknown_event'
  | 'not_yours'
  | 'event_over'
  | 'event_ahead'
  | 'event_cancelled'
  | 'event_crowded'
  | 'no_training'

/** Pure: why a decision cannot be taken now; null when it can. More than twice as many people as places are a slip unless somebody is sure. */
export function refusalOf(event: ParkEvent, decision: Decision, { now, role }: { now: Date; role: Role }): Refused | null {
  const { do: what } = decision
  if (what === 'cancel' && role === 'broker') return 'not_yours'
  if (what === 'cancel') return event.state === 'held' || !isAhead(event, now) ? 'event_over' : null
  if (event.state === 'cancelled') return 'event_cancelled'
  if (event.startsAt > now) return 'event_ahead'
  if (decision.do === 'hold' && decision.sure !== true && event.seats !== null && (decision.attendance ?? 0) > 2 * event.seats)
    return 'event_crowded'
  return what === 'train' && !isTraining(event) ? 'no_training' : null
}

async function settle(
  tx: ClientBase,
  event: ParkEvent,
  decision: Decision,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<void> {
  const step = { event: event.id, by }
  switch (decision.do) {
    case 'cancel': {
      if (event.state === 'cancelled') return
      const revision = event.revision + 1
      await tx.query(`update event set state = 'cancelled', decided = true, revision = $2 where id = $1`, [event.id, revision])
      await record(tx, { ...step, stage: 'cancelled', evidence: decision.evidence })
      return signups.tellAll(tx, event.id, { revision, now, due: event.startsAt })
    }
    case 'hold':
      await tx.query(`update event set state = 'held', decided = true, attendance = coalesce($2, attendance) where id = $1`, [
        event.id,
        decision.attendance,
      ])
      return record(tx, { ...step, stage: 'held', evidence: decision.evidence })
    case 'attend': {
      const count = await signups.markAttended(tx, event.id, decision.ids)
      return record(tx, { ...step, stage: 'attended', evidence: `${count}` })
    }
    case 'train': {
      const values = [event.id, decision.people]
      const gone = await tx.query('delete from event_trained where event = $1 and person <> all($2::bigint[])', values)
      const come = await tx.query(
        'insert into event_trained (event, person) select $1, each from unnest($2::bigint[]) each on conflict do nothing',
        values,
      )
      if (gone.rowCount === 0 && come.rowCount === 0) return
      return record(tx, { ...step, stage: 'trained', evidence: decision.people.join(' ') })
    }
  }
}

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
