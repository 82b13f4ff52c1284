import type { Found } from '../../retrieval/evidence.ts'
import { questionTermsOf } from '../../retrieval/text/terms.ts'

/** More characters than this name a thing precisely enough to try an answer. */
const longestVague = 4
const mostOptions = 3

/**
 * A question of one bare word (“补贴”, “人才政策”) fits many documents; asking back beats guessing.
 * @returns the titles it may mean when they are several, otherwise an empty list
 */
export function ambiguity(question: string, found: Found): string[] {
  const characters = new Set(questionTermsOf(question).filter((term) => [...term].length === 1 || /^[a-z]+$/.test(term)))
  if (characters.size === 0 || characters.size > longestVague) return []
  const titles = [...new Set(found.evidence.slice(0, 8).map((each) => each.passage.title))]
  return titles.length > 1 ? titles.slice(0, mostOptions) : []
}
