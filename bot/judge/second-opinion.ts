import type { Verdict } from '../compose/sufficiency.ts'

/** A second opinion can change the decision only near the threshold; elsewhere it would only cost. */
const doubt = { below: 0.35, above: 0.12 }
/** In log odds. A “no” weighs more than a “yes”, because models say yes too easily (NoMIRACL: a third of the time without cause). */
const weight = { sufficient: 0.6, insufficient: -1.5, unknown: 0 }
/** No model raises confidence above this, and none overrides a rule. */
const surest = 0.97

/** Pure: @returns whether a second opinion is worth asking for */
export function inDoubt(confidence: number, threshold: number, rule: string | null): boolean {
  return rule === null && confidence >= threshold - doubt.below && confidence < Math.min(surest, threshold + doubt.above)
}

/** Pure: @returns the confidence after a second opinion; unchanged by an unusable one */
export function agreed(confidence: number, verdict: Verdict, rule: string | null): number {
  if (rule !== null || verdict === 'unknown' || confidence <= 0 || confidence >= 1) return confidence
  const shifted = Math.log(confidence / (1 - confidence)) + weight[verdict]
  const after = 1 / (1 + Math.exp(-shifted))
  return Math.round(Math.max(0, Math.min(verdict === 'sufficient' ? Math.max(surest, confidence) : 1, after)) * 10_000) / 10_000
}
