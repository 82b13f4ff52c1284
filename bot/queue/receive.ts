import type { ClientBase, Pool } from 'pg'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { Channel, OnBatch } from '../channels/channel.ts'
import { type IncomingMessage, isSpoken } from '../channels/message.ts'
import { moveState } from '../channels/state.ts'
import type { Inbox } from '../inbox.ts'
import type { Outbox } from '../outbox.ts'
import { gathered } from './gather.ts'

/** The entrance of one channel: a message is stored before the channel may acknowledge, and messages held for the person are released. */
export function receiver(deps: {
  readonly pool: Pool
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly channel: Channel
  /** Milliseconds a message may wait for the next one of a burst. */
  readonly settleMsOf: (message: IncomingMessage) => number
}): { onMessage(message: IncomingMessage): Promise<void>; onBatch: OnBatch } {
  const { pool, inbox, outbox, channel, settleMsOf } = deps

  async function storeAll(tx: ClientBase, messages: readonly IncomingMessage[]): Promise<void> {
    for (const message of messages) await inbox.store(channel.name, message, settleMsOf(message), tx)
    if (channel.sessions !== true) return
    const spoken = new Set(messages.filter(isSpoken).map((message) => message.chat))
    for (const chat of spoken) await outbox.release(tx, chat)
  }

  const storeTogether = gathered<IncomingMessage>((messages) =>
    inbox.storeAll(messages.map((message) => ({ channel: channel.name, message, settleMs: settleMsOf(message) }))),
  )

  return {
    async onMessage(message) {
      // What people say to each other in a shared room is not kept.
      if (message.group && !message.addressed) return
      if (channel.sessions === true) await transaction(pool, (tx) => storeAll(tx, [message]))
      else await storeTogether(message)
      wakeAll(deps)
    },

    async onBatch({ messages, moved, also }) {
      await transaction(pool, async (tx) => {
        await moveState(tx, channel.name, moved, also)
        await storeAll(tx, messages)
      })
      wakeAll(deps)
    },
  }
}

function wakeAll({ inbox, outbox }: { inbox: Inbox; outbox: Outbox }): void {
  inbox.wake.emit('work')
  outbox.wake.emit('work')
}
