import { type Calibration, type Threshold, thresholdOf } from '../judge/calibration.ts'
import { probability, shippedModel } from '../judge/judge.ts'
import { budgets, fitCalibration, type Labelled, outOfFold, raisedThreshold, type Scored } from './fit.ts'

/** A calibration, its expected effect, and whether there was too little data. */
export type Made = {
  readonly calibration: Calibration
  /** With too few questions the model is left alone, and thresholds may only rise. */
  readonly tightenedOnly: boolean
  readonly expected: readonly Expected[]
}

/** Measured on labelled questions the calibration had not seen. */
export type Expected = {
  readonly budget: number
  readonly threshold: number
  readonly coverage: number
  readonly wrong_rate: number
}

/** Fewer cannot support a looser threshold. */
export const leastToLoosen = { questions: 200, unanswerable: 30 }
/** Fewer teach nothing; nor do questions of which hardly one has an answer: they would only teach silence. */
export const leastAtAll = { questions: 30, answerable: 15 }

/** Pure: whether there is enough to learn anything from. */
export function enough(labelled: readonly Labelled[]): boolean {
  const answerable = labelled.filter((each) => each.answerable).length
  return labelled.length >= leastAtAll.questions && answerable >= leastAtAll.answerable
}

/** The current thresholds, of bare passages and of those ingest understood. */
export type Before = { readonly thresholds: readonly Threshold[]; readonly understood: readonly Threshold[] }

/** Pure: calibrates on labelled questions. @param before with too little data no threshold falls below these */
export function calibrate(labelled: readonly Labelled[], before: Before): Made {
  const unanswerable = labelled.filter((each) => !each.answerable).length
  const little = labelled.length < leastToLoosen.questions || unanswerable < leastToLoosen.unanswerable
  if (!little) {
    const calibration = fitCalibration(labelled, shippedModel.version)
    return { calibration, tightenedOnly: false, expected: expectations(labelled, outOfFold(labelled), calibration) }
  }
  const scored = labelled.map((each) => ({ ...each, confidence: each.mayAnswer ? probability(each.odds) : 0 }))
  const raised = (of: readonly Threshold[], known: boolean) =>
    budgets.map((budget) =>
      raisedThreshold(
        scored.filter((each) => each.understood === known),
        { budget, threshold: thresholdOf(of, budget) },
      ),
    )
  const thresholds = raised(before.thresholds, false)
  const understood = raised(before.understood, true)
  const calibration = { model: shippedModel.version, shift: 0, slope: 1, trees: [], thresholds, understood }
  return { calibration, tightenedOnly: true, expected: expectations(labelled, scored, calibration) }
}

function expectations(labelled: readonly Labelled[], scored: readonly Scored[], calibration: Calibration): Expected[] {
  const answerable = labelled.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) || 1
  const known = calibration.understood ?? calibration.thresholds
  return calibration.thresholds.map(({ budget, threshold }) => {
    const needed = (each: { readonly understood: boolean }) => (each.understood ? thresholdOf(known, budget) : threshold)
    const answered = scored.filter((each) => each.confidence >= needed(each))
    const mass = answered.reduce((sum, each) => sum + each.mass, 0)
    const wrong = answered.reduce((sum, each) => sum + (each.right ? 0 : each.mass), 0)
    const given = answered.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0)
    const share = (value: number) => Math.round(value * 10_000) / 10_000
    return { budget, threshold, coverage: share(given / answerable), wrong_rate: share(mass === 0 ? 0 : wrong / mass) }
  })
}
