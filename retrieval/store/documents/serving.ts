import type { Pool } from 'pg'
import { inForce } from '../../validity.ts'

/** One look at the moment something is sent. A version whose successor begins later still serves. */
export async function allInForce(pool: Pick<Pool, 'query'>, passageIds: readonly string[], today: string): Promise<boolean> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from passage p join document d on d.id = p.document_id
      where p.id = any($1) and p.wrong_since is null and d.state in ('live', 'replaced') and ${inForce('d', '$2::date')}`,
    [passageIds, today],
  )
  return (rows[0]?.n ?? 0) === new Set(passageIds).size
}
