import type { ChannelState, OnBatch } from '../channel.ts'
import type { IncomingMessage } from '../message.ts'

/** For callers that cannot store a page as a whole: message by message, then the cursor. Duplicates are dropped by their keys. */
export function pageByPage(onMessage: (message: IncomingMessage) => Promise<void>, state: ChannelState): OnBatch {
  return async ({ messages, moved, also }) => {
    for (const message of messages) await onMessage(message)
    for (const { name, value } of also) await state.set(name, value)
    await state.set(moved.name, moved.to)
  }
}
