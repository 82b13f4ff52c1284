import type { ClientBase } from 'pg'
import type { Language, Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Answer, PastExchange } from '../answer.ts'
import type { Outgoing } from '../channels/channel.ts'
import { plainText } from '../channels/plain.ts'
import type { Calendar } from '../handoff/duty.ts'
import type { People } from '../handoff/people.ts'
import type { Ticket, Tickets } from '../handoff/tickets.ts'
import type { Inbox } from '../inbox.ts'
import type { Outbox } from '../outbox.ts'
import type { InboxRow, Lane, LaneChange, TranscriptLine } from '../queue/lanes.ts'
import type { Answers } from '../records/answers.ts'
import type { Turn } from '../turn.ts'

export type ConverseDeps = {
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly tickets: Tickets
  readonly people: People
  readonly answers: Answers
  readonly answer: Answer
  readonly texts: Readonly<Record<Language, Texts>>
  readonly log: Log
  readonly clock: Clock
  /** The park's name, for greetings. */
  readonly park: string
  /** Where tickets become topics (`telegram:-100123`), or null when no desk group is set. */
  readonly desk: string | null
  readonly calendar: Calendar
}

type Effect = (tx: ClientBase) => Promise<void>

/** What one lane's work will change, gathered while thinking and written in one transaction at the end. */
export type Work = {
  readonly lane: Lane
  readonly deps: ConverseDeps
  turn: Turn
  clarified: number
  language: Language
  blocked: boolean | undefined
  /** The open ticket; opened during this work it has its number only inside the transaction, see `ticketNumber`. */
  ticket: Ticket | null
  /** Set when the ticket's row is known: at the start, or by the effect that opens it. */
  ticketNumber: string | null
  history: PastExchange[]
  readonly effects: Effect[]
  readonly outcomes: string[]
  parts: number
}

export async function beginWork(lane: Lane, deps: ConverseDeps): Promise<Work> {
  const { conversation } = lane
  const [ticket, past] = await Promise.all([deps.tickets.openOf(conversation.id), deps.answers.latest(conversation.id, 5)])
  return {
    lane,
    deps,
    turn: conversation.turn,
    clarified: conversation.clarified,
    language: conversation.language ?? 'zh',
    blocked: undefined,
    ticket,
    ticketNumber: ticket?.id ?? null,
    history: past.reverse().map((each) => ({
      question: each.question,
      standalone: each.standalone,
      answer: each.text,
      titles: each.citations.map((citation) => citation.title),
    })),
    effects: [],
    outcomes: [],
    parts: 0,
  }
}

/** @returns the conversation's change, when everything has been thought */
export function changeOf(work: Work): LaneChange {
  return {
    turn: work.turn,
    clarified: work.clarified,
    language: work.language,
    ...(work.blocked === undefined ? {} : { blocked: work.blocked }),
  }
}

/** @returns the customer's sentences in the language of the conversation */
export function textsOf(work: Work): Texts {
  return work.deps.texts[work.language]
}

/** Says something in the person's chat and writes it into the transcript. `outgoing` may need the ticket's number, hence the function. */
export function say(
  work: Work,
  row: InboxRow,
  outgoing: (tx: ClientBase) => Outgoing | Promise<Outgoing>,
  as: { author?: TranscriptLine['author']; authorName?: string; answer?: () => string | null } = {},
): void {
  const key = keyOf(work, row)
  work.effects.push(async (tx) => {
    const body = await outgoing(tx)
    const { conversation } = work.lane
    await work.deps.outbox.put(tx, [{ key, chat: conversation.chat, conversation: conversation.id, body }])
    if (body.kind !== 'text') return
    await work.deps.inbox.addMessage(tx, {
      conversation: conversation.id,
      inbox: row.id,
      author: as.author ?? 'bot',
      authorName: as.authorName ?? null,
      text: plainText(body.blocks),
      answer: as.answer?.() ?? null,
    })
  })
}

/** Says something where brokers work on this ticket; nothing when there is no desk. */
export function sayAtDesk(work: Work, row: InboxRow, outgoing: () => Outgoing): void {
  if (work.deps.desk === null) return
  const key = keyOf(work, row)
  work.effects.push(async (tx) => {
    if (work.ticketNumber === null) return
    await work.deps.outbox.put(tx, [
      { key, chat: `ticket:${work.ticketNumber}`, conversation: work.lane.conversation.id, body: outgoing() },
    ])
  })
}

/** Writes what somebody said into the transcript. */
export function hear(
  work: Work,
  row: InboxRow,
  line: { author: TranscriptLine['author']; authorName: string | null; text: string },
): void {
  work.effects.push((tx) => work.deps.inbox.addMessage(tx, { conversation: work.lane.conversation.id, inbox: row.id, ...line }))
}

/** The same step of the same row always gets the same key: a repeated effect cannot say anything twice. */
export function keyOf(work: Work, row: InboxRow): string {
  work.parts += 1
  return `inbox:${row.id}:${work.parts}`
}
