import { shown } from '../answer/outcome.ts'
import type { Answered, AnswererDeps, Asking } from '../answer.ts'
import { touchesAny } from '../control/topics.ts'
import { isSensitive } from '../converse/sensitive.ts'

/** What takes place in the park is told from its records; the usual road has no part in it, except that staff may have switched it off. */
export async function onAgenda(
  deps: Pick<AnswererDeps, 'agenda' | 'closedTopics'>,
  asking: Asking,
  standalone: string,
): Promise<Partial<Answered> | null> {
  const { question, language, asOf, closedTopics } = asking
  if (isSensitive(question)) return null
  const draft = await deps.agenda({ questions: [...new Set([question, standalone])], language, asOf })
  if (draft === null) return null
  const closed = closedTopics ?? (await deps.closedTopics())
  return touchesAny(closed, [question, standalone]) ? { reason: 'sensitive' } : shown({ do: 'answer' }, draft, [])
}
