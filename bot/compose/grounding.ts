import { normalize } from '../../retrieval/text/normalize.ts'
import { abridges } from './gate/abridged.ts'
import { otherCalendar } from './gate/dates.ts'
import { figuresTogether, restsOnOneSentence } from './gate/english.ts'
import { factsIn, figuresWrong } from './gate/figures.ts'
import { namesWrong } from './gate/names.ts'
import { scopeWrong } from './gate/scope.ts'
import { mostlyChinese, supported, turnedRound } from './gate/support.ts'
import { wordingWrong } from './gate/wording.ts'
import { sentencesOf as evidenceSentences } from './sentences.ts'

/** Evidence as the model saw it, numbered from 1. */
export type Source = {
  readonly n: number
  readonly text: string
  /** The words of it that were judged to answer; absent where none were. */
  readonly quote?: string
}
export type Removed = { readonly sentence: string; readonly why: string }
export type Grounded = { readonly text: string; readonly citations: readonly number[]; readonly removed: readonly Removed[] }

const longest = 400
/** Nobody reads a longer sentence on a telephone. */
const longestSentence = 240
const mostRead = 4_000

/**
 * Pure: keeps the sentences of a model's text that rest on the evidence and drops the others with a reason. A sentence must cite given
 * passages; each of its figures with unit and limit, dates, document numbers, telephone numbers, links, titles, quotations and
 * organisations must stand in what it cites; it may promise nothing, hold no markup, deny nothing its evidence affirms, and add nothing of
 * its own.
 */
export function grounded(raw: string, sources: readonly Source[], language: 'zh' | 'en'): Grounded {
  const kept: string[] = []
  const removed: Removed[] = []
  const cited = new Set<number>()
  let length = 0
  for (const sentence of sentencesOf(raw.slice(0, mostRead))) {
    const numbers = [...sentence.matchAll(/\[(\d{1,3})\]/g)].map((match) => Number(match[1]))
    const why = overall(sentence, kept, length) ?? sentenceWrong(sentence, numbers, sources, language)
    if (why !== null) {
      removed.push({ sentence, why })
      continue
    }
    kept.push(sentence)
    length += [...sentence].length
    for (const number of numbers) cited.add(number)
  }
  return { text: kept.join(language === 'zh' ? '' : ' '), citations: [...cited].sort((a, b) => a - b), removed }
}

/** What is wrong with a sentence among the others, whatever it says. */
function overall(sentence: string, kept: readonly string[], length: number): 'too_long' | 'repeated' | null {
  if (length + [...sentence].length > longest) return 'too_long'
  return kept.includes(sentence) ? 'repeated' : null
}

/** @returns the complete sentences of a text that is still being written */
export function completePart(raw: string): string {
  const sentences = sentencesOf(raw.slice(0, mostRead))
  return sentences.slice(0, -1).join('\n')
}

/** A citation mark belongs to the sentence before it, on whichever side of the full stop it stands. */
function sentencesOf(raw: string): string[] {
  return raw
    .replace(/\r?\n+/g, '\n')
    .split(/(?<=[。！？!?\n](?:\s*\[\d{1,3}\])*)(?!\s*\[\d)|(?<=\.(?:\s*\[\d{1,3}\])*)\s+(?=[A-Z])/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function sentenceWrong(
  sentence: string,
  numbers: readonly number[],
  sources: readonly Source[],
  language: 'zh' | 'en',
): string | null {
  if (numbers.length === 0) return 'no_citation'
  const own = sources.filter((source) => numbers.includes(source.n))
  if (own.length !== new Set(numbers).size) return 'unknown_citation'
  const words = sentence.replace(/\[\d{1,3}\]/g, '').trim()
  if ([...words].length > longestSentence) return 'too_long'
  return (
    wordingWrong(words, language) ??
    ungrounded(
      words,
      own.map((source) => source.text).join('\n'),
      sources.some(({ quote }) => quote !== undefined) ? own.map(({ quote }) => quote ?? '').join('\n') : undefined,
    )
  )
}

/** Pure: @returns what a sentence says that its evidence does not, or null */
export function ungrounded(words: string, evidence: string, quote?: string): string | null {
  const names = namesWrong(words, evidence)
  if (names !== null) return names
  if (otherCalendar(normalize(words), normalize(evidence))) return 'date'
  const said = factsIn(words)
  const figures = figuresWrong(said, factsIn(evidence))
  if (figures !== null) return figures
  const facts = said.figures.length + said.dates.length
  if (!supported(words, evidence, facts)) return 'unsupported'
  const scope = scopeWrong(words, evidence)
  if (scope !== null) return scope
  if (!saysTheSame(words, evidence, quote ?? evidence)) return 'unsupported'
  // Between Chinese clauses scopeWrong has already compared this.
  return !inChinese(words) &&
    turnedRound(
      words,
      evidenceSentences(evidence).map((each) => each.text),
    )
    ? 'turned_round'
    : null
}

/** In one language word by word; between two only figures can be compared, so they must be those of what was judged to answer. */
function saysTheSame(words: string, evidence: string, quote: string): boolean {
  if (mostlyChinese(words) !== mostlyChinese(evidence)) return figuresTogether(words, quote)
  return mostlyChinese(words) ? abridges(words, evidence) : restsOnOneSentence(words, evidence)
}

function inChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}
