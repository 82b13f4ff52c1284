import { documentNumbersIn } from './document-numbers.ts'
import { normalize } from './normalize.ts'
import { numbersIn } from './numbers.ts'
import { questionWords } from './question-words.ts'

export { hashOf } from './hash.ts'

const script = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
/** Runs of characters written without spaces; words and numbers of everything else. */
const run = new RegExp(`([${script}]+)|((?:(?![${script}])[\\p{L}\\p{N}])+(?:\\.\\d+)*)`, 'gu')

/**
 * The terms a text is found by, with repetitions: for Chinese single characters and pairs of neighbours, for the rest words and numbers,
 * and one spelling each for amounts (三百万 and 300万) and document numbers. Deterministic.
 */
export function termsOf(text: string): string[] {
  const normal = normalize(text)
  const terms: string[] = []
  for (const [, characters, word] of normal.matchAll(run)) {
    if (characters !== undefined) pushGrams(terms, characters)
    else if (word !== undefined) pushWord(terms, word)
  }
  pushNumbers(terms, normal)
  for (const { agency, year, serial } of documentNumbersIn(normal)) {
    terms.push(`〔${year}〕${serial}`)
    for (let size = 2; size <= Math.min(agency.length, 6); size++) terms.push(`${agency.slice(-size)}〔${year}〕${serial}`)
  }
  return terms
}

/** {@link termsOf} a question without its question words (什么, 如何, how many), which match everything and mean nothing here. */
export function questionTermsOf(text: string): string[] {
  const stripped = termsOf(normalize(text).replace(questionWords, ' '))
  return stripped.length > 0 ? stripped : termsOf(text)
}

/** Letters and digits only. */
const word = new RegExp(`^(?:(?![${script}])[\\p{L}\\p{N}.])+$`, 'u')

/**
 * How often a term of a question counts. A Chinese word of two or three characters is counted three to five times, by its characters and
 * pairs; a name in letters, a year or an amount is one term that says as much.
 */
export function countsFor(term: string): number {
  return word.test(term) ? 3 : 1
}

function pushGrams(terms: string[], characters: string): void {
  const each = [...characters]
  for (const [index, character] of each.entries()) {
    terms.push(character)
    const next = each[index + 1]
    if (next !== undefined) terms.push(character + next)
  }
}

/** `trl7` is also found by `trl 7`, so mixed words add their parts. */
function pushWord(terms: string[], word: string): void {
  terms.push(word)
  const parts = word.match(/\p{L}+|\d+(?:\.\d+)*/gu) ?? []
  if (parts.length > 1) terms.push(...parts)
}

/** Amounts by value, so that 三百万, 300万 and 3,000,000 are one term; what is already its own word is not counted twice. */
function pushNumbers(terms: string[], normal: string): void {
  for (const { value, text } of numbersIn(normal)) {
    if (text.length > 1 && text !== String(value)) terms.push(String(value))
  }
}
