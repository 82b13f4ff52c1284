import type { ClientBase } from 'pg'
import type { Work } from '../../converse/work.ts'
import type { Reason } from '../../decide.ts'
import type { Person } from '../people.ts'
import { type Need, type Routed, route } from './route.ts'

/** Applies {@link route} to the people, loads and calendar of this moment. */
export async function routeFor(
  work: Work,
  about: { text: string; reason: Reason; verified?: string | null; excluded?: readonly string[]; before?: string | null },
): Promise<Routed> {
  const { deps, lane } = work
  const { chat, id, personName } = lane.conversation
  const [everybody, loads, last] = await Promise.all([deps.people.list(), deps.tickets.loads(), deps.tickets.latestOf(id)])
  const need: Need = {
    text: about.text,
    reason: about.reason,
    language: work.language,
    channel: chat.slice(0, chat.indexOf(':')),
    enterprise: [personName, about.verified ?? null].filter((name) => name !== null),
    excluded: about.excluded ?? [],
    before: about.before ?? last?.owner ?? null,
    at: deps.clock(),
  }
  return route(realFirst(everybody), need, loads, deps.promises(about.reason), deps.calendar)
}

/** Once somebody real is registered, the demo park's brokers promise nothing any more. */
export function realFirst(everybody: readonly Person[]): readonly Person[] {
  const real = everybody.filter((person) => !person.demo)
  return real.length > 0 ? real : everybody
}

/** A promise is an inbox row: it falls due in whichever process is alive then. */
export async function setPromise(
  work: Work,
  tx: ClientBase,
  ticket: string,
  name: 'first_response' | 'follow_up',
  round: number,
  at: Date,
): Promise<void> {
  await work.deps.tickets.setPromise(tx, ticket, name === 'first_response' ? { by: at } : { followUp: at })
  const key = `ticket:${ticket}:${name}:${round}:${at.getTime()}`
  await work.deps.inbox.setTimer(tx, work.lane.conversation.id, key, at, { kind: 'timer', name, ticket, round, at: at.getTime() })
}
