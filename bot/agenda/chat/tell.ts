import { say, textsOf, type Work } from '../../converse/work.ts'
import { setTimer } from '../../inbox.ts'
import type { EventTimer, InboxRow, Timer } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { awake, isAhead, isTimely, overAt, type ParkEvent } from '../event.ts'
import { eventLine } from '../lines.ts'
import { sayingOf } from './remembered.ts'

/** What is told unasked: it moved or is off, a place became free, it is tomorrow, it begins in an hour. Each once; void when it no longer holds. */
export async function agendaDue(work: Work, row: InboxRow, timer: Timer & { readonly name: EventTimer }): Promise<void> {
  const { deps, lane } = work
  const now = deps.clock()
  const event = await deps.agenda.byId(timer.ticket)
  const signup = (await deps.agenda.signupsOf(timer.ticket)).find((each) => each.conversation === lane.conversation.id)
  // What was to be told of an earlier state of the event is void: whoever changed it said so anew.
  const holds = event !== null && signup !== undefined && event.revision === timer.round && isAhead(event, now)
  const key = holds ? wordsFor(timer.name, event, signup.state, now) : null
  if (!holds || key === null) {
    work.outcomes.push(`${timer.name}:void`)
    return
  }
  const later = timer.name === 'event_hour' ? now : awake(now, event.startsAt)
  if (later > now) {
    // It fell due while nobody was there, and now it is night.
    const again = `${timer.name}:${event.id}:${timer.round}:${lane.conversation.id}:morning`
    work.effects.push((tx) => setTimer(tx, lane.conversation.id, again, later, timer))
    work.outcomes.push(`${timer.name}:in_the_morning`)
    return
  }
  const texts = textsOf(work)
  const { seats: _, ...plain } = event
  const line = eventLine({ ...plain, seats: null, closesAt: null }, sayingOf(work))
  const contact = event.details['contact']
  const more = contact === undefined ? '' : texts('event_more_contact', { value: contact })
  const body = said(`${texts(key, { line, title: event.title })}\n${more}`.trim(), [
    [{ label: texts('button_leave'), data: `ec:${event.id}` }],
  ])
  say(work, row, body.kind === 'text' ? { ...body, until: overAt(event).toISOString() } : body)
  work.outcomes.push(timer.name)
}

type Words =
  | 'event_told_cancelled'
  | 'event_told_postponed'
  | 'event_told_moved'
  | 'event_told_place'
  | 'event_told_day'
  | 'event_told_hour'

/** Pure: which words are due; null when nothing is. */
function wordsFor(name: EventTimer, event: ParkEvent, signup: 'in' | 'waiting' | 'cancelled', now: Date): Words | null {
  if (name === 'event_news')
    return event.state === 'cancelled' || event.state === 'postponed'
      ? `event_told_${event.state}`
      : event.state === 'on'
        ? 'event_told_moved'
        : null
  if (signup !== 'in' || event.state !== 'on' || event.passage === null) return null
  if (name === 'event_place') return event.startsAt > now ? 'event_told_place' : null
  const which = name === 'event_day' ? 'day' : 'hour'
  return isTimely(which, event, now) ? `event_told_${which}` : null
}
