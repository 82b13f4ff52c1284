import type { ClientBase } from 'pg'
import type { Clock } from '../../../retrieval/base/clock.ts'
import type { Calendar } from '../duty/duty.ts'
import type { People, Person } from '../people.ts'
import type { Tickets } from '../tickets.ts'
import { colleaguesFor } from './colleagues.ts'
import { realFirst } from './routing.ts'

export type CallerNeeds = {
  readonly people: People
  readonly tickets: Tickets
  readonly clock: Clock
  readonly calendar: Calendar
}

/** Who telephones a person: the owner of the case, or of the last one if on duty; else whoever is on duty with the fewest cases. */
export async function callerFor(needs: CallerNeeds, tx: ClientBase, conversation: string): Promise<Person | null> {
  const last = await needs.tickets.latestOf(conversation, tx)
  const everybody = realFirst(await needs.people.list(tx))
  const now = { loads: await needs.tickets.loads(tx), at: needs.clock(), calendar: needs.calendar }
  const able = colleaguesFor(everybody, { owner: null, excluded: last?.excluded ?? [] }, now)
  const own = able.find(({ person }) => person.id === last?.owner)
  if (own !== undefined && (last?.state === 'claimed' || own.onDuty)) return own.person
  return able[0]?.person ?? null
}
