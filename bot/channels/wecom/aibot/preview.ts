import type { Writer } from '../../base/paced.ts'
import { paced } from '../../base/paced.ts'
import { ChannelError, type ChannelState, type Stream } from '../../channel.ts'
import { taskIdOf } from '../cards.ts'
import { takeSlot } from '../pace.ts'
import { literal, textLimit } from './outgoing.ts'
import type { Socket } from './socket.ts'
import { streamMs, type Turn, type Turns } from './turns.ts'

/** Every frame may count as a message, of which thirty a minute are allowed. */
const everyMs = 2_200
/** The share of those thirty that previews may use; the rest is for what must arrive. */
const mostFrames = 18
/** A silent stream is dropped without notice. */
const aliveMs = 25_000

type Needs = { readonly socket: () => Socket | null; readonly turns: Turns; readonly state: ChannelState }

/**
 * Previews of replies: a stream under the message they answer, each frame the whole text so far, one frame at a time.
 * @param lifeMs when a preview is ended, since the platform would silently stop listening
 */
export function previews(needs: Needs, lifeMs = streamMs - 10_000): (chat: string, key: string) => Stream {
  return (chat, key) => {
    const socket = needs.socket()
    const turn = socket === null ? null : needs.turns.of(chat, socket)
    return paced(everyMs, turn === null ? nowhere : streaming(needs, chat, turn, { id: taskIdOf(key), lifeMs }))
  }
}

const nowhere: Writer = { show: async () => undefined, end: async () => null }

function streaming({ state }: Needs, chat: string, turn: Turn, { id, lifeMs }: { id: string; lifeMs: number }): Writer {
  let latest = ''
  let alive: NodeJS.Timeout | undefined
  let closing: NodeJS.Timeout | undefined
  let closed = false

  async function frame(content: string, finish: boolean): Promise<void> {
    const slot = await state.change(`pace:${chat}`, (stored, now) => takeSlot(stored, now, { what: '', key: '' }, mostFrames))
    if (slot.waitMs > 0 && !finish) throw new ChannelError('rate_limited', 'Enough frames for now', { retryAfterMs: slot.waitMs })
    const first = turn.stream === null
    turn.stream ??= { id, at: Date.now() }
    await turn.socket.ask(
      'aibot_respond_msg',
      { msgtype: 'stream', stream: { id, finish, content, ...(first ? { feedback: { id } } : {}) } },
      turn.reqId,
    )
  }

  /** Ended before the platform silently stops listening; the reply itself is pushed when it comes. */
  async function close(): Promise<void> {
    closed = true
    turn.over = true
    clearInterval(alive)
    await frame(`${latest}\n…`, true).catch(() => undefined)
  }

  return {
    async show(text) {
      if (closed || turn.over) return
      latest = clipped(literal(text))
      await frame(latest, false)
      alive ??= setInterval(() => void frame(latest, false).catch(() => undefined), aliveMs)
      closing ??= setTimeout(() => void close(), lifeMs)
    },
    async end() {
      clearInterval(alive)
      clearTimeout(closing)
      return turn.stream === null || closed ? null : id
    },
  }
}

function clipped(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= textLimit
    ? text
    : `${bytes
        .subarray(0, textLimit - 10)
        .toString()
        .replace(/\u{fffd}+$/u, '')}…`
}
