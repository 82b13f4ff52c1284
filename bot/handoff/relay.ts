import type { IncomingMessage } from '../channels/channel.ts'
import { hear, say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { courtesy, said } from '../render.ts'
import { sayTime } from './duty.ts'

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
