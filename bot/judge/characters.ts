import { normalize } from '../../retrieval/text/normalize.ts'
import { questionWords } from '../../retrieval/text/question-words.ts'

export type Covered = {
  /** Share of the question's characters and words that occur in the passage next to one of their neighbours; 0…1. */
  readonly share: number
  /** Longest run that does not, 0…1 (six characters or more = 1): something the passage never names. */
  readonly gap: number
}

const longestGap = 6

/** @returns the runs of characters and the words of a question, without question words */
export function runsOf(question: string): string[] {
  return (
    normalize(question)
      .replace(questionWords, ' ')
      .match(/\p{Script=Han}+|[\p{L}\p{N}.]+/gu) ?? []
  )
}

/**
 * Measures how much of a question a passage covers, character by character. A pair across two words (企业|技术) occurs in no passage and means
 * nothing; here it does no harm when both characters are covered within their own words.
 * @param runs of the question
 * @param plain the passage, normalised
 */
export function coveredCharacters(runs: readonly string[], plain: string): Covered {
  const marks = runs.map((run) => (/^\p{Script=Han}/u.test(run) ? coveredInRun([...run], plain) : [plain.includes(run)]))
  const all = marks.flat()
  const gap = Math.max(0, ...marks.map(longestMiss))
  return { share: all.length === 0 ? 0 : all.filter(Boolean).length / all.length, gap: Math.min(1, gap / longestGap) }
}

/** @returns for each character of a run whether it occurs in the passage next to one of its neighbours */
export function coveredInRun(characters: readonly string[], passage: string): boolean[] {
  if (characters.length === 1) return [passage.includes(characters[0] ?? '')]
  const covered = characters.map(() => false)
  for (let at = 0; at + 1 < characters.length; at += 1) {
    if (passage.includes(`${characters[at]}${characters[at + 1]}`)) covered.fill(true, at, at + 2)
  }
  return covered
}

/** @returns the longest run of characters not covered */
export function longestMiss(marks: readonly boolean[]): number {
  let open = 0
  let longest = 0
  for (const mark of marks) {
    open = mark ? 0 : open + 1
    longest = Math.max(longest, open)
  }
  return longest
}
