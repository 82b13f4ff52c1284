import type { ClientBase, Pool } from 'pg'
import type { ParkEvent } from './event.ts'
import type { Listed } from './reconcile.ts'

export type Db = Pool | ClientBase

const select = `
  select e.id::text, e.family, e.number, e.title, e.type, e.starts_at as "startsAt", e.ends_at as "endsAt", e.day_only as "dayOnly", e.place, e.details,
         e.seats, e.closes_at as "closesAt", e.asks_for as "asksFor", e.passage, e.demo, e.state, e.decided, e.revision, e.attendance,
         coalesce(s.taken, 0)::int as taken, coalesce(s.waiting, 0)::int as waiting
    from event e
    left join lateral (select sum(people) filter (where state = 'in') as taken, sum(people) filter (where state = 'waiting') as waiting
                         from event_signup where event = e.id) s on true`

/** Only digits are an id. */
export const idOf = (id: string) => (/^\d{1,18}$/.test(id) ? id : '0')

/** All events, the earliest first. */
export async function list(db: Db): Promise<ParkEvent[]> {
  return (await db.query<ParkEvent>(`${select} order by e.starts_at, e.id`)).rows
}

export async function byId(db: Db, id: string): Promise<ParkEvent | null> {
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
export async function listed(db: Db): Promise<Listed[]> {
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

const kept = ['type', 'link', 'organiser', 'contact', 'audience', 'field', 'summary'] as const
const dateOf = (text: string | null) => (text === null ? null : new Date(text))
