import type { ClientBase } from 'pg'
import { excessOf, recordOutcome } from '../../chain/outcome.ts'
import type { Outgoing } from '../../channels/outgoing.ts'
import { hear, say, sayAtDesk, textsOf, type Work } from '../../converse/work.ts'
import { said } from '../../render.ts'
import { settleEnded } from '../packet/offers.ts'
import type { Person } from '../people.ts'
import type { ActionCode, Outcome, OutcomeDetail, TicketAction } from './action.ts'
import { type ActionContext, audit, moveTurn } from './action-context.ts'
import { outcomeButtons } from './buttons.ts'
import { askSatisfaction } from './closing.ts'
import { learnFrom } from './learning.ts'
import { claim } from './ownership.ts'

/** An internal note; allowed on closed tickets too. */
export function note(context: ActionContext, text: string): ActionCode {
  const { work, row, person } = context
  hear(work, row, { author: 'note', authorName: person.name, text })
  sayAtDesk(work, row, () => said(work.deps.texts.zh('desk_note')))
  return 'done'
}

/** The first reply claims. What was said on the platform itself is only recorded. */
export function reply(context: ActionContext, text: string, wasSaid: boolean): ActionCode {
  const { work, row, person, ticket } = context
  const { deps } = work
  const from = work.ticket?.id === ticket.id ? work.ticket.owner : null
  const waited = work.turn === 'waiting_for_broker'
  if (waited) {
    const code = claim(context)
    if (code !== 'done') return code
  }
  const refused = moveTurn(context, 'replied')
  if (refused !== null) return refused === 'not_owner' && from !== null ? 'taken' : refused
  if (wasSaid) hear(work, row, { author: 'broker', authorName: person.name, text })
  else say(work, row, () => spoken(work, person, text), { author: 'broker', authorName: person.name })
  work.effects.push((tx) => deps.tickets.noteFirstReply(tx, ticket.id))
  return 'done'
}

/** A broker's own words, marked 人工. */
function spoken(work: Work, person: Person, text: string): Outgoing {
  return {
    kind: 'text',
    blocks: [
      { type: 'small', spans: [`【${textsOf(work)('broker_label', { name: person.name })}】`] },
      ...text.split('\n').map((line) => ({ type: 'paragraph' as const, spans: [line] })),
    ],
  }
}

/** Closes at once; the bot has the turn again, and the person is asked how it was. */
export async function close(
  context: ActionContext,
  { outcome, detail }: Extract<TicketAction, { do: 'close' }>,
): Promise<ActionCode> {
  const { work, row, person, ticket } = context
  const { deps } = work
  const over = outcome === undefined || !isTheirs(context) ? null : await excessIn(context, outcome, detail)
  const refused = over ?? moveTurn(context, 'closed')
  if (refused !== null) return refused
  work.effects.push(async (tx) => {
    await deps.tickets.close(tx, ticket.id, 'broker', person.id)
    if (outcome !== undefined) await setOutcome(context, tx, outcome, detail ?? {})
  })
  settleEnded(work, ticket.id)
  learnFrom(context, outcome)
  audit(context, 'ticket_closed', outcome === undefined ? {} : { outcome })
  say(work, row, () => askSatisfaction(textsOf(work), ticket.id))
  const buttons = outcome === undefined ? outcomeButtons(deps.texts.zh, ticket.id) : undefined
  sayAtDesk(work, row, () =>
    said(deps.texts.zh(outcome === undefined ? 'desk_closed_ask' : 'desk_closed', { number: ticket.id }), buttons),
  )
  sayAtDesk(work, row, () => ({ kind: 'close_topic' }))
  work.ticket = null
  work.ownerChat = null // what comes next in the same breath is no longer theirs to read
  return 'done'
}

/** Records the outcome afterwards. */
export async function record(
  context: ActionContext,
  { outcome, detail }: Extract<TicketAction, { do: 'record' }>,
): Promise<ActionCode> {
  const { work, ticket } = context
  if (ticket.state !== 'closed' && work.ticket?.id === ticket.id) return 'not_closed'
  if (!isTheirs(context)) return 'not_owner'
  const over = await excessIn(context, outcome, detail)
  if (over !== null) return over
  work.effects.push((tx) => setOutcome(context, tx, outcome, detail ?? {}))
  learnFrom(context, outcome)
  audit(context, 'outcome_recorded', { outcome })
  return 'done'
}

/** Whose it is, or was last, and leads say what came of a case; of one that nobody took, anybody. */
function isTheirs({ work, person, ticket }: ActionContext): boolean {
  const { owner } = work.ticket?.id === ticket.id ? work.ticket : ticket
  return owner === null || owner === person.id || person.role === 'lead'
}

const excessIn = ({ work, ticket }: ActionContext, outcome: Outcome, detail: OutcomeDetail = {}) =>
  work.deps.read((db) => excessOf(db, ticket.id, outcome, detail))

/** The outcome of the case, and in the same transaction the steps of the chain it means. */
async function setOutcome(context: ActionContext, tx: ClientBase, outcome: Outcome, detail: OutcomeDetail): Promise<void> {
  const { work, person, ticket } = context
  await work.deps.tickets.setOutcome(tx, ticket.id, outcome, detail)
  await recordOutcome(tx, ticket.id, outcome, detail, { person: person.id, actor: `person:${person.id}` })
}

/** Records a broker's verdict on an answer of this conversation. */
export function judge(context: ActionContext, { answer: id, verdict }: Extract<TicketAction, { do: 'verdict' }>): ActionCode {
  const { work, person, ticket } = context
  const { conversation } = ticket
  work.effects.push(async (tx) => {
    await work.deps.verdicts.set(tx, { answer: id, conversation, ticket: ticket.id, person: person.id, verdict })
  })
  audit(context, 'answer_judged', { answer: id, verdict })
  return 'done'
}
