import { hashOf } from '../text/terms.ts'
import type { Signal } from './signal.ts'

/** BM25 saturation and length normalisation: a compromise over six development sets; statutes like more of b, notices less, all are flat here. */
const k1 = 0.9
const b = 0.6
/** Postings read to find candidates, rarest terms first; what a library of a few thousand passages holds is read whole. */
const budget = 20_000
/** Candidates that are scored with every term of the question. */
const pool = 200

/**
 * BM25 over characters, pairs of characters and words. The rarer terms are read whole and find the candidates; the frequent ones, which half
 * of all passages hold and which say little, are only looked up for these. The scores are exact either way.
 */
export const words: Signal = {
  name: 'words',
  contribute: ({ terms }, parameter) => {
    if (terms.length === 0) return null
    const hashes = parameter(`{${terms.map((each) => hashOf(each.term)).join(',')}}`)
    const times = parameter(`{${terms.map((each) => each.times).join(',')}}`)
    return {
      near: `total as materialized (
          select passages, greatest(length, 1) / passages as average
            from (select greatest((value ->> 'passages')::float8, 1) as passages, (value ->> 'length')::float8 as length
                    from library_state where name = 'totals') as counted),
        asked as materialized (
          select each.term, each.place, each.times, coalesce(c.passages, 0) as passages,
                 ln(1::float8 + (greatest(total.passages - coalesce(c.passages, 0), 0) + 0.5::float8) / (coalesce(c.passages, 0) + 0.5::float8)) as idf,
                 sum(coalesce(c.passages, 0)) over (order by coalesce(c.passages, 0), each.place) as read
            from total cross join unnest(${hashes}::int[], ${times}::int[]) with ordinality as each (term, times, place) left join term_count c using (term)),
        words_read as materialized (
          select p.passage, ${bm25('a.times * a.idf', 'p')} as score
            from asked a
            cross join total
            cross join lateral (select passage, document, count, length from posting where term = a.term offset 0) p
            join ok on ok.number = p.document
           where ${isRead} and a.passages > 0 and not exists (select from hidden h where h.number = p.passage)
           group by p.passage),
        words_near as materialized (select passage from words_read order by score desc, passage limit ${pool})`,
      score: `words_score as materialized (
          select c.passage, coalesce(r.score, 0) + coalesce(rest.score, 0) as score
            from candidate c
            left join words_read r using (passage)
            cross join lateral (
              select ${bm25('a.times * a.idf', 'p')} as score
                from asked a
                cross join total
                cross join lateral (select count, length from posting where term = a.term and passage = c.passage offset 0) p
               where not (${isRead})) rest)`,
    }
  },
}

/** The rarest term is read even when it is frequent, else a question of frequent words would find nothing. */
const isRead = `(a.read <= ${budget} or a.read - a.passages <= 0)`

/** Everything is float8: with a plain literal Postgres would compute in numeric, ten times slower. */
function bm25(idf: string, posting: string): string {
  return `sum(${idf} * ${posting}.count * ${k1 + 1}::float8 / (${posting}.count + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * ${posting}.length / total.average)))`
}
