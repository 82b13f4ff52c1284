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
  let busy = false

  async function look(): Promise<void> {
    const recalls = await deps.recalls.look()
    if (recalls > 0) options.log('recalls_proposed', { recalls })
  }

  async function forget(): Promise<void> {
    if (options.retentionDays === undefined) return
    const expired = await expire(pool, deps, new Date(deps.clock().getTime() - options.retentionDays * dayMs))
    if (expired > 0) options.log('words_expired', { conversations: expired })
  }

  const all = [
    ...[() => deps.inbox.mend(), options.plan, options.syncPeople, () => deps.agenda.follow()],
    ...[look, options.announce, forget],
  ]

  /** One after the other; what fails is tried again next time, and the others are done all the same. */
  async function round(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
    for (const step of steps) await step().catch((error: unknown) => options.log('round_failed', errorFields(error)))
  }

  const run = (steps: readonly (() => Promise<unknown>)[]) => {
    if (busy) return // a long round is not overtaken by the next
    busy = true
    running = round(steps).finally(() => {
      busy = false
    })
  }
  return {
    start() {
      run([options.plan])
      timer = setInterval(() => run(all), options.everyMs ?? minuteMs)
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
