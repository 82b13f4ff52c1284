import type { Texts } from '../../prompts/load.ts'
import type { Channel } from '../channels/channel.ts'
import type { OutboxDeps } from '../outbox.ts'
import { said } from '../render.ts'
import type { Tickets } from './tickets.ts'

/** The first channel with a place for brokers. */
export function deskOf(channels: readonly Channel[]): string | null {
  return channels.find((channel) => channel.desk !== null)?.desk ?? null
}

/**
 * How the outbox finds a ticket's topic. `ticket:12:topic` opens it, `ticket:12` speaks in it; they are two queues, so that
 * words wait for the topic and a topic that was deleted can be opened anew in front of them.
 */
export function ticketDelivery(deps: {
  tickets: Tickets
  desk: () => string | null
  texts: Texts
}): Pick<OutboxDeps, 'addressOf' | 'onSent' | 'onDead' | 'onTopicGone'> {
  return {
    async addressOf(row) {
      const id = ticketOf(row.chat)
      if (id === null) return row.chat
      if (row.body.kind === 'open_topic') return deps.desk()
      return (await deps.tickets.byId(id))?.deskChat ?? null
    },

    async onSent(tx, row, receipt) {
      const id = ticketOf(row.chat)
      if (id === null || row.body.kind !== 'open_topic' || receipt.chat === undefined) return null
      await deps.tickets.setDeskChat(tx, id, receipt.chat)
      return `ticket:${id}`
    },

    /** A broker who writes to somebody who has left is told so. */
    async onDead(tx, row, code) {
      if (code !== 'chat_gone' || row.conversation === null || ticketOf(row.chat) !== null) return []
      const ticket = await deps.tickets.openOf(row.conversation, tx)
      if (ticket === null) return []
      return [
        {
          key: `${row.key}:undelivered`,
          chat: `ticket:${ticket.id}`,
          conversation: row.conversation,
          body: said(deps.texts('desk_undelivered')),
        },
      ]
    },

    async onTopicGone(tx, row) {
      const id = ticketOf(row.chat)
      const ticket = id === null ? null : await deps.tickets.byId(id, tx)
      if (ticket === null) return []
      await deps.tickets.setDeskChat(tx, ticket.id, null)
      const name = deps.texts('desk_topic', { number: ticket.id, need: ticket.need })
      return [
        {
          key: `${row.key}:topic:${row.attempts}`,
          chat: `ticket:${ticket.id}:topic`,
          conversation: row.conversation,
          body: { kind: 'open_topic', name },
        },
      ]
    },
  }
}

function ticketOf(chat: string): string | null {
  return /^ticket:(\d+)/.exec(chat)?.[1] ?? null
}
