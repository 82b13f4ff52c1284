import type { Values } from '../../prompts/load.ts'
import { orderInTopic } from '../chain/orders/given.ts'
import type { IncomingMessage } from '../channels/message.ts'
import { nextKey, type Work } from '../converse/work.ts'
import type { InboxRow } from '../queue/lanes.ts'
import { said } from '../render.ts'
import { type Pressed, pressedAction } from './desk/buttons.ts'
import { showChoices } from './desk/choices.ts'
import { saidAction } from './desk/commands.ts'
import { perform } from './desk/perform.ts'
import { wordsOf } from './relay.ts'

/** Words in a ticket's topic. Only registered people act; nobody else's words leave the topic. */
export async function topicSaid(work: Work, row: InboxRow, message: IncomingMessage): Promise<void> {
  const { deps } = work
  const ticket = work.ticket?.deskChat === message.chat ? work.ticket : await deps.tickets.byDeskChat(message.chat)
  if (ticket === null || message.kind === 'topic_reopened') return
  const person = await deps.people.byAccount(message.from.id)
  if (orderInTopic(work, row, message, { person, ticket })) return
  if (person === null || person.role === 'staff') return turnAway(work, row, message, ...unknownSpeaker(message))
  const action = await actionOf(work, message)
  if (action === null) return turnAway(work, row, message, 'desk_unreadable', {})
  const isClosed = ticket.state === 'closed' || work.ticket?.id !== ticket.id
  if (isClosed && (action.do === 'reply' || action.do === 'close'))
    return turnAway(work, row, message, 'desk_already_closed', { number: ticket.id })
  if (action.do === 'heirs' || action.do === 'keep')
    return showChoices(work, row, {
      chat: message.chat,
      person,
      ticket: work.ticket?.id === ticket.id ? work.ticket : ticket,
      what: action.do,
    })
  await perform({ work, row, person, ticket, key: null, tell: message.chat }, action)
}

async function actionOf(work: Work, message: IncomingMessage): Promise<Pressed['action'] | null> {
  if (message.kind === 'button') return pressedAction(message.button ?? '')?.action ?? null
  if (message.kind === 'topic_closed') return { do: 'close' }
  return saidAction(work.deps.people, message.text, message.kind === 'unreadable' ? '' : wordsOf(message))
}

/** A speaker without a registration; an anonymous administrator speaks as the group, which nobody can be registered as. */
function unknownSpeaker(message: IncomingMessage): ['desk_anonymous' | 'desk_not_registered', Values] {
  const id = message.from.id.slice(message.from.id.indexOf(':') + 1)
  return id.startsWith('-') ? ['desk_anonymous', {}] : ['desk_not_registered', { id }]
}

/** Says in the topic why these words went nowhere. Closing a topic by hand needs no reply, and rights never come from the group. */
function turnAway(
  work: Work,
  row: InboxRow,
  message: IncomingMessage,
  why: 'desk_not_registered' | 'desk_anonymous' | 'desk_already_closed' | 'desk_unreadable',
  values: Values,
): void {
  work.outcomes.push(why)
  if (message.kind === 'topic_closed') return
  const key = nextKey(work, row)
  const body = said(work.deps.texts.zh(why, values))
  work.effects.push((tx) =>
    work.deps.outbox.put(tx, [{ key, chat: message.chat, conversation: work.lane.conversation.id, body }]),
  )
}
