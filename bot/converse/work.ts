import type { ClientBase, Pool } from 'pg'
import type { Language, Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Status } from '../../retrieval/evidence.ts'
import type { Agenda } from '../agenda/store.ts'
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
  /** Chat in which each ticket gets a topic (`telegram:-100123`); null without a desk group. */
  readonly desk: string | null
  readonly calendar: Calendar
  /** @returns a live preview of the next reply in a chat, or null where the channel has none */
  readonly streamOf: (chat: string, key: string) => Stream | null
  readonly promises: Promises
  readonly verified: Verified
  readonly demand: DemandDesk
  readonly agenda: Agenda
  readonly read: <T>(query: (db: Pool) => Promise<T>) => Promise<T>
  readonly proposeFaq: Faqs['propose']
  readonly eraseFaq: Faqs['erase']
  /** @returns a document's status today, or null when it no longer exists */
  readonly statusNow: (documentId: string) => Promise<Status | null>
  readonly gaps: (from: Date, to: Date) => Promise<readonly Gap[]>
  readonly recalls: Recalls
  /** The private chat of a broker who works there instead of in topics, or null. */
  readonly directChat: (person: Person) => string | null
  /** Makes a one-time link to the web desk. */
  readonly deskLink: LinkMaker
  /** Documents that staff send in chat. */
  readonly documents: DocumentDesk
}

/** What one lane's work will change: gathered while thinking, written in one transaction at the end. */
export type Work = {
  readonly lane: Lane
  readonly deps: ConverseDeps
  /** Aborted when somebody else has taken over the lane, e.g. a broker: whatever is still being made is discarded. */
  readonly signal: AbortSignal
  turn: Turn
  clarified: number
  language: Language
  blocked: boolean | undefined
  /** The open ticket. If it is opened during this work, its number exists only inside the transaction, see `ticketNumber`. */
  ticket: Ticket | null
  /** Set once the ticket's row is known: at the start, or by the effect that opens it. */
  ticketNumber: string | null
  /** The owner's private chat, if that is where they work on the ticket. */
  ownerChat: string | null
  history: PastExchange[]
  /** The conversation's memory, as it will be stored. */
  memory: Readonly<Record<string, unknown>>
  readonly effects: (Rows | ((tx: ClientBase) => Promise<void>))[]
  /** Ids for the answers that will be stored. */
  readonly answerIds: string[]
  /** What happened to a ticket; written last, see records/events.ts. Null for a ticket opened during this work, which has no number yet. */
  readonly events: (Omit<NewEvent, 'ticket'> & { readonly ticket: string | null })[]
  readonly outcomes: string[]
  parts: number
  /** The preview shown of the reply so far; the next message replaces it. */
  preview: string | null
  /** The platform's single-use reply code that came with the current row; see Moment. */
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

/** @returns the enterprise the person is verified to act for, or null. Only with one may they be shown what is for verified enterprises. */
export async function enterpriseOf({ lane, deps }: Work): Promise<string | null> {
  return lane.known === null ? deps.verified.of(lane.conversation.person) : lane.known.enterprise
}

export function textsOf(work: Work): Texts {
  return work.deps.texts[work.language]
}

/** Sends a message to the person's chat and adds it to the transcript; a function where it needs the ticket's number from the transaction. */
export function say(
  work: Work,
  row: InboxRow,
  outgoing: Outgoing | ((tx: ClientBase) => Outgoing | Promise<Outgoing>),
  as: Saying = {},
): void {
  const key = nextKey(work, row)
  const { preview, code } = work
  work.preview = null
  const of = { key, conversation: work.lane.conversation, inbox: row.id, preview, code }
  const rows = (made: Outgoing) => saidRows(of, made, as)
  work.effects.push(
    typeof outgoing === 'function' ? async (tx) => perform(tx, writesOf([rows(await outgoing(tx))], work.deps)) : rows(outgoing),
  )
  if (work.turn !== 'bot') work.events.push({ ticket: work.ticket?.id ?? null, kind: 'message' })
}

/** Sends a message to where brokers work on this ticket: its topic, and the private chat of an owner who works there. */
export function sayAtDesk(work: Work, row: InboxRow, outgoing: () => Outgoing): void {
  const { desk, outbox } = work.deps
  const direct = work.ownerChat
  if (desk === null && direct === null) return
  const key = nextKey(work, row)
  work.effects.push(async (tx) => {
    if (work.ticketNumber === null) return
    const conversation = work.lane.conversation.id
    const body = outgoing()
    if (desk !== null) await outbox.put(tx, [{ key, chat: `ticket:${work.ticketNumber}`, conversation, body }])
    // Only text makes sense there. A broker may hold several tickets, so each message names its own.
    if (direct === null || body.kind !== 'text') return
    const mark = { type: 'small' as const, spans: [`T${work.ticketNumber}`] }
    await outbox.put(tx, [
      { key: `${key}:direct`, chat: direct, conversation, body: { ...body, blocks: [mark, ...body.blocks] } },
    ])
  })
}

/** Sends a message to the private chat of a registered person who works outside topics; does nothing when there is none. */
export function tellDirect(work: Work, row: InboxRow, person: Person, body: Outgoing): void {
  const chat = work.deps.directChat(person)
  if (chat === null || chat === work.ownerChat) return
  const key = nextKey(work, row)
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: work.lane.conversation.id, body }]))
}

/** Adds what somebody said to the transcript. */
export function hear(
  work: Work,
  row: InboxRow,
  line: { author: TranscriptLine['author']; authorName: string | null; text: string },
): void {
  work.effects.push({ lines: [{ conversation: work.lane.conversation.id, inbox: row.id, ...line }] })
  if (work.turn !== 'bot') work.events.push({ ticket: work.ticket?.id ?? null, kind: 'message' })
}

/** Applies a happening to the turn and the ticket's owner. @returns why it cannot happen, or null when it did */
export function happens(work: Work, happening: Happening): Refusal | null {
  const next = after({ turn: work.turn, owner: work.ticket?.owner ?? null }, happening)
  if (typeof next === 'string') return next
  work.turn = next.turn
  if (work.ticket !== null && next.owner !== work.ticket.owner)
    work.ticket = { ...work.ticket, owner: next.owner, ownerName: null, state: next.owner === null ? 'waiting' : 'claimed' }
  return null
}

/** Writes everything that was gathered in one transaction, together with “done”. */
export async function finish(work: Work, outcome: string): Promise<void> {
  const { deps, lane } = work
  if (work.events.length > 0) work.effects.push((tx) => deps.events.add(tx, withTickets(work)))
  await deps.inbox.commit(lane, outcome, changeOf(work), together(work.effects, deps))
  deps.outbox.wake.emit('work')
  deps.events.wake.emit('work')
}

/** Per ticket and event kind one line is enough for a page, however much was said in between. */
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

/** The next key of this row. The same step of the same row gets the same key on every attempt, so a repeated effect sends nothing twice. */
export function nextKey(work: Work, row: InboxRow): string {
  work.parts += 1
  return `inbox:${row.id}:${work.parts}`
}
