import type { EventType } from '../../retrieval/evidence.ts'
import { isAhead, type ParkEvent } from './event.ts'

/** A row of a table of events that is in force. */
export type Listed = {
  readonly family: string
  readonly document: string
  readonly passage: string
  readonly demo: boolean
  readonly number: string | null
  readonly title: string
  readonly type: EventType
  readonly state: 'on' | 'postponed' | 'cancelled'
  /** null: the table does not know, which only an event that is off may say */
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly dayOnly: boolean
  readonly place: string | null
  readonly details: Readonly<Record<string, string>>
  readonly seats: number | null
  readonly closesAt: Date | null
  readonly asksFor: readonly string[]
}

export type Step =
  | { readonly do: 'add'; readonly row: Listed; readonly startsAt: Date }
  | { readonly do: 'update'; readonly event: ParkEvent; readonly row: Listed; readonly change: Change | null }
  | { readonly do: 'unlist'; readonly event: ParkEvent }

/** What those who signed up are told. */
export type Change = 'moved' | 'postponed' | 'cancelled'

/**
 * Pure: what the tables in force say, compared with what is known. An event is recognised by number and title, or by title and beginning, in
 * any table; in its own table also by a title that only one event has, or by a number of its own. What no table names any more is no longer shown;
 * whether it was cancelled, only a person can say.
 */
export function reconcile(known: readonly ParkEvent[], listed: readonly Listed[], now: Date): Step[] {
  const rows = newest(listed)
  const left = new Set(known)
  const found = new Map<Listed, ParkEvent>()
  const match = (fits: (event: ParkEvent, row: Listed) => boolean, allowed: (row: Listed) => boolean = () => true) => {
    for (const row of rows) {
      if (found.has(row) || !allowed(row)) continue
      const event = [...left].find((each) => each.demo === row.demo && fits(each, row))
      if (event === undefined) continue
      found.set(row, event)
      left.delete(event)
    }
  }
  const sameStart = (event: ParkEvent, row: Listed) => row.startsAt?.getTime() === event.startsAt.getTime()
  match((event, row) => row.number !== null && event.number === row.number && event.title === row.title)
  match((event, row) => event.title === row.title && sameStart(event, row))
  const once = (row: Listed) => rows.filter((each) => each.family === row.family && each.title === row.title).length === 1
  const alone = (row: Listed) =>
    [...left].filter((each) => each.family === row.family && each.title === row.title && isAhead(each, now)).length === 1
  match(
    (event, row) => event.title === row.title && event.family === row.family && isAhead(event, now),
    (row) => once(row) && alone(row),
  )
  match((event, row) => isOwn(row.number) && event.number === row.number && event.family === row.family)
  return [
    ...rows.flatMap((row): Step[] => {
      const event = found.get(row)
      if (event !== undefined) return isSame(event, row) ? [] : [{ do: 'update', event, row, change: changeOf(event, row, now) }]
      return row.startsAt === null ? [] : [{ do: 'add', row, startsAt: row.startsAt }]
    }),
    ...[...left].flatMap((event): Step[] => (event.passage === null ? [] : [{ do: 'unlist', event }])),
  ]
}

/** Whether a number belongs to one event. 序号 only counts rows: a row put in before moves it to another event. */
const isOwn = (number: string | null): boolean => number !== null && (/\D/.test(number) || number.length > 3)

/** Of two tables that name the same event the newer one counts; rows come in the order of their documents. */
function newest(listed: readonly Listed[]): Listed[] {
  const byKey = new Map(
    listed.map((row) => [
      `${row.demo} ${row.title} ${row.number ?? ''} ${row.number === null ? row.startsAt?.getTime() : ''}`,
      row,
    ]),
  )
  return listed.filter((row) => [...byKey.values()].includes(row))
}

/** Pure: what a person has decided, the table does not undo. */
export function stateAfter(event: ParkEvent, row: Listed): ParkEvent['state'] {
  return event.decided ? event.state : row.state
}

function changeOf(event: ParkEvent, row: Listed, now: Date): Change | null {
  const state = stateAfter(event, row)
  const next = { ...event, state, startsAt: row.startsAt ?? event.startsAt, endsAt: row.endsAt, dayOnly: row.dayOnly }
  if (event.decided || !(isAhead(event, now) || isAhead(next, now))) return null
  if (state !== 'on') return state === event.state || state === 'held' ? null : state
  const moved = next.startsAt.getTime() !== event.startsAt.getTime() || row.dayOnly !== event.dayOnly || row.place !== event.place
  return moved || event.state !== 'on' ? 'moved' : null
}

function isSame(event: ParkEvent, row: Listed): boolean {
  const time = (at: Date | null) => at?.getTime() ?? null
  const ofEvent = [event.family, event.passage, event.number, event.title, event.type, event.state, time(event.startsAt)]
  const ofRow = [
    row.family,
    row.passage,
    row.number,
    row.title,
    row.type,
    stateAfter(event, row),
    time(row.startsAt ?? event.startsAt),
  ]
  const more = (each: ParkEvent | Listed) => [
    time(each.endsAt),
    each.dayOnly,
    each.place,
    each.seats,
    time(each.closesAt),
    each.asksFor,
  ]
  return (
    JSON.stringify([ofEvent, more(event)]) === JSON.stringify([ofRow, more(row)]) &&
    JSON.stringify(Object.entries(event.details).toSorted()) === JSON.stringify(Object.entries(row.details).toSorted())
  )
}
