import type { ClientBase } from 'pg'
import type { Channel } from '../channels/channel.ts'
import { saidBy } from '../channels/plain.ts'
import type { OutboxDeps, OutboxItem, OutboxRow } from '../queue/sending.ts'
import type { Calls } from '../records/calls.ts'
import { courtesy, said, saidAt } from '../render.ts'
import type { Person } from './people.ts'
import { tellCase, tellUnreached, type UnreachedNeeds } from './unreached.ts'
import { callerFor } from './who/caller.ts'

/** The first channel with a place for brokers. */
export function deskOf(channels: readonly Channel[]): string | null {
  return channels.find((channel) => channel.desk !== null)?.desk ?? null
}

/**
 * Where a broker without a part in the topics works: their private chat with the bot, in WeCom's app rather than its AI bot (which cannot
 * write to somebody who has never written to it) rather than Telegram.
 */
export function directChats(channels: readonly Channel[], desk: string | null): (person: Person) => string | null {
  const has = (name: string) => channels.some((channel) => channel.name === name)
  const topics = desk?.slice(0, desk.indexOf(':')) ?? null
  return ({ wecom, telegram }) => {
    if (topics === 'telegram' && telegram !== null) return null
    const channel = ['wecom', 'wecom-aibot'].find(has)
    if (wecom !== null && channel !== undefined) return `${channel}:${wecom}`
    return telegram !== null && has('telegram') ? `telegram:${telegram}` : null
  }
}

/**
 * How the outbox finds a ticket's topic. `ticket:12:topic` opens it, `ticket:12` speaks in it; they are two queues, so that words wait for
 * the topic and a deleted topic can be opened again ahead of them.
 */
export function ticketDelivery(
  deps: UnreachedNeeds & { readonly calls: Calls },
): Pick<OutboxDeps, 'addressOf' | 'onSent' | 'onDead' | 'onHeld' | 'onTopicGone'> {
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

    /** Whatever could not be delivered is reported to somebody who can act on it. */
    async onDead(tx, row, code) {
      return row.body.kind === 'text' && row.body.courtesy === true ? [] : tellUnreached(deps, tx, row, code)
    },

    /** The platform accepts nothing more until the person writes. They are told while one message is left, and a broker telephones. */
    async onHeld(tx, row, code) {
      const open = row.conversation === null ? null : await deps.tickets.openOf(row.conversation, tx)
      const full = code === 'window_full'
      const more: OutboxItem = {
        key: `${row.key}:more`,
        chat: row.chat,
        conversation: row.conversation,
        body: saidAt('more', courtesy(said(deps.texts('more_waiting')))),
      }
      // Once told that there is more, a person without a case will write.
      if (full && open === null) return [more]
      const note = await tellCase(deps, tx, row, `held:${row.resent}`, deps.texts('desk_held', { text: saidBy(row.body) }))
      const call = row.conversation === null ? [] : await askToCall(deps, tx, row, row.conversation)
      return [...(full ? [more] : []), ...note.filter((each) => each.chat !== call[0]?.chat), ...call]
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

type Needs = Parameters<typeof ticketDelivery>[0]

/** On the web desk, and in the private chat of one broker. */
async function askToCall(deps: Needs, tx: ClientBase, row: OutboxRow, conversation: string): Promise<OutboxItem[]> {
  const person = await callerFor(deps, tx, conversation)
  if (!(await deps.calls.add(tx, { conversation, outbox: row.id, person: person?.id ?? null }))) return []
  const chat = person === null ? null : deps.directChat(person)
  const text = deps.texts('desk_call', { who: row.chat, text: saidBy(row.body) })
  return chat === null ? [] : [{ key: `${row.key}:call`, chat, conversation, body: said(text) }]
}

function ticketOf(chat: string): string | null {
  return /^ticket:(\d+)/.exec(chat)?.[1] ?? null
}
