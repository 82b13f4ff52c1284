import type { Evidence, Found } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { termsOf } from '../../retrieval/text/terms.ts'
import { answerTypeOf, holds } from '../compose/answer-type.ts'
import type { Draft } from '../draft.ts'

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
] as const
export type FeatureName = (typeof featureNames)[number]
export type Features = Readonly<Record<FeatureName, number>>

type Weighted = { readonly term: string; readonly idf: number; readonly documents: number }

/** What can be told about a draft from the question, the passages found and the words shown. Pure: the same online and when fitted. */
export function featuresOf(question: string, found: Found, draft: Draft): Features {
  const terms = found.terms
  const top = draft.cited[0] ?? found.evidence[0]
  const scores = found.evidence.map((each) => each.signals['words'] ?? 0).sort((a, b) => b - a)
  const own = top?.signals['words'] ?? 0
  const whole = mass(terms)
  const title = termSet(`${top?.passage.title ?? ''} ${top?.passage.heading ?? ''}`)
  const text = termSet(top?.passage.text ?? '')
  const shown = termSet(draft.quotes.join('\n'))
  const either = new Set([...title, ...text])
  const pairs = terms.filter(({ term }) => [...term].length > 1)
  const missing = pairs.filter(({ term }) => !either.has(term))
  const type = answerTypeOf(question)
  const rest = terms.filter(({ term }) => !title.has(term))
  const others = found.evidence.filter((each) => each !== top).slice(0, siblings)
  const restOf = (words: ReadonlySet<string>) => (mass(rest) > 0 ? mass(rest.filter(({ term }) => words.has(term))) / mass(rest) : 1)
  const most = Math.max(1e-9, ...terms.map(({ idf }) => idf))
  return {
    score_share: own / (whole * saturation || 1),
    margin_2: share(own - rival(found.evidence, top, 1), own),
    margin_5: share(own - (scores[4] ?? 0), own),
    same_document_2:
      found.evidence[1] !== undefined && found.evidence[1].passage.documentId === found.evidence[0]?.passage.documentId ? 1 : 0,
    z_score: Math.min(6, zScore(scores)),
    coverage: mass(terms.filter(({ term }) => either.has(term))) / (whole || 1),
    text_coverage: mass(terms.filter(({ term }) => text.has(term))) / (whole || 1),
    window: bestWindow(top?.passage.text ?? '', terms) / (whole || 1),
    shown: mass(terms.filter(({ term }) => shown.has(term) || title.has(term))) / (whole || 1),
    pairs: mass(pairs.filter(({ term }) => either.has(term))) / (mass(pairs) || 1),
    heaviest_missing: Math.max(0, ...missing.map(({ idf }) => idf)) / most,
    missing_pairs: missing.length / Math.max(1, pairs.length),
    title_coverage: mass(terms.filter(({ term }) => title.has(term))) / (whole || 1),
    type_absent: holds(type, draft.quotes.join('\n')) ? 0 : 1,
    type_known: type === 'any' ? 0 : 1,
    terms_log: Math.log(1 + terms.length),
    unknown_terms: pairs.filter(({ documents }) => documents === 0).length / Math.max(1, pairs.length),
    shown_is_top: top === found.evidence[0] ? 1 : 0,
    rest_shown: restOf(shown),
    rest_text: restOf(text),
    rest_margin: restOf(text) - Math.max(0, ...others.map(({ passage }) => restOf(termSet(passage.text)))),
  }
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

/** The best score of any other passage. */
function rival(evidence: readonly Evidence[], top: Evidence | undefined, count: number): number {
  const others = evidence.filter((each) => each !== top).map((each) => each.signals['words'] ?? 0)
  return others.sort((a, b) => b - a)[count - 1] ?? 0
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
