import { readFileSync } from 'node:fs'
import type { Found } from '../../retrieval/evidence.ts'
import { shownWhole } from '../compose/extract.ts'
import type { Draft } from '../draft.ts'
import { saidElsewhere } from './asked/said-elsewhere.ts'
import { withoutSubject } from './asked/subject.ts'
import { type Calibration, calibrated, type Threshold, thresholdOf } from './calibration.ts'
import { type Features, featuresOf } from './features.ts'
import { brokenRule, isUnderstood, type Rule } from './rules.ts'
import { type Tree, treeValue } from './trees.ts'

/** Gradient-boosted trees over explainable features, fitted on public development sets. */
export type ConfidenceModel = {
  readonly version: number
  readonly fittedOn: readonly string[]
  readonly date: string
  /** Log odds before anything is known. */
  readonly prior: number
  readonly trees: readonly Tree[]
  /** For parks without a calibration: cautious on each set the model was fitted on, whose passages are plain text. */
  readonly thresholds: readonly Threshold[]
  /** For passages of documents that ingest understood: an addition to the log odds, and separate thresholds. */
  readonly understood: { readonly shift: number; readonly thresholds: readonly Threshold[] }
}

export type Judgement = {
  readonly confidence: number
  readonly rule: Rule | null
  readonly features: Features
  /** Log odds of the shipped model, before a park's calibration and before hard rules. */
  readonly odds: number
  /** Whether the draft rests on a passage of a document that ingest understood. */
  readonly understood: boolean
  /** The least confidence at which this draft may be answered. */
  readonly threshold: number
}

export const shippedModel = JSON.parse(readFileSync(new URL('./model.json', import.meta.url), 'utf8')) as ConfidenceModel // our own file, written by fit-main.ts

/** Confidence of a draft that breaks a hard rule is at most this, whatever its scores. */
const ruleCap = 0.02

/** How confidence is computed: with the park's calibration or as shipped, for a budget of wrong answers. */
export type Standard = { readonly calibration: Calibration | null; readonly budget: number }

/**
 * The probability that a draft is right, 0…1: a calibrated model over explainable features, capped by hard rules that no score may
 * override.
 */
export function judge(input: { question: string; found: Found; draft: Draft }, { calibration, budget }: Standard): Judgement {
  const features = featuresOf(input.question, input.found, input.draft)
  const rule = brokenRule(input.question, input.draft) ?? (otherSubject(input) ? 'subject_absent' : null)
  const known = understood(input.draft)
  const odds = oddsOf(features, shippedModel) + (known ? shippedModel.understood.shift : 0)
  const confidence = probability(calibration === null ? odds : calibrated(odds, features, calibration))
  const threshold = thresholdFor(budget, calibration, known)
  return {
    confidence: rule === null ? confidence : Math.min(confidence, ruleCap),
    rule,
    features,
    odds,
    understood: known,
    threshold,
  }
}

function otherSubject({ question, found, draft }: { question: string; found: Found; draft: Draft }): boolean {
  const cited = draft.cited[0]?.passage
  if (cited === undefined) return false
  if (withoutSubject(question, found.evidence).has(cited.documentId)) return true
  const [shown] = shownWhole(draft, question).quotes
  return (
    shown !== undefined && cited.kind === 'policy' && isUnderstood(cited) && saidElsewhere(question, shown, cited, found.evidence)
  )
}

/**
 * Whether ingest found a clause or document number, or the passage is a record. Then fields, validity and place are known and the hard
 * rules apply.
 */
function understood({ cited }: Draft): boolean {
  const passage = cited[0]?.passage
  return passage !== undefined && (passage.clause !== null || passage.docNo !== null || passage.kind !== 'policy')
}

/** The least confidence for an answer: the park's own threshold, or the cautious one of the shipped model. */
export function thresholdFor(budget: number, calibration: Calibration | null, known = false): number {
  const shipped = known ? shippedModel.understood.thresholds : shippedModel.thresholds
  const own = known ? (calibration?.understood ?? calibration?.thresholds) : calibration?.thresholds
  return thresholdOf(own ?? shipped, budget)
}

/** @returns log odds */
export function oddsOf(features: Features, of: Pick<ConfidenceModel, 'prior' | 'trees'>): number {
  return of.trees.reduce<number>((sum, tree) => sum + treeValue(tree, features), of.prior)
}

/** Log odds → 0…1, rounded to four decimals. */
export function probability(odds: number): number {
  return Math.round(10_000 / (1 + Math.exp(-odds))) / 10_000
}
