import type { IncomingMessage } from '../channels/message.ts'
import { eraseAll } from '../control/retention.ts'
import { beginInterview } from '../demand/interview.ts'
import { askSatisfaction } from '../handoff/desk/closing.ts'
import { handOff } from '../handoff/handoff.ts'
import { settleEnded } from '../handoff/packet/offers.ts'
import { complained, tellWaiting, withQuoted, wordsOf } from '../handoff/relay.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { recordAudit } from '../records/audit.ts'
import { said, saidAt } from '../render.ts'
import { companyInWords, forgetCompany, memoryOf } from './company.ts'
import { wavesOff } from './feedback.ts'
import { speakFromNow } from './language.ts'
import { askAgain } from './reply.ts'
import { commandIn, confirmsErasure, isThanks, refusesErasure, type Wish, wishOf } from './wishes.ts'
import { happens, hear, say, sayAtDesk, textsOf, type Work } from './work.ts'

/** Fulfils a wish that is not a question: help, a person, a complaint, privacy … */
export async function grant(work: Work, row: InboxRow, message: IncomingMessage, wish: Wish): Promise<void> {
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: wordsOf(message) })
  switch (wish) {
    case 'demand':
      if (work.turn === 'bot') return beginInterview(work, row)
      return askForPerson(work, row, message, 'asked_for_a_person')
    case 'human':
      return askForPerson(work, row, message, 'asked_for_a_person')
    case 'complaint':
      return askForPerson(work, row, message, 'complaint')
    case 'delete_data':
      if (work.ticket === null) {
        work.memory = { ...work.memory, erasing: message.sentAt }
        say(work, row, () => said(texts('delete_confirm'), [[{ label: texts('button_delete'), data: 'delete' }]]))
      } else say(work, row, () => said(texts('delete_open_ticket', { number: work.ticketNumber ?? '' })))
      break
    case 'start':
      if (await acceptInvitation(work, row, message)) return
      say(work, row, () => said(texts('welcome', { park: work.deps.park })))
      break
    case 'who':
      say(work, row, () => said(texts('who', { park: work.deps.park })))
      break
    case 'help':
    case 'privacy':
    case 'greeting':
      say(work, row, () => said(texts(wish, {})))
      break
    case 'thanks':
      // 算了 and 好的 are no thanks.
      say(work, row, () => said(texts(isThanks(message.text) ? 'thanks' : 'okay')))
      break
    case 'company_show':
    case 'company_forget':
      aboutCompany(work, row, wish)
      break
    case 'speak_chinese':
    case 'speak_english':
      speakFromNow(work, wish === 'speak_chinese' ? 'zh' : 'en')
      await askAgain(work, row)
      break
    case 'close':
      return leave(work, row)
  }
  work.outcomes.push(`wish:${wish}`)
}

/** Shows or forgets on request what an enterprise said about itself. */
function aboutCompany(work: Work, row: InboxRow, wish: 'company_show' | 'company_forget'): void {
  const texts = textsOf(work)
  const facts = companyInWords(memoryOf(work).company, texts, work.language)
  if (wish === 'company_forget') forgetCompany(work)
  const key = wish === 'company_forget' ? 'company_forgotten' : facts === '' ? 'company_none' : 'company_shown'
  say(work, row, () => said(texts(key, { facts })))
}

/** The person may always end a hand-off and return to the bot. */
function leave(work: Work, row: InboxRow): void {
  const { deps, ticket } = work
  if (ticket === null) {
    say(work, row, () => said(textsOf(work)('nothing_to_cancel')))
    return
  }
  happens(work, { is: 'person_left' })
  settleEnded(work, ticket.id)
  work.effects.push(async (tx) => {
    await deps.tickets.close(tx, ticket.id, 'person_left')
  })
  const texts = textsOf(work)
  say(work, row, () =>
    ticket.owner === null
      ? saidAt('hand_back', said(texts('cancelled', { number: ticket.id })))
      : askSatisfaction(texts, ticket.id),
  )
  sayAtDesk(work, row, () => said(deps.texts.zh('desk_person_closed', { number: ticket.id })))
  work.events.push({ ticket: ticket.id, kind: 'closed' })
  work.ticket = null
  work.outcomes.push('person_left')
}

async function askForPerson(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  reason: 'asked_for_a_person' | 'complaint',
): Promise<void> {
  // Among other sentences, the wish is about those and not about the earlier question.
  const need = wishOf(message.text) === null ? { need: message.text } : {}
  if (work.turn === 'bot') return handOff(work, row, { reason, answered: null, words: message.text, ...need })
  if (reason === 'complaint') return complained(work, row, withQuoted(message))
  tellWaiting(work, row, withQuoted(message))
}

/**
 * `/start inv_…` links this account to a registered person.
 * @returns false when the message is no invitation
 */
async function acceptInvitation(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const token = /^inv_(\S+)/.exec(commandIn(message.text)?.rest ?? '')?.[1]
  if (token === undefined) return false
  const texts = textsOf(work)
  say(work, row, async (tx) => {
    const person = await work.deps.people.accept(tx, token, message.from.id)
    return said(
      person === null
        ? texts('invitation_bad')
        : texts('invitation_bound', { name: person.name, role: texts(`role_${person.role}`) }),
    )
  })
  work.outcomes.push('invitation')
  return true
}

const confirmWithinMs = 10 * 60_000

/**
 * Handles the reply to “erase everything?”: erases, or confirms that everything is kept.
 * @returns false when the message is about something else
 */
export function erasureSettled(work: Work, row: InboxRow, message: IncomingMessage): boolean {
  const answered = erasureAnswered(work, message)
  if (answered === 'yes') eraseConversation(work, row)
  if (answered === 'no') keepConversation(work, row, message)
  return answered !== null
}

/** The reply to “erase everything?”. Null when the message is about something else or comes too late; nothing is erased then. */
function erasureAnswered(work: Work, message: IncomingMessage): 'yes' | 'no' | null {
  const { erasing, ...rest } = work.memory as { readonly erasing?: string } // written above and nowhere else
  if (erasing === undefined) return null
  work.memory = rest
  const sinceAsked = Date.parse(message.sentAt) - Date.parse(erasing)
  if (sinceAsked > confirmWithinMs || message.kind !== 'text' || work.ticket !== null) return null
  if (confirmsErasure(message.text)) return 'yes'
  return refusesErasure(message.text) || wavesOff(message.text) ? 'no' : null
}

/** Confirms that the conversation is kept. */
function keepConversation(work: Work, row: InboxRow, message: IncomingMessage): void {
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  say(work, row, () => said(textsOf(work)('delete_kept')))
  work.outcomes.push('data_kept')
}

/** Runs after the second, confirming click or word. The words are erased; the fact that they were erased stays on record. */
export function eraseConversation(work: Work, row: InboxRow, by?: string): void {
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
  work.history = []
  work.memory = {}
  say(work, row, () => said(textsOf(work)('delete_done')))
  work.outcomes.push('data_erased')
}

/** Erasure ordered at the desk or by the operator. It also ends an open case, because nothing of it may be kept. */
export function eraseNow(work: Work, row: InboxRow): void {
  if (work.ticket !== null) leave(work, row)
  eraseConversation(work, row, 'park')
}
