import { randomUUID } from 'node:crypto'
import type { Inbox } from '../../inbox.ts'
import type { Events } from '../../records/events.ts'
import type { Person } from '../people.ts'
import type { ActionResult, TicketAction } from './action.ts'
import type { DeskView } from './view.ts'

const patienceMs = 10_000

/** Performs an action on a ticket and returns its result. */
export type PostAction = (person: Person, ticket: string, action: TicketAction, key?: string) => Promise<ActionResult>

/**
 * The entrance for every surface that is not a chat: the action is stored in the lane of the person whose ticket it is, performed there in
 * order, and its result waited for.
 * @param deps.patienceMs after this the answer is `pending`: stored, and done as soon as somebody works on the lane
 */
export function postAction(deps: { inbox: Inbox; events: Events; view: DeskView; patienceMs?: number }): PostAction {
  return async (person, id, action, key = randomUUID()) => {
    // Whoever claims saw it in the queue a moment ago: they are told who was faster, not that it does not exist.
    const ticket = action.do === 'claim' ? await deps.view.claimable(person, id) : await deps.view.visible(person, id)
    if (ticket === null) return { code: 'not_found', ticket: id, owner: null }
    await deps.inbox.storeAction(ticket.conversation, { kind: 'desk_action', key, ticket: id, by: person.id, action, tell: null })
    const result = await deps.events.resultOf(key, deps.patienceMs ?? patienceMs)
    return result ?? { code: 'pending', ticket: id, owner: null }
  }
}
