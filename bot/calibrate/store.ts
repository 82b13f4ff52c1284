import type { Pool } from 'pg'
import type { Calibration } from '../judge/calibration.ts'

/** A calibration with who made it, when and on what. */
export type Kept = {
  readonly id: string
  readonly madeAt: Date
  readonly madeBy: string
  readonly data: string
  readonly sha256: string
  readonly questions: number
  readonly unanswerable: number
  readonly model: number
  readonly content: Omit<Calibration, 'model'>
  readonly figures: Readonly<Record<string, unknown>>
  readonly takenBackAt: Date | null
  readonly takenBackBy: string | null
}

const columns = `id::text, made_at as "madeAt", made_by as "madeBy", data, data_sha256 as sha256, questions, unanswerable, model, content, figures,
  taken_back_at as "takenBackAt", taken_back_by as "takenBackBy"`

export type Calibrations = ReturnType<typeof calibrations>

/** The only writer of calibration. Rows are never changed or deleted, except for the mark that one was withdrawn. */
export function calibrations(pool: Pool) {
  return {
    /** The one in use under a version of the shipped model; null when the park has none. */
    async current(model: number): Promise<Kept | null> {
      const { rows } = await pool.query<Kept>(
        `select ${columns} from calibration where taken_back_at is null order by id desc limit 1`,
      )
      return rows[0]?.model === model ? rows[0] : null
    },

    async keep(made: Omit<Kept, 'id' | 'madeAt' | 'takenBackAt' | 'takenBackBy'>): Promise<Kept> {
      const { rows } = await pool.query<Kept>(
        `insert into calibration (made_by, data, data_sha256, questions, unanswerable, model, content, figures)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
        [
          made.madeBy,
          made.data,
          made.sha256,
          made.questions,
          made.unanswerable,
          made.model,
          JSON.stringify(made.content),
          JSON.stringify(made.figures),
        ],
      )
      const [kept] = rows
      if (kept === undefined) throw new Error('insert returned no row')
      return kept
    },

    /**
     * Withdraws the newest, so that the one before it counts again, or the shipped threshold.
     * @returns what was withdrawn, null when there was nothing
     */
    async takeBack(by: string): Promise<Kept | null> {
      const { rows } = await pool.query<Kept>(
        `update calibration set taken_back_at = park_now(), taken_back_by = $1
          where id = (select max(id) from calibration where taken_back_at is null) returning ${columns}`,
        [by],
      )
      return rows[0] ?? null
    },

    /** Newest first. */
    async list(limit = 20): Promise<Kept[]> {
      const { rows } = await pool.query<Kept>(`select ${columns} from calibration order by id desc limit $1`, [limit])
      return rows
    },
  }
}
