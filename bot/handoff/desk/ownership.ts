import { tellOffered } from '../../chain/board/sides.ts'
import { happens, nextKey, say, sayAtDesk, textsOf } from '../../converse/work.ts'
import { courtesy, said, saidAt } from '../../render.ts'
import { offerAgain, settleOffers } from '../packet/offers.ts'
import type { Person } from '../people.ts'
import { offerOnPlatform } from '../platform/offer.ts'
import { offerLater, promiseAnew, routeFor, setPromise } from '../who/routing.ts'
import type { ActionCode } from './action.ts'
import { type ActionContext, actorOf, audit, moveTicket, moveTurn, recordOwner, ticketMoved } from './action-context.ts'
import { ownerButtons } from './buttons.ts'

/** The first claim wins; every later one is `taken`. */
export function claim(context: ActionContext): ActionCode {
  const { work, person, ticket } = context
  const from = work.ticket?.owner ?? null
  const refused = moveTurn(context, 'claimed')
  if (refused !== null) return refused
  if (from === person.id) return 'done'
  recordOwner(work, person)
  moveTicket(context, from, person.id)
  audit(context, 'ticket_claimed')
  const { deps } = work
  tellTaken(context, deps.texts.zh('desk_claimed', { name: person.name, number: ticket.id }), person)
  return 'done'
}

/**
 * Brokers see who has it and what they can do with it; the person learns by name who will answer, unless their own platform has already
 * shown it.
 */
function tellTaken({ work, row, ticket }: ActionContext, text: string, owner: Person): void {
  const desk = work.deps.texts.zh
  const who = { name: owner.name, number: ticket.id }
  settleOffers(work, ticket.id, { words: desk('offer_taken', who), label: desk('offer_taken_label', who), owner })
  sayAtDesk(work, row, () => said(text, ownerButtons(desk, ticket.id)))
  tellOffered(work, ticket.id, owner.id)
  say(work, row, () => saidAt('taken', courtesy(said(textsOf(work)('broker_took', who)))))
}

/** Gives the ticket to a colleague. @param to id of a registered person */
export async function transfer(context: ActionContext, to: string): Promise<ActionCode> {
  const { work, person, ticket } = context
  const { deps } = work
  const next = await deps.people.byId(to)
  if (next === null || next.role === 'staff') return 'unknown_person'
  if (ticket.excluded.includes(next.id)) return 'excluded'
  if (work.ticket?.id !== ticket.id) return 'closed'
  const from = work.ticket.owner
  const refused = happens(work, { is: 'transferred', by: actorOf(person), to: next.id })
  if (refused !== null) return refused
  const before = work.ownerChat
  recordOwner(work, next)
  if (from === next.id) return 'done'
  moveTicket(context, from, next.id)
  audit(context, 'ticket_transferred', { to: next.id })
  const values = { name: person.name, to: next.name, number: ticket.id, need: ticket.need }
  const words = deps.texts.zh('desk_transferred', values)
  tellBefore(context, before, words)
  tellTaken(context, words, next)
  return 'done'
}

/** Tells the previous owner in their own chat that somebody else has it now. */
function tellBefore({ work, row }: ActionContext, chat: string | null, words: string): void {
  if (chat === null || chat === work.ownerChat) return
  const key = nextKey(work, row)
  const conversation = work.lane.conversation.id
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation, body: said(words) }]))
}

/** Back to the queue. Whoever has a conflict of interest is never offered it again. */
export async function giveBack(context: ActionContext, conflict: boolean): Promise<ActionCode> {
  const { work, row, person, ticket } = context
  const from = work.ticket?.owner ?? null
  const excluded = conflict ? [...ticket.excluded, person.id] : ticket.excluded
  const { promise, suggested, able } = await routeFor(work, { text: ticket.need, reason: ticket.reason, excluded })
  const refused = moveTurn(context, 'returned')
  if (refused !== null) return refused
  // It waits again, so a new promise is made; what waited already keeps the time its person was told.
  if (from !== null) {
    work.effects.push((tx) => promiseAnew(work, tx, ticket.id, promise?.by))
    moveTicket(context, from, null)
  }
  if (conflict) work.effects.push((tx) => work.deps.tickets.exclude(tx, ticket.id, person.id))
  audit(context, 'ticket_returned', conflict ? { conflict } : {})
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_returned', { name: person.name, number: ticket.id })))
  work.ownerChat = null
  const [first, all] = [others(suggested, person.id, from), others(able, person.id, from)]
  offerAgain(work, row, ticket.id, first)
  if (first.length === 0) work.effects.push((tx) => offerLater(work, tx, ticket.id, all))
  if (from === null) return 'done'
  say(work, row, said(textsOf(work)(all.length > 0 ? 'returned' : 'returned_nobody', { number: ticket.id })))
  offerOnPlatform(work, row, first, all, true)
  return 'done'
}

/** Whoever gave it back is not asked again at once. */
function others(suggested: readonly Person[], ...not: readonly (string | null)[]): Person[] {
  return suggested.filter((each) => !not.includes(each.id))
}

/** Silences the bot again, even while it is composing: its lease ended when this was posted. */
export async function reopen(context: ActionContext): Promise<ActionCode> {
  const { work, person, ticket } = context
  const { deps } = work
  if (work.ticket !== null) return work.ticket.id === ticket.id ? 'not_closed' : 'other_open'
  const { promise } = await routeFor(work, { text: ticket.need, reason: ticket.reason })
  const refused = happens(work, { is: 'reopened', by: actorOf(person) })
  if (refused !== null) return 'other_open'
  work.ownerChat = deps.directChat(person)
  work.ticket = { ...ticket, state: 'claimed', owner: person.id, ownerName: person.name }
  work.ticketNumber = ticket.id
  work.effects.push(async (tx) => {
    if (!(await deps.tickets.reopen(tx, ticket.id, person.id))) throw ticketMoved(ticket.id)
    if (promise !== null) await setPromise(work, tx, { ticket: ticket.id, name: 'follow_up', round: 1, at: promise.followUp })
  })
  audit(context, 'ticket_reopened')
  tellTaken(context, deps.texts.zh('desk_claimed', { name: person.name, number: ticket.id }), person)
  return 'done'
}
