/**
 * A pure function of a text that remembers its last results: what a passage says does not change, and one question looks at the same passages
 * a dozen times. Results are shared, so nobody may change them.
 * @param most how many texts are remembered; the one not asked for the longest goes first
 */
export function remembered<Result>(work: (text: string) => Result, most = 500): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) {
      // Only where something may soon have to go does it matter what was asked for last.
      if (known.size > most / 2) {
        known.delete(text)
        known.set(text, before)
      }
      return before
    }
    const result = work(text)
    if (text.length > longest) return result
    known.set(text, result)
    for (const oldest of known.keys()) {
      if (known.size <= most) break
      known.delete(oldest)
    }
    return result
  }
}

/** Longer texts are not passages, and would fill the memory. */
const longest = 4_000
