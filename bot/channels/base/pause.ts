import { setTimeout as wait } from 'node:timers/promises'
import { ChannelError } from '../channel.ts'

const shortestMs = 500
const longestMs = 30_000
/** A revoked token or missing right is fixed by hand; polling faster does not help. */
const misconfiguredMs = 60_000

/** Pauses that grow while something fails, with jitter so that many bots do not return in step. An aborted signal ends them at once. */
export function pauses(signal: AbortSignal) {
  let next = shortestMs
  return {
    reset(): void {
      next = shortestMs
    },
    /** Resolves after the pause that fits the error: at least as long as the platform asked for. */
    async after(error: unknown): Promise<void> {
      const known = error instanceof ChannelError ? error : null
      const least = Math.max(known?.retryAfterMs ?? 0, known?.code === 'misconfigured' ? misconfiguredMs : 0)
      const ms = Math.max(least, next * (0.75 + Math.random() / 2))
      next = Math.min(next * 2, longestMs)
      await wait(ms, undefined, { signal }).catch(() => undefined)
    },
  }
}
