import type { Language } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Evidence } from '../../retrieval/evidence.ts'
import type { Draft } from '../draft.ts'
import type { Account, Clerk } from '../models/clerk.ts'
import { answerTypeOf, holds } from './answer-type.ts'
import { shownWhole } from './extract.ts'
import { completePart, type Grounded, grounded, type Source } from './grounding.ts'

export type Phrasing = {
  readonly question: string
  /** The quotation that would be shown without a model: it was judged, and the model sees it first. */
  readonly quoted: Draft
  readonly evidence: readonly Evidence[]
  readonly language: Language
  readonly account: Account
  readonly signal?: AbortSignal
  /** Called with the checked sentences so far, without citation marks, whenever there are more. */
  readonly onSentence?: (text: string) => void
}

/**
 * `not_found`: the model says the passages do not answer; `not_grounded`: too little of its text was supported; `failed`: there was no
 * model.
 */
export type Phrased =
  | { readonly draft: Draft; readonly why: null }
  | { readonly draft: null; readonly why: 'not_found' | 'not_grounded' | 'failed' }

export type Phrase = (phrasing: Phrasing) => Promise<Phrased>

const passagesGiven = 5

/** Phrases evidence with a model. Every sentence is checked before anybody sees it; what fails is repaired once or left out. */
export function phraser({ clerk, log }: { clerk: Clerk; log: Log }): Phrase {
  return async (phrasing) => {
    const given = [...phrasing.quoted.cited, ...phrasing.evidence.filter((each) => !phrasing.quoted.cited.includes(each))].slice(
      0,
      passagesGiven,
    )
    const quote = shownWhole(phrasing.quoted, phrasing.question).quotes[0]
    const sources = given.map((each, index) => ({
      ...{ n: index + 1, text: sourceText(each) },
      ...(index === 0 && quote !== undefined ? { quote } : {}),
    }))
    try {
      return await phrase(clerk, log, phrasing, given, sources)
    } catch (error) {
      if (phrasing.signal?.aborted === true) throw error
      log('model_gave_nothing', errorFields(error))
      return { draft: null, why: 'failed' }
    }
  }
}

async function phrase(
  clerk: Clerk,
  log: Log,
  phrasing: Phrasing,
  given: readonly Evidence[],
  sources: readonly Source[],
): Promise<Phrased> {
  const { question, language, account, signal } = phrasing
  const passages = sources.map(({ n, text }) => `[${n}] ${text}`).join('\n\n')
  const common = { language, account, ...(signal === undefined ? {} : { signal }) }
  const written = await clerk.ask('answer', {
    ...common,
    data: { passages, question },
    onText: shownAsWritten(phrasing, sources),
  })
  if (/^\W*NOT_FOUND\W*$/.test(written.text)) return { draft: null, why: 'not_found' }
  let checked = grounded(written.text, sources, language)
  if (checked.removed.length > 0) {
    log('model_sentences_removed', { prompt: written.prompt, model: written.model, removed: whys(checked) })
    checked = await mended(clerk, checked, { ...common, data: { passages, question } }, sources)
  }
  if (checked.citations.length === 0 || !holds(answerTypeOf(question), withoutMarks(checked.text)))
    return { draft: null, why: 'not_grounded' }
  return { draft: draftOf(checked, given, { prompt: written.prompt, model: written.model }), why: null }
}

/** While the model writes: whole sentences that passed, in order. */
function shownAsWritten({ onSentence, language }: Phrasing, sources: readonly Source[]): (whole: string) => void {
  let seen = ''
  return (whole) => {
    const complete = onSentence === undefined ? '' : completePart(whole)
    if (complete === seen) return
    seen = complete
    const { text } = grounded(complete, sources, language)
    if (text !== '') onSentence?.(withoutMarks(text))
  }
}

/** Asks once more for what can be repaired; what still fails is left out. A failed repair costs nothing but itself. */
async function mended(
  clerk: Clerk,
  checked: Grounded,
  task: Parameters<Clerk['ask']>[1],
  sources: readonly Source[],
): Promise<Grounded> {
  const sentences = checked.removed.filter(({ why }) => mendable.has(why)).map(({ sentence, why }) => `${sentence} (${why})`)
  if (sentences.length === 0) return checked
  const repaired = await clerk
    .ask('repair', { ...task, data: { ...task.data, sentences: sentences.join('\n') } })
    .catch((error: unknown) => {
      if (task.signal?.aborted === true) throw error
      return null
    })
  if (repaired === null) return checked
  const again = grounded(`${checked.text}\n${repaired.text}`, sources, task.language)
  return { ...again, removed: checked.removed }
}

const mendable: ReadonlySet<string> = new Set([
  'no_citation',
  'unknown_citation',
  'number',
  'unit',
  'bound',
  'date',
  'promise',
  'title',
  'unsupported',
])

function whys({ removed }: Grounded): string {
  return removed.map(({ why }) => why).join(',')
}

/** Evidence as the model sees it: what a sentence may rest on, no more. Dates of validity are our own fields. */
export function sourceText({ passage }: Evidence): string {
  const until = passage.effectiveTo === null ? '' : `—${passage.effectiveTo}`
  const dates = passage.kind === 'policy' && passage.effectiveFrom !== null ? `（${passage.effectiveFrom}${until}）` : ''
  return `${passage.title} ${passage.docNo ?? ''} ${passage.clause ?? ''} ${passage.heading ?? ''}${dates}\n${passage.text}`
}

function withoutMarks(text: string): string {
  return text.replace(/\s*\[\d{1,3}\]/g, '')
}

/** Citations are renumbered from 1 in the order of the evidence, so that no gap shows what was left out. */
function draftOf(checked: Grounded, given: readonly Evidence[], by: { prompt: string; model: string }): Draft {
  const order = new Map(checked.citations.map((n, index) => [n, index + 1]))
  const cited = checked.citations.flatMap((n) => given[n - 1] ?? [])
  return {
    text: checked.text.replace(/\[(\d{1,3})\]/g, (_, n: string) => `[${order.get(Number(n)) ?? n}]`),
    cited,
    quotes: cited.map((each) => each.passage.text),
    generated: true,
    ...by,
  }
}
