import type { IncomingMessage } from '../../channels/message.ts'
import { happens, hear, say, sayAtDesk, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow, Timer } from '../../queue/lanes.ts'
import { said, saidAt } from '../../render.ts'
import type { TicketAction } from '../desk/action.ts'
import { askSatisfaction } from '../desk/closing.ts'
import { perform } from '../desk/perform.ts'
import { offerAgain, settleEnded } from '../packet/offers.ts'
import { emptyPacket } from '../packet/packet.ts'
import type { Person } from '../people.ts'
import { isTalkedTo, type Ticket } from '../ticket.ts'
import { routeFor } from '../who/routing.ts'
import { offerOnPlatform } from './offer.ts'

/** Where a welcome needs a code, the code is good for 20 seconds. */
const welcomeMs = 20_000

/** Events in a session of the platform's own: its humans act here as they would on any surface of the desk. */
export async function platformSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  work.code = message.replyCode ?? null
  try {
    await act(work, row, message)
  } finally {
    work.code = null
  }
}

async function act(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  switch (message.kind) {
    case 'entered':
      return welcome(work, row, message)
    case 'broker_text':
      return servicerSaid(work, row, message)
    case 'session_taken':
      await ownedBy(work, row, message)
      return
    case 'session_ended':
      return ended(work, row, message)
    case 'undelivered':
      return undelivered(work, message)
    default:
      return staffChanged(work, row, message)
  }
}

/** A menu, so that the first tap may already be the right one. */
function welcome(work: Work, row: InboxRow, message: IncomingMessage): void {
  const byCode = message.replyCode !== undefined
  const tooLate = Date.now() - Date.parse(message.sentAt) > welcomeMs
  if (work.turn !== 'bot' || (byCode && (work.code === null || tooLate))) {
    work.outcomes.push('welcome_void')
    return
  }
  const texts = textsOf(work)
  const buttons = ['help', 'human'].map((name) => ({ label: texts(`button_${name}`), data: name }))
  say(work, row, () => saidAt('welcome', said(texts('welcome', { park: work.deps.park }), [buttons])))
  work.outcomes.push('welcome')
}

/** Said in the platform's own client: it has reached the person, and is a claim and a first answer like any other. */
async function servicerSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const person = await ownedBy(work, row, message)
  const { ticket } = work
  const name = person?.name ?? accountOf(message)
  if (person !== null && ticket !== null) await doIt(work, row, person, ticket, { do: 'reply', text: message.text, said: true })
  else {
    hear(work, row, { author: 'broker', authorName: name, text: message.text })
    work.effects.push(async (tx) => {
      if (work.ticketNumber !== null) await work.deps.tickets.noteFirstReply(tx, work.ticketNumber)
    })
    work.outcomes.push('platform_reply')
  }
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_kf_said', { name, text: message.text })))
}

/**
 * Whoever the platform gave the chat to owns the ticket, since the person is talking to them. Without a ticket one is opened or reopened,
 * so that nothing a human does goes unrecorded.
 * @returns the registered person, or null when nobody is registered under this account
 */
async function ownedBy(work: Work, row: InboxRow, message: IncomingMessage): Promise<Person | null> {
  const { deps } = work
  const found = await deps.people.byAccount(message.from.id)
  const person = found?.role === 'staff' ? null : found
  if (work.ticket === null && work.turn === 'bot') await openFor(work, row, person)
  if (person === null) {
    sayAtDesk(work, row, () => said(deps.texts.zh('desk_kf_unregistered', { id: accountOf(message) })))
    work.outcomes.push('platform_unregistered')
    return null
  }
  const { ticket } = work
  if (ticket === null || ticket.owner === person.id) return person
  const owner = ticket.owner === null ? null : await deps.people.byId(ticket.owner)
  if (owner === null) await doIt(work, row, person, ticket, { do: 'claim' })
  else await doIt(work, row, owner, ticket, { do: 'transfer', to: person.id })
  return person
}

