import type { ClientBase } from 'pg'
import type { People, Person } from '../handoff/people.ts'
import type { Outbox } from '../outbox.ts'
import type { Demand } from '../records/demands.ts'
import { said } from '../render.ts'

export type NotifyNeeds = {
  readonly outbox: Pick<Outbox, 'put'>
  readonly people: Pick<People, 'byId' | 'list'>
  /** The brokers' shared chat, or null. */
  readonly desk: string | null
  readonly directChat: (person: Person) => string | null
}

/**
 * Tells whoever looks after a demand: its case's topic and its broker's own chat; with nobody there, the desk or the leads. Stored under
 * `key`, so once, and erased with the enterprise's words.
 */
export async function tellBroker(tx: ClientBase, needs: NotifyNeeds, demand: Demand, key: string, words: string): Promise<void> {
  const chats = await chatsOf(tx, needs, demand)
  const body = said(words)
  await needs.outbox.put(
    tx,
    chats.map((chat) => ({ key: `${key}:${chat}`, chat, conversation: demand.conversation, body })),
  )
}

async function chatsOf(tx: ClientBase, { people, desk, directChat }: NotifyNeeds, demand: Demand): Promise<string[]> {
  const owner = demand.owner === null ? null : await people.byId(demand.owner, tx)
  const direct = owner === null || demand.excluded.includes(owner.id) ? null : directChat(owner)
  // In a topic that was closed nobody reads.
  const shared =
    desk === null ? null : demand.ticket === null || demand.ticketState === 'closed' ? desk : `ticket:${demand.ticket}`
  const chats = [shared, direct].filter((chat) => chat !== null)
  if (chats.length > 0) return chats
  const leads = (await people.list(tx)).filter((person) => person.role === 'lead' && !demand.excluded.includes(person.id))
  return [...new Set(leads.map(directChat).filter((chat) => chat !== null))]
}
