import type { IncomingMessage } from '../../message.ts'
import type { Socket } from './socket.ts'

/** A reply is accepted for a day; older ones are pushed, so that nobody finds them under an old question. */
const turnMs = 3_600_000
/** The platform silently ignores a stream after six minutes. */
export const streamMs = 285_000
/** Welcomes and changed cards are accepted for five seconds. */
const momentMs = 4_800
const mostTurns = 2_000

/** A message that waits for a reply under its own id, which dies with its connection. */
export type Turn = {
  readonly reqId: string
  readonly socket: Socket
  readonly message: string
  readonly at: number
  /** The preview that was begun. */
  stream: { readonly id: string; readonly at: number } | null
  /** Used by a reply, or given up. */
  over: boolean
}

/** The messages that still wait for a reply, by chat, and the welcomes beside them. */
export function openTurns(now: () => number = Date.now) {
  const turns = new Map<string, Turn[]>()
  const moments = new Map<string, { readonly socket: Socket; readonly at: number }>()
  const isOpen = (turn: Turn, socket: Socket) => !turn.over && turn.socket === socket && now() - turn.at < turnMs

  return {
    note(message: IncomingMessage, reqId: string, socket: Socket): void {
      if (message.kind === 'entered') {
        moments.set(reqId, { socket, at: now() })
        setTimeout(() => moments.delete(reqId), momentMs).unref()
        return
      }
      if (message.kind === 'button') return
      const kept = (turns.get(message.chat) ?? []).filter((each) => isOpen(each, socket)).slice(-9)
      turns.delete(message.chat)
      turns.set(message.chat, [...kept, { reqId, socket, message: message.externalId, at: now(), stream: null, over: false }])
      const oldest = turns.size > mostTurns ? turns.keys().next().value : undefined
      if (oldest !== undefined) turns.delete(oldest)
    },

    /** @returns where a reply in `chat` may go: to the message it answers, else the last; null when it must be pushed */
    of(chat: string, socket: Socket, replyTo?: string): Turn | null {
      const open = (turns.get(chat) ?? []).filter((each) => isOpen(each, socket) && each.stream === null)
      return open.findLast((each) => each.message === replyTo) ?? open.at(-1) ?? null
    },

    /** @returns the turn of this preview, while the platform still accepts its end */
    streaming(chat: string, socket: Socket, id: string): Turn | null {
      const turn = (turns.get(chat) ?? []).find((each) => each.stream?.id === id)
      return turn !== undefined && isOpen(turn, socket) && now() - (turn.stream?.at ?? 0) < streamMs ? turn : null
    },

    /** @returns whether a welcome may still be sent under this id */
    welcomes: (reqId: string, socket: Socket) => {
      const moment = moments.get(reqId)
      return moment !== undefined && moment.socket === socket && now() - moment.at < momentMs && moments.delete(reqId)
    },
  }
}

export type Turns = ReturnType<typeof openTurns>
