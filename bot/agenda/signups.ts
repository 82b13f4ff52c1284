import type { ClientBase, Pool } from 'pg'
import { setTimer } from '../inbox.ts'
import type { Timer } from '../queue/lanes.ts'
import { awake, remindersOf } from './event.ts'

/** What somebody says of themselves when they sign up; what the event does not ask for is not there. */
export type Attendee = {
  readonly name?: string
  readonly company?: string
  readonly people?: number
  readonly phone?: string
  readonly position?: string
}

export type Signup = {
  readonly id: string
  readonly event: string
  readonly name: string | null
  readonly company: string | null
  readonly people: number
  readonly phone: string | null
  readonly position: string | null
  readonly state: 'in' | 'waiting' | 'cancelled'
  readonly attended: boolean | null
  readonly conversation: string | null
  readonly at: Date
}

const select = `select id::text, event::text, name, company, people, phone, position, state, attended, conversation::text, at from event_signup`

/** The row by which everybody who wants a place of an event stands in line. */
const locked = `select seats, starts_at as "startsAt", day_only as "dayOnly", revision from event where id = $1 for update`
type Locked = { readonly seats: number | null; readonly startsAt: Date; readonly dayOnly: boolean; readonly revision: number }

/**
 * `wait`: the place in the waiting list, from 1; 0 with a place. `full`: they have a place, but not as many as they now asked for; nothing
 * was changed.
 */
export type Joined = {
  readonly state: 'in' | 'waiting'
  readonly wait: number
  readonly full: boolean
  readonly before: Signup['state'] | null
}

/** Who signed up for events; the only writer of event_signup. Nothing here is done outside the transaction it is given. */
export const signups = {
  /**
   * Signs somebody up, or changes what they said before. One row per person and event; whoever comes while all places are taken waits.
   * @param who the platform account
   */
  async join(tx: ClientBase, of: { event: string; who: string; conversation: string; now: Date } & Attendee): Promise<Joined> {
    const event = await lock(tx, of.event)
    const before = await ofPerson(tx, of.event, of.who)
    const people = of.people ?? 1
    const holds = before?.state === 'in'
    if (holds && event.seats !== null && (await taken(tx, of.event, of.who)) + people > event.seats)
      return { state: 'in', wait: 0, full: true, before: 'in' }
    await tx.query(
      `insert into event_signup (event, who, conversation, name, company, people, phone, position, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (event, who) do update set conversation = excluded.conversation, name = excluded.name, company = excluded.company, people = excluded.people,
         phone = excluded.phone, position = excluded.position, state = excluded.state,
         at = case when event_signup.state = excluded.state then event_signup.at else excluded.at end`,
      [
        ...[
          of.event,
          of.who,
          of.conversation,
          of.name ?? null,
          of.company ?? null,
          people,
          of.phone ?? null,
          of.position ?? null,
        ],
        holds ? 'in' : 'waiting',
      ],
    )
    // Everybody stands in line, so that nobody overtakes those who wait.
    await fill(tx, of.event, of.now, of.who)
    const after = await ofPerson(tx, of.event, of.who)
    const state = after?.state === 'in' ? 'in' : 'waiting'
    return { state, wait: state === 'in' ? 0 : await placeOf(tx, of.event, of.who), full: false, before: before?.state ?? null }
  },

  /** Takes somebody off the list; whoever waits gets the place. @returns false when they were not on it */
  async leave(tx: ClientBase, event: string, who: string, now: Date): Promise<boolean> {
    await lock(tx, event)
    const { rowCount } = await tx.query(
      `update event_signup set state = 'cancelled' where event = $1 and who = $2 and state <> 'cancelled'`,
      [event, who],
    )
    if (rowCount === 1) await fill(tx, event, now)
    return rowCount === 1
  },

  fill,
  /** Takes the place in line: nothing about the event changes until the transaction ends. */
  lock,

  /** Everybody on the list of an event, those with a place first, in the order in which they came. */
  async ofEvent(db: Pool | ClientBase, event: string): Promise<Signup[]> {
    return (await db.query<Signup>(`${select} where event = $1 and state <> 'cancelled' order by state, at, id`, [event])).rows
  },

  /** What somebody is signed up for and has not left, the next one first. */
  async ofWho(db: Pool | ClientBase, who: string): Promise<Signup[]> {
    const { rows } = await db.query<Signup>(
      `${select} s where who = $1 and state <> 'cancelled' order by (select starts_at from event e where e.id = s.event), id`,
      [who],
    )
    return rows
  },

  /** Records who of the list came. @param ids of event_signup; all others with a place did not come */
  async markAttended(tx: ClientBase, event: string, ids: readonly string[]): Promise<number> {
    const { rows } = await tx.query<{ attended: boolean }>(
      `update event_signup set attended = id = any($2::bigint[]) where event = $1 and state = 'in' returning attended`,
      [event, ids],
    )
    return rows.filter((each) => each.attended).length
  },

  /** Plans the reminders of everybody with a place anew, after the event moved. */
  async replan(tx: ClientBase, event: string, now: Date): Promise<void> {
    const row = await lock(tx, event)
    for (const { conversation, state } of await this.ofEvent(tx, event))
      if (state === 'in' && conversation !== null) await plan(tx, event, row, conversation, now)
  },

  /** Everybody on the list is told what became of the event, each in the order of their own chat; at night in the morning. */
  async tellAll(tx: ClientBase, event: string, of: { revision: number; now: Date; due: Date }): Promise<void> {
    for (const { conversation } of await this.ofEvent(tx, event))
      if (conversation !== null)
        await set(tx, { conversation, event, name: 'event_news', revision: of.revision, at: awake(of.now, of.due) })
  },

  /**
   * Erases what somebody said of themselves. Without a day everything; with one what belongs to events that are over by then. That somebody
   * came still counts, without who it was.
   */
  async erase(tx: ClientBase, conversation: string, before: Date | null, now: Date): Promise<void> {
    const { rows } = await tx.query<{ id: string; event: string; came: boolean; held: boolean }>(
      `select s.id::text, s.event::text, s.attended is true as came, s.state = 'in' as held from event_signup s join event e on e.id = s.event
        where s.conversation = $1 and ($2::timestamptz is null or (s.at < $2 and coalesce(e.ends_at, e.starts_at) < $2)) order by s.event`,
      [conversation, before],
    )
    for (const { id, event, came, held } of rows) {
      await lock(tx, event)
      if (came)
        await tx.query(
          `update event_signup set who = 'erased:' || id, conversation = null, name = null, company = null, phone = null, position = null where id = $1`,
          [id],
        )
      else await tx.query('delete from event_signup where id = $1', [id])
      if (held) await fill(tx, event, now)
    }
  },
}

