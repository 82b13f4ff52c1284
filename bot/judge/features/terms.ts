import { remembered } from '../../../retrieval/base/remembered.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { termsOf } from '../../../retrieval/text/terms.ts'
import { covered, mass, part, type Read, share, type View, type Weighted } from './view.ts'

const windowCharacters = 80
const none: ReadonlySet<string> = new Set()

/** @returns the terms of more than one character; a single one stands in a text by chance */
export function pairsOf<Term extends { readonly term: string }>(terms: readonly Term[]): Term[] {
  return terms.filter(({ term }) => [...term].length > 1)
}

/** How much of the question, weighted by rarity, stands in the passage, in its title and in the shown words. */
export function termFeatures(view: View) {
  const { terms, top, shown } = view
  const title = top?.title ?? none
  const text = top?.text ?? none
  const pairs = pairsOf(terms)
  const missing = pairs.filter(({ term }) => !title.has(term) && !text.has(term))
  const rest = terms.filter(({ term }) => !title.has(term))
  return {
    coverage: inPassage(terms, top),
    text_coverage: part(terms, ({ term }) => text.has(term)),
    window: bestWindow(top?.evidence.passage.text ?? '', terms) / (mass(terms) || 1),
    shown: part(terms, ({ term }) => shown.has(term) || title.has(term)),
    pairs: inPassage(pairs, top),
    heaviest_missing: heaviest(missing) / Math.max(1e-9, heaviest(terms)),
    heaviest_missing_idf: heaviest(missing) / 10,
    missing_pairs: missing.length / Math.max(1, pairs.length),
    unknown_terms: pairs.filter(({ documents }) => documents === 0).length / Math.max(1, pairs.length),
    rest_shown: covered(rest, shown),
    rest_text: covered(rest, text),
    sentence: bestSentence(view, terms),
    sentence_rest: rest.length === 0 ? 1 : bestSentence(view, rest),
    ...rivalFeatures(view, pairs, rest),
    ...titleFeatures(view),
  }
}

/** Rivals that cover as much of the question, or more. */
function rivalFeatures({ terms, top, others }: View, pairs: readonly Weighted[], rest: readonly Weighted[]) {
  const own = inPassage(pairs, top)
  const theirs = others.map((each) => inPassage(pairs, each))
  return {
    rest_margin: covered(rest, top?.text ?? none) - Math.max(0, ...others.map((each) => covered(rest, each.text))),
    coverage_margin: inPassage(terms, top) - Math.max(0, ...others.map((each) => inPassage(terms, each))),
    rivals: theirs.filter((each) => each >= own - 0.04).length / Math.max(1, others.length),
  }
}

/** Whether the question names the document: what the title says beyond the question makes it another matter. */
function titleFeatures({ terms, asked, top, others }: View) {
  const named = titleNamed(asked, top)
  const title = top?.title ?? none
  return {
    title_coverage: part(terms, ({ term }) => title.has(term)),
    title_named: named,
    title_margin: named - Math.max(0, ...others.map((each) => titleNamed(asked, each))),
    title_rank: share(
      part(terms, ({ term }) => title.has(term)) -
        Math.max(0, ...others.map((each) => part(terms, ({ term }) => each.title.has(term)))),
      1,
    ),
  }
}

function titleNamed(asked: string, read: Read | null): number {
  const own = [...(read?.title ?? none)].filter((term) => [...term].length > 1)
  return own.length === 0 ? 0 : own.filter((term) => asked.includes(term)).length / own.length
}

/** @returns the share of the terms, weighted by rarity, that a passage contains; 0…1 */
export function inPassage(terms: readonly Weighted[], read: Read | null): number {
  return read === null ? 0 : part(terms, ({ term }) => read.title.has(term) || read.text.has(term))
}

function heaviest(terms: readonly Weighted[]): number {
  return Math.max(0, ...terms.map(({ idf }) => idf))
}

/** The most of the question that one sentence covers. */
function bestSentence({ sentences }: View, terms: readonly Weighted[]): number {
  return Math.max(0, ...sentences.map((each) => covered(terms, each.terms)))
}

/** The most of the question within one stretch of the passage. */
export function bestWindow(text: string, terms: readonly Weighted[]): number {
  return Math.max(...windowsOf(text).map((seen) => mass(terms.filter(({ term }) => seen.has(term)))))
}

/** Terms of each stretch of a passage; stretches overlap by three quarters. */
const windowsOf: (text: string) => readonly ReadonlySet<string>[] = remembered((text) => {
  const plain = normalize(text)
  const windows: ReadonlySet<string>[] = []
  for (let from = 0; from === 0 || from < plain.length - windowCharacters / 2; from += windowCharacters / 4)
    windows.push(new Set(termsOf(plain.slice(from, from + windowCharacters))))
  return windows
}, 200)
