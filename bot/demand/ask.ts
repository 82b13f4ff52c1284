import type { Language, Texts } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { saysOnly } from '../answer/follow/standalone.ts'
import { wordingWrong } from '../compose/gate/wording.ts'
import type { Clerk } from '../models/clerk.ts'
import type { Spans } from '../observe/spans.ts'
import { asksFor, type Field, type Known } from './fields.ts'

export type Asking = {
  readonly field: Field
  /** What was said so far, oldest first. */
  readonly said: readonly string[]
  readonly known: Known
  readonly language: Language
  readonly person: string
  /** False when no model may read it. */
  readonly open: boolean
}

/** @returns one short question about the field. Code decides which field; a model may only phrase it */
export type AskField = (asking: Asking) => Promise<string>

/** Longest time a person waits for the question. */
const withinMs = 4_000
const longest = 80

export function fieldAsker({
  clerk,
  spans,
  log,
  texts,
}: {
  clerk: Clerk | null
  spans: Spans
  log: Log
  texts: Readonly<Record<Language, Texts>>
}): AskField {
  return async (asking) => {
    const byRule = texts[asking.language](`demand_ask_${asking.field}`)
    if (clerk === null || !asking.open) return byRule
    const account = { person: asking.person, calls: [], span: spans.begin('demand_question', {}) }
    try {
      const conversation = asking.said.join('\n')
      const known = Object.entries(asking.known).map(([name, value]) => `${name}: ${value}`)
      const { text } = await clerk.ask('demand', {
        language: asking.language,
        account,
        signal: AbortSignal.timeout(withinMs),
        data: { conversation, known: known.join('\n') || '-', missing: byRule },
      })
      return goodQuestion(text.trim(), asking, conversation) ? text.trim() : byRule
    } catch (error) {
      log('model_gave_nothing', errorFields(error))
      return byRule
    } finally {
      account.span.end()
    }
  }
}

/** Pure: whether a model's words are one question about the missing field, with nothing in it that nobody said. */
export function goodQuestion(
  words: string,
  { field, language }: Pick<Asking, 'field' | 'language'>,
  conversation: string,
): boolean {
  return (
    [...words].length <= longest &&
    /^[^?？\n]+[?？]$/.test(words) &&
    asksFor(field, words) &&
    !/电话|手机|微信|邮箱|密码|身份证|客户名|https?:|phone|e-?mail|password|customer name/i.test(words) &&
    wordingWrong(words, language) === null &&
    saysOnly(words, conversation)
  )
}
