import type { Pool } from 'pg'
import { inForce } from '../../validity.ts'
import type { DocumentSummary, Doubt } from '../document.ts'
import { readSummaries } from '../document-rows.ts'

/** Checked at the moment something is sent. A version whose successor begins later still serves. */
export async function allInForce(pool: Pick<Pool, 'query'>, passageIds: readonly string[], today: string): Promise<boolean> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from passage p join document d on d.id = p.document_id
      where p.id = any($1) and p.wrong_since is null and d.state in ('live', 'replaced') and ${inForce('d', '$2::date')}`,
    [passageIds, today],
  )
  return (rows[0]?.n ?? 0) === new Set(passageIds).size
}

/** See {@link DocumentStore.clauses}. A row of a table is no clause. */
export async function countClauses(pool: Pick<Pool, 'query'>, documentId: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(distinct p.clause)::int as n from passage p join document d on d.id = p.document_id
      where d.id = $1 and d.kind in ('policy', 'faq')`,
    [documentId],
  )
  return rows[0]?.n ?? 0
}

/** See {@link DocumentStore.settled}. */
export async function settled(
  pool: Pick<Pool, 'query'>,
  source: string,
  sha256: string,
  today: string,
): Promise<DocumentSummary | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select case when d.state = 'withdrawn' or d.state = 'rejected' and d.reviewed_by is not null then d.id
                 else (select o.id from document o where o.family = d.family and o.state in ('live', 'waiting') and o.source <> $1 order by o.number desc limit 1)
            end as id
       from document d where d.source = $1 and d.sha256 = $2 and not d.demo order by d.number desc limit 1`,
    [source, sha256],
  )
  const id = rows[0]?.id
  return id == null ? null : ((await readSummaries(pool, 'd.id = $1', [id], today))[0] ?? null)
}

/** See {@link DocumentStore.protectedOf}. */
export async function readProtected(
  database: Pick<Pool, 'query'>,
  passageIds: readonly string[],
  visibility: number,
): Promise<readonly { passageId: string; text: string; fields: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await database.query<{ passageId: string; text: string; fields: Readonly<Record<string, unknown>> }>(
    'select passage as "passageId", text, fields from passage_protected where passage = any($1) and visibility <= $2 order by passage',
    [passageIds, visibility],
  )
  return rows
}

/** See {@link DocumentStore.goneWithSignups}. */
export async function goneWithSignups(pool: Pick<Pool, 'query'>, documentId: string, today: string): Promise<Doubt[]> {
  const { rows } = await pool.query<{ title: string; people: number }>(
    `select e.title, sum(s.people)::int as people
       from document d join event e on e.family = d.family join event_signup s on s.event = e.id and s.state <> 'cancelled'
      where d.id = $1 and d.state = 'live' and e.state in ('on', 'postponed')
        and coalesce(e.ends_at, e.starts_at) >= $2::date::timestamp at time zone 'Asia/Shanghai'
        and not exists (select from passage p join document o on o.id = p.document_id
                         where o.kind = 'event' and o.state = 'live' and (p.heading = e.title or p.fields ->> 'id' = e.number))
      group by e.id order by e.starts_at`,
    [documentId, today],
  )
  return rows.map(({ title, people }) => ({ code: 'event_gone', field: null, phrase: `${title}（已报名 ${people} 人）` }))
}
