import type { IncomingMessage } from '../channels/message.ts'
import { beginInterview, demandMeanwhile } from '../demand/interview.ts'
import { handOff } from '../handoff/handoff.ts'
import { complained, tellWaiting, withQuoted, wordsOf } from '../handoff/relay.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { askToErase, leave } from './aside/erasing.ts'
import { companyInWords, forgetCompany, memoryOf } from './company.ts'
import { speakFromNow } from './language.ts'
import { askAgain } from './reply.ts'
import { commandIn, isThanks, type Wish, wishOf } from './wishes.ts'
import { hear, say, sayAtDesk, textsOf, type Work } from './work.ts'

/** Fulfils a wish that is not a question: help, a person, a complaint, privacy … */
export async function grant(work: Work, row: InboxRow, message: IncomingMessage, wish: Wish): Promise<void> {
  const texts = textsOf(work)
  hear(work, row, { author: 'person', authorName: message.from.name, text: wordsOf(message) })
  switch (wish) {
    case 'demand':
      if (work.turn === 'bot') return beginInterview(work, row)
      sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person', { text: withQuoted(message) })))
      return demandMeanwhile(work, row, message.sentAt)
    case 'human':
      return askForPerson(work, row, message, 'asked_for_a_person')
    case 'complaint':
      return askForPerson(work, row, message, 'complaint')
    case 'delete_data':
      askToErase(work, row, message)
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
