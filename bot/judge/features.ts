import type { Evidence, Found } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { termsOf } from '../../retrieval/text/terms.ts'
import { type AnswerType, answerTypeOf, holds } from '../compose/answer-type.ts'
import type { Draft } from '../draft.ts'
import { coveredCharacters } from './characters.ts'

/** BM25 cannot give a term more than its idf times this (k1 + 1). */
const saturation = 1.9
const windowCharacters = 80
/** Clauses of one document share its title: what the title does not say tells them apart. */
const siblings = 6

export const featureNames = [
  'score_share',
  'margin_2',
  'margin_5',
  'same_document_2',
  'z_score',
  'coverage',
  'text_coverage',
  'window',
  'shown',
  'pairs',
  'heaviest_missing',
  'missing_pairs',
  'title_coverage',
  'type_absent',
  'type_known',
  'terms_log',
  'unknown_terms',
  'shown_is_top',
  'rest_shown',
  'rest_text',
  'rest_margin',
  'characters',
  'characters_text',
  'gap',
] as const
export type FeatureName = (typeof featureNames)[number]
export type Features = Readonly<Record<FeatureName, number>>

type Weighted = { readonly term: string; readonly idf: number; readonly documents: number }

/** What can be told about a draft from the question, the passages found and the words shown. Pure: the same online and when fitted. */
export function featuresOf(question: string, found: Found, draft: Draft): Features {
  const top = draft.cited[0] ?? found.evidence[0]
  const words = draft.quotes.join('\n')
  return {
    ...rankFeatures(found, top, answerTypeOf(question)),
    ...termFeatures(found, top, words),
    ...wordFeatures(question, top, words),
  }
}

type Of<Names extends FeatureName> = Pick<Features, Names>
type RankNames = 'score_share' | 'margin_2' | 'margin_5' | 'same_document_2' | 'z_score' | 'shown_is_top' | 'terms_log'
type WordNames = 'type_absent' | 'type_known' | 'characters' | 'characters_text' | 'gap'

/** How clearly the cited passage stands out from the others. */
function rankFeatures({ evidence, terms }: Found, top: Evidence | undefined, type: AnswerType): Of<RankNames> {
  const scores = evidence.map((each) => each.signals['words'] ?? 0).sort((a, b) => b - a)
  const own = top?.signals['words'] ?? 0
  const [first, second] = evidence
  return {
    score_share: own / (mass(terms) * saturation || 1),
    margin_2: share(own - bestRival(evidence, top, type), own),
    margin_5: share(own - (scores[4] ?? 0), own),
    same_document_2: second !== undefined && second.passage.documentId === first?.passage.documentId ? 1 : 0,
    z_score: Math.min(6, zScore(scores)),
    shown_is_top: top === first ? 1 : 0,
    terms_log: Math.log(1 + terms.length),
  }
}

/** How much of the question, weighed by rarity, stands in the passage, in its title and in the words shown. */
function termFeatures(
  { evidence, terms }: Found,
  top: Evidence | undefined,
  words: string,
): Omit<Features, RankNames | WordNames> {
  const title = termSet(`${top?.passage.title ?? ''} ${top?.passage.heading ?? ''}`)
  const text = termSet(top?.passage.text ?? '')
  const shown = termSet(words)
  const pairs = terms.filter(({ term }) => [...term].length > 1)
  const missing = pairs.filter(({ term }) => !title.has(term) && !text.has(term))
  const rest = terms.filter(({ term }) => !title.has(term))
  const others = evidence.filter((each) => each !== top).slice(0, siblings)
  return {
    coverage: part(terms, ({ term }) => title.has(term) || text.has(term)),
    text_coverage: part(terms, ({ term }) => text.has(term)),
    window: bestWindow(top?.passage.text ?? '', terms) / (mass(terms) || 1),
    shown: part(terms, ({ term }) => shown.has(term) || title.has(term)),
    pairs: part(pairs, ({ term }) => title.has(term) || text.has(term)),
    heaviest_missing: Math.max(0, ...missing.map(({ idf }) => idf)) / Math.max(1e-9, ...terms.map(({ idf }) => idf)),
    missing_pairs: missing.length / Math.max(1, pairs.length),
    title_coverage: part(terms, ({ term }) => title.has(term)),
    unknown_terms: pairs.filter(({ documents }) => documents === 0).length / Math.max(1, pairs.length),
    rest_shown: restCovered(rest, shown),
    rest_text: restCovered(rest, text),
    rest_margin: restCovered(rest, text) - Math.max(0, ...others.map(({ passage }) => restCovered(rest, termSet(passage.text)))),
  }
}

/** Whether the words shown are of the asked kind, and whether the passage names what the question names. */
function wordFeatures(question: string, top: Evidence | undefined, words: string): Of<WordNames> {
  const type = answerTypeOf(question)
  const { title = '', heading = '', text = '' } = top?.passage ?? {}
  const covered = coveredCharacters(question, `${title} ${heading ?? ''} ${text}`)
  return {
    type_absent: holds(type, words) ? 0 : 1,
    type_known: type === 'any' ? 0 : 1,
    characters: covered.share,
    characters_text: coveredCharacters(question, text).share,
    gap: covered.gap,
  }
}

function part(terms: readonly Weighted[], which: (term: Weighted) => boolean): number {
  return mass(terms.filter(which)) / (mass(terms) || 1)
}

/** Where the title says everything, nothing is left to be missing. */
function restCovered(rest: readonly Weighted[], words: ReadonlySet<string>): number {
  return mass(rest) > 0 ? part(rest, ({ term }) => words.has(term)) : 1
}

function mass(terms: readonly Weighted[]): number {
  return terms.reduce((sum, { idf }) => sum + idf, 0)
}

function termSet(text: string): ReadonlySet<string> {
  return new Set(termsOf(text))
}

function share(part: number, of: number): number {
  return of > 0 ? Math.max(-1, Math.min(1, part / of)) : 0
}

/** Only a passage that holds the kind of thing that was asked could be the answer instead. */
function bestRival(evidence: readonly Evidence[], top: Evidence | undefined, type: AnswerType): number {
  const rivals = evidence.filter((each) => each !== top && holds(type, each.passage.text))
  return Math.max(0, ...rivals.map((each) => each.signals['words'] ?? 0))
}

function zScore(scores: readonly number[]): number {
  const rest = scores.slice(1, 20)
  if (rest.length < 3) return 0
  const mean = rest.reduce((sum, each) => sum + each, 0) / rest.length
  const deviation = Math.sqrt(rest.reduce((sum, each) => sum + (each - mean) ** 2, 0) / rest.length)
  return deviation > 1e-9 ? ((scores[0] ?? 0) - mean) / deviation : 0
}

/** The most of the question that stands together in one stretch of the passage. */
function bestWindow(text: string, terms: readonly Weighted[]): number {
  const plain = normalize(text)
  const weights = new Map(terms.map(({ term, idf }) => [term, idf]))
  let best = 0
  for (let from = 0; from === 0 || from < plain.length - windowCharacters / 2; from += windowCharacters / 4) {
    const seen = new Set(termsOf(plain.slice(from, from + windowCharacters)))
    let sum = 0
    for (const [term, idf] of weights) if (seen.has(term)) sum += idf
    best = Math.max(best, sum)
  }
  return best
}
