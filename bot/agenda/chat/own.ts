import type { IncomingMessage } from '../../channels/message.ts'
import type { Button } from '../../channels/outgoing.ts'
import { say, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { bareTitle, isAbout } from '../asked.ts'
import { isAhead, type ParkEvent } from '../event.ts'
import { eventLine } from '../lines.ts'
import { signups } from '../signups.ts'
import { hearPerson, remember, rememberedOf, reply, sayingOf, whoOf } from './remembered.ts'
import type { Meant } from './wishes.ts'

/** Leaves one of one's own events; which of several is asked. */
export async function leave(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  meant: Meant,
  own: readonly ParkEvent[],
): Promise<boolean> {
  const listed = (rememberedOf(work).mine ?? []).flatMap((id) => own.find((each) => each.id === id) ?? [])
  const found =
    meant.n !== null
      ? (listed.length > 0 ? listed : own).slice(meant.n - 1, meant.n)
      : own.filter((each) => meant.words === '' || isAbout(bareTitle(meant.words), `${each.title} ${each.details['type'] ?? ''}`))
  const only = found.length === 1 ? found[0] : undefined
  if (only === undefined && work.turn === 'broker') return false
  hearPerson(work, row, message)
  if (only !== undefined) left(work, row, message, only)
  else showMine(work, row, own, own.length === 0 ? 'event_mine_none' : 'event_leave_which')
  return true
}

export function left(work: Work, row: InboxRow, message: IncomingMessage, event: ParkEvent): void {
  const texts = textsOf(work)
  if (rememberedOf(work).joining?.event === event.id) remember(work, { joining: undefined })
  say(work, row, async (tx) => {
    const gone = await signups.leave(tx, event.id, whoOf(message), work.deps.clock())
    return said(texts(gone ? 'event_left' : 'event_not_in', { title: event.title }))
  })
  work.outcomes.push('event:left')
}

export function showMine(
  work: Work,
  row: InboxRow,
  own: readonly ParkEvent[],
  head: 'event_mine' | 'event_mine_none' | 'event_leave_which' = 'event_mine',
): void {
  const texts = textsOf(work)
  if (own.length === 0) {
    reply(work, row, said(texts('event_mine_none')), 'mine')
    return
  }
  remember(work, { mine: own.map((each) => each.id) })
  if (head === 'event_leave_which') remember(work, { choosing: { to: 'leave', at: work.deps.clock().getTime() } })
  const lines = own.map((each, index) => {
    const { seats: _, ...plain } = each
    return `${index + 1}. ${eventLine({ ...plain, seats: null, closesAt: null }, sayingOf(work))}`
  })
  const buttons = own
    .slice(0, 5)
    .map((each, index): Button => ({ label: texts('button_leave_n', { n: index + 1 }), data: `ec:${each.id}` }))
  reply(work, row, said([texts(head), ...lines].join('\n'), [buttons]), 'mine')
}

/** What somebody is signed up for and is not over, the next one first. */
export async function ownEvents(work: Work, message: IncomingMessage): Promise<ParkEvent[]> {
  const { agenda, clock } = work.deps
  const mine = await agenda.signupsBy(whoOf(message))
  if (mine.length === 0) return []
  const all = await agenda.list({ all: true })
  return mine.flatMap(({ event }) => all.find((each) => each.id === event && isAhead(each, clock())) ?? [])
}
