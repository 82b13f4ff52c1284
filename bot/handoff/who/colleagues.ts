import { type Calendar, isOnDuty, parseHours } from '../duty/duty.ts'
import type { Person } from '../people.ts'
import type { Ticket } from '../ticket.ts'

/** A person a case can be given to, and their state right now. */
export type Colleague = { readonly person: Person; readonly onDuty: boolean; readonly load: number }

/** Pure: whom a case can be given to: on duty first, then fewest cases. Not its owner, nor anybody with a known conflict of interest. */
export function colleaguesFor(
  everybody: readonly Person[],
  ticket: Pick<Ticket, 'owner' | 'excluded'>,
  now: { readonly loads: ReadonlyMap<string, number>; readonly at: Date; readonly calendar: Calendar },
): Colleague[] {
  return everybody
    .filter((person) => person.role !== 'staff' && person.id !== ticket.owner && !ticket.excluded.includes(person.id))
    .map((person) => ({ person, onDuty: isThere(person, now.at, now.calendar), load: now.loads.get(person.id) ?? 0 }))
    .sort((a, b) => Number(b.onDuty) - Number(a.onDuty) || a.load - b.load || Number(a.person.id) - Number(b.person.id))
}

/** Pure: within their hours and not switched off by hand. */
export function isThere(person: Pick<Person, 'present' | 'hours'>, at: Date, calendar: Calendar): boolean {
  return person.present && isOnDuty(person.hours === null ? null : parseHours(person.hours), at, calendar)
}
