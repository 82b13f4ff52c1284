import type { IncomingMessage } from '../channels/channel.ts'
import { happens, hear, say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'
import { courtesy, said, saidAt } from '../render.ts'
import { sayTime } from './duty.ts'
import { setFirstResponse } from './handoff.ts'
import { route } from './route.ts'

/** A person writes while a human has the turn: the words go to the desk, and while nobody has taken it, a short word says so. */
export function relayToDesk(work: Work, row: InboxRow, message: IncomingMessage): void {
  const words = wordsOf(message)
  hear(work, row, { author: 'person', authorName: message.from.name, text: words })
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person', { text: words })))
  if (work.turn === 'waiting_for_broker')
    say(work, row, () => courtesy(said(textsOf(work)('waiting_noted', { number: work.ticketNumber ?? '' }))))
  work.outcomes.push('relayed_to_desk')
}

/** What of a message can be passed on as words. */
export function wordsOf(message: IncomingMessage): string {
  const file = message.file === null ? '' : `〔文件：${message.file.name}〕`
  const unreadable = message.kind === 'unreadable' ? '〔语音、图片等非文字消息〕' : ''
  return [file, unreadable, message.text].filter((part) => part !== '').join(' ')
}

/** Asked for a human again while one is on the way: the honest state instead of a second ticket. */
export function tellWaiting(work: Work, row: InboxRow): void {
  const texts = textsOf(work)
  const by = work.ticket?.promisedAt ?? null
  say(work, row, () => {
    const number = work.ticketNumber ?? ''
    const words =
      by === null ? texts('waiting_status_open', { number }) : texts('waiting_status', { number, by: sayTime(by, work.language) })
    return courtesy(said(words))
  })
  work.outcomes.push('waiting_told')
}

/** How often the person is told that it slipped before the hand-off ends with an honest word. */
const mostRounds = 2

/** The promised time has come. Taken in time: nothing. Otherwise the person hears the truth, and after a second miss gets the bot back. */
export async function promiseFellDue(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const { deps, ticket } = work
  if (ticket === null || ticket.id !== timer.ticket || ticket.state !== 'waiting') {
    work.outcomes.push('timer_void')
    return
  }
  const texts = textsOf(work)
  const people = await deps.people.list()
  const { promise } = route(people, { text: ticket.need, at: deps.clock() }, new Map(), deps.calendar)
  if (timer.round >= mostRounds || promise === null) {
    happens(work, { is: 'nobody_took_it' })
    work.effects.push(async (tx) => {
      await deps.tickets.close(tx, ticket.id, 'nobody')
    })
    say(work, row, () => saidAt('hand_back', said(texts('nobody_took', { number: ticket.id }))))
    sayAtDesk(work, row, () => said(deps.texts.zh('desk_closed', { number: ticket.id })))
    work.events.push({ ticket: ticket.id, kind: 'closed' })
    work.ticket = null
    work.outcomes.push('nobody_took_it')
    return
  }
  work.effects.push((tx) => setFirstResponse(work, tx, ticket.id, timer.round + 1, promise.by))
  say(work, row, () => said(texts('slipped', { number: ticket.id })))
  sayAtDesk(work, row, () =>
    said(deps.texts.zh('desk_slipped', { number: ticket.id, by: sayTime(ticket.promisedAt ?? deps.clock(), 'zh') })),
  )
  work.events.push({ ticket: ticket.id, kind: 'promise_slipped' })
  work.outcomes.push('promise_slipped')
}
