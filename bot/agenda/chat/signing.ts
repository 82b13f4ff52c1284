import type { IncomingMessage } from '../../channels/message.ts'
import { isAsking } from '../../converse/wishes.ts'
import { hear, sayAtDesk, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { mayConcernEvents } from '../asked.ts'
import { isAhead, joining, type ParkEvent } from '../event.ts'
import type { Attendee } from '../signups.ts'
import { attendeeIn } from './attendee.ts'
import { begin, goOn, missing, needed, offer } from './enrol.ts'
import { meantIn, namedIn } from './meant.ts'
import { placeIn } from './natural.ts'
import { leave, left, ownEvents, showMine } from './own.ts'
import { hearPerson, isRecent, listedOf, type Remembered, remember, rememberedOf, reply } from './remembered.ts'
import { naturalSaid } from './understood.ts'
import { type AgendaWish, agendaWishOf } from './wishes.ts'

const stops =
  /^(?:取消|算了|不报了?|不报名了|先不报了?|不参加了?|不去了?|放弃|停止|cancel|stop|never ?mind|forget it)[吧了。.!！]*$/i
const longestDetails = 120
const longestChoice = 16

/**
 * Signing up, leaving, what one is signed up for, and what somebody says of themselves while they sign up. With a broker only what can mean
 * nothing else: one event by its name, or the answer to what was just asked for signing up; the broker reads it too.
 * @returns false when the words are about something else
 */
export async function agendaSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  if (work.turn === 'broker') return besideBroker(work, row, message)
  const { choosing } = rememberedOf(work)
  if (choosing !== undefined) remember(work, { choosing: undefined })
  const wish = agendaWishOf(message.text) ?? (await chosenBy(message.text, choosing, work))
  if (wish !== null) return (await fulfil(work, row, message, wish)) || naturalSaid(work, row, message)
  if (stopped(work, row, message)) return true
  if ((await naturalSaid(work, row, message)) || (await continued(work, row, message))) return true
  // 3个人 after words about something else is no correction of what was done before them.
  if (rememberedOf(work).joining?.done === true) remember(work, { joining: undefined })
  return false
}

async function besideBroker(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const wish = agendaWishOf(message.text)
  const done =
    (wish !== null && isNamed(wish) && (await fulfil(work, row, message, wish))) ||
    stopped(work, row, message) ||
    (await naturalSaid(work, row, message)) ||
    (rememberedOf(work).joining?.done !== true && (await continued(work, row, message)))
  if (done) sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_signing', { text: message.text })))
  return done
}

/** 报名 alone may mean what they talk about with the broker. */
const isNamed = (wish: AgendaWish) => wish.do === 'mine' || wish.meant.words !== ''

/** 第二个, 11号的, 早餐会 after a list to choose from. */
async function chosenBy(text: string, choosing: Remembered['choosing'], work: Work): Promise<AgendaWish | null> {
  if (choosing === undefined || !isRecent(work, choosing.at) || isAsking(text) || [...text].length > longestChoice) return null
  const n = placeIn(text)
  if (choosing.to === 'leave') return n === null ? null : { do: 'leave', meant: { n, words: '' } }
  const listed = listedOf(work, await work.deps.agenda.list())
  const words = n !== null && n > listed.length ? `${n}号的活动` : text
  if (n !== null && n <= listed.length) return { do: 'join', meant: { n, words: '' }, details: '' }
  return namedIn(words, listed, listed, work.deps.clock()).length === 1
    ? { do: 'join', meant: { n: null, words }, details: '' }
    : null
}

function stopped(work: Work, row: InboxRow, message: IncomingMessage): boolean {
  const { joining: under } = rememberedOf(work)
  if (under === undefined || under.done === true || !isRecent(work, under.at) || !stops.test(message.text.trim())) return false
  hearPerson(work, row, message)
  remember(work, { joining: undefined })
  reply(work, row, said(textsOf(work)('event_join_stopped')), 'stopped')
  return true
}

/** What they say of themselves for the sign-up under way, or to put right the one just made. */
async function continued(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const { joining: under } = rememberedOf(work)
  if (under === undefined || !isRecent(work, under.at)) return false
  if (isAsking(message.text) || [...message.text].length > longestDetails) return false
  const event = await work.deps.agenda.byId(under.event)
  if (event === null) return false
  const found = attendeeIn(message.text, missing(event, under.known))
  if (Object.keys(found).length === 0 || (under.done === true && !correctsAll(found, message.text))) return false
  const known = { ...under.known, ...found }
  // 好的，王工 is said to the broker; who comes, and from where, is not.
  if (work.turn === 'broker' && missing(event, known).length > 0) return false
  hearPerson(work, row, message)
  await goOn(work, row, message, event, known)
  return true
}

const corrects =
  /^(?:我们?|改成|改为|更正为?|一?共|是|有|no|change to|make (?:it|that)|\s)*(?:\d{1,3}|[一二两三四五六七八九十])\s*(?:个)?(?:人|位|people)(?:参加|来|去)?[。.！!]*$/iu

/** Nothing but a telephone number. */
const dials = /^[^\d，,。]{0,10}\+?\d[\d -]{6,18}\d[。.！!\s]*$/u

/** Who is signed up already says hardly anything but a name with its organisation, how many come, or a number to call, to put it right. */
function correctsAll(found: Attendee, text: string): boolean {
  return (
    (found.name !== undefined && found.company !== undefined) ||
    (found.people !== undefined && corrects.test(text.trim())) ||
    (found.phone !== undefined && dials.test(text.trim()))
  )
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
  // With nothing of theirs, the words may be about something else.
  if (work.turn === 'broker' && wish.do !== 'join' && own.length === 0) return false
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
  const listed = listedOf(work, events)
  const ahead = events.filter((each) => isAhead(each, now))
  const found = meantIn(meant, listed, ahead, now)
  const only = found[0]
  if (found.length === 1 && only !== undefined) {
    hearPerson(work, row, message)
    await begin(work, row, message, only, details)
    return true
  }
  const single = listed.length === 1 && work.turn !== 'broker' ? listed[0] : undefined
  // 报名，张三，云帆公司: no event has that name, and one was just shown.
  if (found.length === 0 && single !== undefined && attendeeIn(`${meant.words},${details}`, [...needed]).name !== undefined) {
    hearPerson(work, row, message)
    await begin(work, row, message, single, `${meant.words},${details}`)
    return true
  }
  if (work.turn === 'broker') return false
  // 报名高新技术企业认定 is not for an event.
  if (found.length === 0 && meant.words !== '' && !mayConcernEvents(meant.words)) return false
  hearPerson(work, row, message)
  const open = (found.length > 0 ? found : ahead).filter((each) => joining(each, now) === 'open')
  offer(work, row, open, found.length > 0 || (meant.n === null && meant.words === '') ? 'event_which' : 'event_not_found')
  return true
}
