import { type Tree, treeValue } from './trees.ts'

/** What a park's own labelled questions taught, on top of the shipped model. */
export type Calibration = {
  /** Version of the shipped model it corrects; another version makes it void. */
  readonly model: number
  readonly shift: number
  readonly slope: number
  readonly trees: readonly Tree[]
  readonly thresholds: readonly Threshold[]
  /** For passages that ingest understood, when they differ from those of all. */
  readonly understood?: readonly Threshold[]
  /** How much vectors count beside words; absent while nothing was learned about it. */
  readonly fusion?: Fusion
}

/** `vector`: weight of the vectors of this model, from 0 to 1; words have the rest. */
export type Fusion = { readonly model: string; readonly vector: number }

/** The least confidence that keeps wrong answers within a budget. */
export type Threshold = { readonly budget: number; readonly threshold: number }

/** Feature name of the shipped model's own log odds. */
export const shippedOdds = 'shipped'

/** @param odds log odds of the shipped model @returns the calibrated ones */
export function calibrated(odds: number, features: Readonly<Record<string, number>>, calibration: Calibration): number {
  const row = { ...features, [shippedOdds]: odds }
  return calibration.trees.reduce<number>((sum, tree) => sum + treeValue(tree, row), calibration.shift + calibration.slope * odds)
}

/** Nothing is answered at this threshold. */
export const never = 1.01

/** Pure: the threshold of a budget. Between two fitted budgets the stricter holds; below all of them nothing is sure enough. */
export function thresholdOf(thresholds: readonly Threshold[], budget: number): number {
  const within = thresholds.filter((each) => each.budget <= budget + 1e-9)
  return within.length === 0 ? never : Math.min(...within.map(({ threshold }) => threshold))
}
