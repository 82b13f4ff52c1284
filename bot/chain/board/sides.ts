import type { ClientBase } from 'pg'
import type { Work } from '../../converse/work.ts'
import { demands } from '../../records/demands.ts'
import { tellBroker } from '../notify.ts'
import { offers } from '../offers.ts'

/** Both sides for the broker of an offer's case: in its topic, and in their own chat. Goes with the words of whoever asks. */
export async function tellSides(
  { deps }: Work,
  tx: ClientBase,
  {
    ticket,
    demand: id,
    key,
    owner,
  }: { readonly ticket: string; readonly demand: string; readonly key: string; readonly owner: string | null },
): Promise<void> {
  const demand = await demands.byId(tx, id)
  if (demand === null || (owner !== null && demand.excluded.includes(owner))) return
  const words = deps.texts.zh('desk_sides', {
    ...{
      number: id,
      ticket,
      need: demand.need,
      chat: demand.chat ?? '—',
      case: demand.ticket === null ? '—' : `T${demand.ticket}`,
    },
    who: demand.enterprise ?? demand.personName ?? '—',
    broker: demand.ownerName ?? '—',
    form: demand.publicForm === null ? '—' : deps.texts.zh(`chain_form_${demand.publicForm}`),
  })
  await tellBroker(tx, deps, { ...demand, ticket, ticketState: owner === null ? 'waiting' : 'claimed', owner }, key, words)
}

/** Whoever takes a case in which somebody offered to solve a demand reads both sides. */
export function tellOffered(work: Work, ticket: string, owner: string): void {
  work.effects.push(async (tx) => {
    for (const { demand } of await offers.ofTicket(tx, ticket))
      await tellSides(work, tx, { ticket, demand, key: `offer:${ticket}:${demand}:${owner}`, owner })
  })
}