/** Reopens the last ticket when a registered person takes it up; else opens a new one, whose number is known only once it is written. */
async function openFor(work: Work, row: InboxRow, person: Person | null): Promise<void> {
  const { deps, lane } = work
  const last = await deps.tickets.latestOf(lane.conversation.id)
  if (last !== null && person !== null && !last.excluded.includes(person.id)) {
    await doIt(work, row, person, last, { do: 'reopen' })
    return
  }
  happens(work, { is: 'handed_off' })
  work.events.push({ ticket: null, kind: 'opened' })
  if (person !== null) happens(work, { is: 'claimed', by: { id: person.id, lead: person.role === 'lead' } })
  const need = work.history.at(-1)?.question ?? ''
  work.effects.push(async (tx) => {
    const opened = await deps.tickets.open(tx, {
      conversation: lane.conversation.id,
      reason: 'asked_for_a_person',
      need,
      packet: emptyPacket,
      priority: 2,
      excluded: [],
      promisedAt: null,
      followUpAt: null,
    })
    work.ticketNumber = opened.id
    if (person !== null) await deps.tickets.give(tx, opened.id, null, person.id)
  })
}

/** Ended in the platform's own client: the ticket is closed, the person is asked how it was, and the bot has the turn. */
async function ended(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const { deps, ticket } = work
  if (ticket === null) {
    if (work.turn !== 'bot') happens(work, { is: 'person_left' })
    work.outcomes.push('session_ended')
    return
  }
  const person = ticket.owner === null ? await deps.people.byAccount(message.from.id) : await deps.people.byId(ticket.owner)
  if (person !== null && person.role !== 'staff') {
    await doIt(work, row, person, ticket, { do: 'close' })
    return
  }
  happens(work, { is: 'person_left' })
  work.effects.push(async (tx) => {
    await deps.tickets.close(tx, ticket.id, 'broker')
  })
  settleEnded(work, ticket.id)
  say(work, row, () => askSatisfaction(textsOf(work), ticket.id))
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_closed', { number: ticket.id })))
  work.events.push({ ticket: ticket.id, kind: 'closed' })
  work.ticket = null
  work.ownerChat = null
  work.outcomes.push('session_ended')
}

function undelivered(work: Work, message: IncomingMessage): void {
  const { undelivered: what } = message
  if (what === undefined) return
  if (what.why === 'chat_gone') work.blocked = true
  work.effects.push((tx) => work.deps.outbox.undelivered(tx, work.lane.conversation.id, what))
  work.outcomes.push(`undelivered:${what.why}`)
}

/** Somebody starts or stops receiving: unanswered cases of this account are offered again, each in its own lane. */
async function staffChanged(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const { deps } = work
  const waiting = await deps.tickets.unanswered(message.chat)
  work.effects.push(async (tx) => {
    for (const { id, conversation } of waiting)
      await deps.inbox.setTimer(tx, conversation, `reroute:${row.id}:${id}`, deps.clock(), {
        kind: 'timer',
        name: 'reroute',
        ticket: id,
        round: 1,
      })
  })
  work.outcomes.push(`${message.kind}:${waiting.length}`)
}

/** Somebody came or went while this person waited: asks whoever may have the case now. */
export async function reroute(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const { deps, ticket } = work
  if (ticket === null || ticket.id !== timer.ticket || ticket.state !== 'waiting' || isTalkedTo(ticket)) {
    work.outcomes.push('timer_void')
    return
  }
  const { suggested } = await routeFor(work, { text: ticket.need, reason: ticket.reason, excluded: ticket.excluded })
  offerAgain(work, row, ticket.id, suggested)
  offerOnPlatform(work, row, suggested, await deps.people.list())
  work.outcomes.push('rerouted')
}

function doIt(work: Work, row: InboxRow, person: Person, ticket: Ticket, action: TicketAction): Promise<unknown> {
  return perform({ work, row, person, ticket, key: null, tell: null }, action)
}

function accountOf({ from }: IncomingMessage): string {
  return from.id.slice(from.id.indexOf(':') + 1)
}
