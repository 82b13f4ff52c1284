import type { ClientBase } from 'pg'
import { nextKey, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { said } from '../../render.ts'
import { cardFor } from '../desk/buttons.ts'
import type { Person } from '../people.ts'
import { type Brief, renderBrief } from './brief.ts'
import { emptyPacket, type Packet, transcriptOf } from './packet.ts'

/** Brokers who get a card; everybody finds the case in the queue. */
const cardsAtOnce = 3
const linesRead = 20

/** Sends the packet as a card with a claim button to the most suitable brokers who have no part in the topics. */
export async function offer(work: Work, tx: ClientBase, key: string, brief: Brief, to: readonly Person[]): Promise<void> {
  const { deps, lane } = work
  const desk = deps.texts.zh
  const held = new Set((await deps.tickets.offers(tx, brief.number)).map((each) => each.chat))
  const offers = to.slice(0, cardsAtOnce).flatMap((person) => {
    const chat = deps.directChat(person)
    return chat === null || held.has(chat) ? [] : [{ chat, key: `${key}:card:${person.id}` }]
  })
  const body = renderBrief(brief, desk, { how: desk('desk_how_direct'), buttons: cardFor(desk, brief.number) })
  await deps.outbox.put(
    tx,
    offers.map((each) => ({ ...each, conversation: lane.conversation.id, body })),
  )
  await deps.tickets.noteOffered(tx, brief.number, offers)
}

/** Offers a waiting case again, with everything said since, to those most suitable now. */
export function offerAgain(work: Work, row: InboxRow, ticket: string, to: readonly Person[]): void {
  const key = nextKey(work, row)
  work.effects.push(async (tx) => {
    const brief = await briefOf(work, tx, ticket)
    if (brief !== null) await offer(work, tx, key, brief, to)
  })
}

/**
 * Somebody has the case, or nobody needs to any more: the cards of others say so and lose their buttons. The new owner gets the packet in
 * their own chat, unless they had a card.
 * @param words sent where a card cannot be changed; `label` replaces its buttons where it can
 */
export function settleOffers(work: Work, ticket: string, of: { words: string; label: string; owner: Person | null }): void {
  const { deps, lane } = work
  const conversation = lane.conversation.id
  const chat = of.owner === null ? null : deps.directChat(of.owner)
  work.effects.push(async (tx) => {
    const held = await deps.tickets.takeOffers(tx, ticket)
    const body = said(of.words)
    await deps.outbox.put(
      tx,
      held
        .filter((each) => each.chat !== chat)
        .map((each) => ({
          key: `${each.key}:settled`,
          chat: each.chat,
          conversation,
          body: body.kind === 'text' ? { ...body, settles: { key: each.key, label: of.label } } : body,
        })),
    )
    if (chat === null || of.owner === null || held.some((each) => each.chat === chat)) return
    const brief = await briefOf(work, tx, ticket)
    if (brief === null) return
    const { zh } = deps.texts
    // Of this work: whoever gets it a second time reads what was said since.
    const key = `ticket:${ticket}:brief:${of.owner.id}:${lane.rows.at(-1)?.id ?? ''}`
    await deps.outbox.put(tx, [{ key, chat, conversation, body: renderBrief(brief, zh, { how: zh('desk_how_direct') }) }])
  })
}

/** Nobody has to take it any more. */
export function settleEnded(work: Work, ticket: string): void {
  const desk = work.deps.texts.zh
  settleOffers(work, ticket, { words: desk('offer_ended', { number: ticket }), label: desk('offer_ended_label'), owner: null })
}

/** The packet as it was at hand-off, with what was said since. */
async function briefOf(work: Work, tx: ClientBase, id: string): Promise<Brief | null> {
  const { deps, lane } = work
  const { conversation } = lane
  const ticket = await deps.tickets.byId(id, tx)
  if (ticket === null) return null
  const packet: Packet = { ...emptyPacket, ...(await deps.tickets.packetOf(id, tx)) }
  const lines = await deps.messages.of(conversation.id, linesRead, '0', tx)
  const verified = await deps.verified.of(conversation.person, tx)
  const { promisedAt, followUpAt } = ticket
  return {
    number: id,
    need: ticket.need,
    reason: ticket.reason,
    priority: ticket.priority,
    who: verified ?? conversation.personName ?? conversation.person ?? '—',
    chat: conversation.chat,
    language: work.language,
    packet: { ...packet, transcript: transcriptOf(lines) },
    promise: promisedAt === null ? null : { onDuty: true, by: promisedAt, followUp: followUpAt ?? promisedAt },
  }
}
