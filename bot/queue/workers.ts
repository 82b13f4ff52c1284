import type { EventEmitter } from 'node:events'
import { errorFields, type Log } from '../../retrieval/base/log.ts'

/** Loops that call `step` until nothing is left, then wait for a wake-up or the poll, whichever comes first. */
export type Workers = { start(): void; stop(): Promise<void> }

export function workers(deps: {
  readonly name: string
  /** @returns whether there was something to do */
  readonly step: () => Promise<boolean>
  readonly wake: EventEmitter
  readonly concurrency: number
  /** Poll interval: what another process stored is noticed after this at the latest. */
  readonly pollMs: number
  readonly log: Log
}): Workers {
  let stopping = false
  let loops: Promise<void>[] = []
  const waiting = new Set<() => void>()
  const wakeAll = () => {
    for (const go of waiting) go()
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, deps.pollMs)
      waiting.add(go)
    })
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      const busy = await deps.step().catch((error: unknown) => {
        deps.log('worker_failed', { worker: deps.name, ...errorFields(error) })
        return false
      })
      if (!busy && !stopping) await pause()
    }
  }

  return {
    start() {
      deps.wake.on('work', wakeAll)
      loops = Array.from({ length: deps.concurrency }, loop)
    },
    async stop() {
      stopping = true
      deps.wake.off('work', wakeAll)
      wakeAll()
      await Promise.all(loops)
    },
  }
}
