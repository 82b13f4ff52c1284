import type { IncomingMessage } from '../../channels/message.ts'
import { eraseAll } from '../../control/retention.ts'
import { askSatisfaction } from '../../handoff/desk/closing.ts'
import { settleEnded } from '../../handoff/packet/offers.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import { recordAudit } from '../../records/audit.ts'
import { said, saidAt } from '../../render.ts'
import { wavesOff } from '../feedback.ts'
import { confirmsErasure, refusesErasure } from '../wishes.ts'
import { happens, hear, say, sayAtDesk, textsOf, type Work } from '../work.ts'

/** The question whether to erase everything, kept in the conversation's memory: when it was asked, and the case that would end with it. */
type Asked = { readonly erasing?: string; readonly erasingCase?: string }

/** Asks before everything is erased, and says that an open case ends with it. */
export function askToErase(work: Work, row: InboxRow, message: IncomingMessage): void {
  const texts = textsOf(work)
  const { erasingCase, ...rest } = work.memory as Asked
  const id = work.ticket?.id
  work.memory = { ...rest, erasing: message.sentAt, ...(id === undefined ? {} : { erasingCase: id }) }
  say(work, row, () => {
    const words =
      work.turn === 'bot' ? texts('delete_confirm') : texts('delete_confirm_open', { number: work.ticketNumber ?? '' })
    return said(words, [[{ label: texts('button_delete'), data: id === undefined ? 'delete' : `delete:${id}` }]])
  })
}

/** The button under that question. Under one that did not name the case of now it asks anew. @param id the case it named, or '' */
export function erasePressed(work: Work, row: InboxRow, message: IncomingMessage, id: string): void {
  if (id === (work.ticket?.id ?? '')) erase(work, row)
  else askToErase(work, row, message)
}

const confirmWithinMs = 10 * 60_000

/**
 * Handles the reply to “erase everything?”: erases, or confirms that everything is kept.
 * @returns false when the message is about something else
 */
export function erasureSettled(work: Work, row: InboxRow, message: IncomingMessage): boolean {
  const answered = erasureAnswered(work, message)
  if (answered === 'yes') erase(work, row)
  if (answered === 'no') keepConversation(work, row, message)
  return answered !== null
}

/** The reply to “erase everything?”. Null when the message is about something else or comes too late; nothing is erased then. */
function erasureAnswered(work: Work, message: IncomingMessage): 'yes' | 'no' | null {
  const { erasing, erasingCase, ...rest } = work.memory as Asked // written above and nowhere else
  if (erasing === undefined) return null
  work.memory = rest
  const sinceAsked = Date.parse(message.sentAt) - Date.parse(erasing)
  if (sinceAsked > confirmWithinMs || message.kind !== 'text' || work.ticket?.id !== erasingCase) return null
  const withHuman = work.turn !== 'bot'
  if (confirmsErasure(message.text, withHuman)) return 'yes'
  return refusesErasure(message.text) || (!withHuman && wavesOff(message.text)) ? 'no' : null
}

/** Confirms that the conversation is kept. */
function keepConversation(work: Work, row: InboxRow, message: IncomingMessage): void {
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  say(work, row, () => said(textsOf(work)('delete_kept')))
  work.outcomes.push('data_kept')
}

/** Runs after the second, confirming click or word. The words are erased; the fact that they were erased stays on record. */
function erase(work: Work, row: InboxRow, by?: string): void {
  // It also ends an open case, because nothing of it may be kept.
  const ends = work.turn !== 'bot'
  if (ends) end(work, row)
  const { conversation } = work.lane
  const actor = by ?? conversation.person ?? conversation.chat
  work.effects.push(async (tx) => {
    await eraseAll(work.deps, tx, conversation.id, null)
    await recordAudit(tx, {
      actor,
      action: 'data_erased',
      about: `conversation:${conversation.id}`,
    })
  })
  // After the erasure, which takes every word that is not sent yet.
  if (ends) tellDesk(work, row)
  work.history = []
  work.memory = {}
  say(work, row, () => said(textsOf(work)('delete_done')))
  work.outcomes.push('data_erased')
}

/** Erasure ordered at the desk or by the operator. */
export function eraseNow(work: Work, row: InboxRow): void {
  erase(work, row, 'park')
}

/** The person may always end a hand-off and return to the bot, also one that was opened by the message just before. */
export function leave(work: Work, row: InboxRow): void {
  if (work.turn === 'bot') {
    say(work, row, () => said(textsOf(work)('nothing_to_cancel')))
    return
  }
  end(work, row)
  tellDesk(work, row)
}

function tellDesk(work: Work, row: InboxRow): void {
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person_closed', { number: work.ticketNumber ?? '' })))
  work.ownerChat = null
}

function end(work: Work, row: InboxRow): void {
  const { deps, ticket } = work
  happens(work, { is: 'person_left' })
  if (ticket !== null) settleEnded(work, ticket.id)
  work.effects.push(async (tx) => {
    if (work.ticketNumber !== null) await deps.tickets.close(tx, work.ticketNumber, 'person_left')
  })
  const texts = textsOf(work)
  const owner = ticket?.owner ?? null
  say(work, row, () => {
    const number = work.ticketNumber ?? ''
    return owner === null ? saidAt('hand_back', said(texts('cancelled', { number }))) : askSatisfaction(texts, number)
  })
  work.events.push({ ticket: ticket?.id ?? null, kind: 'closed' })
  work.ticket = null
  work.outcomes.push('person_left')
}
