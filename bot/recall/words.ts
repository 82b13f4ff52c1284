import type { Texts } from '../../prompts/load.ts'
import type { Cause, RecalledClause } from './detect.ts'

/** `第三条、第五条`; empty when the document has no clauses. */
export const namesOf = (clauses: readonly RecalledClause[]): string =>
  [...new Set(clauses.flatMap(({ clause }) => clause ?? []))].join('、')

/** Why clauses no longer hold; the words for one clause are not those for several. */
export function whatOf(cause: Cause, clauses: number, texts: Texts): string {
  const several = clauses > 1 && (cause === 'changed' || cause === 'expired')
  return texts(several ? `recall_${cause}_several` : `recall_${cause}`)
}
