type Ways<Name extends string> = Readonly<Record<Name, (n: number) => Promise<unknown>>>
export type Times = { readonly p50: number; readonly p95: number; readonly p99: number }

const warmUp = 20

/**
 * Every way once per question, in turn, so that a busy moment of the machine meets all of them; another one first each time, since the first
 * fetches the pages that the others find. @returns milliseconds by way
 */
export async function inTurn<Name extends string>(ways: Ways<Name>, questions: number): Promise<Record<Name, Times>> {
  const names = Object.keys(ways) as Name[] // the keys of a record are its names
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let n = -warmUp; n < questions; n++) {
    const first = Math.abs(n) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const started = performance.now()
      await ways[name](Math.abs(n))
      if (n >= 0) times.get(name)?.push(performance.now() - started)
    }
  }
  return Object.fromEntries(names.map((name) => [name, percentiles(times.get(name) ?? [])])) as Record<Name, Times>
}

/** @returns questions per second of each way with `clients` asking at once */
export async function manyAtOnce<Name extends string>(
  ways: Ways<Name>,
  questions: number,
  clients: number,
): Promise<Record<Name, number>> {
  const rates: Partial<Record<Name, number>> = {}
  for (const name of Object.keys(ways) as Name[]) {
    let next = 0
    const started = performance.now()
    const client = async () => {
      while (next < questions) await ways[name](next++)
    }
    await Promise.all(Array.from({ length: clients }, client))
    rates[name] = Math.round(questions / ((performance.now() - started) / 1000))
  }
  return rates as Record<Name, number>
}

export function percentiles(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
