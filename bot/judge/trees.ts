/** A split: rows whose feature `by` is at most `at` go to `low`. `value` is the mean of what lies below, in log odds. */
export type Branch = {
  readonly by: string
  readonly at: number
  readonly value: number
  readonly low: Branch | number
  readonly high: Branch | number
}
export type Tree = Branch | number

/** @returns what one tree adds to the log odds */
export function treeValue(tree: Tree, row: Readonly<Record<string, number>>): number {
  let node = tree
  while (typeof node !== 'number') node = (row[node.by] ?? 0) <= node.at ? node.low : node.high
  return node
}

/**
 * What each feature contributed, in log odds: at every split the change of the mean is credited to its feature. With the means at the roots
 * they sum to the value of all trees.
 */
export function contributionsOf(trees: readonly Tree[], row: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const tree of trees) {
    let node = tree
    while (typeof node !== 'number') {
      const next = (row[node.by] ?? 0) <= node.at ? node.low : node.high
      const after = typeof next === 'number' ? next : next.value
      sums.set(node.by, (sums.get(node.by) ?? 0) + after - node.value)
      node = next
    }
  }
  return sums
}
