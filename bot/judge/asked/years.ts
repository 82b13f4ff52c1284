import type { Passage } from '../../../retrieval/evidence.ts'
import { canonicalDocumentNumber } from '../../../retrieval/text/document-numbers.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'

/** Years named as such: 2025年, in 2025. */
export function yearsIn(text: string): string[] {
  const plain = normalize(text)
  if (canonicalDocumentNumber(plain) !== null) return []
  return [...plain.matchAll(/(?<!\d)((?:19|20)\d{2})\s*年|\b(?:in|for|of|during|since) ((?:19|20)\d{2})\b/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}

/**
 * Pure: whether a question names a year that its source does not. A rule holds in every year from its first day to its last, whether it
 * names them or not.
 * @param source everything that is known of the passage, normalised
 */
export function yearAbsent(
  question: string,
  source: string,
  { effectiveFrom, effectiveTo }: Pick<Passage, 'effectiveFrom' | 'effectiveTo'>,
): boolean {
  const [from, to] = [effectiveFrom?.slice(0, 4), effectiveTo?.slice(0, 4)]
  const holds = (year: string) => from !== undefined && to !== undefined && from <= year && year <= to
  return !yearsIn(question).every((year) => source.includes(year) || holds(year))
}

/** Pure: whether the quoted words are about another year than the one asked for. */
export function otherYear(question: string, quote: string): boolean {
  const [asked, said] = [yearsIn(question), normalize(quote)]
  const named = said.match(/(?<!\d)20\d{2}(?=\s*年)/g) ?? []
  return asked.length > 0 && named.length > 0 && !asked.some((year) => said.includes(year))
}
