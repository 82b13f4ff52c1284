import type { ChannelState, IncomingMessage, OnBatch } from '../channel.ts'

/** Pages where nobody stores them whole: message by message, and the cursor only after the last. Doubles are dropped by their keys. */
export function pageByPage(onMessage: (message: IncomingMessage) => Promise<void>, state: ChannelState): OnBatch {
  return async ({ messages, moved, also }) => {
    for (const message of messages) await onMessage(message)
    for (const { name, value } of also) await state.set(name, value)
    await state.set(moved.name, moved.to)
  }
}
