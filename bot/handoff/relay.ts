import type { IncomingMessage } from '../channels/message.ts'
import { hoursLine } from '../converse/aside/hours.ts'
import { isUpset, remarkOf } from '../converse/aside/remarks.ts'
import { wishOf } from '../converse/wishes.ts'
import { hear, nextKey, say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { recordAudit } from '../records/audit.ts'
import { courtesy, said, shorten } from '../render.ts'
import { sayTime } from './duty/duty.ts'
import { routeFor } from './who/routing.ts'

/** A person writes while a human has the turn: the words go to the desk, and a short reply says so while nobody has taken it. */
export async function relayToDesk(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  passOn(work, row, message)
  if (work.turn === 'waiting_for_broker') {
    // 在吗 and 谢谢 add nothing: the person is told how things stand.
    const isNod = ['greeting', 'thanks'].includes(wishOf(message.text) ?? '')
    const texts = textsOf(work)
    // When somebody is there is the bot's to tell, whoever has the turn.
    const hours = remarkOf(message.text) === 'hours' ? await hoursLine(work) : null
    say(work, row, () => {
      if (hours !== null) return courtesy(said(`${statusOf(work)}\n${hours}`))
      // Whoever is tired of waiting is not told that this was noted, too.
      if (isUpset(message.text)) return courtesy(said(texts('waiting_sorry', { status: statusOf(work) })))
      return courtesy(said(isNod ? statusOf(work) : texts('waiting_noted', { number: work.ticketNumber ?? '' })))
    })
  }
}

/** A person's words to where brokers work on their case, and into the transcript. */
export function passOn(work: Work, row: InboxRow, message: IncomingMessage): void {
  const words = withQuoted(message)
  hear(work, row, { author: 'person', authorName: message.from.name, text: words })
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person', { text: words })))
  work.outcomes.push('relayed_to_desk')
}

/** A person's words as a broker reads them, with their quotation. Not for the opposite direction: what a broker quotes may be a note. */
export function withQuoted(message: IncomingMessage): string {
  const quoted = message.quoted === null ? '' : `〔引用：${shorten(message.quoted, 60)}〕 `
  return `${quoted}${wordsOf(message)}`
}

/** The part of a message that can be passed on as text. */
export function wordsOf(message: IncomingMessage): string {
  const file = message.file === null ? '' : `〔文件：${message.file.name}〕`
  const unreadable = message.kind === 'unreadable' ? '〔语音、图片等非文字消息〕' : ''
  return [file, unreadable, message.text].filter((part) => part !== '').join(' ')
}

/**
 * Asked for a human again while one is on the way or there: the person gets the honest state instead of a second ticket, and the owner
 * reads it.
 */
export function tellWaiting(work: Work, row: InboxRow, words: string): void {
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person', { text: words })))
  say(work, row, () => courtesy(said(statusOf(work))))
  work.outcomes.push('waiting_told')
}

function statusOf(work: Work): string {
  const texts = textsOf(work)
  const number = work.ticketNumber ?? ''
  const { ownerName = null, promisedAt = null } = work.ticket ?? {}
  if (work.turn === 'broker' && ownerName !== null) return texts('waiting_owner', { number, name: ownerName })
  return promisedAt === null
    ? texts('waiting_status_open', { number })
    : texts('waiting_status', { number, by: sayTime(promisedAt, work.language) })
}

/** A complaint while a human has the turn: the case becomes a complaint, and its owner and the leads read the words. */
export async function complained(work: Work, row: InboxRow, words: string): Promise<void> {
  const { deps, ticket, lane } = work
  const desk = deps.texts.zh
  const about = { text: words, reason: 'complaint', excluded: ticket?.excluded ?? [] } as const
  const chats = (await routeFor(work, about)).leads
    .map(deps.directChat)
    .filter((chat) => chat !== null && chat !== work.ownerChat)
  const key = nextKey(work, row)
  const { id: conversation, person, chat } = lane.conversation
  let isNew = false
  work.effects.push(async (tx) => {
    const number = work.ticketNumber
    if (number === null || !(await deps.tickets.complain(tx, number))) return
    isNew = true
    work.events.push({ ticket: number, kind: 'escalated' }) // written last
    await recordAudit(tx, { actor: person ?? chat, action: 'ticket_complained_of', about: `ticket:${number}` })
    const body = said(desk('desk_complaint', { number, text: words }))
    await deps.outbox.put(
      tx,
      chats.flatMap((to, index) => (to === null ? [] : [{ key: `${key}:lead:${index}`, chat: to, conversation, body }])),
    )
  })
  sayAtDesk(work, row, () =>
    said(isNew ? desk('desk_complaint', { number: work.ticketNumber ?? '', text: words }) : desk('desk_person', { text: words })),
  )
  say(work, row, () => said(textsOf(work)('complaint_noted', { number: work.ticketNumber ?? '' })))
  work.outcomes.push('complaint_noted')
}
