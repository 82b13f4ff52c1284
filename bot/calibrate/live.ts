import type { Pool } from 'pg'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Calibration } from '../judge/calibration.ts'
import { type Judgement, judge, shippedModel, thresholdFor } from '../judge/judge.ts'
import { calibrations } from './store.ts'

/** How confidence is told and what is enough of it, at this moment. */
export type Judging = {
  /** Of a passage nothing is known of; each judgement names its own. */
  readonly threshold: number
  readonly judge: (input: Parameters<typeof judge>[0]) => Judgement
}

/** A new calibration, or one taken back, is heard of within this time. */
const freshMs = 20_000

/**
 * Judges with the park's newest calibration, looked up at most every 20 seconds; a running bot needs no restart. When the look-up fails, what
 * held before still holds: the answer's own database work will tell whether a part is down.
 */
export function liveJudging({ pool, budget, log }: { pool: Pool; budget: number; log: Log }): () => Promise<Judging> {
  const kept = calibrations(pool)
  let held = judgingWith(null, budget)
  let until = 0
  return async () => {
    if (performance.now() < until) return held
    until = performance.now() + freshMs
    try {
      const current = await kept.current(shippedModel.version)
      held = judgingWith(current === null ? null : { ...current.content, model: current.model }, budget)
    } catch (error) {
      log('calibration_not_read', errorFields(error))
    }
    return held
  }
}

/** Pure. */
export function judgingWith(calibration: Calibration | null, budget: number): Judging {
  return { threshold: thresholdFor(budget, calibration), judge: (input) => judge(input, { calibration, budget }) }
}
