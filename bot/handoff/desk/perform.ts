import type { Outgoing } from '../../channels/outgoing.ts'
import type { Work } from '../../converse/work.ts'
import { sayAtDesk } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import type { TicketEventKind } from '../../records/events.ts'
import { said } from '../../render.ts'
import type { ActionCode, DeskAction, TicketAction } from './action.ts'
import type { ActionContext } from './action-context.ts'
import { learn } from './learning.ts'
import { claim, giveBack, reopen, transfer } from './ownership.ts'
import { close, judge, note, record, reply } from './talking.ts'

/** Performs an action from the inbox. Rights are decided now, by the rows as they are now. */
export async function deskActed(work: Work, row: InboxRow, { action, by, ticket: id, key, tell }: DeskAction): Promise<void> {
  const { deps } = work
  const [person, ticket] = await Promise.all([deps.people.byId(by), work.ticket?.id === id ? work.ticket : deps.tickets.byId(id)])
  const known = ticket !== null && ticket.conversation === work.lane.conversation.id
  if (person === null || person.role === 'staff' || !known) {
    work.outcomes.push('desk_not_found')
    if (known) answer(work, id, 'refused', by, key, 'not_found')
    return
  }
  await perform({ work, row, person, ticket, key, tell }, action)
}

/** Performs one action on a ticket, from whichever surface, and reports the result. */
export async function perform(context: ActionContext, action: TicketAction): Promise<ActionCode> {
  const { work, person, ticket } = context
  const code = ticket.excluded.includes(person.id) && action.do !== 'note' ? 'excluded' : await dispatch(context, action)
  const kind = code === 'done' ? kinds[action.do] : 'refused'
  answer(work, ticket.id, kind, person.id, context.key, code)
  work.outcomes.push(`desk_${action.do}:${code}`)
  if (code !== 'done') tellRefusal(context, code)
  return code
}

const kinds: Readonly<Record<TicketAction['do'], TicketEventKind>> = {
  claim: 'claimed',
  transfer: 'transferred',
  return: 'returned',
  note: 'message',
  reply: 'message',
  close: 'closed',
  record: 'outcome',
  reopen: 'reopened',
  verdict: 'verdict',
  faq: 'faq',
}

/** The result for the requester, with the ticket's owner once all of this work is done. */
function answer(
  work: Work,
  ticket: string,
  kind: TicketEventKind,
  person: string,
  action: string | null,
  code: ActionCode,
): void {
  const now = work.ticket
  const owner = now?.id === ticket && now.owner !== null ? { id: now.owner, name: now.ownerName ?? '' } : null
  work.events.push({ ticket, kind, person, action, result: { code, owner } })
}

function dispatch(context: ActionContext, action: TicketAction): ActionCode | Promise<ActionCode> {
  switch (action.do) {
    case 'claim':
      return claim(context)
    case 'transfer':
      return transfer(context, action.to)
    case 'return':
      return giveBack(context, action.conflict === true)
    case 'note':
      return note(context, action.text)
    case 'reply':
      return reply(context, action.text, action.said === true)
    case 'close':
      return close(context, action)
    case 'record':
      return record(context, action)
    case 'reopen':
      return reopen(context)
    case 'faq':
      return learn(context, action)
    case 'verdict':
      return judge(context, action)
  }
}

/** Tells the loser who won; words that went nowhere are reported too. */
function tellRefusal(context: ActionContext, code: ActionCode): void {
  const { work, row, ticket, tell } = context
  const name = work.ticket?.ownerName ?? ticket.ownerName ?? ''
  const isSum = code === 'technology_over' || code === 'received_over'
  const why = isSum ? (`chain_refused_${code}` as const) : (`desk_refused_${code === 'not_owner' ? 'taken' : code}` as const)
  const body = said(work.deps.texts.zh(why, { number: ticket.id, name }))
  if (context.key !== null && tell === null) return // the requester reads the result
  if (tell === null) sayAtDesk(work, row, () => body)
  else tellIn(work, row, tell, body)
}

function tellIn(work: Work, row: InboxRow, chat: string, body: Outgoing): void {
  const key = `inbox:${row.id}:tell`
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: work.lane.conversation.id, body }]))
}
