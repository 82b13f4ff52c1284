import { AppError } from '../../../retrieval/base/errors.ts'
import { happens, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { recordAudit } from '../../records/audit.ts'
import type { Actor, Refusal } from '../../turn.ts'
import type { Person } from '../people.ts'
import type { Ticket } from '../ticket.ts'

/** An action being performed: by whom, on what, and where the result is told besides the ticket's own topic. */
export type ActionContext = {
  readonly work: Work
  readonly row: InboxRow
  readonly person: Person
  readonly ticket: Ticket
  /** The key the requester waits on; null when nobody waits. */
  readonly key: string | null
  readonly tell: string | null
}

export const actorOf = (person: Person): Actor => ({ id: person.id, lead: person.role === 'lead' })

/** Only the conversation's open ticket can move; an older one is closed whatever its buttons say. */
export function moveTurn(context: ActionContext, is: 'claimed' | 'replied' | 'returned' | 'closed'): Refusal | null {
  if (context.work.ticket?.id !== context.ticket.id) return 'closed'
  return happens(context.work, { is, by: actorOf(context.person) })
}

export function audit(
  { work, person, ticket }: ActionContext,
  action: string,
  detail: Readonly<Record<string, unknown>> = {},
): void {
  work.effects.push((tx) => recordAudit(tx, { actor: `person:${person.id}`, action, about: `ticket:${ticket.id}`, detail }))
}

/** Moves the row only if it is still where it was believed to be; otherwise all of this work is done again on what is true now. */
export function moveTicket({ work, ticket }: ActionContext, from: string | null, to: string | null): void {
  work.effects.push(async (tx) => {
    if (!(await work.deps.tickets.give(tx, ticket.id, from, to))) throw ticketMoved(ticket.id)
  })
}

/** Records who has it now and where they work on it. */
export function recordOwner(work: Work, person: Person): void {
  work.ownerChat = work.deps.directChat(person)
  if (work.ticket !== null) work.ticket = { ...work.ticket, ownerName: person.name }
}

/** The ticket has changed since it was read; everything is done again on what is true now. */
export function ticketMoved(ticket: string): AppError {
  return new AppError('ticket_moved', `Ticket ${ticket} changed meanwhile`, { retry: true })
}
