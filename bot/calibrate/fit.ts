import { type BoostRow, boost } from '../eval/boost.ts'
import { type Calibration, calibrated, never, shippedOdds, type Threshold } from '../judge/calibration.ts'
import { type FeatureName, type Features, featureNames, featureTable } from '../judge/features.ts'
import { upperBound } from './bound.ts'

/** A labelled question with the bot's judgement of it. */
export type Labelled = {
  readonly id: string
  readonly features: Features
  /** Log odds of the shipped model. */
  readonly odds: number
  readonly right: boolean
  readonly answerable: boolean
  /** The draft rests on a document that ingest understood. */
  readonly understood: boolean
  /** The question is about another subject altogether. */
  readonly foreign: boolean
  /** Only the threshold can keep it from being answered. */
  readonly mayAnswer: boolean
  readonly mass: number
}

/** Budgets for which a threshold is stored, so that ERROR_BUDGET can change without a new calibration. */
export const budgets = [0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2] as const
const folds = 10
/** The measured rate must lie within the budget; the true rate may exceed it by this much, and by more with at most this probability. */
export const tolerance = 0.02
const doubt = 0.1
/**
 * The measured rate is too favourable: a threshold is chosen where the curve dips, the more so among few answers, and the shipped model may
 * know the questions. With n answers it must stay this much over √n below the budget, but never below half of it.
 */
const flattery = 0.14
/** What is more likely wrong than right is not said, however large the budget. */
const leastSure = 0.5
/**
 * A handful of right answers proves nothing, and neither does the tip of the curve: where fewer than a tenth of the questions could be
 * answered, the threshold was chosen by luck and its rate was seldom met again.
 */
const leastAnswered = 60
const leastShare = 0.1
/**
 * At most this share of the questions on other subjects is answered: half of what is promised, since it is measured on a hundred or two.
 */
const mostForeign = 0.005
/** With fewer labelled questions only the threshold is fitted. */
const leastForTrees = 150

/**
 * Fits a correction of the shipped model, and for each budget the lowest threshold whose wrong answers, on questions the correction was not
 * fitted on, stay within it by a finite-sample bound.
 */
export function fitCalibration(labelled: readonly Labelled[], model: number): Calibration {
  const blind = outOfFold(labelled)
  return { ...corrected(labelled), model, thresholds: budgets.map((budget) => boundedThreshold(blind, budget)) }
}

export type Scored = Pick<Labelled, 'right' | 'answerable' | 'mass' | 'foreign' | 'understood'> & { readonly confidence: number }

/** Confidence of each question from a correction that never saw it; 0 where a rule forbids an answer. */
export function outOfFold(labelled: readonly Labelled[]): Scored[] {
  const fold = new Map(labelled.map((each, index) => [each, index % folds]))
  return Array.from({ length: folds }, (_, k) => k).flatMap((k) => {
    const correction = corrected(labelled.filter((each) => fold.get(each) !== k))
    return labelled
      .filter((each) => fold.get(each) === k)
      .map((each) => ({ ...each, confidence: confidenceOf(each, correction) }))
  })
}

function confidenceOf(each: Labelled, correction: Correction): number {
  if (!each.mayAnswer) return 0
  return 1 / (1 + Math.exp(-calibrated(each.odds, each.features, { ...correction, model: 0, thresholds: [] })))
}

type Correction = Pick<Calibration, 'shift' | 'slope' | 'trees'>

/** Platt scaling of the shipped log odds, then a few shallow trees on the rest. */
function corrected(labelled: readonly Labelled[]): Correction {
  const rows = labelled.filter((each) => each.mayAnswer)
  const line = platt(rows)
  if (rows.length < leastForTrees) return { ...line, trees: [] }
  const names = [shippedOdds, ...featureNames]
  const { prior, trees } = boost(
    rows.map((each): BoostRow & { start: number } => ({
      values: [each.odds, ...featureNames.map((name) => each.features[name])],
      right: each.right,
      mass: each.mass,
      start: line.shift + line.slope * each.odds,
    })),
    {
      names,
      directions: [1, ...featureNames.map((name: FeatureName) => featureTable[name][1])],
      trees: 40,
      depth: 2,
      rate: 0.1,
      ridge: 0.02,
      least: 0.03,
    },
  )
  return { shift: line.shift + prior, slope: line.slope, trees }
}

