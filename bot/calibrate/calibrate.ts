import { type Calibration, never, thresholdOf } from '../judge/calibration.ts'
import { probability, shippedModel } from '../judge/judge.ts'
import { boundedThreshold, budgets, fitCalibration, type Labelled, outOfFold, type Scored } from './fit.ts'

/** What was learnt, what it is expected to do, and whether it had too little to go by. */
export type Made = {
  readonly calibration: Calibration
  /** With too few questions the model is left alone, and thresholds may only rise. */
  readonly tightenedOnly: boolean
  readonly expected: readonly Expected[]
}

/** On labelled questions the calibration had not seen. */
export type Expected = {
  readonly budget: number
  readonly threshold: number
  readonly coverage: number
  readonly wrong_rate: number
}

/** Fewer than these cannot carry a looser threshold. */
export const leastToLoosen = { questions: 200, unanswerable: 30 }
/** Fewer than this say nothing at all. */
export const leastAtAll = 30

/** Pure: calibrates on labelled questions. @param before the thresholds that hold now; with too little data none falls below them */
export function calibrate(labelled: readonly Labelled[], before: Calibration['thresholds']): Made {
  const unanswerable = labelled.filter((each) => !each.answerable).length
  const little = labelled.length < leastToLoosen.questions || unanswerable < leastToLoosen.unanswerable
  if (!little) {
    const calibration = fitCalibration(labelled, shippedModel.version)
    return { calibration, tightenedOnly: false, expected: expectations(labelled, outOfFold(labelled), calibration) }
  }
  const scored = labelled.map((each): Scored => ({ ...each, confidence: each.mayAnswer ? probability(each.odds) : 0 }))
  const thresholds = budgets.map((budget) => ({
    budget,
    threshold: Math.max(boundedThreshold(scored, budget).threshold, thresholdOf(before, budget)),
  }))
  const calibration = { model: shippedModel.version, shift: 0, slope: 1, trees: [], thresholds }
  return { calibration, tightenedOnly: true, expected: expectations(labelled, scored, calibration) }
}

function expectations(labelled: readonly Labelled[], scored: readonly Scored[], { thresholds }: Calibration): Expected[] {
  const answerable = labelled.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) || 1
  return thresholds
    .filter(({ threshold }) => threshold < never)
    .map(({ budget, threshold }) => {
      const answered = scored.filter(({ confidence }) => confidence >= threshold)
      const mass = answered.reduce((sum, each) => sum + each.mass, 0)
      const right = answered.reduce((sum, each) => sum + (each.right ? each.mass : 0), 0)
      const share = (value: number) => Math.round(value * 10_000) / 10_000
      return { budget, threshold, coverage: share(right / answerable), wrong_rate: share(mass === 0 ? 0 : 1 - right / mass) }
    })
}
