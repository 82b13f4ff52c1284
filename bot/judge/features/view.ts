import { remembered } from '../../../retrieval/base/remembered.ts'
import type { Evidence, Found } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { countsFor, termsOf } from '../../../retrieval/text/terms.ts'
import { sentencesOf } from '../../compose/sentences.ts'
import type { Draft } from '../../draft.ts'

export type Weighted = { readonly term: string; readonly idf: number; readonly documents: number }

/** A passage with its words analysed once. */
export type Read = {
  readonly evidence: Evidence
  readonly title: ReadonlySet<string>
  readonly text: ReadonlySet<string>
  /** Title, heading and text, normalised. */
  readonly plain: string
  /** {@link plain} cut into sentences, roughly. */
  readonly pieces: readonly string[]
  /** The same for the text alone. */
  readonly textPieces: readonly string[]
}

/** The common input of all features: the question, the cited passage, its rivals, and the shown words. */
export type View = {
  readonly question: string
  /** Normalised and without question words. */
  readonly asked: string
  readonly found: Found
  readonly terms: readonly Weighted[]
  readonly top: Read | null
  readonly others: readonly Read[]
  readonly words: string
  readonly shown: ReadonlySet<string>
  /** Normalised sentences of the cited passage. */
  readonly sentences: readonly { readonly text: string; readonly plain: string; readonly terms: ReadonlySet<string> }[]
}

/** Passages further down are not rivals. */
const rivals = 7

export function viewOf(question: string, found: Found, draft: Draft): View {
  const cited = draft.cited[0] ?? found.evidence[0]
  const words = draft.quotes.join('\n')
  return {
    question,
    asked: normalize(question).replace(questionWords, ' '),
    found,
    terms: found.terms,
    top: cited === undefined ? null : readOf(cited),
    others: found.evidence
      .filter((each) => each !== cited)
      .slice(0, rivals)
      .map(readOf),
    words,
    shown: termSet(words),
    sentences: sentencesOf(cited?.passage.text ?? '').map(({ text }) => ({ text, plain: normalize(text), terms: termSet(text) })),
  }
}

/** A question reads the same passages several times; what a passage says does not change. */
const known = new WeakMap<Evidence['passage'], Omit<Read, 'evidence'>>()

export function readOf(evidence: Evidence): Read {
  const { title, heading, text } = evidence.passage
  const above = `${title} ${heading ?? ''}`
  const read = known.get(evidence.passage) ?? {
    title: termSet(above),
    text: termSet(text),
    plain: normalize(`${above} ${text}`),
    pieces: cut(normalize(`${above} ${text}`)),
    textPieces: cut(normalize(text)),
  }
  known.set(evidence.passage, read)
  return { evidence, ...read }
}

const cut = (plain: string) => plain.split(/[。!?;\n]/)

export const termSet: (text: string) => ReadonlySet<string> = remembered((text) => new Set(termsOf(text)))

/** @returns the weight of all terms together */
export function mass(terms: readonly Weighted[]): number {
  return terms.reduce((sum, { term, idf }) => sum + idf * countsFor(term), 0)
}

/** @returns the share of the terms, weighted by rarity, for which `which` holds */
export function part(terms: readonly Weighted[], which: (term: Weighted) => boolean): number {
  return mass(terms.filter(which)) / (mass(terms) || 1)
}

/** Without terms to cover nothing is missing. */
export function covered(terms: readonly Weighted[], words: ReadonlySet<string>): number {
  return mass(terms) > 0 ? part(terms, ({ term }) => words.has(term)) : 1
}

/** @returns value / of, kept within -1…1; 0 when `of` is not positive */
export function share(value: number, of: number): number {
  return of > 0 ? Math.max(-1, Math.min(1, value / of)) : 0
}

/** Raw score of the words signal. */
export function wordsOf(each: Evidence): number {
  return each.signals['words'] ?? 0
}
