import type { ClientBase } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import { saidBy } from '../channels/plain.ts'
import type { OutboxItem, OutboxRow } from '../queue/sending.ts'
import { perform } from '../queue/write.ts'
import type { Events } from '../records/events.ts'
import type { Messages } from '../records/messages.ts'
import { said } from '../render.ts'
import type { Person } from './people.ts'
import type { CallerNeeds } from './who/caller.ts'

export type UnreachedNeeds = CallerNeeds & {
  readonly messages: Pick<Messages, 'lines'>
  readonly events: Pick<Events, 'add'>
  readonly desk: () => string | null
  readonly directChat: (person: Person) => string | null
  readonly texts: Texts
}

/**
 * Something was given up. Words to a person: whoever works on the case learns that they did not arrive, and why. Words to a broker in their
 * own chat: that broker is not reading the case, so the others and the leads are told, once.
 */
export async function tellUnreached(deps: UnreachedNeeds, tx: ClientBase, row: OutboxRow, code: string): Promise<OutboxItem[]> {
  if (row.conversation === null || row.body.kind !== 'text' || row.chat.startsWith('ticket:')) return []
  if (!(await isTheirs(tx, row.conversation, row.chat))) return tellOthers(deps, tx, row, row.conversation)
  const text = saidBy(row.body)
  if (code === 'chat_gone') return tellCase(deps, tx, row, 'undelivered', deps.texts('desk_undelivered'))
  if (code === 'not_our_turn') return tellCase(deps, tx, row, 'not_our_turn', deps.texts('desk_not_our_turn', { text }))
  return code === 'erased' ? [] : tellCase(deps, tx, row, 'not_sent', deps.texts('desk_not_sent', { text }))
}

/** In the case's transcript, its topic, and the owner's private chat; without a case in the desk's own chat. */
export async function tellCase(
  deps: UnreachedNeeds,
  tx: ClientBase,
  row: OutboxRow,
  what: string,
  text: string,
): Promise<OutboxItem[]> {
  const { conversation } = row
  if (conversation === null || row.chat.startsWith('ticket:')) return []
  const ticket = await deps.tickets.openOf(conversation, tx)
  const desk = deps.desk()
  const item = (chat: string, place: string): OutboxItem => ({
    ...{ key: `${row.key}:${what}${place}`, chat, conversation },
    body: said(text),
  })
  if (ticket === null) return desk === null ? [] : [item(desk, '')]
  await note(deps, tx, { conversation, ticket: ticket.id, text })
  const owner = ticket.owner === null ? null : await deps.people.byId(ticket.owner, tx)
  const own = owner === null ? null : deps.directChat(owner)
  return [
    ...(desk === null ? [] : [item(`ticket:${ticket.id}`, '')]),
    ...(own === null || own === row.chat ? [] : [item(own, ':own')]),
  ]
}

/** Every page that shows the case has it at once. */
async function note(
  deps: UnreachedNeeds,
  tx: ClientBase,
  { conversation, ticket, text }: { conversation: string; ticket: string; text: string },
): Promise<void> {
  await perform(tx, [deps.messages.lines([{ conversation, inbox: null, author: 'note', authorName: null, text }])])
  await deps.events.add(tx, [{ ticket, kind: 'message' }])
}

async function tellOthers(deps: UnreachedNeeds, tx: ClientBase, row: OutboxRow, conversation: string): Promise<OutboxItem[]> {
  const ticket = await deps.tickets.openOf(conversation, tx)
  const everybody = await deps.people.list(tx)
  const broker = everybody.find((person) => deps.directChat(person) === row.chat)
  if (ticket === null || broker === undefined) return []
  const text = deps.texts('desk_broker_unreached', { name: broker.name, number: ticket.id })
  const { rowCount } = await tx.query(`select 1 from message where conversation = $1 and author = 'note' and text = $2`, [
    conversation,
    text,
  ])
  if (rowCount !== 0) return []
  const leads = everybody.filter((person) => person.role === 'lead' && person.id !== broker.id)
  const told = leads.flatMap((lead) => {
    const chat = deps.directChat(lead)
    return chat === null ? [] : [{ key: `${row.key}:unreached:${lead.id}`, chat, conversation, body: said(text) }]
  })
  return [...told, ...(await tellCase(deps, tx, row, 'unreached', text))]
}

async function isTheirs(tx: ClientBase, conversation: string, chat: string): Promise<boolean> {
  return (await tx.query('select 1 from conversation where id = $1 and chat = $2', [conversation, chat])).rowCount === 1
}
