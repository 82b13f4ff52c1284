import { agendaRecorded } from './agenda/chat/record.ts'
import { agendaPressed, agendaSaid } from './agenda/chat/signing.ts'
import { agendaDue } from './agenda/chat/tell.ts'
import { demandWished } from './chain/board/board.ts'
import { tellPublished } from './chain/board/tell.ts'
import { orderGiven, orderSaid } from './chain/orders/given.ts'
import { type IncomingMessage, isSessionKind, isSpoken } from './channels/message.ts'
import { eraseNow, erasePressed, erasureSettled } from './converse/aside/erasing.ts'
import { remarkHeard } from './converse/aside/remarks.ts'
import { memoryOf } from './converse/company.ts'
import { staffDocument } from './converse/documents.ts'
import { keepOpinion, opinionSaid, storeFeedback, storeSatisfaction, waitsNoMore, wavesOff } from './converse/feedback.ts'
import { grant } from './converse/grant.ts'
import { languageFor, languageOfTag, speakFromNow } from './converse/language.ts'
import { piecesOf } from './converse/pieces.ts'
import { reply } from './converse/reply.ts'
import { sourceAsked } from './converse/source.ts'
import { type Step, stepsOf } from './converse/steps.ts'
import { commandIn, type Wish } from './converse/wishes.ts'
import { beginWork, type ConverseDeps, finish, hear, say, sayAtDesk, textsOf, type Work } from './converse/work.ts'
import { beginInterview, interviewed, isForInterview, remindOfInterview, toldMeanwhile } from './demand/interview.ts'
import { interviewOf } from './demand/under-way.ts'
import { brokerSaid } from './handoff/broker-chat.ts'
import { satisfactionOf } from './handoff/desk/closing.ts'
import { deskActed } from './handoff/desk/perform.ts'
import { handOff } from './handoff/handoff.ts'
import { fellDue } from './handoff/overdue.ts'
import { platformSaid, reroute } from './handoff/platform/session.ts'
import { passOn, relayToDesk, tellWaiting, wordsOf } from './handoff/relay.ts'
import { topicSaid } from './handoff/topic.ts'
import { tellGaps } from './learn/weekly.ts'
import { type InboxRow, isEventTimer, type Lane, type Timer } from './queue/lanes.ts'
import { tellRecall } from './recall/tell.ts'
import { feedbackOf } from './records/answers.ts'
import { said } from './render.ts'

/**
 * The road. Everything that happened in one conversation since it was last looked at, in order: who said it, whose turn is
 * it, is it a wish or a question. Thinks first, then writes effects, turn and "done" in one transaction.
 */
export async function converse(lane: Lane, deps: ConverseDeps, signal?: AbortSignal): Promise<void> {
  const work = await beginWork(lane, deps, signal)
  for (const step of stepsOf(lane.rows)) await take(work, step)
  await finish(work, work.outcomes.join(' ') || 'nothing_to_do')
}

async function take(work: Work, step: Step): Promise<void> {
  if (step.timer !== undefined) return timed(work, step.row, step.timer)
  if (step.action?.kind === 'chain_order') return orderGiven(work, step.row, step.action)
  if (step.action !== undefined) return deskActed(work, step.row, step.action)
  if (isSessionKind(step.message)) return platformSaid(work, step.row, step.message)
  if (step.message.chat !== work.lane.conversation.chat) return topicSaid(work, step.row, step.message)
  return personSaid(work, step.row, step.message)
}

async function timed(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  if (timer.name === 'reroute') return reroute(work, row, timer)
  if (timer.name === 'recall') return tellRecall(work, row, timer)
  if (timer.name === 'erase') return eraseNow(work, row)
  if (timer.name === 'published') return tellPublished(work, row, timer)
  if (timer.name === 'gaps') return tellGaps(work, row, timer)
  if (isEventTimer(timer)) return agendaDue(work, row, timer)
  return fellDue(work, row, timer)
}

async function personSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  if (message.kind === 'blocked' || message.kind === 'unblocked') return presence(work, row, message)
  if (!isForBot(message, work.deps.desk)) {
    work.outcomes.push('not_for_the_bot')
    return
  }
  if (await colleagueSaid(work, row, message)) return
  if (await settledFirst(work, row, message)) return
  if (message.kind === 'button') return pressed(work, row, message)
  const own = message.kind === 'text' || message.kind === 'file' ? message.text : ''
  if (isForInterview(work, own)) return heard(work, row, message, null)
  const { speak, need, ...pieces } = piecesOf(own)
  const wish = pieces.wish ?? wishWaiting(work, own)
  if (speak !== null) speakFromNow(work, speak)
  // A greeting or thanks while a human has the turn is meant for the human.
  if (wish !== null && (work.turn === 'bot' || !forWhoeverTalks.includes(wish))) return grant(work, row, message, wish)
  if (work.turn !== 'bot') return saidToPerson(work, row, message, need)
  return heard(work, row, message, need)
}

/** The reply to a question of ours about erasing, or something about published or one's own demands. */
async function settledFirst(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  work.language = languageFor(work, message)
  return erasureSettled(work, row, message) || demandWished(work, row, message)
}

