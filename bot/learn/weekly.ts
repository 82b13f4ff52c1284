import type { Pool } from 'pg'
import { type Clock, dayInChina } from '../../retrieval/base/clock.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { nextKey, type Work } from '../converse/work.ts'
import type { People, Person } from '../handoff/people.ts'
import { setTimerIn } from '../inbox.ts'
import type { InboxRow, Timer } from '../queue/lanes.ts'
import { said, shorten } from '../render.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** On Mondays in China. */
const tellAtHour = 9
const mostGaps = 10

/** Pure: the instant at which a day begins in China. */
const midnight = (day: string) => new Date(`${day}T00:00:00+08:00`)

/** Pure: the next Monday morning in China, later than `at`. */
export function nextTelling(at: Date): { readonly day: string; readonly at: Date } {
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const day = dayInChina(new Date(at.getTime() + ahead * dayMs))
    const moment = new Date(midnight(day).getTime() + tellAtHour * hourMs)
    if (new Date(`${day}T00:00:00Z`).getUTCDay() === 1 && moment > at) return { day, at: moment }
  }
  throw new Error('every eight days hold a Monday')
}

/**
 * Plans next Monday's list for each lead. A row per lead and week under a unique key: whichever process is alive then tells it, once, late
 * rather than never.
 * @returns how many were newly planned
 */
export async function planWeekly(
  pool: Pool,
  deps: { readonly people: People; readonly clock: Clock; readonly chatOf: (person: Person) => string | null },
): Promise<number> {
  const { day, at } = nextTelling(deps.clock())
  const leads = (await deps.people.list()).filter((person) => person.role === 'lead')
  let planned = 0
  for (const lead of leads) {
    const chat = deps.chatOf(lead)
    const key = `gaps:${day}:${lead.id}`
    if (chat === null || (await isPlanned(pool, key))) continue
    await transaction(pool, (tx) => setTimerIn(tx, chat, key, at, { kind: 'timer', name: 'gaps', ticket: day, round: 1 }))
    planned += 1
  }
  return planned
}

async function isPlanned(pool: Pool, key: string): Promise<boolean> {
  return (await pool.query(`select 1 from inbox where channel = 'timer' and external_id = $1`, [key])).rowCount !== 0
}

/** The week before: what nobody could answer, grouped, most asked first. */
export async function tellGaps(work: Work, row: InboxRow, { ticket: monday }: Timer): Promise<void> {
  const { deps, lane } = work
  const { chat } = lane.conversation
  const person = await deps.people.byAccount(chat)
  if (person?.role !== 'lead') {
    work.outcomes.push('gaps_void') // the account is another person's by now
    return
  }
  const to = midnight(monday)
  const from = new Date(to.getTime() - 7 * dayMs)
  const gaps = await deps.gaps(from, to)
  const texts = deps.texts.zh
  const week = { from: dayInChina(from), to: dayInChina(new Date(to.getTime() - dayMs)) }
  const lines = gaps
    .slice(0, mostGaps)
    .map(({ question, count }) => texts('gaps_line', { question: shorten(question, 40), count }))
  const total = gaps.reduce((sum, gap) => sum + gap.count, 0)
  const words =
    gaps.length === 0
      ? texts('gaps_none', week)
      : [texts('gaps_head', { ...week, questions: total, gaps: gaps.length }), ...lines, texts('gaps_foot')].join('\n')
  const key = nextKey(work, row)
  work.effects.push((tx) => deps.outbox.put(tx, [{ key, chat, conversation: lane.conversation.id, body: said(words) }]))
  work.outcomes.push(`gaps_told:${gaps.length}`)
}
