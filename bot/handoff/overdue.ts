import { happens, say, sayAtDesk, tellDirect, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'
import { recordAudit } from '../records/audit.ts'
import type { TranscriptLine } from '../records/messages.ts'
import { said, saidAt } from '../render.ts'
import { ticketMoved } from './desk/action-context.ts'
import { sayTime } from './duty/duty.ts'
import { firstResponseRemedy, followUpRemedy, type Overdue, type Remedy } from './duty/promises.ts'
import { offerAgain, settleEnded } from './packet/offers.ts'
import type { Person } from './people.ts'
import { offerOnPlatform } from './platform/offer.ts'
import { isTalkedTo, type Ticket } from './ticket.ts'
import type { Routed } from './who/route.ts'
import { offerLater, promiseAnew, routeFor, setPromise } from './who/routing.ts'

/** More notes than anybody writes between two messages of the person. */
const linesRead = 300

/** A timer has come due. A broken promise is always told; nothing waits for ever. */
export async function fellDue(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const { ticket } = work
  if (ticket === null || ticket.id !== timer.ticket || ticket.state === 'closed' || isReplaced(ticket, timer)) {
    work.outcomes.push('timer_void')
    return
  }
  if (timer.name === 'broker_left') return brokerLeft(work, row, ticket, timer.round === 0)
  const overdue = await stateOf(work, ticket, timer)
  const first = timer.name === 'first_response'
  const remedy = first ? firstResponseRemedy(overdue) : followUpRemedy(overdue)
  work.outcomes.push(`${timer.name}:${remedy}`)
  if (remedy === 'kept')
    return first ? undefined : renewPromise(work, ticket, { ...timer, round: 1 }, await routeNow(work, ticket))
  await apply(work, row, timer, ticket, remedy)
}

/** A ticket given back owes a first word of its next owner, whatever was said before; an unregistered human of the platform may talk there. */
async function stateOf(work: Work, ticket: Ticket, { round, since }: Timer): Promise<Overdue> {
  const lines = await work.deps.messages.of(work.lane.conversation.id, linesRead)
  const personWaits = isWaiting(lines)
  const again = since === undefined || lines.some((line) => line.author === 'broker' && BigInt(line.id) > BigInt(since))
  const state = ticket.state === 'claimed' ? 'claimed' : 'waiting'
  const answered = state === 'claimed' ? ticket.firstReplyAt !== null && again : isTalkedTo(ticket) && !personWaits
  return { state, answered, personWaits, round }
}

/** A case that was given back was promised anew: apologising for the older promise too would name two times for one silence. */
function isReplaced({ promisedAt, followUpAt }: Ticket, { name, at }: Timer): boolean {
  const current = name === 'first_response' ? promisedAt : name === 'follow_up' ? followUpAt : null
  return at !== undefined && current !== null && current.getTime() > at
}

const routeNow = (work: Work, ticket: Ticket): Promise<Routed> =>
  routeFor(work, { text: ticket.need, reason: ticket.reason, excluded: ticket.excluded })

/** Whether the person's words come last, with no human answer after them. */
async function personWaits(work: Work): Promise<boolean> {
  return isWaiting(await work.deps.messages.of(work.lane.conversation.id, linesRead))
}

function isWaiting(lines: readonly TranscriptLine[]): boolean {
  return lines.findLast((line) => line.author === 'person' || line.author === 'broker')?.author === 'person'
}

async function apply(work: Work, row: InboxRow, timer: Timer, ticket: Ticket, remedy: Remedy): Promise<void> {
  const routed = await routeNow(work, ticket)
  // Nobody is left who could keep a new promise, so none is made.
  if (remedy === 'end' || (timer.name === 'first_response' && routed.promise === null)) return end(work, row, ticket)
  const number = ticket.id
  const desk = work.deps.texts.zh
  if (remedy === 'remind') {
    sayAtDesk(work, row, () => said(desk('desk_remind', { number })))
    return renewPromise(work, ticket, { ...timer, round: 1 }, routed)
  }
  work.events.push({ ticket: number, kind: 'promise_slipped' })
  const due = (timer.name === 'first_response' ? ticket.promisedAt : ticket.followUpAt) ?? work.deps.clock()
  sayAtDesk(work, row, () => said(desk(`desk_slipped_${timer.name}`, { number, by: sayTime(due, 'zh') })))
  escalate(work, row, ticket, routed)
  if (remedy === 'requeue') requeue(work, row, ticket)
  if (ticket.owner === null || remedy === 'requeue') offerAgain(work, row, number, others(routed, ticket.owner))
  say(work, row, () => said(textsOf(work)(slipText(timer, routed), slipValues(work, number, timer, routed))))
  // Whoever keeps silent has the chat on their platform too.
  if (timer.name === 'first_response' || remedy === 'requeue') offerOnPlatform(work, row, routed.suggested, routed.able, true)
  renewPromise(work, ticket, { ...timer, round: timer.round + 1 }, routed)
  // The next owner owes a first word; the follow-up runs beside it.
  if (remedy === 'requeue' && timer.name === 'follow_up')
    work.effects.push((tx) => promiseAnew(work, tx, number, routed.promise?.by))
}

function slipText(timer: Timer, { promise }: Routed): string {
  if (promise === null) return 'slipped_open'
  return timer.name === 'first_response' ? 'slipped' : 'slipped_follow_up'
}

function slipValues(work: Work, number: string, timer: Timer, { promise }: Routed): Record<string, string> {
  if (promise === null) return { number }
  return { number, by: sayTime(timer.name === 'first_response' ? promise.by : promise.followUp, work.language) }
}

/** Renews the promise; with nobody to promise for, it is looked at again in a day. */
function renewPromise(work: Work, ticket: Ticket, { name, round, since }: Timer, { promise }: Routed): void {
  if (name !== 'first_response' && name !== 'follow_up') return
  const fallback = new Date(work.deps.clock().getTime() + 24 * 3_600_000)
  const at = (name === 'first_response' ? promise?.by : promise?.followUp) ?? fallback
  work.effects.push((tx) => setPromise(work, tx, { ticket: ticket.id, name, round, at, since }))
}

/** Once per ticket a lead is asked by name; the desk hears it every time. */
function escalate(work: Work, row: InboxRow, ticket: Ticket, { leads }: Routed): void {
  const { deps } = work
  const names = leads.map((lead) => lead.name).join('、') || deps.texts.zh('nobody')
  const text = deps.texts.zh('desk_escalated', { number: ticket.id, names, need: ticket.need })
  sayAtDesk(work, row, () => said(text))
  for (const lead of leads) tellDirect(work, row, lead, said(text))
  if (ticket.escalatedAt === null)
    work.effects.push(async (tx) => {
      await deps.tickets.setPromise(tx, ticket.id, { escalated: deps.clock() })
      await recordAudit(tx, { actor: 'timer', action: 'ticket_escalated', about: `ticket:${ticket.id}` })
    })
  work.events.push({ ticket: ticket.id, kind: 'escalated' })
}

/** Its owner kept silent: somebody else may have it. */
function requeue(work: Work, row: InboxRow, ticket: Ticket): void {
  if (ticket.owner === null) return
  const from = ticket.owner
  happens(work, { is: 'broker_left', who: from })
  work.effects.push(async (tx) => {
    if (!(await work.deps.tickets.give(tx, ticket.id, from, null))) throw ticketMoved(ticket.id)
    await recordAudit(tx, { actor: 'timer', action: 'ticket_returned', about: `ticket:${ticket.id}`, detail: { from } })
  })
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_returned', { name: ticket.ownerName ?? '', number: ticket.id })))
  work.ownerChat = null
  work.events.push({ ticket: ticket.id, kind: 'returned' })
}

/** Removed: somebody else takes over. Off duty: only where the person waits for a word. */
async function brokerLeft(work: Work, row: InboxRow, ticket: Ticket, removed: boolean): Promise<void> {
  if (ticket.owner === null || !(removed || (await personWaits(work)))) {
    work.outcomes.push('timer_void')
    return
  }
  const owner = await work.deps.people.byId(ticket.owner)
  if (owner?.present === true) {
    work.outcomes.push('timer_void') // they are back already
    return
  }
  const routed = await routeNow(work, ticket)
  requeue(work, row, ticket)
  say(work, row, said(textsOf(work)(routed.able.length > 0 ? 'returned' : 'returned_nobody', { number: ticket.id })))
  offerOnPlatform(work, row, routed.suggested, routed.able, true)
  const next = others(routed, ticket.owner)
  offerAgain(work, row, ticket.id, next)
  if (next.length === 0) work.effects.push((tx) => offerLater(work, tx, ticket.id, routed.able))
  work.effects.push((tx) => promiseAnew(work, tx, ticket.id, routed.promise?.by))
  work.outcomes.push('broker_left')
}

/** The most suitable people now, and the leads. */
function others({ suggested, leads }: Routed, not: string | null): Person[] {
  return [...new Set([...suggested, ...leads])].filter((each) => each.id !== not)
}

/** An honest word, and the bot has the turn again. */
function end(work: Work, row: InboxRow, ticket: Ticket): void {
  const { deps } = work
  if (ticket.owner !== null) requeue(work, row, ticket)
  happens(work, { is: 'nobody_took_it' })
  work.effects.push(async (tx) => {
    await deps.tickets.close(tx, ticket.id, 'nobody')
  })
  settleEnded(work, ticket.id)
  say(work, row, () => saidAt('hand_back', said(textsOf(work)('nobody_took', { number: ticket.id }))))
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_closed', { number: ticket.id })))
  work.events.push({ ticket: ticket.id, kind: 'closed' })
  work.ticket = null
  work.ownerChat = null
}
