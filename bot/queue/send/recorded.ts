import { setTimeout as wait } from 'node:timers/promises'
import { codeOf } from '../../../retrieval/base/errors.ts'
import { errorFields, type Log } from '../../../retrieval/base/log.ts'

const shortestMs = 100
const longestMs = 2_000
/** A statement that the database refuses for what it says is refused again. */
const triesOfRefused = 3
const mostMs = 600_000

/**
 * Writes down what became of a message, for as long as the database is away: whoever sent it is the only one who knows that it was sent.
 * @param stopping when aborted, one more failure is the last
 * @throws what `write` throws, when trying again is of no use
 */
export async function untilRecorded<Result>(
  write: () => Promise<Result>,
  { log, outbox, stopping }: { readonly log: Log; readonly outbox: string; readonly stopping: AbortSignal },
): Promise<Result> {
  const until = performance.now() + mostMs
  for (let tries = 1; ; tries += 1) {
    try {
      return await write()
    } catch (error) {
      if (tries === 1) log('outbox_not_recorded', { outbox, ...errorFields(error) })
      if (stopping.aborted || performance.now() > until || (isRefused(error) && tries >= triesOfRefused)) throw error
      await wait(Math.min(shortestMs * 2 ** (tries - 1), longestMs), undefined, { signal: stopping }).catch(() => undefined)
    }
  }
}

/** About what was asked, not about the server, whose faults (connection, room, read-only, shutdown, conflict) pass. */
function isRefused(error: unknown): boolean {
  return /^(?:(?:2[1-4]|42|XX)[0-9A-Z]{3}|transaction_lost)$/.test(codeOf(error))
}
