import { number, object } from '../base/loose.ts'
import { ChannelError, type ChannelState } from '../channel.ts'

export type Target = { readonly chat_id: number; readonly message_thread_id?: number }

/** `telegram:-100123#55` → where to send. @throws ChannelError `refused` for anything that is not an address of ours */
export function targetOf(chat: string): Target {
  const [, id, thread] = /^telegram:(-?\d{1,16})(?:#(\d{1,16}))?$/.exec(chat) ?? []
  if (id === undefined) throw new ChannelError('refused', 'Not an address in Telegram')
  return { chat_id: Number(id), ...(thread === undefined ? {} : { message_thread_id: Number(thread) }) }
}

function chatAt(target: Target): string {
  return `telegram:${target.chat_id}${target.message_thread_id === undefined ? '' : `#${target.message_thread_id}`}`
}

/**
 * Groups that became supergroups and so got another id. A conversation keeps its first address: messages from the new one are read as from
 * the old, messages to the old are sent to the new.
 */
export type Moves = {
  load(): Promise<void>
  note(from: number, to: number): Promise<void>
  /** @returns the current id of a chat */
  today(target: Target): Target
  /** @returns the address under which a chat is stored */
  stored(chat: string): string
}

/** @param desk named by the operator with its current id, so it is left alone */
export function groupMoves(state: ChannelState, desk: string | null): Moves {
  const moves = new Map<number, number>()
  return {
    async load() {
      for (const [from, to] of Object.entries(object(await state.get('moved_groups')) ?? {})) {
        const id = number(to)
        if (id !== null) moves.set(Number(from), id)
      }
    },
    async note(from, to) {
      if (from === to || moves.get(from) === to) return
      moves.set(from, to)
      await state.set('moved_groups', Object.fromEntries(moves))
    },
    today(target) {
      return { ...target, chat_id: moves.get(target.chat_id) ?? target.chat_id }
    },
    stored(chat) {
      const target = targetOf(chat)
      const from = String(target.chat_id) === desk ? undefined : [...moves].find(([, to]) => to === target.chat_id)?.[0]
      return from === undefined ? chat : chatAt({ ...target, chat_id: from })
    },
  }
}
