import type { Person } from '../people.ts'
import type { Ticket } from '../ticket.ts'

/** Pure: staff look after documents; brokers see what waits, their own cases and closed ones; a conflict of interest hides a ticket. */
export function maySee(
  person: Pick<Person, 'id' | 'role'>,
  ticket: Pick<Ticket, 'state' | 'owner' | 'excluded'>,
  wasTheirs: boolean,
): boolean {
  if (person.role === 'staff' || ticket.excluded.includes(person.id)) return false
  if (person.role === 'lead' || ticket.owner === person.id || wasTheirs) return true
  return ticket.state === 'waiting'
}
