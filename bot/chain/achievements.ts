import type { ClientBase, Pool } from 'pg'
import { transaction } from '../../retrieval/store/transaction.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import type { Person } from '../handoff/people.ts'
import type { Stage } from './stages.ts'
import { noteSeen } from './steps.ts'

export type Achievement = {
  /** Also the number people see: A12. */
  readonly id: string
  readonly title: string
  readonly demo: boolean
  /** Its record in force, or the newest; null once no version of it is left. */
  readonly passage: string | null
  readonly document: string | null
  /** Of that document: `live`, `waiting` … */
  readonly state: string | null
  /** Stages that stand, oldest first. */
  readonly standing: readonly Stage[]
}

type Found = {
  readonly passage: string
  readonly title: string
  readonly owner: string | null
  readonly demo: boolean
  readonly createdAt: Date
}

type Live = { readonly id: string; readonly at: Date; readonly actor: string | null }

/** In one transaction: short enough for the embedded database. */
const atOnce = 500

/** The same name of the same owner is the same achievement, whichever table and version it stands in. */
const keyOf = ({ title, owner }: Pick<Found, 'title' | 'owner'>) =>
  `${normalize(title).replace(/[\s\p{P}]/gu, '')}|${normalize(owner ?? '').replace(/[\s\p{P}]/gu, '')}`

/**
 * Gives every record of the library its number, and records what the library says of it: collected when its table came, reviewed and
 * published when it went live. Found from how things stand, so nothing is missed whoever changed it. The only writer of achievement and
 * achievement_record.
 * @returns how many records were new or newly live
 */
export async function registerAchievements(pool: Pool): Promise<number> {
  let all = 0
  for (;;) {
    const found = await transaction(pool, async (tx) => (await registerNew(tx)) + (await registerLive(tx)))
    all += found
    if (found === 0) return all
  }
}

async function registerNew(tx: ClientBase): Promise<number> {
  const { rows } = await tx.query<Found>(
    `select p.id as passage, coalesce(nullif(p.heading, ''), d.title) as title, coalesce(p.fields->>'owner', k.fields->>'owner') as owner, d.demo, d.created_at as "createdAt"
       from passage p join document d on d.id = p.document_id left join achievement_record r on r.passage = p.id
       left join passage_protected k on k.passage = p.id
      where d.kind = 'achievement' and d.state in ('live', 'waiting', 'replaced') and r.passage is null order by d.number, p.position limit ${atOnce}`,
  )
  if (rows.length === 0) return 0
  const keyed = new Map(rows.map((row) => [keyOf(row), row]))
  const made = await tx.query<{ id: string; key: string }>(
    `insert into achievement (key, title, demo, created_at) select * from unnest($1::text[], $2::text[], $3::boolean[], $4::timestamptz[])
     on conflict (key) do update set title = excluded.title, demo = achievement.demo and excluded.demo returning id::text, key`,
    [
      [...keyed.keys()],
      [...keyed.values()].map((row) => row.title),
      [...keyed.values()].map((row) => row.demo),
      [...keyed.values()].map((row) => row.createdAt),
    ],
  )
  const ids = new Map(made.rows.map((row) => [row.key, row.id]))
  await tx.query(
    `insert into achievement_record (passage, achievement) select * from unnest($1::text[], $2::bigint[]) on conflict (passage) do nothing`,
    [rows.map((row) => row.passage), rows.map((row) => ids.get(keyOf(row)) ?? null)],
  )
  await noteSeen(
    tx,
    rows.map((row) => ({ achievement: ids.get(keyOf(row)) ?? '', stage: 'collected', at: row.createdAt, actor: 'ingest' })),
  )
  return rows.length
}

async function registerLive(tx: ClientBase): Promise<number> {
  const { rows } = await tx.query<Live>(
    `select r.achievement::text as id, min(d.live_from) as at, max(x.actor) as actor
       from achievement_record r join passage p on p.id = r.passage join document d on d.id = p.document_id
       left join document_action x on x.document = d.id and x.action = 'approved'
      where d.live_from is not null and not exists (select 1 from chain_step s where s.achievement = r.achievement and s.stage = 'published')
      group by r.achievement order by r.achievement limit ${atOnce}`,
  )
  const seen = rows.flatMap(({ id, at, actor }) =>
    (['reviewed', 'published'] as const).map((stage) => ({ achievement: id, stage, at, actor: actor ?? 'ingest' })),
  )
  await noteSeen(tx, seen)
  return rows.length
}

const select = `
  select a.id::text, a.title, a.demo, r.passage, r.document, r.state,
         array(select s.stage from chain_step s where s.achievement = a.id and s.taken_back_at is null order by s.at, s.id) as standing
    from achievement a left join lateral (
      select p.id as passage, d.id as document, d.state from achievement_record r join passage p on p.id = r.passage join document d on d.id = p.document_id
       where r.achievement = a.id order by d.state = 'live' desc, d.state = 'waiting' desc, d.number desc limit 1) r on true`

export async function achievementById(db: Pool | ClientBase, id: string): Promise<Achievement | null> {
  if (!/^\d{1,18}$/.test(id)) return null
  return (await db.query<Achievement>(`${select} where a.id = $1`, [id])).rows[0] ?? null
}

/** Pure: what nobody has approved yet, or somebody rejected, is for staff and leads, like its document. */
export function maySeeAchievement({ role }: Pick<Person, 'role'>, { state }: Achievement): boolean {
  return role !== 'broker' || (state !== 'waiting' && state !== 'rejected')
}

/** Those that stand in the library, and those that had come further before they went, newest first. @param words parts of the title; '' = all */
export async function listAchievements(db: Pool | ClientBase, words: string): Promise<Achievement[]> {
  const { rows } = await db.query<Achievement>(
    `${select} where strpos(lower(a.title), lower($1)) > 0 and (r.state in ('live', 'waiting') or exists (select from chain_step s
        where s.achievement = a.id and s.taken_back_at is null and s.stage in ('coached', 'roadshow', 'financed', 'transferred')))
      order by a.id desc limit 300`,
    [words],
  )
  return rows
}

/** @returns passage → the number of its achievement */
export async function achievementsOfPassages(
  db: Pool | ClientBase,
  passages: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ passage: string; id: string }>(
    'select passage, achievement::text as id from achievement_record where passage = any($1)',
    [passages],
  )
  return new Map(rows.map((row) => [row.passage, row.id]))
}
