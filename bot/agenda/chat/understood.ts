import type { IncomingMessage } from '../../channels/message.ts'
import { textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { titlesNamed } from '../asked.ts'
import { isAhead, joining, type ParkEvent, seatsLeft } from '../event.ts'
import { eventLine, moreLines } from '../lines.ts'
import { begin, offer } from './enrol.ts'
import { namedIn } from './meant.ts'
import { type NaturalWish, naturalWishOf } from './natural.ts'
import { left, ownEvents, showMine } from './own.ts'
import { hearPerson, isRecent, listedOf, rememberedOf, rememberListed, reply, sayingOf } from './remembered.ts'

/**
 * Sentences about an event that is to come, and only then: taking part, leaving, another one instead; while a question waits for a broker
 * also a question about one.
 * @returns false when they name none of ours
 */
export async function naturalSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const wish = naturalWishOf(message.text)
  const asks = wish === null && work.turn === 'waiting_for_broker'
  if (wish === null && !asks) return false
  const now = work.deps.clock()
  const events = (await work.deps.agenda.list()).filter((each) => isAhead(each, now))
  if (wish === null) return told(work, row, message, events)
  if (wish.do === 'leave') return leaves(work, row, message, wish)
  const found = meantBy(work, wish, events)
  const only = found.length === 1 ? found[0] : undefined
  if (found.length === 0 || (only === undefined && work.turn === 'broker')) return false
  hearPerson(work, row, message)
  if (message.group) reply(work, row, said(textsOf(work)('event_private')), 'in_a_group')
  else if (only === undefined)
    offer(
      work,
      row,
      found.filter((each) => joining(each, now) === 'open'),
      'event_which',
    )
  else await joins(work, row, message, only, wish)
  return true
}

/** The events a sentence names; the one just told where it names none, unless a broker may have told of something since. */
function meantBy(work: Work, { which }: NaturalWish, events: readonly ParkEvent[]): readonly ParkEvent[] {
  const listed = isRecent(work, rememberedOf(work).listedAt) ? listedOf(work, events) : []
  if (which !== '') return namedIn(which, listed, events, work.deps.clock())
  return listed.length === 1 && work.turn !== 'broker' ? listed : []
}

async function joins(work: Work, row: InboxRow, message: IncomingMessage, event: ParkEvent, wish: NaturalWish): Promise<void> {
  const { joining: under } = rememberedOf(work)
  const own = wish.do === 'change' ? (await ownEvents(work, message)).filter((each) => each.id !== event.id) : []
  const old = own.find((each) => under?.done === true && each.id === under.event) ?? (own.length === 1 ? own[0] : undefined)
  const people = under?.event === old?.id ? under?.known.people : undefined
  // Whoever would only wait for the other one keeps the place they have.
  const fits = joining(event, work.deps.clock()) === 'open' && (seatsLeft(event) ?? Infinity) >= (people ?? 1)
  if (old !== undefined && fits) left(work, row, message, old)
  await begin(work, row, message, event, wish.details === '' && people !== undefined ? `${people}人` : wish.details)
}

async function leaves(work: Work, row: InboxRow, message: IncomingMessage, { which }: NaturalWish): Promise<boolean> {
  const own = await ownEvents(work, message)
  // While somebody is to call them, 我去不了了 may mean that.
  const bare = which === '' && work.turn === 'bot'
  const found = bare ? own : which === '' ? [] : namedIn(which, own, own, work.deps.clock())
  const only = found[0]
  if (only === undefined || message.group || (found.length > 1 && work.turn === 'broker')) return false
  hearPerson(work, row, message)
  if (found.length === 1) left(work, row, message, only)
  else showMine(work, row, own, 'event_leave_which')
  return true
}

/** 早餐会还能报吗, while the question before it waits. */
function told(work: Work, row: InboxRow, message: IncomingMessage, events: readonly ParkEvent[]): boolean {
  const titles = events.map((each) => each.title)
  const named = titlesNamed(message.text, titles).flatMap((index) => events[index] ?? [])
  const [first] = named
  if (first === undefined) return false
  hearPerson(work, row, message)
  rememberListed(
    work,
    named.map((each) => each.id),
  )
  const saying = sayingOf(work)
  const more = named.length === 1 ? moreLines(first, saying) : []
  const open =
    joining(first, saying.now) === 'open' ? [saying.texts(named.length === 1 ? 'agenda_join_one' : 'agenda_join', { n: 1 })] : []
  reply(work, row, said([...named.map((each) => eventLine(each, saying)), ...more, ...open].join('\n')), 'told')
  return true
}
