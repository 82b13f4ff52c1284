import type { Outgoing } from '../../channels/channel.ts'
import { happens, say, sayAtDesk, textsOf, type Work } from '../../converse/work.ts'
import { courtesy, said, saidAt } from '../../render.ts'
import type { ActionCode } from './action.ts'
import { actorOf, audit, type Doing, give, lost, named, step } from './doing.ts'

export function claim(doing: Doing): ActionCode {
  const { work, row, person, ticket } = doing
  const from = work.ticket?.owner ?? null
  const refused = step(doing, 'claimed')
  if (refused !== null) return refused
  if (from === person.id) return 'done'
  named(work, person)
  give(doing, from, person.id)
  audit(doing, 'ticket_claimed')
  const { deps } = work
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_claimed', { name: person.name, number: ticket.id })))
  say(work, row, () => tookOver(work, { name: person.name, number: ticket.id }))
  return 'done'
}

export async function transfer(doing: Doing, to: string): Promise<ActionCode> {
  const { work, row, person, ticket } = doing
  const { deps } = work
  const heir = await deps.people.byId(to)
  if (heir === null || heir.role === 'staff') return 'unknown_person'
  if (ticket.excluded.includes(heir.id)) return 'excluded'
  if (work.ticket?.id !== ticket.id) return 'closed'
  const from = work.ticket.owner
  const refused = happens(work, { is: 'transferred', by: actorOf(person), to: heir.id })
  if (refused !== null) return refused
  named(work, heir)
  if (from === heir.id) return 'done'
  give(doing, from, heir.id)
  audit(doing, 'ticket_transferred', { to: heir.id })
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_transferred', { name: person.name, to: heir.name, number: ticket.id })))
  say(work, row, () => tookOver(work, { name: heir.name, number: ticket.id }))
  return 'done'
}

/** Back to the queue. Whoever has a conflict of interest is never offered it again. */
export function giveBack(doing: Doing, conflict: boolean): ActionCode {
  const { work, row, person, ticket } = doing
  const from = work.ticket?.owner ?? null
  const refused = step(doing, 'returned')
  if (refused !== null) return refused
  if (from !== null) give(doing, from, null)
  if (conflict) work.effects.push((tx) => work.deps.tickets.exclude(tx, ticket.id, person.id))
  audit(doing, 'ticket_returned', conflict ? { conflict } : {})
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_returned', { name: person.name, number: ticket.id })))
  if (from !== null) say(work, row, () => said(textsOf(work)('returned', { number: ticket.id })))
  return 'done'
}

/** The bot falls silent again, even while it is composing: its lease ended when this was posted. */
export function reopen(doing: Doing): ActionCode {
  const { work, row, person, ticket } = doing
  const { deps } = work
  if (work.ticket !== null) return work.ticket.id === ticket.id ? 'not_closed' : 'other_open'
  const refused = happens(work, { is: 'reopened', by: actorOf(person) })
  if (refused !== null) return 'other_open'
  work.ticket = { ...ticket, state: 'claimed', owner: person.id, ownerName: person.name }
  work.ticketNumber = ticket.id
  work.effects.push(async (tx) => {
    if (!(await deps.tickets.reopen(tx, ticket.id, person.id))) throw lost(ticket.id)
  })
  audit(doing, 'ticket_reopened')
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_claimed', { name: person.name, number: ticket.id })))
  say(work, row, () => tookOver(work, { name: person.name, number: ticket.id }))
  return 'done'
}

/** Where the platform has given the chat to them already, the person sees it there. */
function tookOver(work: Work, values: { name: string; number: string }): Outgoing {
  return saidAt('taken', courtesy(said(textsOf(work)('broker_took', values))))
}
