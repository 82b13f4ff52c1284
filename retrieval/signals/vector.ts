import { letThrough } from '../filter.ts'
import type { Signal } from './signal.ts'

/** Shorter vectors are compared as they are: a sign per axis says too little of them, and they are quick to read. */
export const leastCoded = 256
/** Up to this many passages let through, every code is compared; above, the index of {@link indexCodes} finds the nearest ones. */
export const exactUpTo = 20_000
/** Nearest codes whose whole vectors are compared: among 100,000 vectors in clusters, a third of them filtered out, 50 of an index held .97 of the true ten and 40 held .95. */
const reread = { exact: 200, index: 50 } as const

/**
 * Cosine of the question's and the passage's vector. A whole vector is two kilobytes or more, so its code, a bit per axis, picks whom to
 * compare. Few enough passages let through: all their codes are read, and a filter loses nothing. Many: the approximate index goes on
 * searching until the filter has let enough through (`hnsw.iterative_scan`, set per connection).
 */
export const vector: Signal = {
  name: 'vector',
  contribute: (question, parameter, depth) => {
    if (question.vector === null) return null
    const { values } = question.vector
    // A number of ours, never text: written out, so that the planner sees the partial index of this embedder.
    const embedder = Math.trunc(question.vector.embedder)
    const score = (passage: string) =>
      `(select ${cosine} from passage_vector v where v.passage = ${passage} and v.embedder = ${embedder})`
    const asked = `vector_asked as materialized (
          select whole, whole::halfvec as vector from (select ${parameter(binary(values))}::vector as whole) as given)`
    const [tables, scored] =
      values.length >= leastCoded
        ? [
            `${asked}, ${codeTables(embedder, values.length)}`,
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
function codeTables(embedder: number, dimensions: number): string {
  const code = `(select code from vector_code)`
  return `vector_code as materialized (select binary_quantize(whole) as code, (select passages from filter) > ${exactUpTo} as many from vector_asked),
        vector_coded as materialized (
          (select c.passage from passage_code c join ok on ok.number = c.document
            where not (select many from vector_code) and ${mayCount(embedder)}
            order by c.code <~> ${code} limit ${reread.exact})
          union all
          (select c.passage from passage_code c
            where (select many from vector_code) and ${letThrough('c.document')} and ${mayCount(embedder)}
            order by c.code::bit(${dimensions}) <~> ${code}::bit(${dimensions}) limit ${reread.index}))`
}

/** A vector in the wire's binary form: as text, writing and reading 1,024 figures costs more than a third of the search for them. */
function binary(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * values.length)
  bytes.writeInt16BE(values.length)
  for (let axis = 0; axis < values.length; axis++) bytes.writeFloatBE(values[axis] ?? 0, 4 + 4 * axis)
  return bytes
}
