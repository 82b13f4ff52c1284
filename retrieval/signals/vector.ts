import pgvector from 'pgvector/pg'
import type { Signal } from './signal.ts'

/** Nearest passages an exact scan hands on. */
const depth = 60

/**
 * Cosine of the question's and the passage's vector. An exact scan over what the filter lets through: always the true neighbours, quick to
 * about 20,000 passages. An approximate index would go here, per embedder: `create index … using hnsw ((vector::vector(1024)) vector_ip_ops)
 * where embedder = 3`, with the same expression in `order by`.
 */
export const vector: Signal = {
  name: 'vector',
  contribute: (question, parameter) => {
    if (question.vector === null) return null
    const asked = `${parameter(pgvector.toSql([...question.vector.values]))}::vector`
    const embedder = parameter(question.vector.embedder)
    return {
      near: `vector_near as materialized (
          select v.passage
            from passage_vector v join ok on ok.number = v.document
           where v.embedder = ${embedder}::int and v.passage not in (select number from hidden)
           order by v.vector <#> ${asked}, v.passage limit ${depth})`,
      score: `vector_score as materialized (
          select v.passage, -(v.vector <#> ${asked}) as score
            from candidate c join passage_vector v on v.passage = c.passage and v.embedder = ${embedder}::int)`,
    }
  },
}
