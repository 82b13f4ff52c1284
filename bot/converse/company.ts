import type { Texts } from '../../prompts/load.ts'
import { dayInChina } from '../../retrieval/base/clock.ts'
import { type Company, companyIn, type FactName, factAnswered, factNames } from '../answer/company.ts'
import { mostAsked } from '../answer/eligibility.ts'
import { yuan } from '../compose/arithmetic.ts'
import type { Work } from './work.ts'

/**
 * The part of a conversation's memory that is about the enterprise: what it said about itself, and the question that waits for one of these
 * facts.
 */
export type Memory = {
  readonly company?: Company
  readonly waiting?: { readonly question: string; readonly fact: FactName }
}

export type Heard =
  /** The message only stated facts about the enterprise. */
  | { readonly kind: 'noted'; readonly company: Company }
  /** The message answers our question back: the question that waited for it is answered now. */
  | { readonly kind: 'answered'; readonly question: string }
  | { readonly kind: 'question' }

/** Reads what a message says about the enterprise; kept for this conversation only. */
export function hearCompany(work: Work, text: string): Heard {
  const today = dayInChina(work.deps.clock())
  const { company = {}, waiting } = memoryOf(work)
  const said = companyIn(text, today)
  const answered =
    waiting === undefined ? null : (factAnswered(text, waiting.fact, today) ?? (waiting.fact in said ? said : null))
  const all = { ...company, ...said, ...answered }
  work.memory = { ...work.memory, company: all, waiting: undefined }
  // Whoever does not know is shown the conditions, with what is known of each.
  const unknown = waiting !== undefined && answered === null && saysNothing.test(text.trim())
  if (unknown) work.clarified = mostAsked
  if (unknown) return { kind: 'answered', question: waiting.question }
  if (waiting !== undefined && answered !== null) return { kind: 'answered', question: waiting.question }
  return Object.keys(said).length > 0 && !asksSomething.test(text) ? { kind: 'noted', company: said } : { kind: 'question' }
}

const saysNothing =
  /^(?:是|对|嗯|有|没有?|不(?:太)?(?:知道|清楚|确定|记得)|没算过|忘了|保密|不方便说?|不想说|no idea|not sure|(?:i )?don'?t know)[的吧了呢啊。，,!！?？\s]*$/i

const asksSomething =
  /[?？吗呢么]|多少|什么|怎么|如何|能不能|能否|可以|可不可以|哪|几|想|请问|需要|申请|申报|办理|有没有|找|求|支持|补贴|奖励|政策|how|what|which|where|when|can|could|do you|is there|want|need|looking|apply/i

export function memoryOf(work: Work): Memory {
  return work.memory as Memory // written here and nowhere else
}

export function rememberWaiting(work: Work, waiting: Memory['waiting']): void {
  work.memory = { ...work.memory, waiting }
}

export function forgetCompany(work: Work): void {
  work.memory = { ...work.memory, company: undefined, waiting: undefined }
}

/** @returns the facts in words, in the order in which rules ask for them; empty when there are none */
export function companyInWords(company: Company | undefined, texts: Texts, language: 'zh' | 'en'): string {
  return factNames
    .flatMap((name) => {
      const value = company?.[name]
      if (value === undefined) return []
      const money = name === 'revenue' || name === 'rd_spend' || name === 'capital'
      const shown = typeof value === 'boolean' ? texts(value ? 'yes' : 'no') : money ? yuan(value, language) : value
      return [texts(`fact_${name}`, { value: shown })]
    })
    .join(language === 'zh' ? '，' : ', ')
}
