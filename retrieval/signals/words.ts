import { letThrough } from '../filter.ts'
import { sparseSql } from '../text/impact.ts'
import { countsFor, hashOf } from '../text/terms.ts'
import type { Signal } from './signal.ts'

/**
 * Postings read to find candidates, rarest terms first: this many per term of the question, and at least {@link leastBudget}. More when a
 * filter lets less than half through. Half as many again ranked the articles of statutes the same to .0001.
 */
const perTerm = 75
const leastBudget = 1_000
/** Share of that when vectors bring candidates of their own: with so little, words alone lost a hundredth on statutes and nothing elsewhere. */
const besideVectors = 0.5
/** Postings read when those gave too few candidates: the filter lets little through, or the rare terms are very rare. */
const farBudget = 60_000
/**
 * Candidates scored with every term of the question, each a database page to read: this many per term, since rare terms say less about a
 * long question, and at least {@link leastPooled}. Beside vectors the rare terms choose alone: statutes ranked the same.
 */
const pooledPerTerm = 4
const leastPooled = 80
const mostPooled = 300

/**
 * BM25 over characters, pairs of characters and words. Rare terms are read whole and find the candidates; frequent terms, which half of all
 * passages hold, only score them. A candidate's stored impacts make its whole score one inner product.
 */
export const words: Signal = {
  name: 'words',
  contribute: ({ terms, vector }, parameter, depth) => {
    if (terms.length === 0) return null
    const hashes = parameter(`{${terms.map((each) => hashOf(each.term)).join(',')}}`)
    const times = parameter(`{${terms.map((each) => each.times * countsFor(each.term)).join(',')}}`)
    const alone = vector === null
    // A parameter: written into the SQL, every number of terms would be a statement of its own to plan.
    const budget = `${parameter(Math.round((alone ? 1 : besideVectors) * Math.max(leastBudget, perTerm * terms.length)))}::int`
    const pooled = Math.max(2 * depth, leastPooled, Math.min(mostPooled, pooledPerTerm * terms.length))
    const most = `${parameter(alone ? pooled : depth)}::int`
    const score = '-(p.impacts <#> (select weights from asked_weights))'
    // asked: the terms, rarest first. `read` sums up the postings of a term and all rarer ones; `first` is what the budget covers, the
    // rarest term in any case; `wider` stretches the budget when the filter lets less than half through.
    // words_rare: the best by the `first` terms alone. reach: whether that is too few and further terms may be read.
    // words_far: then the best by all terms up to farBudget. words_near: the pool, scored with every term of the question.
    return {
      near: `asked as materialized (
          select *, read <= least(${budget} * wider, ${farBudget}) or read - passages <= 0 as first
            from (select each.term, each.place, each.times * idf as weight, idf, coalesce(c.passages, 0) as passages,
                         greatest(1, total.passages / 2 / greatest(filter.passages, 1)) as wider,
                         sum(coalesce(c.passages, 0)) over (order by coalesce(c.passages, 0), each.place) as read
                    from (select (value ->> 'passages')::float8 as passages from library_state where name = 'totals') as total
                    cross join filter
                    cross join unnest(${hashes}::int[], ${times}::int[]) with ordinality as each (term, times, place)
                    left join term_count c using (term)
                    cross join lateral (
                      select ln(1::float8 + (greatest(total.passages - coalesce(c.passages, 0), 0) + 0.5::float8) / (coalesce(c.passages, 0) + 0.5::float8)) as idf) as rarity
                 ) as weighed),
        asked_weights as materialized (select ${sparseSql('asked')} as weights),
        words_rare as materialized (${read('a.first', most)}),
        reach as materialized (
          select count(*) < ${most} and exists (select from asked where not first and passages > 0 and read <= ${farBudget}) as further from words_rare),
        words_far as materialized (${read(`a.read <= ${farBudget} and (select further from reach)`, most)}),
        words_pool as (select passage from words_rare where not (select further from reach) union all select passage from words_far),
        words_near as materialized (
          ${alone ? `select pool.passage, ${score} as score from words_pool pool join passage p on p.number = pool.passage order by score desc, passage limit ${depth}` : 'select passage, null::float8 as score from words_pool'})`,
      score,
    }
  },
}

/**
 * The best by BM25 over the postings of some terms, among what the filter lets through. The limit without effect keeps it one index look-up
 * per term. Hidden passages are excluded last: they are few, postings are many.
 */
function read(which: string, most: string): string {
  return `select passage
            from (select p.passage, sum(a.weight * p.impact) as score
                    from asked a
                    cross join lateral (
                      select passage, impact from posting where term = a.term and ${letThrough('document')} offset 0) p
                   where ${which} and a.passages > 0
                   group by p.passage) as scored
           where passage not in (select number from hidden)
           order by score desc, passage limit ${most}`
}
