import type { Pool } from 'pg'
import { dayInChina } from '../../retrieval/base/clock.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { prolongedSql } from '../../retrieval/validity.ts'

export type Cause = 'changed' | 'expired' | 'superseded' | 'withdrawn' | 'wrong'

/** A passage that answers rested on, as it stands now. */
export type Standing = {
  readonly passage: string
  readonly document: string
  readonly title: string
  readonly clause: string | null
  /** The text people were quoted from. */
  readonly text: string
  readonly wrong: boolean
  readonly state: 'live' | 'waiting' | 'replaced' | 'withdrawn' | 'rejected'
  /** null too while another document says that it goes on */
  readonly effectiveTo: string | null
  readonly endedOn: string | null
  /** Causes of its recalls: those a person dismissed, and those that wait for a decision. */
  readonly dismissed: readonly Cause[]
  readonly proposed: readonly Cause[]
  /** What a waiting recall would say that the clause says now. */
  readonly proposedNow: string | null
  /** The same clause in the version in force now; null when that version has no such clause, or there is none. */
  readonly now: string | null
}

export type RecalledClause = {
  readonly passage: string
  readonly clause: string | null
  /** The clause as it reads now, when it was changed. */
  readonly nowSays: string | null
}

/** Clauses of one document that no longer hold for the same cause. */
export type Found = { readonly title: string; readonly cause: Cause; readonly clauses: readonly RecalledClause[] }

/** Pure: why what people were told no longer holds, or null when it does. A new version that says the same is no reason. */
export function causeOf(standing: Standing, today: string): Cause | null {
  if (standing.wrong) return 'wrong'
  if (standing.state === 'withdrawn' || standing.state === 'rejected') return 'withdrawn'
  if (standing.state === 'replaced') return standing.now !== null && same(standing.now, standing.text) ? null : 'changed'
  if (standing.endedOn !== null && standing.endedOn <= today) return 'superseded'
  return standing.effectiveTo !== null && standing.effectiveTo < today ? 'expired' : null
}

/** Spaces and the spelling of digits do not count as a change. */
function same(one: string, other: string): boolean {
  const plain = (text: string) => normalize(text).replace(/\s+/g, '')
  return plain(one) === plain(other)
}

/**
 * Checks every passage an answer rests on, whoever changed it and however. Skips answers whose people knew: about the past, or about a rule
 * that had already ended.
 */
export async function findChanged(pool: Pool, clock: () => Date): Promise<Found[]> {
  const { rows } = await pool.query<Standing>(standings(untold))
  const today = dayInChina(clock())
  const found = new Map<string, Found>()
  for (const row of rows) {
    const cause = causeOf(row, today)
    if (cause === null || row.dismissed.includes(cause)) continue
    const key = `${row.document} ${cause}`
    const clause = { passage: row.passage, clause: row.clause, nowSays: cause === 'changed' ? row.now : null }
    found.set(key, { title: row.title, cause, clauses: [...(found.get(key)?.clauses ?? []), clause] })
  }
  return [...found.values()]
}

/** Clauses that a recall was proposed for and that hold again, or say something else by now: a mark was undone, another version came. */
export async function findMended(pool: Pool, clock: () => Date): Promise<{ readonly passage: string; readonly cause: Cause }[]> {
  const { rows } = await pool.query<Standing>(standings(waiting))
  const today = dayInChina(clock())
  return rows.flatMap((row) => {
    const holds = causeOf(row, today)
    const isNow = (cause: Cause) => cause === holds && (cause !== 'changed' || row.proposedNow === row.now)
    return row.proposed.flatMap((cause) => (isNow(cause) ? [] : [{ passage: row.passage, cause }]))
  })
}

const recallsOf = (states: string, column = 'cause') =>
  `select rc.${column} from recall_clause rc join recall r on r.id = rc.recall where rc.passage = p.id and r.state in (${states})`
/** Nobody was told of it, nor waits to be. */
const untold = `not exists (${recallsOf(`'proposed', 'confirmed'`)})`
const waiting = `exists (${recallsOf(`'proposed'`)})`

/** Each cited passage of some, and as `successor` the same clause in the live version of its document. Of a
 * changed event those who signed up are told (bot/agenda). */
const standings = (which: string) => `
  select p.id as passage, d.id as document, d.title, p.clause, p.text, p.wrong_since is not null as wrong, d.state,
         case when ${prolongedSql('d')} is null then d.effective_to::text end as "effectiveTo", d.ended_on::text as "endedOn", successor.text as now,
         array(${recallsOf(`'dismissed'`)}) as dismissed, array(${recallsOf(`'proposed'`)}) as proposed,
         (${recallsOf(`'proposed'`, 'now_says')} and rc.cause = 'changed') as "proposedNow"
    from (select distinct passage from answer_passage where as_valid) cited
    join passage p on p.id = cited.passage
    join document d on d.id = p.document_id
    left join lateral (
      select n.text from document l join passage n on n.document_id = l.id
       where d.state = 'replaced' and l.family = d.family and l.state = 'live'
         and n.clause is not distinct from p.clause and (p.clause is not null or n.position = p.position)
       order by n.position limit 1) successor on true
   where d.kind <> 'event' and ${which}
   order by d.number, p.position`
