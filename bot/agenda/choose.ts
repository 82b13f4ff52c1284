import { dayInChina, midnightInChina } from '../../retrieval/base/clock.ts'
import { type AgendaQuestion, bareTitle, isAbout } from './asked.ts'
import { isAhead, type ParkEvent } from './event.ts'

/** What is told to somebody who asks about the agenda. */
export type Chosen = {
  /** In the order in which they are told, the next one first; of the past the last one. */
  readonly events: readonly ParkEvent[]
  /**
   * `coming` and `past` are what was asked for. Otherwise nothing fits and something near it is told: `none_then` none in that period,
   * `none_about` none about that, `none_kind` none of that type, `none_ahead` nothing at all is to come.
   */
  readonly as: 'coming' | 'past' | 'none_then' | 'none_about' | 'none_kind' | 'none_ahead'
  /** How many fit, told or not. */
  readonly of: number
}

const mostTold = 5
/** What is further away is told only when little is nearer. */
const nearMs = 62 * 24 * 3_600_000
const fewest = 3
const mostInstead = 3

/** Pure: the events that answer a question; null when there is nothing to tell. @param events the earliest first */
export function chosen(question: AgendaQuestion, events: readonly ParkEvent[], now: Date): Chosen | null {
  const kind = events.filter((each) => question.types === null || question.types.includes(each.type))
  const wanted = [...question.about].length < 2 ? kind : events.filter((each) => fits(question, each))
  if (question.past)
    return past(
      wanted.filter((each) => !isAhead(each, now) && isWithin(question, each)),
      'past',
    )
  const [all, some] = [coming(events, now), wanted.filter((each) => isAhead(each, now))]
  // Whoever names one is told that it is off; in a list of what is to come it has no place.
  const named = [...question.about].length >= 2
  const told = named ? some : coming(some, now)
  const then = told.filter((each) => isWithin(question, each))
  if (then.length > 0) return { events: nearest(then, question, now), as: 'coming', of: then.length }
  if (told.length > 0) return instead(told, 'none_then')
  const over = wanted.filter((each) => !isAhead(each, now))
  if (named && over.length > 0) return past(over, 'past')
  if (named) return instead(coming(kind, now), 'none_about') ?? instead(all, 'none_about')
  return instead(all, 'none_kind') ?? past(over.length > 0 ? over : events.filter((each) => !isAhead(each, now)), 'none_ahead')
}

const coming = (events: readonly ParkEvent[], now: Date) => events.filter((each) => each.state === 'on' && isAhead(each, now))

/** Of what is to come the next ones; all of a period somebody named, as far as a message goes. */
function nearest(events: readonly ParkEvent[], { period }: AgendaQuestion, now: Date): ParkEvent[] {
  const isNear = ({ startsAt }: ParkEvent) => period !== null || startsAt.getTime() - now.getTime() < nearMs
  return events.slice(0, mostTold).filter((each, index) => index < fewest || isNear(each))
}

function instead(events: readonly ParkEvent[], as: Chosen['as']): Chosen | null {
  return events.length === 0 ? null : { events: events.slice(0, mostInstead), as, of: events.length }
}

function past(events: readonly ParkEvent[], as: 'past' | 'none_ahead'): Chosen | null {
  if (events.length === 0) return null
  return { events: events.toReversed().slice(0, as === 'past' ? mostTold : 1), as, of: events.length }
}

/** What it is about decides; the type only among several that are about it. */
function fits({ types, about }: AgendaQuestion, event: ParkEvent): boolean {
  const words = `${event.title} ${event.details['type'] ?? ''} ${event.details['field'] ?? ''} ${event.details['summary'] ?? ''} ${event.details['audience'] ?? ''} ${event.place ?? ''} ${event.details['link'] === undefined ? '' : '线上 online'}`
  return (
    isAbout(bareTitle(about), words) && (types === null || types.includes(event.type) || isAbout(bareTitle(about), event.title))
  )
}

function isWithin({ period }: AgendaQuestion, { startsAt, endsAt }: ParkEvent): boolean {
  if (period === null) return true
  const last = endsAt ?? startsAt
  return dayInChina(startsAt) < period.to && dayInChina(last) >= period.from
}

/** Pure: the moment a question is about: now, or the beginning of the day it is asked as of. */
export function momentOf(asOf: string | undefined, now: Date): Date {
  return asOf === undefined || asOf === dayInChina(now) ? now : (midnightInChina(asOf) ?? now)
}
