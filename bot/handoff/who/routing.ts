import type { ClientBase } from 'pg'
import type { Work } from '../../converse/work.ts'
import type { Reason } from '../../decide.ts'
import { earliest } from '../duty/promises.ts'
import type { Person } from '../people.ts'
import { hoursOf, type Need, type Routed, route } from './route.ts'

/** Applies {@link route} to the people, loads and calendar of this moment. */
export async function routeFor(
  work: Work,
  about: { text: string; reason: Reason; verified?: string | null; excluded?: readonly string[]; before?: string | null },
): Promise<Routed> {
  const { deps, lane } = work
  const { chat, id, person, personName } = lane.conversation
  const [everybody, loads, last, verified] = await Promise.all([
    deps.people.list(),
    deps.tickets.loads(),
    deps.tickets.latestOf(id),
    about.verified === undefined ? deps.verified.of(person) : about.verified,
  ])
  const need: Need = {
    text: about.text,
    reason: about.reason,
    language: work.language,
    channel: chat.slice(0, chat.indexOf(':')),
    enterprise: [personName, verified].filter((name) => name !== null),
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

/**
 * A promise is an inbox row: it falls due in whichever process is alive then.
 * @param of.since the first word must come after this line of the transcript
 */
export async function setPromise(work: Work, tx: ClientBase, of: PromiseOf): Promise<void> {
  await work.deps.tickets.setPromise(tx, of.ticket, of.name === 'first_response' ? { by: of.at } : { followUp: of.at })
  await setDue(work, tx, of)
}

/** Nobody is there for whom a time could be promised: none is on record, and then it is looked at again. */
export async function lookAgain(work: Work, tx: ClientBase, of: Omit<PromiseOf, 'name' | 'round'>): Promise<void> {
  await work.deps.tickets.forgetPromise(tx, of.ticket)
  await setDue(work, tx, { ...of, name: 'first_response', round: 1 })
}

type PromiseOf = {
  readonly ticket: string
  readonly name: 'first_response' | 'follow_up'
  readonly round: number
  readonly at: Date
  readonly since?: string | undefined
}

async function setDue(work: Work, tx: ClientBase, { ticket, name, round, at, since }: PromiseOf): Promise<void> {
  const key = `ticket:${ticket}:${name}:${round}:${at.getTime()}${since === undefined ? '' : `:${since}`}`
  const timer = { kind: 'timer' as const, name, ticket, round, at: at.getTime(), ...(since === undefined ? {} : { since }) }
  await work.deps.inbox.setTimer(tx, work.lane.conversation.id, key, at, timer)
}

/** The first word that a next owner owes, promised for `by`; with nobody to promise for, it is looked at again in an hour. */
export async function promiseAnew(work: Work, tx: ClientBase, ticket: string, by: Date | undefined): Promise<void> {
  const since = (await work.deps.messages.of(work.lane.conversation.id, 1, '0', tx))[0]?.id ?? '0'
  if (by !== undefined) return setPromise(work, tx, { ticket, name: 'first_response', round: 1, at: by, since })
  await lookAgain(work, tx, { ticket, at: new Date(work.deps.clock().getTime() + 3_600_000), since })
}

/** None of them is there now: the first who is gets asked then, before the promise slips. */
export async function offerLater(work: Work, tx: ClientBase, ticket: string, able: readonly Person[]): Promise<void> {
  const at = earliest(able.map(hoursOf), work.deps.clock(), work.deps.calendar)
  if (at === null) return
  const timer = { kind: 'timer' as const, name: 'reroute' as const, ticket, round: 0 }
  await work.deps.inbox.setTimer(tx, work.lane.conversation.id, `ticket:${ticket}:offer:${at.getTime()}`, at, timer)
}
