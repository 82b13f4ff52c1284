import { dayInChina } from '../../../retrieval/base/clock.ts'
import type { IncomingMessage } from '../../channels/message.ts'
import type { Button, Outgoing } from '../../channels/outgoing.ts'
import { isAsking } from '../../converse/wishes.ts'
import { enterpriseOf, hear, say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { agendaAsked, bareTitle, isAbout, mayConcernEvents } from '../asked.ts'
import { chosen } from '../choose.ts'
import { isAhead, joining, type ParkEvent } from '../event.ts'
import { eventLine } from '../lines.ts'
import { type Attendee, type Joined, signups } from '../signups.ts'
import { attendeeIn } from './attendee.ts'
import { leave, left, ownEvents, showMine } from './own.ts'
import { hearPerson, remember, rememberedOf, rememberListed, reply, sayingOf, whoOf } from './remembered.ts'
import { type AgendaWish, agendaWishOf, type Meant } from './wishes.ts'

const patienceMs = 30 * 60_000
const stops =
  /^(?:取消|算了|不报了?|不报名了|先不报了?|不参加了?|不去了?|放弃|停止|cancel|stop|never ?mind|forget it)[吧了。.!！]*$/i
const needed = ['name', 'company', 'phone', 'position'] as const
const longestDetails = 120

/**
 * Signing up, leaving, what one is signed up for, and what somebody says of themselves while they sign up.
 * @returns false when the words are about something else
 */
export async function agendaSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  if (work.turn === 'broker') return false // then they talk with a person
  const wish = agendaWishOf(message.text)
  if (wish !== null) return fulfil(work, row, message, wish)
  const { joining: under } = rememberedOf(work)
  if (under === undefined || work.deps.clock().getTime() - under.at > patienceMs) return false
  if (stops.test(message.text.trim()) && under.done !== true) {
    hearPerson(work, row, message)
    remember(work, { joining: undefined })
    reply(work, row, said(textsOf(work)('event_join_stopped')), 'stopped')
    return true
  }
  if (isAsking(message.text) || [...message.text].length > longestDetails) return false
  const event = await work.deps.agenda.byId(under.event)
  if (event === null) return false
  const found = attendeeIn(message.text, missing(event, under.known))
  if (Object.keys(found).length === 0 || (under.done === true && !correctsAll(found, message.text))) return false
  hearPerson(work, row, message)
  await goOn(work, row, message, event, { ...under.known, ...found })
  return true
}

const corrects =
  /^(?:我们?|改成|改为|更正为?|一?共|是|有|no|change to|make (?:it|that)|\s)*(?:\d{1,3}|[一二两三四五六七八九十])\s*(?:个)?(?:人|位|people)(?:参加|来|去)?[。.！!]*$/iu

/** Who is signed up already says hardly anything but a name with its organisation, or how many come, to put it right. */
function correctsAll(found: Attendee, text: string): boolean {
  return (found.name !== undefined && found.company !== undefined) || (found.people !== undefined && corrects.test(text.trim()))
}

/** A button under an event: `e` signs up, `ec` leaves. @returns false when it is another button */
export async function agendaPressed(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const [, kind, id = ''] = /^(ec?):(\d{1,18})$/.exec(message.button ?? '') ?? []
  const event = kind === undefined ? null : await work.deps.agenda.byId(id)
  if (event === null) return false
  const words = textsOf(work)(kind === 'ec' ? 'button_leave' : 'button_join_one')
  hear(work, row, { author: 'person', authorName: message.from.name, text: `${words}：${event.title}` })
  if (kind === 'ec') left(work, row, message, event)
  else await begin(work, row, message, event, '')
  return true
}

