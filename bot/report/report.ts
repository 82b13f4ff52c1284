import type { Pool } from 'pg'
import { percentile } from '../../retrieval/base/percentile.ts'
import { registerAchievements } from '../chain/achievements.ts'
import { gapsBetween } from '../learn/gaps.ts'
import { rowsOfFigure } from './figures.ts'
import { type RowsName, rowsOf } from './rows.ts'

export type Row = Readonly<Record<string, unknown>>
export type Period = { readonly from: Date; readonly to: Date }

export const rowsNames: readonly RowsName[] = [...(Object.keys(rowsOf) as (keyof typeof rowsOf)[]), 'gaps'] // the keys of our own object

/** @param name the path of a figure in `report --json`; @returns the rows it is counted from, or null when there is no such figure */
export const rowsOfName = (name: string) => rowsOfFigure(name, rowsNames)

/** The rows a figure is counted from. */
export async function listRows(pool: Pool, name: RowsName, { from, to }: Period): Promise<readonly Row[]> {
  if (name.startsWith('achievements.')) await registerAchievements(pool) // a table that came while no bot ran counts too
  if (name === 'gaps')
    return (await gapsBetween(pool, from, to)).map(({ question, count, last, questions }) => ({
      question,
      count,
      last,
      answers: questions.map((each) => each.id).join(' '),
    }))
  return (await pool.query<Row>(rowsOf[name], [from, to])).rows
}

/** The figures a park is judged by, as `report --json` prints them. Amounts in yuan; null where nothing was measured. */
export async function report(pool: Pool, period: Period, days: { from: string; to: string }): Promise<Row> {
  await registerAchievements(pool)
  const figure = async (name: keyof typeof rowsOf, what: string) =>
    Number((await pool.query(`select ${what} as figure from (${rowsOf[name]}) r`, [period.from, period.to])).rows[0]?.figure)
  const count = (name: keyof typeof rowsOf) => figure(name, 'count(*)')
  const amount = (name: keyof typeof rowsOf) => figure(name, 'coalesce(sum(amount), 0)')
  const counts = async (group: string, names: readonly string[]) => {
    const found: Record<string, number> = {}
    for (const name of names) found[name] = await count(`${group}.${name}` as keyof typeof rowsOf) // every such name is one of ours
    return found
  }
  const rows = (name: RowsName) => listRows(pool, name, period)
  return {
    ...days,
    enterprises: await counts('enterprises', ['served', 'new']),
    demands: await counts('demands', ['collected', 'vetted', 'published', 'introduced', 'agreed', 'open']),
    achievements: await counts('achievements', ['collected', 'published', 'incubating', 'transferred']),
    events: { ...(await counts('events', ['held', 'training'])), attendance: await amount('events.attendance') },
    brokers: await counts('brokers', ['active', 'trained']),
    agreements: await count('agreements'),
    financing: { projects: await count('financing.projects'), amount: await amount('financing.projects') },
    contracts: {
      count: await count('contracts.count'),
      contract_amount: await amount('contracts.count'),
      technology_amount: await amount('contracts.technology_amount'),
      received_amount: await amount('contracts.received_amount'),
    },
    policies_redeemed: { count: await count('policies_redeemed.count'), amount: await amount('policies_redeemed.count') },
    questions: await counts('questions', ['asked', 'answered', 'clarified', 'declined', 'handed_off']),
    hand_offs: handOffs(await rows('hand_offs'), await rows('hand_offs.satisfaction'), await rows('hand_offs.outcomes')),
    recalls: await count('recalls'),
    gaps: (await rows('gaps')).length,
  }
}

function handOffs(opened: readonly Row[], satisfied: readonly Row[], ended: readonly Row[]): Row {
  const waits = opened.flatMap((row) => (row['first_response_s'] === null ? [] : [Number(row['first_response_s'])]))
  const stars = satisfied.map((row) => Number(row['satisfaction']))
  return {
    by_reason: tally(opened, 'reason'),
    first_response_p50_s: seconds(percentile(waits, 0.5)),
    first_response_p90_s: seconds(percentile(waits, 0.9)),
    satisfaction: stars.length === 0 ? null : Math.round((stars.reduce((sum, each) => sum + each, 0) / stars.length) * 100) / 100,
    outcomes: tally(ended, 'outcome'),
  }
}

function tally(rows: readonly Row[], column: string): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const row of rows) counted[String(row[column])] = (counted[String(row[column])] ?? 0) + 1
  return counted
}

const seconds = (value: number | null) => (value === null ? null : Math.round(value))
