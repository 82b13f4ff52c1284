import type { Pool } from 'pg'
import { masked } from '../models/masking.ts'
import { overlap, topicTerms } from './similar.ts'

/** A question nobody could answer from what the park has. */
export type OpenQuestion = { readonly id: string; readonly question: string; readonly at: Date; readonly reason: string | null }

/** Questions that miss the same thing. */
export type Gap = {
  /** The most typical of the questions. */
  readonly question: string
  readonly count: number
  readonly questions: readonly OpenQuestion[]
  readonly last: Date
}

/** Overlap of terms that means the same matter, though not the same question. */
const sameGap = 0.3

/** Pure and independent of order: each question joins the first gap to which it is similar enough on average; most asked first. */
export function cluster(questions: readonly OpenQuestion[]): Gap[] {
  const sorted = questions.toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
  const gaps: { terms: number[][]; questions: OpenQuestion[] }[] = []
  for (const question of sorted) {
    const terms = topicTerms(question.question)
    const scored = gaps.map((gap) => ({ gap, score: mean(gap.terms.map((each) => overlap(each, terms))) }))
    const best = scored.filter(({ score }) => score >= sameGap).toSorted((a, b) => b.score - a.score)[0]
    if (best === undefined) gaps.push({ terms: [terms], questions: [question] })
    else {
      best.gap.terms.push(terms)
      best.gap.questions.push(question)
    }
  }
  return gaps
    .map(({ terms, questions: all }) => ({
      question: all[central(terms)]?.question ?? '',
      count: all.length,
      questions: all,
      last: all.map((each) => each.at).reduce((a, b) => (a > b ? a : b)),
    }))
    .toSorted((a, b) => b.count - a.count || b.last.getTime() - a.last.getTime())
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function central(all: readonly (readonly number[])[]): number {
  const sums = all.map((one) => all.reduce((sum, other) => sum + overlap(one, other), 0))
  return sums.indexOf(Math.max(...sums))
}

/** What could not be answered between two moments: nothing found, low confidence, or judged wrong. */
export async function openQuestions(pool: Pool, from: Date, to: Date): Promise<OpenQuestion[]> {
  const { rows } = await pool.query<OpenQuestion>(
    `select a.id::text, a.standalone as question, a.at, a.reason from answer a left join verdict v on v.answer = a.id
      where a.at >= $1 and a.at < $2
        and ((a.decision = 'hand_off' and a.reason in ('nothing_found', 'low_confidence', 'missing_fact', 'conflicting_evidence'))
             or v.verdict = 'wrong' or (a.decision = 'answer' and a.feedback = 'not_helpful'))
      order by a.id limit 5000`,
    [from, to],
  )
  // The list is passed around, so personal numbers are masked.
  return rows.map((row) => ({ ...row, question: masked(row.question).text }))
}

/** The same, grouped into gaps. */
export async function gapsBetween(pool: Pool, from: Date, to: Date): Promise<Gap[]> {
  return cluster(await openQuestions(pool, from, to))
}
