import { letThrough } from '../filter.ts'
import type { Signal } from './signal.ts'

/** Shorter vectors are compared whole: one sign per axis says too little about them, and they are quick to read. */
export const leastCoded = 256
/** Up to this many passages let through, every code is compared; above, the index of {@link indexCodes} finds the nearest. */
export const exactUpTo = 20_000
/**
 * How many of the nearest codes have their whole vectors compared: of all codes this many, of those that an index finds this many for each
 * passage wanted. Of 100,000 clustered vectors with a third filtered out, 50 from an index held .96 of the true ten; beside words, statutes
 * ranked the same with 30 as with 50.
 */
const reread = { exact: 200, indexPerWanted: 2.5 } as const

/**
 * Cosine of question and passage vector. Whole vectors are two kilobytes or more, so codes of one bit per axis choose which to compare.
 * When few enough passages are let through all their codes are read, and a filter loses nothing. Otherwise the approximate index searches
 * on until the filter has let enough through (`hnsw.iterative_scan`, set per connection).
 */
export const vector: Signal = {
  name: 'vector',
  contribute: (question, parameter, depth) => {
    if (question.vector === null) return null
    const { values } = question.vector
    // Our own number, never user text: written into the SQL so that the planner sees the partial index of this embedder.
    const embedder = Math.trunc(question.vector.embedder)
    const score = (passage: string) =>
      `(select ${cosine} from passage_vector v where v.passage = ${passage} and v.embedder = ${embedder})`
    const asked = `vector_asked as materialized (
          select whole, whole::halfvec as vector from (select ${parameter(binary(values))}::vector as whole) as given)`
    const [tables, scored] =
      values.length >= leastCoded
        ? [
            `${asked}, ${codeTables(embedder, values.length, Math.ceil(reread.indexPerWanted * depth))}`,
            `select passage, ${score('coded.passage')} as score from vector_coded as coded`,
          ]
        : [asked, exact(embedder)]
    return {
      near: `${tables},
        vector_near as materialized (
          select passage, score from (${scored}) as scored order by score desc, passage limit ${depth})`,
      score: score('p.number'),
    }
  },
}

const cosine = '-(v.vector <#> (select vector from vector_asked))'

const mayCount = (embedder: number) => `c.embedder = ${embedder} and c.passage not in (select number from hidden)`

function exact(embedder: number): string {
  return `select v.passage, ${cosine} as score
            from passage_code c join ok on ok.number = c.document join passage_vector v using (passage, embedder) where ${mayCount(embedder)}`
}

/** Only one of the two branches runs: the other's one-time filter is false. */
function codeTables(embedder: number, dimensions: number, fromIndex: number): string {
  const code = `(select code from vector_code)`
  return `vector_code as materialized (select binary_quantize(whole) as code, (select passages from filter) > ${exactUpTo} as many from vector_asked),
        vector_coded as materialized (
          (select c.passage from passage_code c join ok on ok.number = c.document
            where not (select many from vector_code) and ${mayCount(embedder)}
            order by c.code <~> ${code} limit ${reread.exact})
          union all
          (select c.passage from passage_code c
            where (select many from vector_code) and ${letThrough('c.document')} and ${mayCount(embedder)}
            order by c.code::bit(${dimensions}) <~> ${code}::bit(${dimensions}) limit ${fromIndex}))`
}

/** A vector in binary wire form: as text, writing and parsing 1,024 numbers costs more than a third of the search for them. */
function binary(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * values.length)
  bytes.writeInt16BE(values.length)
  for (let axis = 0; axis < values.length; axis++) bytes.writeFloatBE(values[axis] ?? 0, 4 + 4 * axis)
  return bytes
}
