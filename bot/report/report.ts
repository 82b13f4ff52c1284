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
  const all = new Map<RowsName, readonly Row[]>()
  for (const name of rowsNames) all.set(name, await listRows(pool, name, period))
  const rows = (name: RowsName) => all.get(name) ?? []
  const count = (name: RowsName) => rows(name).length
  const amount = (name: RowsName) => rows(name).reduce((sum, row) => sum + Number(row['amount'] ?? 0), 0)
  const counts = (group: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, count(`${group}.${name}` as RowsName)])) // every such name is one of rowsNames
  return {
    ...days,
    enterprises: counts('enterprises', ['served', 'new']),
    demands: counts('demands', ['collected', 'vetted', 'published', 'introduced', 'agreed', 'open']),
    achievements: counts('achievements', ['collected', 'published', 'incubating', 'transferred']),
    events: { ...counts('events', ['held', 'training']), attendance: amount('events.attendance') },
    brokers: counts('brokers', ['active', 'trained']),
    agreements: count('agreements'),
    financing: { projects: count('financing.projects'), amount: amount('financing.projects') },
    contracts: {
      count: count('contracts.count'),
      contract_amount: amount('contracts.count'),
      technology_amount: amount('contracts.technology_amount'),
      received_amount: amount('contracts.received_amount'),
    },
    policies_redeemed: { count: count('policies_redeemed.count'), amount: amount('policies_redeemed.count') },
    questions: counts('questions', ['asked', 'answered', 'clarified', 'declined', 'handed_off']),
    hand_offs: handOffs(rows('hand_offs'), rows('hand_offs.satisfaction'), rows('hand_offs.outcomes')),
    recalls: count('recalls'),
    gaps: count('gaps'),
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
