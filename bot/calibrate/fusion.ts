import type { Evidence } from '../../retrieval/evidence.ts'
import { defaultWeights, fuse, inContext, type Weights } from '../../retrieval/fuse.ts'
import { gainOf } from '../eval/metrics.ts'
import type { Fusion } from '../judge/calibration.ts'

/** What a question found, unordered, and which of it answers. */
export type Ranked = { readonly evidence: readonly Evidence[]; readonly relevant: (each: Evidence) => boolean }

/** Fewer questions whose answer was found say nothing about the order of what was found. */
const leastRanked = 100
const weights = Array.from({ length: 11 }, (_, step) => step / 10)
/** The gain over what ships must be this many standard errors: one-sided 95 %. */
const sure = 1.645

/** Pure: how much the signals count; what was learned about one model's vectors says nothing about another's. */
export function weightsOf(fusion: Fusion | undefined, model: string): Weights {
  return fusion?.model === model ? { ...defaultWeights, words: 1 - fusion.vector, vector: fusion.vector } : defaultWeights
}

/**
 * Pure: the weight of vectors under which the answers of these questions stand highest (discounted gain of the first ten). How good a
 * model's vectors are differs from library to library, and on rules bare words are sometimes better than both together.
 * @param model the one whose vectors were compared
 * @returns null when there is too little to learn from, or nothing that is surely better than what ships
 */
export function fitFusion(questions: readonly Ranked[], model: string): Fusion | null {
  const found = questions.filter(({ evidence, relevant }) => evidence.some(relevant))
  if (found.length < leastRanked) return null
  const shipped = found.map((each) => gain(each, defaultWeights))
  const tried = weights.map((vector) => {
    const better = found.map((each, at) => gain(each, weightsOf({ model, vector }, model)) - (shipped[at] ?? 0))
    return { vector, mean: meanOf(better), sure: meanOf(better) > sure * errorOf(better) }
  })
  const best = tried.reduce((a, b) => (b.mean > a.mean ? b : a))
  return best.sure ? { model, vector: best.vector } : null
}

function gain({ evidence, relevant }: Ranked, by: Weights): number {
  const candidates = evidence.map(({ passage, signals: { rerank: _, ...signals } }) => ({
    id: passage.id,
    passage,
    signals,
    score: 0,
  }))
  return gainOf(inContext(fuse(candidates, by)).flatMap((each, index) => (relevant(each) ? [index + 1] : [])))
}

const meanOf = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length

function errorOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0)) / values.length
}
