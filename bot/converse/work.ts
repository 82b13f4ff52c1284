import type { ClientBase } from 'pg'
import type { Language, Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Status } from '../../retrieval/evidence.ts'
import type { AskQuestions } from '../answer/questions.ts'
import type { Answer, PastExchange } from '../answer.ts'
import type { Stream } from '../channels/channel.ts'
import type { Outgoing } from '../channels/outgoing.ts'
import type { Summarise } from '../compose/summary.ts'
import type { Verified } from '../control/verified.ts'
import type { DemandDesk } from '../demand/interview.ts'
import type { LinkMaker } from '../desk/links.ts'
import type { Calendar } from '../handoff/duty/duty.ts'
import type { Promises } from '../handoff/duty/promises.ts'
import type { People, Person } from '../handoff/people.ts'
import type { Ticket } from '../handoff/ticket.ts'
import type { Tickets } from '../handoff/tickets.ts'
import type { Inbox } from '../inbox.ts'
import type { Faqs } from '../learn/faq.ts'
import type { Gap } from '../learn/gaps.ts'
import type { Outbox } from '../outbox.ts'
import { pastRead } from '../queue/claimed.ts'
import type { InboxRow, Lane, LaneChange } from '../queue/lanes.ts'
import { type Rows, together, writesOf } from '../queue/rows.ts'
import { perform } from '../queue/write.ts'
import type { Recalls } from '../recall/recalls.ts'
import { type Answers, exchangeOf, isLeanedOn } from '../records/answers.ts'
import type { Events, NewEvent } from '../records/events.ts'
import type { Messages, TranscriptLine } from '../records/messages.ts'
import type { Verdicts } from '../records/verdicts.ts'
import { after, type Happening, type Refusal, type Turn } from '../turn.ts'
import type { DocumentDesk } from './documents.ts'
import { type Saying, saidRows } from './saying.ts'

export type ConverseDeps = {
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly tickets: Tickets
  readonly people: People
  readonly answers: Answers
  readonly messages: Messages
  readonly events: Events
  readonly verdicts: Verdicts
  readonly answer: Answer
  readonly questions: AskQuestions
  readonly summarise: Summarise
  readonly texts: Readonly<Record<Language, Texts>>
  readonly log: Log
  readonly clock: Clock
  readonly park: string
  /** Where tickets become topics (`telegram:-100123`), or null when no desk group is set. */
  readonly desk: string | null
  readonly calendar: Calendar
  /** @returns a preview of the next reply in a chat, or null where the channel shows none */
  readonly streamOf: (chat: string, key: string) => Stream | null
  readonly promises: Promises
  readonly verified: Verified
  readonly demand: DemandDesk
  readonly proposeFaq: Faqs['propose']
  readonly eraseFaq: Faqs['erase']
  /** @returns what a document is today, or null when it is no longer there */
  readonly statusNow: (documentId: string) => Promise<Status | null>
  readonly gaps: (from: Date, to: Date) => Promise<readonly Gap[]>
  readonly recalls: Recalls
  /** The private chat in which a broker who has no part in the topics works, or null. */
  readonly directChat: (person: Person) => string | null
  /** A one-time link into the web desk. */
  readonly deskLink: LinkMaker
  /** Documents that staff send in chat. */
  readonly documents: DocumentDesk
}

/** What one lane's work will change, gathered while thinking and written in one transaction at the end. */
export type Work = {
  readonly lane: Lane
  readonly deps: ConverseDeps
  /** Aborted when somebody else has the lane by now, e.g. a broker who took over: what is still being made is nobody's any more. */
  readonly signal: AbortSignal
  turn: Turn
  clarified: number
  language: Language
  blocked: boolean | undefined
  /** The open ticket; opened during this work it has its number only inside the transaction, see `ticketNumber`. */
  ticket: Ticket | null
  /** Set when the ticket's row is known: at the start, or by the effect that opens it. */
  ticketNumber: string | null
  /** The private chat of whoever owns it, when that is where they work on it. */
  ownerChat: string | null
  history: PastExchange[]
  /** What is remembered of this conversation, as it will be stored. */
  memory: Readonly<Record<string, unknown>>
  readonly effects: (Rows | ((tx: ClientBase) => Promise<void>))[]
  /** Numbers for answers that will be stored. */
  readonly answerIds: string[]
  /** What happened to a ticket; written last, see records/events.ts. A ticket opened during this work has no number yet: null. */
  readonly events: (Omit<NewEvent, 'ticket'> & { readonly ticket: string | null })[]
  readonly outcomes: string[]
  parts: number
  /** What was shown of the reply while it was made: the next thing said takes its place. */
  preview: string | null
  /** What the platform gave with the row being worked on, for one reply at its moment; see Moment. */
  code: string | null
}

export async function beginWork(lane: Lane, deps: ConverseDeps, signal = new AbortController().signal): Promise<Work> {
  const { conversation, known } = lane
  const [ticket, past] = await Promise.all([
    known?.ticket === false ? null : deps.tickets.openOf(conversation.id),
    known?.past ?? deps.answers.latest(conversation.id, pastRead),
  ])
  const owner = ticket === null || ticket.owner === null ? null : await deps.people.byId(ticket.owner)
  return {
    lane,
    deps,
    signal,
    turn: conversation.turn,
    clarified: conversation.clarified,
    language: conversation.language ?? 'zh',
    blocked: undefined,
    ticket,
    ticketNumber: ticket?.id ?? null,
    ownerChat: owner === null ? null : deps.directChat(owner),
    history: past.filter(isLeanedOn).map(exchangeOf).reverse(),
    memory: conversation.memory,
    effects: [],
    answerIds: [lane.answerId],
    events: [],
    outcomes: [],
    parts: 0,
    preview: null,
    code: null,
  }
}

