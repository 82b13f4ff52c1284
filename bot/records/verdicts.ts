import type { ClientBase, Pool } from 'pg'
import type { Verdict } from '../handoff/desk/action.ts'

/** A judged answer, as calibration needs it. */
export type JudgedAnswer = {
  readonly answer: string
  readonly verdict: Verdict
  readonly confidence: number | null
  readonly decision: string
}

/** Brokers' verdicts on the bot's answers; the only writer of verdict. */
export type Verdicts = ReturnType<typeof verdicts>

export function verdicts(pool: Pool) {
  return {
    /**
     * The last verdict counts. Only an answer given in this very conversation can be judged.
     * @returns false when there is no such answer
     */
    async set(
      tx: ClientBase,
      of: { answer: string; conversation: string; ticket: string; person: string; verdict: Verdict },
    ): Promise<boolean> {
      const { rowCount } = await tx.query(
        `insert into verdict (answer, ticket, person, verdict)
         select a.id, $3, $4, $5 from answer a where a.id = $1 and a.conversation = $2
         on conflict (answer) do update set verdict = excluded.verdict, ticket = excluded.ticket, person = excluded.person, at = park_now()`,
        [of.answer, of.conversation, of.ticket, of.person, of.verdict],
      )
      return rowCount === 1
    },

    async ofTicket(conversation: string): Promise<ReadonlyMap<string, Verdict>> {
      const { rows } = await pool.query<{ answer: string; verdict: Verdict }>(
        'select v.answer::text, v.verdict from verdict v join answer a on a.id = v.answer where a.conversation = $1',
        [conversation],
      )
      return new Map(rows.map((row) => [row.answer, row.verdict]))
    },

    /** Every judged answer, for `calibrate`. */
    async all(): Promise<JudgedAnswer[]> {
      const { rows } = await pool.query<JudgedAnswer>(
        'select v.answer::text, v.verdict, a.confidence, a.decision from verdict v join answer a on a.id = v.answer order by v.answer',
      )
      return rows
    },
  }
}