async function fulfil(work: Work, row: InboxRow, message: IncomingMessage, wish: AgendaWish): Promise<boolean> {
  const events = await work.deps.agenda.list()
  const own = wish.do === 'join' ? [] : await ownEvents(work, message)
  if (events.length === 0 && own.length === 0) return false
  if (message.group) {
    hearPerson(work, row, message)
    reply(work, row, said(textsOf(work)('event_private')), 'in_a_group')
    return true
  }
  if (wish.do === 'mine') {
    hearPerson(work, row, message)
    showMine(work, row, own)
    return true
  }
  if (wish.do === 'leave') return leave(work, row, message, wish.meant, own)
  return join(work, row, message, wish, events)
}

async function join(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  { meant, details }: Extract<AgendaWish, { do: 'join' }>,
  events: readonly ParkEvent[],
): Promise<boolean> {
  const now = work.deps.clock()
  const listed = (rememberedOf(work).listed ?? []).flatMap((id) => events.find((each) => each.id === id) ?? [])
  const ahead = events.filter((each) => isAhead(each, now))
  const found = meantIn(meant, listed, ahead, now)
  const only = found[0]
  if (found.length === 1 && only !== undefined) {
    hearPerson(work, row, message)
    await begin(work, row, message, only, details)
    return true
  }
  const single = listed.length === 1 ? listed[0] : undefined
  // 报名，张三，云帆公司: no event has that name, and one was just shown.
  if (found.length === 0 && single !== undefined && attendeeIn(`${meant.words},${details}`, [...needed]).name !== undefined) {
    hearPerson(work, row, message)
    await begin(work, row, message, single, `${meant.words},${details}`)
    return true
  }
  // 报名高新技术企业认定 is not for an event.
  if (found.length === 0 && meant.words !== '' && !mayConcernEvents(meant.words)) return false
  hearPerson(work, row, message)
  const open = (found.length > 0 ? found : ahead).filter((each) => joining(each, now) === 'open')
  offer(work, row, open, found.length > 0 || (meant.n === null && meant.words === '') ? 'event_which' : 'event_not_found')
  return true
}

/** Pure: the events a wish may mean. Without a word for one, those that were just told; else all one can sign up for. */
function meantIn({ n, words }: Meant, listed: readonly ParkEvent[], ahead: readonly ParkEvent[], now: Date): ParkEvent[] {
  if (n !== null) return listed.slice(n - 1, n)
  if (words === '') {
    const open = (listed.length > 0 ? listed : ahead).filter((each) => joining(each, now) === 'open')
    return open.length > 0 ? open : listed.slice(0, 1)
  }
  const bare = bareTitle(words)
  const exact = ahead.filter((each) => bareTitle(each.title) === bare)
  if (exact.length > 0) return exact
  const within = (each: ParkEvent) => bare.includes(bareTitle(each.title)) || ([...bare].length >= 2 && isAbout(bare, each.title))
  const near = listed.filter(within)
  if (near.length > 0) return near
  const named = ahead.filter(within)
  // 报名下周的培训
  const asked = named.length > 0 ? null : agendaAsked(`有${words}吗`, dayInChina(now))
  const fitting = asked === null ? null : chosen(asked, ahead, now)
  return fitting?.as === 'coming' ? [...fitting.events] : named
}

function offer(work: Work, row: InboxRow, open: readonly ParkEvent[], head: 'event_which' | 'event_not_found'): void {
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
  const lines = shown.map((each, index) => `${index + 1}. ${eventLine(each, sayingOf(work))}`)
  const buttons = shown.map((each, index): Button => ({ label: texts('button_join', { n: index + 1 }), data: `e:${each.id}` }))
  reply(work, row, said([texts(head), ...lines].join('\n'), [buttons]), 'which')
}

async function begin(work: Work, row: InboxRow, message: IncomingMessage, event: ParkEvent, details: string): Promise<void> {
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
async function goOn(work: Work, row: InboxRow, message: IncomingMessage, event: ParkEvent, known: Attendee): Promise<void> {
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
function missing(event: ParkEvent, known: Attendee): (typeof needed)[number][] {
  return needed.filter((name) => event.asksFor.includes(name) && known[name] === undefined)
}
