import type { ActionCode, Outcome, TicketAction } from './action.ts'
import { type ActionContext, audit } from './action-context.ts'

/** Outcomes that mean the person has the answer. */
const answers: ReadonlySet<Outcome> = new Set(['answered', 'policy_applied'])
const shortestAnswer = 12
const linesRead = 100

/** A broker proposes an answer by hand. */
export function learn(context: ActionContext, { question, answer }: Extract<TicketAction, { do: 'faq' }>): ActionCode {
  const { work, person, ticket } = context
  work.effects.push(async (tx) => {
    await work.deps.proposeFaq(tx, { question: withoutContacts(question), answer, author: person.id, ticket: ticket.id })
  })
  audit(context, 'faq_proposed')
  return 'done'
}

/** Proposes what a broker said in a case that ended with an answer, so that nobody has to think of it. */
export function learnFrom(context: ActionContext, outcome: Outcome | undefined): void {
  const { work, person, ticket } = context
  if (outcome === undefined || !answers.has(outcome) || ticket.need === '') return
  const { conversation } = ticket
  work.effects.push(async (tx) => {
    const lines = await work.deps.messages.of(conversation, linesRead, '0', tx)
    const answer = lines
      .filter((line) => line.author === 'broker' && line.at >= ticket.openedAt)
      .map((line) => line.text.replace(/^【[^】]*】\n?/, '').trim())
      .join('\n')
    if ([...answer].length < shortestAnswer) return
    await work.deps.proposeFaq(tx, {
      question: withoutContacts(ticket.need),
      answer,
      author: ticket.owner ?? person.id,
      ticket: ticket.id,
    })
  })
}

/** A contact of one person is no part of a question that others ask too. */
function withoutContacts(text: string): string {
  return text.replace(/(?<!\d)1[3-9]\d{9}(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '').trim()
}
