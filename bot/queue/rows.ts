import type { Outgoing } from '../channels/outgoing.ts'
import type { Answers, NewAnswer } from '../records/answers.ts'
import type { Messages, NewLine } from '../records/messages.ts'
import type { OutboxItem } from './sending.ts'
import type { Effect, Write } from './write.ts'

/** What most of a lane's work consists of: rows of three tables, in the order in which they arose. */
export type Rows = {
  readonly lines?: readonly NewLine[]
  readonly items?: readonly OutboxItem[]
  readonly answers?: readonly NewAnswer[]
}

type Writers = {
  readonly messages: Pick<Messages, 'lines'>
  readonly outbox: { readonly items: (of: readonly OutboxItem[]) => Write }
  readonly answers: Pick<Answers, 'writes'>
}

/** @returns the same effects with neighbouring rows merged, one part of a statement per table: the parts of a statement have no order */
export function together(of: readonly (Rows | Extract<Effect, (...args: never[]) => unknown>)[], writers: Writers): Effect[] {
  const effects: Effect[] = []
  let waiting: Rows[] = []
  for (const each of of) {
    if (typeof each !== 'function') {
      waiting.push(each)
      continue
    }
    effects.push(writesOf(waiting, writers), each)
    waiting = []
  }
  return [...effects, writesOf(waiting, writers)].filter((each) => typeof each === 'function' || each.length > 0)
}

/** One write per table for rows that belong together. */
export function writesOf(rows: readonly Rows[], { messages, outbox, answers }: Writers): readonly Write[] {
  const lines = rows.flatMap((each) => each.lines ?? [])
  const items = rows.flatMap((each) => each.items ?? [])
  const made = rows.flatMap((each) => each.answers ?? [])
  return [
    ...(made.length > 0 ? answers.writes(made) : []),
    ...(items.length > 0 ? [outbox.items(items)] : []),
    ...(lines.length > 0 ? [messages.lines(lines)] : []),
  ]
}

/** @returns rows of the outbox, one per message a channel sends */
export function outboxRows(of: readonly OutboxItem[], partsOf: (chat: string, body: Outgoing) => readonly Outgoing[]) {
  return of
    .flatMap((item) => partsOf(item.chat, item.body).map((body, index) => ({ item, body, index })))
    .map(({ item: { key, chat, conversation, restsOn }, body, index }, n) => {
      return { n, key: index === 0 ? key : `${key}+${index}`, chat, conversation, body, rests_on: restsOn ?? [] }
    })
}
