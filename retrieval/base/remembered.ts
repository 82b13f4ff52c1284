/**
 * Memoises a pure function of a text, least recently used first out: one question reads the same twenty passages a dozen times. Results are
 * shared, so callers must not change them.
 * @param most how many texts are remembered
 */
export function remembered<Result>(work: (text: string) => Result, most = 500): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) {
      // Order of use matters only when something may have to go soon.
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

/** Longer texts are not passages and would fill the memory. */
const longest = 4_000
