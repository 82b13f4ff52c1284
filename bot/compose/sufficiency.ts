import { z } from 'zod'
import type { Language } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Evidence } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import type { Account, Clerk } from '../models/clerk.ts'
import { sourceText } from './compose.ts'

/** A model's opinion on whether the passages answer; `unknown` when its words cannot be used. */
export type Verdict = 'sufficient' | 'insufficient' | 'unknown'

export type AskSufficiency = (asked: {
  readonly question: string
  readonly evidence: readonly Evidence[]
  readonly language: Language
  readonly account: Account
  readonly signal?: AbortSignal
}) => Promise<Verdict>

const passagesGiven = 5
const shortestQuote = 6

/** Asks whether the passages answer; a “yes” counts only with a quotation that stands in them word for word. */
export function sufficiencyOf({ clerk, log }: { clerk: Clerk; log: Log }): AskSufficiency {
  return async ({ question, evidence, ...task }) => {
    const sources = evidence.slice(0, passagesGiven).map(sourceText)
    const passages = sources.map((text, index) => `[${index + 1}] ${text}`).join('\n\n')
    try {
      const { text } = await clerk.ask('sufficiency', { ...task, data: { passages, question } })
      return verdictOf(text, sources)
    } catch (error) {
      if (task.signal?.aborted === true) throw error
      log('model_gave_nothing', errorFields(error))
      return 'unknown'
    }
  }
}

const answer = z.object({ sufficient: z.boolean(), quote: z.string().default('') })

/** Pure: the model's text → the verdict that counts. */
export function verdictOf(text: string, sources: readonly string[]): Verdict {
  const said = answer.safeParse(jsonIn(text))
  if (!said.success) return 'unknown'
  if (!said.data.sufficient) return 'insufficient'
  const tight = (words: string) => normalize(words).replace(/\s/g, '')
  const quote = tight(said.data.quote)
  return [...quote].length >= shortestQuote && sources.some((each) => tight(each).includes(quote)) ? 'sufficient' : 'unknown'
}

/** @returns the first JSON object in a model's text, however it is wrapped; undefined when there is none */
export function jsonIn(text: string): unknown {
  const body = /\{[\s\S]*\}/.exec(text)?.[0]
  if (body === undefined) return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
