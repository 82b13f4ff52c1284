import type { IncomingMessage } from '../../channels/message.ts'
import type { Button, Outgoing } from '../../channels/outgoing.ts'
import { enterpriseOf, say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { joining, type ParkEvent } from '../event.ts'
import { eventLine } from '../lines.ts'
import { type Attendee, type Joined, signups } from '../signups.ts'
import { attendeeIn } from './attendee.ts'
import { remember, rememberedOf, rememberListed, reply, sayingOf, whoOf } from './remembered.ts'

/** What an event may ask of whoever signs up, in the order in which it is asked for. */
export const needed = ['name', 'company', 'phone', 'position'] as const

/** Asks which of several events is meant. */
export function offer(work: Work, row: InboxRow, open: readonly ParkEvent[], head: 'event_which' | 'event_not_found'): void {
  const texts = textsOf(work)
  if (open.length === 0) {
    reply(work, row, said(texts('event_none_open')), 'none_open')
    return
  }
  const shown = open.slice(0, 5)
  rememberListed(
    work,
    shown.map((each) => each.id),
  )
  remember(work, { choosing: { to: 'join', at: work.deps.clock().getTime() } })
  const lines = shown.map((each, index) => `${index + 1}. ${eventLine(each, sayingOf(work))}`)
  const buttons = shown.map((each, index): Button => ({ label: texts('button_join', { n: index + 1 }), data: `e:${each.id}` }))
  reply(work, row, said([texts(head), ...lines].join('\n'), [buttons]), 'which')
}

/** What somebody signs up for is known. */
export async function begin(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  event: ParkEvent,
  details: string,
): Promise<void> {
  const texts = textsOf(work)
  const can = joining(event, work.deps.clock())
  if (can !== 'open') return reply(work, row, said(texts(`event_cannot_${can}`, { title: event.title })), can)
  if (message.group) return reply(work, row, said(texts('event_private')), 'in_a_group')
  const enterprise = await enterpriseOf(work)
  const { me = {} } = rememberedOf(work)
  const before: Attendee = { ...me, ...(enterprise === null ? {} : { company: enterprise }) }
  const found = details === '' ? {} : attendeeIn(details, missing(event, {}))
  // How many come is said anew each time.
  const { people: _, ...lasting } = before
  await goOn(work, row, message, event, { ...lasting, ...found })
}

/** Asks for what is missing, or signs up. */
export async function goOn(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  event: ParkEvent,
  known: Attendee,
): Promise<void> {
  const texts = textsOf(work)
  const open = missing(event, known)
  if (event.seats !== null && (known.people ?? 1) > event.seats)
    return reply(work, row, said(texts('event_too_many', { seats: event.seats })), 'too_many')
  if (open.length > 0) {
    remember(work, { joining: { event: event.id, known, at: work.deps.clock().getTime() } })
    const fields = open.map((name) => texts(`event_field_${name}`)).join(work.language === 'zh' ? '、' : ', ')
    const first = Object.keys(known).filter((name) => name !== 'people').length === 0
    reply(work, row, said(texts(first ? 'event_ask' : 'event_ask_more', { title: event.title, fields })), 'asked')
    return
  }
  const { people: _, ...me } = known
  remember(work, { joining: { event: event.id, known, at: work.deps.clock().getTime(), done: true }, me })
  const { conversation } = work.lane
  say(work, row, async (tx) => {
    const now = work.deps.clock()
    // Whoever cancels it at this moment is waited for.
    await signups.lock(tx, event.id)
    const fresh = await work.deps.agenda.byId(event.id, tx)
    const can = fresh === null ? 'off' : joining(fresh, now)
    if (can !== 'open') return said(texts(`event_cannot_${can}`, { title: event.title }))
    const joined = await signups.join(tx, { event: event.id, who: whoOf(message), conversation: conversation.id, now, ...known })
    return confirmation(work, event, known, joined)
  })
  work.outcomes.push('event:joined')
}

function confirmation(work: Work, event: ParkEvent, known: Attendee, { state, wait, full, before }: Joined): Outgoing {
  const texts = textsOf(work)
  if (full) return said(texts('event_full_for', { people: known.people ?? 1 }))
  const { seats: _, ...plain } = event
  const line = eventLine({ ...plain, seats: null, closesAt: null }, sayingOf(work))
  const shown = [known.name, known.company, known.position, known.phone, texts('event_people', { n: known.people ?? 1 })].filter(
    Boolean,
  )
  const who = shown.join(work.language === 'zh' ? '，' : ', ')
  const key = state === 'waiting' ? 'event_waiting' : before === 'in' ? 'event_updated' : 'event_joined'
  return said(texts(key, { line, who, wait }), [[{ label: texts('button_leave'), data: `ec:${event.id}` }]])
}

/** Pure: what an event asks for and is not known; how many come is one unless somebody says otherwise. */
export function missing(event: ParkEvent, known: Attendee): (typeof needed)[number][] {
  return needed.filter((name) => event.asksFor.includes(name) && known[name] === undefined)
}
