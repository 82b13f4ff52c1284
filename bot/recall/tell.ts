import { say, sayAtDesk, textsOf, type Work } from '../converse/work.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { namesOf, standingNotice } from './words.ts'

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
  const standing = standingNotice(recall, told, texts)
  work.effects.push(async (tx) => {
    await deps.recalls.noteTold(tx, recall.id, work.lane.conversation.id)
  })
  say(work, row, () => said(recall.wording ?? standing, [[{ label: texts('button_human'), data: 'human' }]]))
  if (work.ticket !== null) sayAtDesk(work, row, () => said(deps.texts.zh('desk_recalled', { title: recall.title, clause })))
  work.outcomes.push('recall_told')
}
