import { hashOf } from '../text/terms.ts'
import type { Signal } from './signal.ts'

/** BM25 saturation and length normalisation: a compromise over six development sets; statutes like more of b, notices less, all are flat here. */
const k1 = 0.9
const b = 0.6
/** Postings read to find candidates, rarest terms first. Reading all of them found nothing better among 58,800 statutes, and took ten times as long. */
const budget = 8_000
/** Postings read when those gave too few candidates: the filter lets little through, or the rare terms are very rare. */
const farBudget = 60_000
/** Candidates that are scored with every term of the question. */
const pool = 120

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
      near: `asked as materialized (
          select *, read <= ${budget} or read - passages <= 0 as first
            from (select each.term, each.place, ${k1 + 1}::float8 * each.times * idf as weight, idf, coalesce(c.passages, 0) as passages,
                         ${k1 * b}::float8 * total.passages / greatest(total.length, 1) as slope,
                         sum(coalesce(c.passages, 0)) over (order by coalesce(c.passages, 0), each.place) as read
                    from (select (value ->> 'passages')::float8 as passages, (value ->> 'length')::float8 as length from library_state where name = 'totals') as total
                    cross join unnest(${hashes}::int[], ${times}::int[]) with ordinality as each (term, times, place)
                    left join term_count c using (term)
                    cross join lateral (
                      select ln(1::float8 + (greatest(total.passages - coalesce(c.passages, 0), 0) + 0.5::float8) / (coalesce(c.passages, 0) + 0.5::float8)) as idf) as rarity
                 ) as weighed),
        words_rare as materialized (${read('a.first')}),
        reach as materialized (select case when count(*) < ${pool} then ${farBudget} else ${budget} end as budget from words_rare),
        words_more as materialized (${read('not a.first and a.read <= (select reach.budget from reach)')}),
        words_read as materialized (
          select passage, sum(score) as score from (select * from words_rare union all select * from words_more) as each group by passage),
        words_near as materialized (select passage from words_read order by score desc, passage limit ${pool})`,
      score: `words_score as materialized (
          select c.passage, coalesce(r.score, 0) + coalesce(rest.score, 0) as score
            from candidate c
            left join words_read r using (passage)
            cross join lateral (
              select ${bm25('p')} as score
                from asked a
                cross join lateral (select count, length from posting where term = a.term and passage = c.passage offset 0) p
               where not a.first and a.read > (select reach.budget from reach)) rest)`,
    }
  },
}

/**
 * BM25 over the postings of some of the terms, among what the filter lets through: `is true` makes of it a hash that is built once and asked
 * posting by posting, where a join would be planned anew for every term. Hidden passages go last: they are few, postings are many.
 */
function read(which: string): string {
  return `select passage, score
            from (select p.passage, ${bm25('p')} as score
                    from asked a
                    cross join lateral (
                      select passage, count, length from posting where term = a.term and (document in (select number from ok)) is true offset 0) p
                   where ${which} and a.passages > 0
                   group by p.passage) as scored
           where passage not in (select number from hidden)`
}

/** Constants are float8 and computed once per term: this runs for every posting, and with plain literals Postgres would compute in numeric. */
function bm25(posting: string): string {
  return `sum(a.weight * ${posting}.count / (${posting}.count + ${k1 * (1 - b)}::float8 + a.slope * ${posting}.length))`
}
