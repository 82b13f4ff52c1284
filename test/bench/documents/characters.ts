/** @returns text for comparison: compatibility forms folded, blanks and invisible marks dropped */
export function bare(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200B-\u200F\u2060\uFEFF]/g, '')
}

const mostDifferences = 6_000

/**
 * How many characters of `reference` stand in `found` in the same order: the longest common subsequence, by the greedy algorithm of
 * Myers (1986). Beyond {@link mostDifferences} the texts have little to do with each other, and shared pairs of characters are
 * counted instead.
 */
export function recovered(reference: string, found: string): number {
  const a = [...reference]
  const b = [...found]
  const most = Math.min(a.length + b.length, mostDifferences)
  const reach = new Int32Array(2 * most + 3)
  for (let differences = 0; differences <= most; differences += 1)
    if (step(a, b, { reach, middle: most + 1, differences })) return (a.length + b.length - differences) / 2
  return sharedPairs(a, b)
}

/** One more difference on every diagonal; true when the ends of both texts are reached. */
function step(
  a: readonly string[],
  b: readonly string[],
  { reach, middle, differences }: { reach: Int32Array; middle: number; differences: number },
): boolean {
  const at = (k: number) => reach[middle + k] ?? 0
  for (let k = -differences; k <= differences; k += 2) {
    let x = k === -differences || (k !== differences && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1
    while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
    reach[middle + k] = x
    if (x >= a.length && x - k >= b.length) return true
  }
  return false
}

function sharedPairs(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>()
  for (let at = 0; at + 1 < b.length; at += 1) counts.set(`${b[at]}${b[at + 1]}`, (counts.get(`${b[at]}${b[at + 1]}`) ?? 0) + 1)
  let shared = 0
  for (let at = 0; at + 1 < a.length; at += 1) {
    const left = counts.get(`${a[at]}${a[at + 1]}`) ?? 0
    if (left > 0) shared += 1
    counts.set(`${a[at]}${a[at + 1]}`, left - 1)
  }
  return shared
}
