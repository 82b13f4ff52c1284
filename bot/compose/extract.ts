import type { Evidence, QueryTerm } from '../../retrieval/evidence.ts'
import { termsOf } from '../../retrieval/text/terms.ts'
import type { Draft } from '../draft.ts'
import { brokenRule } from '../judge/rules.ts'
import { type AnswerType, answerTypeOf, holds } from './answer-type.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

/** A chat reply is read on a telephone: never more than this beside the citations. */
const longest = 200
/** Up to here a longer quotation costs nothing; beyond, every character must earn its place. */
const comfortable = 110
const lengthCost = 0.35
const typeWorth = 0.25
/** Passages looked into; the first is usually right, and a later one must be clearly better. */
const passagesTried = 3
const passagesLooked = 10
const rankCost = 0.5

type Span = { readonly text: string; readonly worth: number }

/**
 * The answer without a model: the words of the best clause that cover the question and hold the kind of thing that was asked.
 * @returns a draft of one verbatim quotation with `[1]`, at most 200 characters, or null when there is nothing to quote
 */
export function extract(question: string, evidence: readonly Evidence[], terms: readonly QueryTerm[]): Draft | null {
  const type = answerTypeOf(question)
  const weights = new Map(terms.map(({ term, idf }) => [term, idf]))
  const best = fitting(question, evidence)
    .slice(0, passagesTried)
    .map((each) => ({ each, span: each.passage.kind === 'achievement' ? record(each) : bestSpan(each, weights, type) }))
    .map(({ each, span }) => ({ each, span, total: span.worth - rankCost * (1 - each.score / (evidence[0]?.score || 1)) }))
    .sort((a, b) => b.total - a.total)[0]
  if (best === undefined || best.span.text === '') return null
  const quote = best.span.text.replace(/[；;，,、]$/, '')
  return { text: `${quote}[1]`, cited: [best.each], quotes: [quote], generated: false, prompt: null, model: null }
}

/** What breaks a hard rule (another region, year or document number) cannot answer; only when all do, the first are as good as any. */
function fitting(question: string, evidence: readonly Evidence[]): readonly Evidence[] {
  const near = evidence.slice(0, passagesLooked)
  const fit = near.filter((each) => brokenRule(question, { cited: [each] }) === null)
  return fit.length > 0 ? fit : near
}

/** Of all runs of neighbouring sentences the one that covers most of what was asked for its length. */
function bestSpan({ passage }: Evidence, weights: ReadonlyMap<string, number>, type: AnswerType): Span {
  const sentences = sentencesOf(passage.text)
  const worthOf = worthIn(passage, sentences, weights, type)
  let best: Span = { text: '', worth: -1 }
  for (let from = 0; from < sentences.length; from += 1) {
    for (let to = from; to < sentences.length; to += 1) {
      const span = quoted(passage.text, sentences, from, to)
      if ([...span].length > longest && to > from) break
      const worth = worthOf(from, to, span)
      if (worth > best.worth) best = { text: clipped(span), worth }
    }
  }
  return withItems(best, passage.text)
}

/** Words the title or heading already say need not be quoted again. */
const givenWorth = 0.4

/** @returns what a run of sentences is worth: question covered, kind of answer held, less its length */
function worthIn(
  passage: Evidence['passage'],
  sentences: readonly Sentence[],
  weights: ReadonlyMap<string, number>,
  type: AnswerType,
) {
  const given = new Set(termsOf(`${passage.title} ${passage.heading ?? ''}`))
  const weigh = (term: string) => (weights.get(term) ?? 0) * (given.has(term) ? givenWorth : 1)
  const whole = [...weights.keys()].reduce((sum, term) => sum + weigh(term), 0) || 1
  const found = sentences.map((sentence) => new Set(termsOf(sentence.text).filter((term) => weights.has(term))))
  return (from: number, to: number, span: string): number => {
    const covered = new Set(found.slice(from, to + 1).flatMap((terms) => [...terms]))
    const coverage = [...covered].reduce((sum, term) => sum + weigh(term), 0) / whole
    return coverage + (holds(type, span) ? typeWorth : 0) - cost(span) + (begins(span) ? 0.02 : 0)
  }
}

function quoted(text: string, sentences: readonly Sentence[], from: number, to: number): string {
  return text.slice(sentences[from]?.from ?? 0, sentences[to]?.to ?? 0).trim()
}

function cost(span: string): number {
  return lengthCost * (Math.max(0, [...span].length - comfortable) / (longest - comfortable))
}

function begins(span: string): boolean {
  return /^(?:第[\d一二三四五六七八九十百]+条|[（(]|[一二三四五六七八九十]、)/.test(span)
}

/** A quotation that ends with a colon promises a list: the items follow as far as they fit. */
function withItems(best: Span, text: string): Span {
  if (!/[：:]$/.test(best.text)) return best
  const at = text.indexOf(best.text)
  const more = [...text.slice(at).trim()].slice(0, longest).join('')
  const end = Math.max(more.lastIndexOf('；'), more.lastIndexOf('。'), more.lastIndexOf('\n'))
  return { ...best, text: (end > best.text.length ? more.slice(0, end + 1) : more).trim() }
}

/** One sentence alone may be too long; what is cut is marked. */
function clipped(span: string): string {
  const characters = [...span]
  return characters.length <= longest ? span : `${characters.slice(0, longest - 1).join('')}…`
}

/** An achievement is shown by its name and what a partner asks first. */
function record({ passage, score }: Evidence): Span {
  const parts = passage.text.split('；')
  const kept: string[] = []
  for (const part of parts) if ([...kept, part].join('；').length <= longest) kept.push(part)
  return { text: kept.join('；') || clipped(passage.text), worth: score }
}
