import type { Tree } from '../judge/trees.ts'

export type BoostRow = {
  readonly values: readonly number[]
  readonly right: boolean
  readonly mass: number
  /** Given log odds to start from; without it the trees start from the share of right answers. */
  readonly start?: number
}
export type BoostOptions = {
  readonly names: readonly string[]
  /** How each feature may move the result: 1 up, -1 down, 0 either way. */
  readonly directions: readonly (-1 | 0 | 1)[]
  readonly trees: number
  readonly depth: number
  readonly rate: number
  readonly ridge: number
  /** Least share of the whole mass in a leaf. */
  readonly least: number
  /** Features that are nearly always 0 but telling otherwise: too rare for a tree to choose, so each gets a step of its own. */
  readonly rare?: readonly string[]
}
export type Boosted = { readonly prior: number; readonly trees: readonly Tree[] }

const mostBins = 24

/** Gradient-boosted trees on the logistic loss that respect the known direction of each feature. Deterministic. */
export function boost(rows: readonly BoostRow[], options: BoostOptions): Boosted {
  const total = rows.reduce((sum, { mass }) => sum + mass, 0)
  const right = rows.reduce((sum, each) => sum + (each.right ? each.mass : 0), 0) / total
  const given = rows.some(({ start }) => start !== undefined)
  const prior = given ? 0 : Math.log(Math.max(right, 1e-6) / Math.max(1 - right, 1e-6))
  const grid = gridOf(rows, options.names.length)
  const scores = Float64Array.from(rows, ({ start }) => start ?? prior)
  const shares = Float64Array.from(rows, ({ mass }) => mass / total)
  const trees: Tree[] = []
  for (let round = 0; round < options.trees; round += 1) {
    const { slopes, bends } = gradients(rows, scores, shares)
    const growth: Growth = { grid, slopes, bends, scores, options, shares }
    const all = Int32Array.from(rows.keys())
    trees.push(grow(growth, all, options.depth, { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }))
  }
  return { prior, trees: [...trees, ...(options.rare ?? []).map((name) => flag(rows, scores, shares, options, name))] }
}

const flagRounds = 12
const flagRidge = 0.0003

/** One step: what it adds where the feature is above 0, in its known direction, on top of all trees and earlier flags. */
function flag(rows: readonly BoostRow[], scores: Float64Array, shares: Float64Array, options: BoostOptions, name: string): Tree {
  const feature = options.names.indexOf(name)
  const direction = options.directions[feature] ?? 0
  const raised = [...rows.keys()].filter((index) => (rows[index]?.values[feature] ?? 0) > 0)
  let step = 0
  for (let round = 0; round < flagRounds; round += 1) {
    const { slopes, bends } = gradients(rows, scores, shares)
    const [slope, bend] = [slopes, bends].map((all) => raised.reduce((sum, index) => sum + (all[index] ?? 0), 0))
    const wanted = step + ((slope ?? 0) - flagRidge * step) / ((bend ?? 0) + flagRidge)
    const next = direction === 0 || wanted * direction > 0 ? wanted : 0
    for (const index of raised) scores[index] = (scores[index] ?? 0) + next - step
    step = next
  }
  const high = Number(step.toPrecision(4))
  return { by: name, at: 0, value: 0, low: 0, high }
}

/** First and second derivative of the loss at every row. */
function gradients(rows: readonly BoostRow[], scores: Float64Array, shares: Float64Array) {
  const slopes = new Float64Array(rows.length)
  const bends = new Float64Array(rows.length)
  for (const [index, { right }] of rows.entries()) {
    const guess = 1 / (1 + Math.exp(-(scores[index] ?? 0)))
    slopes[index] = (shares[index] ?? 0) * ((right ? 1 : 0) - guess)
    bends[index] = (shares[index] ?? 0) * Math.max(guess * (1 - guess), 1e-6)
  }
  return { slopes, bends }
}

/** Cut points of every feature and, for every row, its bin. */
type Grid = { readonly cuts: readonly (readonly number[])[]; readonly bins: readonly Uint8Array[] }

function gridOf(rows: readonly BoostRow[], features: number): Grid {
  const cuts: number[][] = []
  const bins: Uint8Array[] = []
  for (let feature = 0; feature < features; feature += 1) {
    const sorted = rows.map(({ values }) => values[feature] ?? 0).sort((a, b) => a - b)
    const points = Array.from({ length: mostBins }, (_, k) => sorted[Math.floor(((k + 1) / (mostBins + 1)) * sorted.length)] ?? 0)
    const own = [...new Set(points)].filter((point) => point < (sorted.at(-1) ?? 0)).map((point) => Number(point.toPrecision(5)))
    cuts.push(own)
    bins.push(Uint8Array.from(rows, ({ values }) => own.filter((cut) => (values[feature] ?? 0) > cut).length))
  }
  return { cuts, bins }
}

type Growth = {
  readonly grid: Grid
  readonly slopes: Float64Array
  readonly bends: Float64Array
  readonly scores: Float64Array
  readonly options: BoostOptions
  /** Share of each row in the whole mass. */
  readonly shares: Float64Array
}
/** Values a subtree may take, so that the direction of a split above also holds below. */
type Bounds = { readonly low: number; readonly high: number }