/** Logistic regression on one number, with a weak prior towards leaving it unchanged. */
function platt(rows: readonly Labelled[]): { shift: number; slope: number } {
  const total = rows.reduce((sum, { mass }) => sum + mass, 0) || 1
  const pull = 2 / Math.max(20, rows.length)
  let [shift, slope] = [0, 1]
  for (let round = 0; round < 50; round += 1) {
    let [g0, g1, h00, h01, h11] = [pull * shift, pull * (slope - 1), pull, 0, pull]
    for (const { odds, right, mass } of rows) {
      const guess = 1 / (1 + Math.exp(-(shift + slope * odds)))
      const error = (mass / total) * (guess - (right ? 1 : 0))
      const bend = (mass / total) * Math.max(1e-6, guess * (1 - guess))
      g0 += error
      g1 += error * odds
      h00 += bend
      h01 += bend * odds
      h11 += bend * odds * odds
    }
    const whole = h00 * h11 - h01 * h01
    const [d0, d1] = [(h11 * g0 - h01 * g1) / whole, (h00 * g1 - h01 * g0) / whole]
    shift -= d0
    slope = Math.max(0.05, slope - d1)
    if (Math.abs(d0) + Math.abs(d1) < 1e-8) break
  }
  return { shift: Number(shift.toPrecision(6)), slope: Number(slope.toPrecision(6)) }
}

/**
 * The lowest threshold whose measured wrong rate is a little within the budget and whose Clopper–Pearson bound is within budget plus
 * tolerance; `never` when there is none. Weights count by their effective sample size.
 */
export function boundedThreshold(scored: readonly Scored[], budget: number): Threshold {
  const foreign = scored.filter((each) => each.foreign).length
  const sorted = scored.filter(({ confidence }) => confidence >= leastSure).toSorted((a, b) => b.confidence - a.confidence)
  const least = Math.max(leastAnswered, leastShare * effectiveSize(scored))
  let [mass, squares, wrong, strangers, best] = [0, 0, 0, 0, never]
  for (const [index, each] of sorted.entries()) {
    mass += each.mass
    squares += each.mass ** 2
    if (!each.right) wrong += each.mass
    if (each.foreign) strangers += 1
    if (sorted[index + 1]?.confidence === each.confidence) continue
    if (strangers > mostForeign * foreign) break
    const size = mass ** 2 / squares
    const within =
      size >= least &&
      wrong / mass <= Math.max(budget - flattery / Math.sqrt(size), budget / 2) &&
      upperBound((wrong / mass) * size, size, doubt) <= budget + tolerance
    if (within) best = each.confidence
  }
  return { budget, threshold: best === never ? never : Math.ceil(best * 1e4) / 1e4 }
}

function effectiveSize(weighed: readonly Scored[]): number {
  const mass = weighed.reduce((sum, each) => sum + each.mass, 0)
  return mass ** 2 / (weighed.reduce((sum, each) => sum + each.mass ** 2, 0) || 1)
}

/** With little data a threshold only rises, and only when the rate measured above it exceeds the budget. */
export function raisedThreshold(scored: readonly Scored[], { budget, threshold }: Threshold): Threshold {
  const sorted = scored.filter(({ confidence }) => confidence >= threshold).toSorted((a, b) => b.confidence - a.confidence)
  let [mass, wrong, best] = [0, 0, never]
  for (const [index, each] of sorted.entries()) {
    mass += each.mass
    if (!each.right) wrong += each.mass
    if (sorted[index + 1]?.confidence !== each.confidence && wrong / mass <= budget) best = each.confidence
  }
  return { budget, threshold: mass === 0 || wrong / mass <= budget ? threshold : best }
}
