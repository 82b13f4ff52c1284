import { readFileSync } from 'node:fs'
import type { Found } from '../../retrieval/evidence.ts'
import type { Draft } from '../draft.ts'
import { type FeatureName, type Features, featuresOf } from './features.ts'
import { brokenRule, type Rule } from './rules.ts'

export type ConfidenceModel = {
  readonly version: number
  readonly fittedOn: readonly string[]
  readonly date: string
  readonly bias: number
  readonly features: readonly {
    readonly name: FeatureName
    readonly weight: number
    readonly mean: number
    readonly scale: number
  }[]
  /** Shipped for parks that have not calibrated: cautious over all sets it was fitted on. */
  readonly threshold: number
}

export type Judgement = { readonly confidence: number; readonly rule: Rule | null; readonly features: Features }

const model = JSON.parse(readFileSync(new URL('./model.json', import.meta.url), 'utf8')) as ConfidenceModel // our own file, written by `npm run eval -- --fit`

export const cautiousThreshold = model.threshold

/** A draft that breaks a hard rule is worth no more than this, whatever its scores. */
const ruleCap = 0.02

/** How likely the draft is right, 0…1: a calibrated logistic model over explainable features, capped by hard rules no score may override. */
export function judge(input: { question: string; found: Found; draft: Draft }): Judgement {
  const features = featuresOf(input.question, input.found, input.draft)
  const rule = brokenRule(input.question, input.draft)
  const confidence = probability(features, model)
  return { confidence: rounded(rule === null ? confidence : Math.min(confidence, ruleCap)), rule, features }
}

/** @returns the logistic of the weighted, standardised features */
export function probability(features: Features, of: ConfidenceModel): number {
  const sum = of.features.reduce(
    (total, { name, weight, mean, scale }) => total + (weight * (features[name] - mean)) / scale,
    of.bias,
  )
  return 1 / (1 + Math.exp(-sum))
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
