type Ways<Name extends string> = Readonly<Record<Name, (n: number) => Promise<unknown>>>
export type Times = { readonly p50: number; readonly p95: number; readonly p99: number }

const warmUp = 20

/**
 * Runs every way once per question, in turn, so that a busy moment of the machine hits all of them; a different one goes first each time,
 * since the first fetches the pages the others find cached.
 * @returns milliseconds by way
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

/** @returns questions per second with `clients` asking at once */
export async function rateOf(way: (n: number) => Promise<unknown>, questions: number, clients: number): Promise<number> {
  let next = 0
  const started = performance.now()
  const client = async () => {
    while (next < questions) await way(next++)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return Math.round(questions / ((performance.now() - started) / 1000))
}

/** Rates in rounds, each way once a round, so that cache effects and busy minutes hit all. The first round warms up and is left out. */
export async function inRounds<Name extends string>(
  rates: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(rates) as Name[] // the keys of a record are its names
  const all = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const rate = await rates[name]()
      if (round > 0) all.get(name)?.push(rate)
    }
  }
  return Object.fromEntries(all) as Record<Name, number[]>
}

export const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

export const round = (value: number) => Math.round(value * 100) / 100

export function percentiles(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
