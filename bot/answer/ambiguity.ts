import type { Found } from '../../retrieval/evidence.ts'
import { questionTermsOf } from '../../retrieval/text/terms.ts'

/** More characters than this name a thing precisely enough to try an answer. */
const longestVague = 4
const mostOptions = 3
/** Many clauses of one document may stand before the first of another that is meant as likely. */
const nearlyAsGood = 0.7

/**
 * A question of one bare word (“补贴”, “人才政策”) fits many documents; asking back beats guessing.
 * @returns the titles it may mean when they are several, otherwise an empty list
 */
export function ambiguity(question: string, found: Found): string[] {
  const characters = new Set(questionTermsOf(question).filter((term) => [...term].length === 1 || /^[a-z]+$/.test(term)))
  if (characters.size === 0 || characters.size > longestVague) return []
  const best = found.evidence[0]?.score ?? 0
  const meant = found.evidence.filter((each) => each.score >= best * nearlyAsGood)
  const titles = [...new Set(meant.map((each) => each.passage.title))]
  return titles.length > 1 ? titles.slice(0, mostOptions) : []
}
