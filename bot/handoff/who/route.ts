import type { Language } from '../../../prompts/load.ts'
import type { Reason } from '../../decide.ts'
import { type Calendar, type Hours, isOnDuty, parseHours } from '../duty/duty.ts'
import { earliest, type Promised, promised, type Span } from '../duty/promises.ts'
import type { Person } from '../people.ts'

/** What is known of a case when somebody is chosen for it. */
export type Need = {
  readonly text: string
  readonly reason: Reason
  readonly language: Language
  /** The person's channel, e.g. `telegram`. */
  readonly channel: string
  /** Names of the enterprise. */
  readonly enterprise: readonly string[]
  /** Ids of people who must not have it. */
  readonly excluded: readonly string[]
  /** Owner of this person's last case: “my broker”. */
  readonly before: string | null
  readonly at: Date
}

export type Routed = {
  /** Who should take it, best first: on duty and with capacity. Empty: it waits in the queue. */
  readonly suggested: readonly Person[]
  /** Everybody who may have it, on duty or not. */
  readonly able: readonly Person[]
  /** Who is asked when a promise slips. */
  readonly leads: readonly Person[]
  /** When the first of them is on duty (again); null when nobody is within 30 days. */
  readonly there: Date | null
  /** The promise to make, or null when none may be made. */
  readonly promise: Promised | null
  /** Ids of people with a conflict of interest. */
  readonly conflicting: readonly string[]
}

/** Pure: who is asked first, and what may be promised. Staff look after documents, not tickets. */
export function route(
  people: readonly Person[],
  need: Need,
  loads: ReadonlyMap<string, number>,
  span: Span,
  calendar: Calendar = new Map(),
): Routed {
  const conflicting = people.filter((person) => conflicts(person, need)).map((person) => person.id)
  const able = people
    .filter((person) => person.role !== 'staff' && person.present && speaks(person, need.language))
    .filter((person) => !conflicting.includes(person.id) && !need.excluded.includes(person.id))
    .map((person) => ({ person, hours: hoursOf(person), load: loads.get(person.id) ?? 0 }))
  const free = able.filter(({ person, hours, load }) => isOnDuty(hours, need.at, calendar) && load < person.capacity)
  const suggested = free
    .map((each) => ({ ...each, rank: rankOf(each.person, need) }))
    .sort((a, b) => b.rank - a.rank || a.load - b.load || Number(a.person.id) - Number(b.person.id))
    .map(({ person }) => person)
  const allHours = able.map(({ hours }) => hours)
  return {
    suggested,
    able: able.map(({ person }) => person),
    leads: able.map(({ person }) => person).filter((person) => person.role === 'lead'),
    there: earliest(allHours, need.at, calendar),
    promise: promised(allHours, need.at, span, calendar),
    conflicting,
  }
}

/** A complaint goes to a lead; then “my broker”, then the field, then brokers on the person's own platform. */
function rankOf(person: Person, need: Need): number {
  const fields = person.fields.filter((field) => need.text.includes(field)).length
  // Otherwise a lead is asked when no broker suits better.
  const lead = person.role !== 'lead' ? 0 : need.reason === 'complaint' ? 1_000 : -2
  return lead + (person.id === need.before ? 100 : 0) + 2 * Math.min(fields, 40) + (reaches(person, need.channel) ? 1 : 0)
}

function reaches(person: Person, channel: string): boolean {
  return channel === 'kf' || channel.startsWith('wecom') ? person.wecom !== null : person.telegram !== null
}

function speaks(person: Person, language: Language): boolean {
  return person.languages.length === 0 || person.languages.includes(language)
}

/** An enterprise is recognised by a full or partial name. */
function conflicts(person: Person, need: Need): boolean {
  return person.conflicts.some((name) => need.text.includes(name) || need.enterprise.some((each) => each.includes(name)))
}

export function hoursOf(person: Person): Hours | null {
  return person.hours === null ? null : parseHours(person.hours)
}
