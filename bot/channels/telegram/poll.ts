import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { ChannelError } from '../channel.ts'
import type { Call } from './api.ts'

const pollSeconds = 25
const batch = 100
const shortestPauseMs = 500
const longestPauseMs = 30_000

export const allowedUpdates = ['message', 'callback_query', 'my_chat_member']

/**
 * Our own poll loop. telegraf's launch() confirms an update whose handler failed (the question is lost and the bot stops), runs a batch
 * in parallel (two messages of one chat at once), and waits for the slowest handler before it polls again.
 * Here an update is confirmed only by the poll after everything up to it was stored, in order.
 */
export function pollLoop(deps: { call: Call; log: Log; take: (update: unknown) => Promise<void> }): {
  start(): void
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    let offset = 0
    let pause = shortestPauseMs
    while (!stopping.signal.aborted) {
      try {
        const updates = await deps.call(
          'getUpdates',
          { offset, limit: batch, timeout: pollSeconds, allowed_updates: allowedUpdates },
          stopping.signal,
        )
        for (const update of Array.isArray(updates) ? updates : []) {
          await deps.take(update)
          offset = Math.max(offset, idOf(update) + 1)
        }
        pause = shortestPauseMs
      } catch (error) {
        if (stopping.signal.aborted) break
        deps.log('telegram_poll_failed', { pause, ...errorFields(error) })
        if (error instanceof ChannelError && error.code === 'misconfigured') pause = longestPauseMs
        const asked = error instanceof ChannelError ? (error.retryAfterMs ?? 0) : 0
        await sleep(Math.max(asked, pause * (0.75 + Math.random() / 2)), stopping.signal)
        pause = Math.min(pause * 2, longestPauseMs)
      }
    }
    // What was stored last must not come again after a restart.
    if (offset > 0)
      await deps.call('getUpdates', { offset, limit: 1, timeout: 0, allowed_updates: allowedUpdates }).catch(() => {})
  }

  return {
    start() {
      running = run()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

function idOf(update: unknown): number {
  const id = update !== null && typeof update === 'object' && 'update_id' in update ? update.update_id : undefined
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : -1
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