/** Signing up, a demand and an opinion of an answer go on while a human has the turn; all other words are for the human alone. */
async function saidToPerson(work: Work, row: InboxRow, message: IncomingMessage, need: string | null): Promise<void> {
  if (await agendaSaid(work, row, message)) return
  if (toldMeanwhile(work, row, message, need)) return passOn(work, row, message)
  await keepOpinion(work, message)
  return relayToDesk(work, row, message)
}

/** Whoever waits for a person and does not want to any more has the bot back, in words that mean nothing else then. */
function wishWaiting(work: Work, text: string): Wish | null {
  return work.turn !== 'bot' && waitsNoMore(text) ? 'close' : null
}

async function heard(work: Work, row: InboxRow, message: IncomingMessage, need: string | null): Promise<void> {
  const { kind } = message
  if (need !== null && interviewOf(work) === null) {
    hear(work, row, { author: 'person', authorName: message.from.name, text: wordsOf(message) })
    return beginInterview(work, row, need)
  }
  // Called by name under somebody's words, with none of one's own: those words are what is asked.
  const text = kind === 'text' && message.text.trim() === '' ? (message.quoted ?? '') : message.text
  const asks = (kind === 'text' || kind === 'file') && text.trim() !== ''
  if (kind === 'text' && !asks) return grant(work, row, message, 'greeting') // called by name, and no more
  if (kind !== 'text') {
    hear(work, row, { author: 'person', authorName: message.from.name, text: wordsOf(asks ? { ...message, text: '' } : message) })
    say(work, row, () => said(textsOf(work)(kind === 'file' ? 'file_declined' : 'unreadable')))
    work.outcomes.push(kind)
  }
  // What is written under a file is asked all the same.
  if (asks) await spoken(work, row, { ...message, kind: 'text', file: null, text })
}

const forWhoeverTalks: readonly Wish[] = ['greeting', 'thanks', 'who']

/** Words for the bot: an answer of an interview under way, an opinion of what was said, or a question. */
async function spoken(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  if (commandIn(message.text) !== null) return grant(work, row, message, 'help') // none of ours, or it were a wish
  if (await agendaSaid(work, row, message)) return remindOfInterview(work, row)
  if (await interviewed(work, row, message)) return
  // What we asked back about the enterprise may be answered with 不对, too.
  if (memoryOf(work).waiting === undefined) {
    if (wavesOff(message.text)) return grant(work, row, message, 'thanks')
    if (await opinionSaid(work, row, message)) return
    if (await remarkHeard(work, row, message)) return
  }
  if (!(await sourceAsked(work, row, message))) await reply(work, row, message)
}

/** Staff with a document, somebody registered with what became of an event or a step of the chain, or a broker who works in this chat. */
async function colleagueSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  return (
    (await staffDocument(work, row, message)) ||
    (await agendaRecorded(work, row, message)) ||
    (await orderSaid(work, row, message)) ||
    brokerSaid(work, row, message)
  )
}

/** A button under one of our messages. Unknown or foreign data does nothing. */
async function pressed(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  work.language = work.lane.conversation.language ?? languageOfTag(message.language) ?? 'zh'
  const texts = textsOf(work)
  if (await agendaPressed(work, row, message)) return
  const [kind, id = '', value = ''] = (message.button ?? '').split(':')
  if (kind === 'human') {
    hear(work, row, { author: 'person', authorName: message.from.name, text: texts('button_human') })
    if (work.turn === 'bot')
      return handOff(work, row, { reason: 'asked_for_a_person', answered: null, words: texts('button_human') })
    return tellWaiting(work, row, texts('button_human'))
  }
  if (kind === 'help') return grant(work, row, message, 'help')
  if (kind === 'delete') return erasePressed(work, row, message, id)
  if (kind === 'f' && isId(id)) return storeFeedback(work, row, message, id, feedbackOf(value))
  if (kind === 's' && isId(id)) return storeSatisfaction(work, row, id, satisfactionOf(value))
  if (kind === 'c' && isId(id)) return choose(work, row, message, id, Number(value))
  work.outcomes.push('button_unknown')
}

/** One of the choices of a question back: asked again, with the title chosen in front. */
async function choose(work: Work, row: InboxRow, message: IncomingMessage, id: string, index: number): Promise<void> {
  const asked = (await work.deps.answers.latest(work.lane.conversation.id, 10)).find((each) => each.id === id)
  const title = asked?.options[index]
  if (asked === undefined || title === undefined || work.turn !== 'bot') {
    work.outcomes.push('button_unknown')
    return
  }
  // An answer to what we asked about the enterprise: the question that waits is asked again.
  if (memoryOf(work).waiting !== undefined) return reply(work, row, { ...message, kind: 'text', text: title })
  work.clarified = Number.MAX_SAFE_INTEGER // the choice was made: no further question back
  await reply(work, row, { ...message, kind: 'text', text: `《${title}》${asked.question}` })
  work.clarified = 0
}

function presence(work: Work, row: InboxRow, message: IncomingMessage): void {
  work.blocked = message.kind === 'blocked'
  if (work.blocked && work.ticket !== null) sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_person_left')))
  work.outcomes.push(message.kind)
}

/** In a shared room only words addressed to the bot are; what brokers say among themselves, outside a ticket, never is. */
function isForBot(message: IncomingMessage, desk: string | null): boolean {
  if (!isSpoken(message)) return false
  if (desk !== null && (message.chat === desk || message.chat.startsWith(`${desk}#`))) return false
  return !message.group || message.addressed
}

function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text)
}
