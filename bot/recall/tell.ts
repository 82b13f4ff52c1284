import type { Texts } from '../../prompts/load.ts'
import { say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'
import { said, shorten } from '../render.ts'
import type { RecalledClause } from './detect.ts'
import { namesOf, whatOf } from './words.ts'

/** Takes back what this person was told, in the order of their own chat; a second call says nothing. */
export async function tellRecall(work: Work, row: InboxRow, timer: Timer): Promise<void> {
  const { deps } = work
  const recall = await deps.recalls.byId(timer.ticket)
  if (recall === null || recall.state !== 'confirmed') {
    work.outcomes.push('recall_void')
    return
  }
  const told = (await deps.recalls.recipients(recall.id)).find((each) => each.conversation === work.lane.conversation.id)
  if (told === undefined || told.toldAt !== null) {
    work.outcomes.push('recall_told_already')
    return
  }
  const texts = textsOf(work)
  const clauses = recall.clauses.filter((each) => told.passages.includes(each.passage))
  const clause = namesOf(clauses)
  const standing = texts('recall_notice', {
    ...{ question: shorten(told.question, 40), title: recall.title, clause },
    what: whatOf(recall.cause, clauses.length, texts),
    now: nowOf(clauses, texts),
  })
  work.effects.push(async (tx) => {
    await deps.recalls.noteTold(tx, recall.id, work.lane.conversation.id)
  })
  say(work, row, () => said(recall.wording ?? standing, [[{ label: texts('button_human'), data: 'human' }]]))
  if (work.ticket !== null) sayAtDesk(work, row, () => said(deps.texts.zh('desk_recalled', { title: recall.title, clause })))
  work.outcomes.push('recall_told')
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
