import type { Pool } from 'pg'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import type { Weights } from '../../retrieval/fuse.ts'
import type { Calibration } from '../judge/calibration.ts'
import { type Judgement, judge, shippedModel, thresholdFor } from '../judge/judge.ts'
import { weightsOf } from './fusion.ts'
import { calibrations } from './store.ts'

/** The confidence model and threshold in use right now. */
export type Judging = {
  /** For a passage of which nothing is known; each judgement names its own. */
  readonly threshold: number
  readonly judge: (input: Parameters<typeof judge>[0]) => Judgement
  /** How much words and vectors of this model count. */
  readonly weights: (model: string) => Weights
}

/** A new calibration, or a withdrawn one, takes effect within this time. */
const freshMs = 20_000

/**
 * Judges with the park's newest calibration, looked up at most every 20 seconds, so a running bot needs no restart. When the look-up fails,
 * the previous one stays: the answer's own queries will show whether the database is down.
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
  return {
    threshold: thresholdFor(budget, calibration),
    judge: (input) => judge(input, { calibration, budget }),
    weights: (model) => weightsOf(calibration?.fusion, model),
  }
}
