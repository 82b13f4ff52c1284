import type { Values } from '../../prompts/load.ts'
import type { IncomingMessage } from '../channels/channel.ts'
import { wishOf } from '../converse/wishes.ts'
import { hear, keyOf, say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { recordAudit } from '../records/audit.ts'
import { said } from '../render.ts'
import { after } from '../turn.ts'
import type { Person } from './people.ts'

/** What was said in a ticket's topic. Only registered people act; nobody else's words leave the topic. */
export async function deskSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const { deps } = work
  const ticket = work.ticket?.deskChat === message.chat ? work.ticket : await deps.tickets.byDeskChat(message.chat)
  if (ticket === null || message.kind === 'topic_reopened') return
  const person = await deps.people.byAccount(message.from.id)
  if (person === null || person.role === 'staff') return turnAway(work, row, message, ...unknownSpeaker(message))
  if (ticket.state === 'closed' || work.ticket === null)
    return turnAway(work, row, message, 'desk_already_closed', { number: ticket.id })
  if (message.kind === 'topic_closed' || wishOf(message.text, true) === 'close') return close(work, row, person)
  if (message.text.startsWith('/note')) return note(work, row, message, person)
  takeOver(work, row, message, person)
}

/** Somebody without a registration; an anonymous administrator speaks as the group, which nobody can be registered as. */
function unknownSpeaker(message: IncomingMessage): ['desk_anonymous' | 'desk_not_registered', Values] {
  const id = message.from.id.slice(message.from.id.indexOf(':') + 1)
  return id.startsWith('-') ? ['desk_anonymous', {}] : ['desk_not_registered', { id }]
}

/** Says in the topic why these words went nowhere. A topic closed by hand is no word, and rights never come from the group. */
function turnAway(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  why: 'desk_not_registered' | 'desk_anonymous' | 'desk_already_closed',
  values: Values,
): void {
  work.outcomes.push(why)
  if (message.kind === 'topic_closed') return
  const key = keyOf(work, row)
  const body = said(work.deps.texts.zh(why, values))
  work.effects.push((tx) =>
    work.deps.outbox.put(tx, [{ key, chat: message.chat, conversation: work.lane.conversation.id, body }]),
  )
}

/** Stays inside. */
function note(work: Work, row: InboxRow, message: IncomingMessage, broker: Person): void {
  hear(work, row, { author: 'note', authorName: broker.name, text: message.text.slice('/note'.length).trim() })
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_note')))
  work.outcomes.push('desk_note')
}

/** The owner's words go to the person; the first registered words claim. */
function takeOver(work: Work, row: InboxRow, message: IncomingMessage, broker: Person): void {
  const { deps, ticket } = work
  const desk = deps.texts.zh
  const wantsClaim = /^\/claim\b/.test(message.text)
  const isOwner = ticket?.owner === broker.id
  if (ticket?.state === 'claimed' && !isOwner && !wantsClaim && broker.role !== 'lead') {
    sayAtDesk(work, row, () => said(desk('desk_owned', { number: ticket.id, name: ticket.ownerName ?? '' })))
    work.outcomes.push('desk_owned_by_other')
    return
  }
  if (ticket?.state === 'waiting' || (wantsClaim && !isOwner)) claim(work, row, broker)
  if (wantsClaim) return
  if (message.text.trim() === '') {
    sayAtDesk(work, row, () => said(textsOf(work)('unreadable')))
    return
  }
  work.turn = after(work.turn, 'broker_wrote') ?? work.turn
  work.effects.push((tx) => deps.tickets.noteFirstReply(tx, work.ticketNumber ?? ''))
  say(
    work,
    row,
    () => ({
      kind: 'text',
      blocks: [
        { type: 'small', spans: [`【${textsOf(work)('broker_label', { name: broker.name })}】`] },
        ...message.text.split('\n').map((line) => ({ type: 'paragraph' as const, spans: [line] })),
      ],
    }),
    { author: 'broker', authorName: broker.name },
  )
  work.outcomes.push('broker_wrote')
}

function claim(work: Work, row: InboxRow, broker: Person): void {
  const { deps, ticket } = work
  if (ticket === null) return
  work.turn = after(work.turn, 'broker_claimed') ?? work.turn
  work.effects.push(async (tx) => {
    if (!(await deps.tickets.claim(tx, ticket.id, broker.id))) await deps.tickets.transfer(tx, ticket.id, broker.id)
    await recordAudit(tx, { actor: `person:${broker.id}`, action: 'ticket_claimed', about: `ticket:${ticket.id}` })
  })
  work.ticket = { ...ticket, state: 'claimed', owner: broker.id, ownerName: broker.name }
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_claimed', { name: broker.name, number: ticket.id })))
  say(work, row, () => said(textsOf(work)('broker_took', { name: broker.name, number: ticket.id })))
  work.outcomes.push('broker_claimed')
}

/** Closes at once; the turn is the bot's again. */
function close(work: Work, row: InboxRow, broker: Person): void {
  const { deps, ticket } = work
  if (ticket === null) return
  work.turn = after(work.turn, 'broker_closed') ?? 'bot'
  work.effects.push(async (tx) => {
    await deps.tickets.close(tx, ticket.id, 'broker')
    await recordAudit(tx, { actor: `person:${broker.id}`, action: 'ticket_closed', about: `ticket:${ticket.id}` })
  })
  say(work, row, () => said(textsOf(work)('closed', { number: ticket.id })))
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_closed', { number: ticket.id })))
  sayAtDesk(work, row, () => ({ kind: 'close_topic' }))
  work.ticket = null
  work.outcomes.push('broker_closed')
}
