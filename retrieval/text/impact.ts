/**
 * BM25 over two fields, cut in two: what a passage gives for a term, its impact, is stored with the passage; how rare the term is stays with
 * the question. How soon a repetition says nothing new, how much a long text is marked down, and what a label counts beside a word of the
 * text; fitted on eleven development sets.
 */
const k1 = 0.7
const b = 0.9
const perLabel = 0.75
/** Terms of a usual passage until the library's own average is known (store/documents/upkeep.ts). */
export const firstUsualLength = 500

/** How often a passage holds a term: in its text, and in its labels (title and heading double, number and clause). */
export type Occurrences = { readonly text: number; readonly labels: number }

/**
 * Length marks down what the text says, not its labels: all clauses of a rule bear its title, and the shortest would win by the title
 * alone.
 * @param length terms of the passage, labels included
 * @param usual terms of a usual passage of its library
 * @returns between 0 and {@link k1} + 1
 */
export function impactOf({ text, labels }: Occurrences, length: number, usual: number): number {
  const weighed = perLabel * labels + text / (1 - b + (b * length) / usual)
  return ((k1 + 1) * weighed) / (weighed + k1)
}

/** pgvector's limits for sparse vectors: length, and non-zero entries. */
const dimensions = 1_000_000_000
const mostPlaces = 16_000

/** The index of a term's hash in a sparse vector, from 1. */
const placeOf = (hash: number) => ((hash >>> 0) % dimensions) + 1
/** SQL: the same place as {@link placeOf}. */
export const placeSql = (hash: string) => `((${hash}::bigint & 4294967295) % ${dimensions} + 1)`

/** Impacts of all terms of a passage, by hash, as a `sparsevec`: one inner product with the question's rarities is its BM25 score. */
export function impactsOf(terms: ReadonlyMap<number, Occurrences>, length: number, usual: number): string {
  const places = new Map<number, number>()
  for (const [hash, occurrences] of terms) {
    const place = placeOf(hash)
    places.set(place, Math.max(impactOf(occurrences, length, usual), places.get(place) ?? 0))
  }
  return sparse([...places].slice(0, mostPlaces).map(([place, impact]) => `${place}:${impact.toPrecision(6)}`))
}

const sparse = (places: readonly string[]) => `{${places.join(',')}}/${dimensions}`

/** SQL: a sparse vector of `weight` by `term` (hashes) from the rows of a table. */
export function sparseSql(table: string): string {
  return `(select ('{' || string_agg(place || ':' || weight, ',') || '}/${dimensions}')::sparsevec
             from (select ${placeSql('term')} as place, sum(weight) as weight from ${table} group by 1) as placed)`
}
