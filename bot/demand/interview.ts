import { confidentialIn } from '../chain/public.ts'
import type { IncomingMessage } from '../channels/message.ts'
import { leavesContact } from '../converse/aside/remarks.ts'
import { isAsking, isSign } from '../converse/wishes.ts'
import { enterpriseOf, hear, say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import { handOff } from '../handoff/handoff.ts'
import type { InboxRow } from '../queue/lanes.ts'
import type { Demands } from '../records/demands.ts'
import { said, shorten } from '../render.ts'
import type { AskField } from './ask.ts'
import { betweenOf } from './between.ts'
import type { Candidates } from './candidates.ts'
import { asked as askedInOrder, clipped, type Field, fieldsIn, type Known, saysNone, withoutNone } from './fields.ts'
import { type Interview, interviewOf, remember } from './under-way.ts'

/** What taking a demand needs besides the road's own parts. */
export type DemandDesk = { readonly store: Demands; readonly askField: AskField; readonly candidates: Candidates }

/** Besides the need itself. */
const mostAsked = 4
const leastNeed = 4
const mostSaid = 20

/** Signs, nods and 以后再说 end a conversation elsewhere; during an interview they are about the interview. */
export function isForInterview(work: Work, text: string): boolean {
  const interview = interviewOf(work)
  if (interview === null || work.turn !== 'bot' || text.trim() === '' || /[?？]/.test(text)) return false
  return betweenOf(text, interview.pending) !== null && betweenOf(text, interview.pending) !== 'question'
}

/** Begins to take a demand; `need` is what was already said. */
export async function beginInterview(work: Work, row: InboxRow, need?: string): Promise<void> {
  // Words of an interview under way that sound like a new one belong to it.
  if (need !== undefined && interviewOf(work) !== null) return goOn(work, row, need)
  remember(work, { said: [], known: {}, asked: [], pending: 'need' })
  if (need !== undefined) return goOn(work, row, need)
  say(work, row, said(textsOf(work)('demand_begin')))
  work.outcomes.push('demand:begun')
}

/**
 * Takes one answer of the interview. A question in between is left to the road that answers, and the interview waits.
 * @returns false when these words are not for the interview
 */
export async function interviewed(work: Work, row: InboxRow, message: IncomingMessage): Promise<boolean> {
  const interview = interviewOf(work)
  const text = message.text.trim()
  if (interview === null || work.turn !== 'bot' || text === '') return false
  const between = betweenOf(text, interview.pending)
  if (between === 'question') return false
  hear(work, row, { author: 'person', authorName: message.from.name, text: message.text })
  if (between === 'cancel') givenUp(work, row)
  else if (between === 'nod') remindOfInterview(work, row)
  else if (interview.said.length > 0 && between === 'end') await complete(work, row, interview)
  else if (interview.pending !== 'need' && leavesContact(text)) contactHeard(work, row, interview.pending)
  else await goOn(work, row, text)
  return true
}

/** Repeats the interview's open question after a nod or a question in between. */
export function remindOfInterview(work: Work, row: InboxRow): void {
  const interview = interviewOf(work)
  if (interview === null || work.turn !== 'bot') return
  const texts = textsOf(work)
  const { pending } = interview
  const question = texts(pending === 'need' ? 'demand_need_again' : `demand_ask_${pending}`)
  say(work, row, said(texts('demand_goes_on', { question })))
}

/** How to reach somebody is no answer to what was asked; whoever takes the case reads it among the facts. */
function contactHeard(work: Work, row: InboxRow, pending: Field): void {
  const texts = textsOf(work)
  say(work, row, said(texts('demand_contact', { question: texts(`demand_ask_${pending}`) })))
  work.outcomes.push('demand:contact')
}

async function goOn(work: Work, row: InboxRow, text: string): Promise<void> {
  const interview = interviewOf(work)
  if (interview === null) return
  const next = heard(interview, text)
  remember(work, next)
  if (next.said.length === 0) {
    say(work, row, said(textsOf(work)('demand_need_again')))
    return
  }
  const field = missing(next)
  if (field === null) return complete(work, row, next)
  const { person, chat } = work.lane.conversation
  const question = await work.deps.demand.askField({
    ...{ field, said: next.said, known: next.known, language: work.language, person: person ?? chat },
    open: (await enterpriseOf(work)) === null,
  })
  remember(work, { ...next, asked: [...next.asked, field], pending: field })
  say(work, row, said(question))
  work.outcomes.push(`demand:asked:${field}`)
}

const plainly = ['efficacy', 'budget', 'time'] as const

/** Pure: adds an answer. What it says about other fields counts too; an answer as a whole is about what was asked. */
function heard(interview: Interview, text: string): Interview {
  const { pending, known, said: before } = interview
  if (saysNone(text) || isSign(text) || (pending === 'need' && [...text].length < leastNeed)) return interview
  const found = fieldsIn(text)
  // Figures, money and time identify their own field; any other answer is about what was asked.
  const plain = plainly.some((field) => found[field] !== undefined)
  const value = pending === 'need' ? undefined : (found[pending] ?? (plain ? undefined : clipped(withoutNone(text))))
  const own = value === undefined ? {} : { [pending]: value }
  return { ...interview, said: [...before, text].slice(0, mostSaid), known: { ...found, ...known, ...own } }
}

/** Pure: the next field to ask for; null when it is known, was skipped, or enough was asked. */
function missing({ known, asked }: Interview): Field | null {
  if (asked.length >= mostAsked) return null
  return askedInOrder.find((field) => known[field] === undefined && !asked.includes(field)) ?? null
}

/** A field that is the whole need again says nothing of its own. */
function told(value: string | undefined, lines: readonly string[]): string | undefined {
  return value === clipped(lines[0] ?? '') ? undefined : value
}

/** Stores the demand, shows what may fit it with reasons, and hands it to a broker. */
async function complete(work: Work, row: InboxRow, { said: lines, known }: Interview): Promise<void> {
  const { deps, lane } = work
  const { person, chat } = lane.conversation
  const need = lines.join('\n')
  const open = (await enterpriseOf(work)) === null
  const found = await deps.demand.candidates({
    ...{ need, known, language: work.language, person: person ?? chat, open, signal: work.signal },
  })
  const number = store(work, row, lines, known)
  if (found !== '') say(work, row, said(found))
  await handOff(work, row, { reason: 'asked_for_a_person', answered: null, words: need, need: lines[0] ?? need })
  work.effects.push((tx) => deps.demand.store.link(tx, number.id, work.ticketNumber))
}

/** Stores the demand and tells what was understood. @returns its number, known inside the transaction */
function store(work: Work, row: InboxRow, lines: readonly string[], known: Known): { readonly id: string } {
  const { id: conversation, person } = work.lane.conversation
  const texts = textsOf(work)
  const need = lines.join('\n')
  remember(work, undefined)
  const anonymous = /匿名|不(?:想|要|便)?公开|anonymous/i.test(need)
  const number = { id: '' }
  work.effects.push(async (tx) => {
    number.id = await work.deps.demand.store.add(tx, {
      conversation,
      person,
      need,
      fields: known,
      anonymous,
      confidential: confidentialIn(need),
    })
  })
  const fields = askedInOrder.map((field) =>
    texts('demand_field', { field: texts(`point_${field}`), value: told(known[field], lines) ?? texts('not_stated') }),
  )
  say(work, row, () =>
    said([texts('demand_stored', { number: number.id, need: shorten(lines[0] ?? '', 80) }), ...fields].join('\n')),
  )
  work.outcomes.push('demand:collected')
  return number
}

/**
 * The wish to submit a demand while a human has the turn. Nobody is interviewed over a broker: what was told before is stored as it is, else
 * one message is asked for, see {@link toldMeanwhile}.
 */
export function demandMeanwhile(work: Work, row: InboxRow, sentAt: string): void {
  const { said: lines = [], known = {} } = interviewOf(work) ?? {}
  if (lines.length > 0) {
    storeInCase(work, row, lines, known)
    return
  }
  remember(work, { said: [], known: {}, asked: [], pending: 'need', meanwhile: sentAt })
  say(work, row, () => said(textsOf(work)('demand_meanwhile', { number: work.ticketNumber ?? '' })))
  work.outcomes.push('demand:begun')
}

const meanwhileMs = 30 * 60_000

/**
 * Stores the demand that a message tells while a human has the turn.
 * @param need what follows the wish in the same message, or null
 * @returns false when the message tells none
 */
export function toldMeanwhile(work: Work, row: InboxRow, message: IncomingMessage, need: string | null): boolean {
  const asked = interviewOf(work)?.meanwhile
  const waits = message.kind === 'text' && asked !== undefined && Date.parse(message.sentAt) - Date.parse(asked) <= meanwhileMs
  const words = need ?? (waits ? message.text.trim() : '')
  const between = betweenOf(words, 'need')
  if (waits && between === 'cancel') return givenUp(work, row)
  if (between !== null || [...words].length < leastNeed || (need === null && asksBroker(words))) return false
  storeInCase(work, row, [words], fieldsIn(words))
  return true
}

/** 什么时候有人联系我 is for the broker; 有没有能降氨氮的技术 tells a need. */
function asksBroker(words: string): boolean {
  return (
    isAsking(words) &&
    !/技术|工艺|材料|设备|装置|方案|成果|产品|配方|仪器|系统|软件|找|解决|techn|material|process|device|find/i.test(words)
  )
}

/** Stores a demand that whoever has the open case looks after. */
function storeInCase(work: Work, row: InboxRow, lines: readonly string[], known: Known): void {
  const number = store(work, row, lines, known)
  work.effects.push((tx) => work.deps.demand.store.link(tx, number.id, work.ticketNumber))
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_demand_stored', { number: number.id })))
}

function givenUp(work: Work, row: InboxRow): boolean {
  remember(work, undefined)
  say(work, row, said(textsOf(work)('demand_cancelled')))
  work.outcomes.push('demand:cancelled')
  return true
}
