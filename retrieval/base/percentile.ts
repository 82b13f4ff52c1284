/** @returns by nearest rank the smallest value that at least this share (0…1) of all values does not exceed; null for an empty list */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