/** @returns the conversation's change, when everything has been thought */
function changeOf(work: Work): LaneChange {
  return {
    turn: work.turn,
    clarified: work.clarified,
    language: work.language,
    ...(work.memory === work.lane.conversation.memory ? {} : { memory: work.memory }),
    ...(work.blocked === undefined ? {} : { blocked: work.blocked }),
  }
}

/** The enterprise whoever speaks was seen to speak for, or null: then they may be told what is for verified enterprises. */
export async function enterpriseOf({ lane, deps }: Work): Promise<string | null> {
  return lane.known === null ? deps.verified.of(lane.conversation.person) : lane.known.enterprise
}

export function textsOf(work: Work): Texts {
  return work.deps.texts[work.language]
}

/** Says something in the person's chat and writes it into the transcript. A function where it needs what the transaction gives: a ticket's number. */
export function say(
  work: Work,
  row: InboxRow,
  outgoing: Outgoing | ((tx: ClientBase) => Outgoing | Promise<Outgoing>),
  as: Saying = {},
): void {
  const key = keyOf(work, row)
  const { preview, code } = work
  work.preview = null
  const of = { key, conversation: work.lane.conversation, inbox: row.id, preview, code }
  const rows = (made: Outgoing) => saidRows(of, made, as)
  work.effects.push(
    typeof outgoing === 'function' ? async (tx) => perform(tx, writesOf([rows(await outgoing(tx))], work.deps)) : rows(outgoing),
  )
  if (work.turn !== 'bot') work.events.push({ ticket: work.ticket?.id ?? null, kind: 'message' })
}

/** Says something where brokers work on this ticket: its topic, and the private chat of an owner who works there. */
export function sayAtDesk(work: Work, row: InboxRow, outgoing: () => Outgoing): void {
  const { desk, outbox } = work.deps
  const direct = work.ownerChat
  if (desk === null && direct === null) return
  const key = keyOf(work, row)
  work.effects.push(async (tx) => {
    if (work.ticketNumber === null) return
    const conversation = work.lane.conversation.id
    const body = outgoing()
    if (desk !== null) await outbox.put(tx, [{ key, chat: `ticket:${work.ticketNumber}`, conversation, body }])
    // Only words make sense there; and they may hold several tickets, so each says which it is.
    if (direct === null || body.kind !== 'text') return
    const mark = { type: 'small' as const, spans: [`T${work.ticketNumber}`] }
    await outbox.put(tx, [
      { key: `${key}:direct`, chat: direct, conversation, body: { ...body, blocks: [mark, ...body.blocks] } },
    ])
  })
}

/** Says something to one registered person, where they work outside of topics; nothing when there is no such place. */
export function tellDirect(work: Work, row: InboxRow, person: Person, body: Outgoing): void {
  const chat = work.deps.directChat(person)
  if (chat === null || chat === work.ownerChat) return
  const key = keyOf(work, row)
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: work.lane.conversation.id, body }]))
}

/** Writes what somebody said into the transcript. */
export function hear(
  work: Work,
  row: InboxRow,
  line: { author: TranscriptLine['author']; authorName: string | null; text: string },
): void {
  work.effects.push({ lines: [{ conversation: work.lane.conversation.id, inbox: row.id, ...line }] })
  if (work.turn !== 'bot') work.events.push({ ticket: work.ticket?.id ?? null, kind: 'message' })
}

/** Lets something happen to the turn and to who owns the ticket. @returns why it cannot, or null when it has */
export function happens(work: Work, happening: Happening): Refusal | null {
  const next = after({ turn: work.turn, owner: work.ticket?.owner ?? null }, happening)
  if (typeof next === 'string') return next
  work.turn = next.turn
  if (work.ticket !== null && next.owner !== work.ticket.owner)
    work.ticket = { ...work.ticket, owner: next.owner, ownerName: null, state: next.owner === null ? 'waiting' : 'claimed' }
  return null
}

/** Everything that was thought, written in one transaction with "done". */
export async function finish(work: Work, outcome: string): Promise<void> {
  const { deps, lane } = work
  if (work.events.length > 0) work.effects.push((tx) => deps.events.add(tx, withTickets(work)))
  await deps.inbox.commit(lane, outcome, changeOf(work), together(work.effects, deps))
  deps.outbox.wake.emit('work')
  deps.events.wake.emit('work')
}

/** One line for a page per kind and ticket is enough, whatever was said in between. */
function withTickets(work: Work): NewEvent[] {
  const told = new Set<string>()
  return work.events.flatMap((event) => {
    const ticket = event.ticket ?? work.ticketNumber
    const isLine = event.kind === 'message' && event.action == null
    if (ticket === null || (isLine && told.has(ticket))) return []
    if (isLine) told.add(ticket)
    return [{ ...event, ticket }]
  })
}

/** The same step of the same row always gets the same key: a repeated effect cannot say anything twice. */
export function keyOf(work: Work, row: InboxRow): string {
  work.parts += 1
  return `inbox:${row.id}:${work.parts}`
}