async function lock(tx: ClientBase, event: string): Promise<Locked> {
  const row = (await tx.query<Locked>(locked, [event])).rows[0]
  if (row === undefined) throw new Error('an event that is not there has no places')
  return row
}

async function ofPerson(db: Pool | ClientBase, event: string, who: string): Promise<Signup | null> {
  return (await db.query<Signup>(`${select} where event = $1 and who = $2`, [event, who])).rows[0] ?? null
}

async function taken(tx: ClientBase, event: string, without: string | null): Promise<number> {
  const { rows } = await tx.query<{ people: number }>(
    `select coalesce(sum(people), 0)::int as people from event_signup where event = $1 and state = 'in' and ($2::text is null or who <> $2)`,
    [event, without],
  )
  return rows[0]?.people ?? 0
}

/** The place of somebody in the waiting list, from 1. */
async function placeOf(tx: ClientBase, event: string, who: string): Promise<number> {
  const { rows } = await tx.query<{ place: number }>(
    `select count(*)::int as place from event_signup s join event_signup own on own.event = s.event and own.who = $2
      where s.event = $1 and s.state = 'waiting' and (s.at, s.id) <= (own.at, own.id)`,
    [event, who],
  )
  return rows[0]?.place ?? 0
}

/**
 * Gives free places to those who wait, in order; who comes with more people than fit lets others pass. Each is told in their own chat.
 * @param asks the one who is being answered, and needs no further word
 */
async function fill(tx: ClientBase, id: string, now: Date, asks: string | null = null): Promise<number> {
  const event = await lock(tx, id)
  if (event.startsAt <= now) return 0
  let free = event.seats === null ? Number.MAX_SAFE_INTEGER : event.seats - (await taken(tx, id, null))
  const { rows } = await tx.query<{ id: string; who: string; people: number; conversation: string | null; revision: number }>(
    `select s.id::text, s.who, s.people, s.conversation::text, e.revision from event_signup s join event e on e.id = s.event
      where s.event = $1 and s.state = 'waiting' and e.state = 'on' order by s.at, s.id`,
    [id],
  )
  let given = 0
  for (const each of rows) {
    if (each.people > free) continue
    free -= each.people
    given += 1
    await tx.query(`update event_signup set state = 'in' where id = $1`, [each.id])
    if (each.conversation === null) continue
    if (each.who !== asks)
      await set(tx, {
        conversation: each.conversation,
        event: id,
        name: 'event_place',
        revision: event.revision,
        at: awake(now, event.startsAt),
      })
    await plan(tx, id, event, each.conversation, now)
  }
  return given
}

async function plan(tx: ClientBase, id: string, event: Locked, conversation: string, now: Date): Promise<void> {
  for (const { name, at } of remindersOf(event, now))
    await set(tx, { conversation, event: id, name: `event_${name}`, revision: event.revision, at })
}

type News = {
  readonly conversation: string
  readonly event: string
  readonly name: Extract<Timer['name'], `event_${string}`>
  readonly revision: number
  readonly at: Date
}

/** A row per chat, event and revision under a unique key: whatever happens, it is said once. */
function set(tx: ClientBase, { conversation, event, name, revision, at }: News): Promise<void> {
  // A place may become free for the same person twice.
  const turn = name === 'event_place' ? `:${at.getTime()}` : ''
  return setTimer(tx, conversation, `${name}:${event}:${revision}:${conversation}${turn}`, at, {
    ...{ kind: 'timer', name, ticket: event, round: revision },
  })
}
