import { type Calendar, type Hours, isOnDuty, parseHours, promisedTime } from './duty.ts'
import type { Person } from './people.ts'

export type Routed = {
  /** Who should take it, best first: on duty, room left, fields that fit, least loaded. */
  readonly suggested: readonly Person[]
  /** What may be promised, or null when nothing may. */
  readonly promise: { readonly onDuty: boolean; readonly by: Date } | null
}

/** Pure: who is asked first, and by when an answer may be promised. Staff look after documents, not after tickets. */
export function route(
  people: readonly Person[],
  need: { readonly text: string; readonly at: Date },
  loads: ReadonlyMap<string, number>,
  calendar: Calendar = new Map(),
): Routed {
  const brokers = people
    .filter((person) => person.role !== 'staff')
    .map((person) => ({ person, hours: hoursOf(person), load: loads.get(person.id) ?? 0 }))
  const fieldsThatMatch = (person: Person) => person.fields.filter((field) => need.text.includes(field)).length
  const suggested = brokers
    .filter(({ person, hours, load }) => isOnDuty(hours, need.at, calendar) && load < person.capacity)
    .sort(
      (a, b) =>
        fieldsThatMatch(b.person) - fieldsThatMatch(a.person) || a.load - b.load || Number(a.person.id) - Number(b.person.id),
    )
    .map(({ person }) => person)
  return {
    suggested,
    promise: promisedTime(
      brokers.map(({ hours }) => hours),
      need.at,
      calendar,
    ),
  }
}

function hoursOf(person: Person): Hours | null {
  return person.hours === null ? null : parseHours(person.hours)
}
