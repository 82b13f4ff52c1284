/** Raw scores of one passage by signal. A signal that did not find it or cannot score it is absent. */
export type Scored = { readonly id: string; readonly signals: Readonly<Record<string, number>> }

export type Weights = Readonly<Record<string, number>>

/**
 * Weight of each signal once its scores are scaled to 0…1. Raw scores are fused rather than ranks: on policy text rank fusion cost 5 to 10
 * points against the better single signal. With a real model vectors are better on everyday questions, words on exact terms.
 */
export const defaultWeights: Weights = { words: 0.5, vector: 0.5, rerank: 4 }

/**
 * Orders passages by the weighted sum of their scaled scores, best first, ties by id. A score is scaled between the smallest and the
 * largest of its signal in this list; for `words`, whose scores have a true zero, between zero and the largest, so that a lone candidate is
 * worth something. A missing score counts zero.
 * @returns each passage once, with `score` between 0 and 1
 */
export function fuse<T extends Scored>(
  passages: readonly T[],
  weights: Weights = defaultWeights,
): (T & { readonly score: number })[] {
  const present = Object.keys(weights).filter((name) => passages.some((each) => each.signals[name] !== undefined))
  const whole = present.reduce((sum, name) => sum + (weights[name] ?? 0), 0)
  const ranges = new Map(present.map((name) => [name, rangeOf(name, passages)]))
  const scoreOf = (each: T) =>
    present.reduce((sum, name) => sum + (weights[name] ?? 0) * scaled(each.signals[name], ranges.get(name)), 0) / (whole || 1)
  return passages
    .map((each) => ({ ...each, score: scoreOf(each) }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** Share a clause gains from the better of its two neighbours, and from the best of its document. */
const fromNeighbour = 0.1
const fromDocument = 0.2

type Placed = {
  readonly id: string
  readonly score: number
  readonly passage: { readonly documentId: string; readonly position: number; readonly kind: string }
}

/**
 * A clause whose neighbours or document also fit the question is more likely the right one: +1.3 nDCG@10 on policy notices, no loss
 * elsewhere. Only for running text of policies: rows of a table and approved questions stand alone.
 * @returns the passages, best first, scores still between 0 and 1
 */
export function inContext<T extends Placed>(passages: readonly T[]): T[] {
  const at = new Map(passages.map((each) => [`${each.passage.documentId} ${each.passage.position}`, each.score]))
  const best = new Map<string, number>()
  for (const { passage, score } of passages) best.set(passage.documentId, Math.max(score, best.get(passage.documentId) ?? 0))
  const scoreOf = ({ passage, score }: T) => {
    const alone = passage.kind !== 'policy'
    const beside = alone ? [0] : [-1, 1].map((step) => at.get(`${passage.documentId} ${passage.position + step}`) ?? 0)
    const around = alone ? score : (best.get(passage.documentId) ?? 0)
    return (score + fromNeighbour * Math.max(...beside) + fromDocument * around) / (1 + fromNeighbour + fromDocument)
  }
  return passages.map((each) => ({ ...each, score: scoreOf(each) })).toSorted(bestFirst)
}

function bestFirst(
  a: { readonly id: string; readonly score: number },
  b: { readonly id: string; readonly score: number },
): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

type Range = { readonly low: number; readonly high: number }

function rangeOf(name: string, passages: readonly Scored[]): Range {
  const scores = passages.flatMap((each) => each.signals[name] ?? [])
  const high = Math.max(...scores)
  return { low: name === 'vector' ? Math.min(...scores) : Math.min(0, ...scores), high }
}

function scaled(score: number | undefined, range: Range | undefined): number {
  if (score === undefined || range === undefined) return 0
  return range.high > range.low ? (score - range.low) / (range.high - range.low) : 1
}