function grow(growth: Growth, members: Int32Array, depth: number, bounds: Bounds): Tree {
  const { options, grid, slopes, bends, scores } = growth
  const sums = sumsOf(members, slopes, bends)
  const value = leafValue(sums, options, bounds)
  const split = depth === 0 ? null : bestSplit(growth, members, sums, bounds)
  if (split === null) {
    const leaf = Number((value * options.rate).toPrecision(4))
    for (const index of members) scores[index] = (scores[index] ?? 0) + leaf
    return leaf
  }
  const bin = grid.bins[split.feature] ?? new Uint8Array()
  const low = members.filter((index) => (bin[index] ?? 0) <= split.bin)
  const high = members.filter((index) => (bin[index] ?? 0) > split.bin)
  const middle = (split.low + split.high) / 2
  const direction = options.directions[split.feature] ?? 0
  return {
    by: options.names[split.feature] ?? '',
    at: grid.cuts[split.feature]?.[split.bin] ?? 0,
    value: Number((value * options.rate).toPrecision(4)),
    low: grow(growth, low, depth - 1, narrowed(bounds, direction, middle, 'low')),
    high: grow(growth, high, depth - 1, narrowed(bounds, direction, middle, 'high')),
  }
}

function narrowed(bounds: Bounds, direction: -1 | 0 | 1, middle: number, side: 'low' | 'high'): Bounds {
  if (direction === 0) return bounds
  return (direction === 1) === (side === 'low') ? { ...bounds, high: middle } : { ...bounds, low: middle }
}

type Sums = { readonly slope: number; readonly bend: number }

function sumsOf(members: Int32Array, slopes: Float64Array, bends: Float64Array): Sums {
  let slope = 0
  let bend = 0
  for (const index of members) {
    slope += slopes[index] ?? 0
    bend += bends[index] ?? 0
  }
  return { slope, bend }
}

function leafValue({ slope, bend }: Sums, { ridge }: BoostOptions, { low, high }: Bounds): number {
  return Math.max(low, Math.min(high, slope / (bend + ridge)))
}

type Split = {
  readonly feature: number
  readonly bin: number
  readonly gain: number
  readonly low: number
  readonly high: number
}

function bestSplit(growth: Growth, members: Int32Array, whole: Sums, bounds: Bounds): Split | null {
  let best: Split | null = null
  for (let feature = 0; feature < growth.options.names.length; feature += 1) {
    const split = bestOf(growth, feature, members, whole, bounds)
    if (split !== null && split.gain > (best?.gain ?? 1e-9)) best = split
  }
  return best
}

function bestOf(growth: Growth, feature: number, members: Int32Array, whole: Sums, bounds: Bounds): Split | null {
  const { options } = growth
  const direction = options.directions[feature] ?? 0
  const bars = histogram(growth, feature, members)
  const everything = bars.reduce((sum, { mass }) => sum + mass, 0)
  let best: Split | null = null
  let left = { slope: 0, bend: 0, mass: 0 }
  for (const [bin, bar] of bars.slice(0, -1).entries()) {
    left = { slope: left.slope + bar.slope, bend: left.bend + bar.bend, mass: left.mass + bar.mass }
    if (left.mass < options.least || everything - left.mass < options.least) continue
    const right = { slope: whole.slope - left.slope, bend: whole.bend - left.bend }
    const [low, high] = [leafValue(left, options, bounds), leafValue(right, options, bounds)]
    const gain = gainOf(left, options) + gainOf(right, options) - gainOf(whole, options)
    if ((high - low) * direction >= 0 && gain > (best?.gain ?? 0)) best = { feature, bin, gain, low, high }
  }
  return best
}

/** Sums of derivatives and mass over the members in each bin of a feature. Flat arrays: fitting spends its time here. */
function histogram({ grid, slopes, bends, shares }: Growth, feature: number, members: Int32Array): (Sums & { mass: number })[] {
  const bin = grid.bins[feature] ?? new Uint8Array()
  const count = (grid.cuts[feature]?.length ?? 0) + 1
  const sums = new Float64Array(count * 3)
  for (let k = 0; k < members.length; k += 1) {
    const index = members[k] ?? 0
    const at = (bin[index] ?? 0) * 3
    sums[at] = (sums[at] ?? 0) + (slopes[index] ?? 0)
    sums[at + 1] = (sums[at + 1] ?? 0) + (bends[index] ?? 0)
    sums[at + 2] = (sums[at + 2] ?? 0) + (shares[index] ?? 0)
  }
  return Array.from({ length: count }, (_, k) => ({
    slope: sums[k * 3] ?? 0,
    bend: sums[k * 3 + 1] ?? 0,
    mass: sums[k * 3 + 2] ?? 0,
  }))
}

function gainOf({ slope, bend }: Sums, { ridge }: BoostOptions): number {
  return slope ** 2 / (bend + ridge)
}
