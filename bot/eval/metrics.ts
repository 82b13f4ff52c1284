/** One judged question; `mass` weights the answerable and the unanswerable file to their agreed shares. */
export type Judged = {
  readonly confidence: number
  readonly right: boolean
  readonly answerable: boolean
  readonly mass: number
  readonly answered: boolean
}

/** The part of a gold answer that counts, and the share of its character pairs that must be shown. */
const goldCharacters = 150
const goldShare = 0.8

/** @returns whether the shown text holds the gold answer: at least 80 % of its character bigrams (gold cut at 150 characters) */
export function holdsGold(shown: string, gold: string): boolean {
  const plain = (text: string) => [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{P}]/gu, ''),
  ]
  const want = plain(gold).slice(0, goldCharacters)
  const have = plain(shown).join('')
  if (want.length === 0) return false
  if (want.length === 1) return have.includes(want[0] ?? '')
  const pairs = want.slice(1).map((character, index) => `${want[index]}${character}`)
  return pairs.filter((pair) => have.includes(pair)).length >= goldShare * pairs.length
}

/**
 * Means over the queries that have a relevant passage, as usual; the others say nothing about ranking.
 * @param ranks for each query the 1-based ranks of its relevant passages in the list
 * @param relevant how many it has in all
 */
export function ranking(asked: readonly { readonly ranks: readonly number[]; readonly relevant: number }[]): {
  hit1: number
  recall5: number
  recall10: number
  mrr10: number
  ndcg10: number
} {
  const queries = asked.filter(({ relevant }) => relevant > 0)
  const mean = (of: (query: { ranks: readonly number[]; relevant: number }) => number) =>
    queries.reduce((sum, query) => sum + of(query), 0) / Math.max(1, queries.length)
  const within = (k: number) => mean(({ ranks, relevant }) => ranks.filter((rank) => rank <= k).length / Math.max(1, relevant))
  return {
    hit1: mean(({ ranks }) => (ranks.includes(1) ? 1 : 0)),
    recall5: within(5),
    recall10: within(10),
    mrr10: mean(({ ranks }) => Math.max(0, ...ranks.filter((rank) => rank <= 10).map((rank) => 1 / rank))),
    ndcg10: mean(({ ranks, relevant }) => {
      const best = gainOf(Array.from({ length: relevant }, (_, index) => index + 1))
      return gainOf(ranks) / Math.max(best, 1e-9)
    }),
  }
}

/** Discounted cumulative gain of the first ten. @param ranks from 1, of what is relevant */
export function gainOf(ranks: readonly number[]): number {
  return ranks.filter((rank) => rank <= 10).reduce((sum, rank) => sum + 1 / Math.log2(rank + 1), 0)
}

/** Probability that a right answer is rated above a wrong one, ties count half; 0.5 when there is only one kind. */
export function auroc(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence)
  let wrongBelow = 0
  let area = 0
  for (let index = 0; index < sorted.length; ) {
    let next = index
    let right = 0
    let wrong = 0
    while (next < sorted.length && sorted[next]?.confidence === sorted[index]?.confidence) {
      if (sorted[next]?.right) right += sorted[next]?.mass ?? 0
      else wrong += sorted[next]?.mass ?? 0
      next += 1
    }
    area += right * (wrongBelow + wrong / 2)
    wrongBelow += wrong
    index = next
  }
  const rights = judged.reduce((sum, each) => sum + (each.right ? each.mass : 0), 0)
  return rights > 0 && wrongBelow > 0 ? area / (rights * wrongBelow) : 0.5
}

export type CurvePoint = {
  readonly threshold: number
  readonly coverage: number
  readonly answerableCoverage: number
  readonly risk: number
}

/** The risk–coverage curve: for every threshold the share answered and the share of these that is wrong, most confident first. */
export function curve(judged: readonly Judged[]): CurvePoint[] {
  const sorted = judged.filter(({ mass }) => mass > 0).sort((a, b) => b.confidence - a.confidence)
  const total = judged.reduce((sum, each) => sum + each.mass, 0) || 1
  const answerable = judged.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) || 1
  let answered = 0
  let wrong = 0
  let ofAnswerable = 0
  const points: CurvePoint[] = []
  for (const [index, each] of sorted.entries()) {
    answered += each.mass
    if (!each.right) wrong += each.mass
    if (each.answerable) ofAnswerable += each.mass
    if (sorted[index + 1]?.confidence === each.confidence) continue
    points.push({
      threshold: each.confidence,
      coverage: answered / total,
      answerableCoverage: ofAnswerable / answerable,
      risk: wrong / answered,
    })
  }
  return points
}

/** Area under the risk–coverage curve: mean risk over all coverages. */
export function aurc(points: readonly CurvePoint[]): number {
  let before = 0
  return points.reduce((sum, point) => {
    const step = point.coverage - before
    before = point.coverage
    return sum + point.risk * step
  }, 0)
}

/**
 * The largest share of the answerable questions answered at a threshold where at most `budget` of the answers are wrong. Questions without
 * a draft, or refused by a rule, have confidence 0 and are answered at no threshold.
 */
export function coverageAt(points: readonly CurvePoint[], budget: number): number {
  const reached = points.filter((point) => point.threshold > 0 && point.risk <= budget)
  return Math.max(0, ...reached.map((point) => point.answerableCoverage))
}

/** Expected calibration error over ten bins of equal width. */
export function ece(judged: readonly Judged[], bins = 10): number {
  const total = judged.reduce((sum, each) => sum + each.mass, 0) || 1
  let error = 0
  for (let bin = 0; bin < bins; bin += 1) {
    const inside = judged.filter((each) => Math.min(bins - 1, Math.floor(each.confidence * bins)) === bin)
    const mass = inside.reduce((sum, each) => sum + each.mass, 0)
    if (mass === 0) continue
    const confidence = inside.reduce((sum, each) => sum + each.confidence * each.mass, 0) / mass
    const right = inside.reduce((sum, each) => sum + (each.right ? each.mass : 0), 0) / mass
    error += (Math.abs(confidence - right) * mass) / total
  }
  return error
}
