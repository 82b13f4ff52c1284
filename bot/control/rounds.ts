import type { Pool } from 'pg'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { ConverseDeps } from '../converse/work.ts'
import { expire } from './retention.ts'

const minuteMs = 60_000
const dayMs = 24 * 3_600_000

/** Recurring work while the bot runs: events that moved, answers that no longer hold, words past their retention, and the weekly list. */
export function rounds(
  pool: Pool,
  deps: ConverseDeps,
  options: {
    readonly retentionDays: number | undefined
    readonly plan: () => Promise<unknown>
    readonly announce: () => Promise<unknown>
    /** The fictional brokers leave with the fictional park, also when it retires while the bot runs. */
    readonly syncPeople: () => Promise<unknown>
    readonly log: Log
    readonly everyMs?: number
  },
): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function round(): Promise<void> {
    await deps.inbox.mend()
    await options.plan()
    await options.syncPeople()
    await deps.agenda.follow()
    const recalls = await deps.recalls.look()
    if (recalls > 0) options.log('recalls_proposed', { recalls })
    await options.announce()
    if (options.retentionDays === undefined) return
    const expired = await expire(pool, deps, new Date(deps.clock().getTime() - options.retentionDays * dayMs))
    if (expired > 0) options.log('words_expired', { conversations: expired })
  }

  const run = (act: () => Promise<unknown>) => {
    running = act().then(
      () => undefined,
      (error: unknown) => options.log('round_failed', errorFields(error)),
    )
  }
  return {
    start() {
      run(options.plan)
      timer = setInterval(() => run(round), options.everyMs ?? minuteMs)
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
