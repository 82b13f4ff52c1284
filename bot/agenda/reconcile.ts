import { isAhead, type ParkEvent } from './event.ts'

/** A row of a table of events that is in force. */
export type Listed = Pick<
  ParkEvent,
  'family' | 'demo' | 'number' | 'title' | 'type' | 'endsAt' | 'dayOnly' | 'place' | 'details' | 'seats' | 'closesAt' | 'asksFor'
> & {
  readonly document: string
  readonly passage: string
  readonly state: 'on' | 'postponed' | 'cancelled'
  /** null: the table does not know, which only an event that is off may say */
  readonly startsAt: Date | null
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
  const match = (key: Key, may: { event?: (event: ParkEvent) => boolean; row?: (row: Listed) => boolean } = {}) => {
    const open = rows.filter((row) => !found.has(row) && (may.row?.(row) ?? true))
    const candidates = [...left].filter(may.event ?? (() => true))
    for (const [row, event] of paired(Map.groupBy(candidates, key), Map.groupBy(open, key))) {
      found.set(row, event)
      left.delete(event)
    }
  }
  match((of) => (isOwn(of.number) ? keyOf(of, of.title, of.number) : null))
  match((of) => (of.startsAt === null ? null : keyOf(of, of.title, of.startsAt.getTime())))
  // Of a series nobody knows which one moved.
  const inTable: Key = (of) => keyOf(of, of.family, of.title)
  const ahead = (event: ParkEvent) => isAhead(event, now)
  const titled = Map.groupBy(rows, inTable)
  const waiting = Map.groupBy([...left].filter(ahead), inTable)
  const alone = (row: Listed) => titled.get(inTable(row))?.length === 1 && waiting.get(inTable(row))?.length === 1
  match(inTable, { event: ahead, row: alone })
  match((of) => (isOwn(of.number) ? keyOf(of, of.family, of.number) : null))
  return [
    ...rows.flatMap((row): Step[] => {
      const event = found.get(row)
      if (event !== undefined) return isSame(event, row) ? [] : [{ do: 'update', event, row, change: changeOf(event, row, now) }]
      return row.startsAt === null ? [] : [{ do: 'add', row, startsAt: row.startsAt }]
    }),
    ...[...left].flatMap((event): Step[] => (event.passage === null ? [] : [{ do: 'unlist', event }])),
  ]
}

/** By what an event and a row are recognised as the same; null: not by this. */
type Key = (of: ParkEvent | Listed) => string | null

/** Each row with an event of the same key, in their order, as far as there are any. */
function paired(
  events: ReadonlyMap<string | null, readonly ParkEvent[]>,
  rows: ReadonlyMap<string | null, readonly Listed[]>,
): (readonly [Listed, ParkEvent])[] {
  return [...rows].flatMap(([key, of]) => {
    const same = key === null ? [] : (events.get(key) ?? [])
    return of.flatMap((row, index) => {
      const event = same[index]
      return event === undefined ? [] : [[row, event] as const]
    })
  })
}

/** Whether a number belongs to one event. 序号 only counts rows: a row put in before moves it to another event. */
const isOwn = (number: string | null): number is string => number !== null && (/\D/.test(number) || number.length > 3)

/** What the demo park names is never the park's. */
const keyOf = ({ demo }: { readonly demo: boolean }, ...parts: readonly (string | number)[]) => JSON.stringify([demo, ...parts])

/** Of two tables that name the same event the newer one counts; rows come in the order of their documents. */
function newest(listed: readonly Listed[]): Listed[] {
  const kept = new Set(
    new Map(
      listed.map((row) => [
        keyOf(row, row.title, row.number ?? '', row.number === null ? (row.startsAt?.getTime() ?? '') : ''),
        row,
      ]),
    ).values(),
  )
  return listed.filter((row) => kept.has(row))
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
