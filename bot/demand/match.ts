import type { Language, Texts } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Passage } from '../../retrieval/evidence.ts'
import { recordWishOf } from '../../retrieval/text/record-wish.ts'
import { sourceText } from '../compose/compose.ts'
import { grounded } from '../compose/grounding.ts'
import type { Account, Clerk } from '../models/clerk.ts'
import { fieldsIn, fits, points } from './fields.ts'

export type Matching = {
  readonly need: string
  readonly passage: Passage
  /** Its number among the citations. */
  readonly n: number
  readonly language: Language
  /** Null when no model may read it. */
  readonly account: Account | null
  readonly signal?: AbortSignal
}

/**
 * @returns why a record fits a need: five points, each from this one record in its own words; points it does not state are named as missing
 */
export type ExplainMatch = (matching: Matching) => Promise<string>

export function matchExplainer({
  clerk,
  log,
  texts,
}: {
  clerk: Clerk | null
  log: Log
  texts: Readonly<Record<Language, Texts>>
}): ExplainMatch {
  return async (matching) => {
    const byRule = explained(matching, texts[matching.language])
    if (clerk === null || matching.account === null) return byRule
    const phrased = await phrase(clerk, matching, matching.account).catch((error: unknown) => {
      if (matching.signal?.aborted === true) throw error
      log('model_gave_nothing', errorFields(error))
      return null
    })
    return phrased === null ? byRule : `${phrased}\n${missingLine(matching, texts[matching.language])}`.trim()
  }
}

/** Pure: whether a question looks for an achievement, rather than for one fact of a named one. */
export function looksFor(question: string): boolean {
  return (
    recordWishOf(question) !== null ||
    /有没有|有无|是否有|找|寻|想要|需要|推荐|能不能解决|怎么解决|谁(?:有|能)|(?:有(?:什么|哪些)|哪些)[^，,。？?]{0,14}(?:技术|成果|项目|产品|设备|装备|材料|工艺|专利)|\b(?:looking for|is there|are there|any|need|find|recommend)\b/i.test(
      question,
    )
  )
}

/** Pure: what the record says on the five points, and one line with those it says nothing about. */
export function explained(matching: Matching, texts: Texts): string {
  const { need, passage, n } = matching
  const own = fieldsIn(passage.text)
  const lines = points.flatMap((point) => {
    const value = own[point]
    if (value === undefined) return []
    const fitting = fits(need, value) ? texts('match_fits') : ''
    return [texts('match_point', { point: texts(`point_${point}`), value, fits: fitting, mark: `[${n}]` })]
  })
  return [texts('match_head'), ...lines, missingLine(matching, texts)].filter((line) => line !== '').join('\n')
}

/** What the record does not state is told by code, never by a model. */
function missingLine({ passage }: Matching, texts: Texts): string {
  const own = fieldsIn(passage.text)
  const missing = points.filter((point) => own[point] === undefined).map((point) => texts(`point_${point}`))
  return missing.length === 0 ? '' : texts('match_missing', { points: missing.join('、') })
}

/** @returns the model's sentences that are supported by this record, or null when none are */
async function phrase(clerk: Clerk, matching: Matching, account: Account): Promise<string | null> {
  const { need, passage, n, language, signal } = matching
  const text = sourceText({ passage, score: 0, signals: {} })
  const task = { language, account, data: { need, achievement: `[1] ${text}` }, ...(signal === undefined ? {} : { signal }) }
  const written = await clerk.ask('match', task)
  const stated = written.text.replace(/[^。！!？?\n]*(?:未载明|not stated)[^。！!？?\n]*[。！!？?]?(?:\s*\[\d{1,3}\])*/gi, '')
  const checked = grounded(stated, [{ n: 1, text }], language)
  return checked.citations.length === 0 ? null : checked.text.replaceAll('[1]', `[${n}]`)
}
