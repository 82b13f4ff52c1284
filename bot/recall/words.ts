import type { Texts } from '../../prompts/load.ts'
import { shorten } from '../render.ts'
import type { Cause, RecalledClause } from './detect.ts'

/** `第三条、第五条`; empty when the document has no clauses. */
export const namesOf = (clauses: readonly RecalledClause[]): string =>
  [...new Set(clauses.flatMap(({ clause }) => clause ?? []))].join('、')

/** Why clauses no longer hold; the words for one clause are not those for several. */
export function whatOf(cause: Cause, clauses: number, texts: Texts): string {
  const several = clauses > 1 && (cause === 'changed' || cause === 'expired')
  return texts(several ? `recall_${cause}_several` : `recall_${cause}`)
}

/** What somebody is told unless whoever confirms writes other words: their own question, and only the clauses they were quoted. */
export function standingNotice(
  recall: { readonly cause: Cause; readonly title: string; readonly clauses: readonly RecalledClause[] },
  told: { readonly question: string; readonly passages: readonly string[] },
  texts: Texts,
): string {
  const clauses = recall.clauses.filter((each) => told.passages.includes(each.passage))
  return texts('recall_notice', {
    ...{ question: shorten(told.question, 40), title: recall.title, clause: namesOf(clauses) },
    what: whatOf(recall.cause, clauses.length, texts),
    now: nowOf(clauses, texts),
  })
}

/** What the changed clauses say now, each with its name when there are several. */
function nowOf(clauses: readonly RecalledClause[], texts: Texts): string {
  const changed = clauses.flatMap(({ clause, nowSays }) => (nowSays === null ? [] : [{ clause, text: shorten(nowSays, 200) }]))
  return changed
    .map(({ clause, text }) =>
      clauses.length > 1 && clause !== null ? texts('recall_now_of', { clause, text }) : texts('recall_now', { text }),
    )
    .join('\n')
}
