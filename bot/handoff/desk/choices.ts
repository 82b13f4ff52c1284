import type { Outgoing } from '../../channels/outgoing.ts'
import { nextKey, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import type { Person } from '../people.ts'
import type { Ticket } from '../ticket.ts'
import { colleaguesFor } from '../who/colleagues.ts'
import { colleagueButtons, ownerButtons } from './buttons.ts'

type Asked = { readonly chat: string; readonly person: Person; readonly ticket: Ticket; readonly what: 'heirs' | 'keep' }

/** Shows, where it was asked, whom a case can be given to or what can be done with it. Changes nothing yet. */
export async function showChoices(work: Work, row: InboxRow, asked: Asked): Promise<void> {
  const body = await choices(work, asked)
  const key = nextKey(work, row)
  const { conversation } = asked.ticket // it is about that person, and is erased with their data
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat: asked.chat, conversation, body }]))
  work.outcomes.push(`desk_${asked.what}`)
}

async function choices({ deps }: Work, { person, ticket, what }: Asked): Promise<Outgoing> {
  const desk = deps.texts.zh
  const number = ticket.id
  if (ticket.excluded.includes(person.id)) return said(desk('desk_refused_excluded', { number }))
  if (ticket.state === 'closed') return said(desk('desk_refused_closed', { number }))
  if (ticket.owner !== person.id && person.role !== 'lead')
    return said(desk('desk_refused_taken', { number, name: ticket.ownerName ?? desk('nobody') }))
  if (what === 'keep') return said(desk('desk_kept', { number }), ownerButtons(desk, number))
  const [everybody, loads] = await Promise.all([deps.people.list(), deps.tickets.loads()])
  const colleagues = colleaguesFor(everybody, ticket, { loads, at: deps.clock(), calendar: deps.calendar })
  if (colleagues.length === 0) return said(desk('desk_no_heirs', { number }), ownerButtons(desk, number))
  return said(desk('desk_heirs', { number, need: ticket.need }), colleagueButtons(desk, number, colleagues))
}
