import type { ClientBase, Pool } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Evidence, Search } from '../../retrieval/evidence.ts'
import { documentsVersion } from '../../retrieval/store/library-state.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { fittingRecords, textOf } from '../demand/candidates.ts'
import { explained } from '../demand/match.ts'
import { type Demand, demands, over } from '../records/demands.ts'
import { achievementsOfPassages, registerAchievements } from './achievements.ts'
import { type NotifyNeeds, tellBroker } from './notify.ts'

export type MatchNeeds = NotifyNeeds & {
  readonly search: Search
  readonly regions: readonly string[] | '*'
  readonly clock: Clock
  readonly texts: Texts
}

const atOnce = 20
const mostTold = 5

/**
 * Demands that go on and were not yet compared with all that is live: one that was vetted with every record, an earlier one with what came
 * after it.
 */
const due = `
  select d.id::text, d.matched_to::text as "matchedTo", v.vetted
    from demand d
    cross join lateral (select exists (select from chain_step s where s.demand = d.id and s.stage = 'vetted' and s.taken_back_at is null) as vetted) v
   where d.need <> '' and (d.matched_to is null or d.matched_to < $1::timestamptz) and (v.vetted or d.created_at < $1::timestamptz)
     and not ${over}
   order by d.id limit ${atOnce}`

/**
 * Matches both ways: whatever became live since a demand was last looked at, and a demand that was just vetted or published. Found from how
 * things stand, so it is missed by nobody's restart; a pair is told once. The only writer of demand_match.
 * @returns a step for a worker: whether there was something to do
 */
export function matcher(pool: Pool, needs: MatchNeeds): () => Promise<boolean> {
  let known = ''
  let newest: string | null = null
  return async () => {
    const version = await documentsVersion(pool)
    if (version !== known) {
      await registerAchievements(pool)
      newest = await newestRecords(pool)
      known = version
    }
    if (newest === null) return false
    const waiting = (await pool.query<Due>(due, [newest])).rows
    for (const each of waiting) await compare(pool, needs, each, newest)
    return waiting.length === atOnce
  }
}

/** @returns when achievements last went live, as the database writes it */
async function newestRecords(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ newest: string | null }>(
    `select max(live_from)::text as newest from document where kind = 'achievement' and state = 'live'`,
  )
  return rows[0]?.newest ?? null
}

/** @property matchedTo as the database writes it */
type Due = { readonly id: string; readonly vetted: boolean; readonly matchedTo: string | null }

async function compare(pool: Pool, needs: MatchNeeds, { id, vetted, matchedTo }: Due, newest: string): Promise<void> {
  const demand = await demands.byId(pool, id)
  if (demand === null) return
  const text = textOf(demand.need, demand.fields)
  const found = (await fittingRecords(needs, text, 3)).slice(0, mostTold)
  const records = vetted ? found : await cameAfter(pool, demand, found)
  await transaction(pool, async (tx) => {
    const numbers = await achievementsOfPassages(
      tx,
      records.map(({ passage }) => passage.id),
    )
    for (const each of records) await tellPair(tx, needs, demand, each, { text, achievement: numbers.get(each.passage.id) })
    await demands.noteMatched(tx, id, { from: matchedTo, to: newest })
  })
}

/** Before it is vetted, only what is new is told: what there was stood in the answer to whoever submitted it. */
async function cameAfter(pool: Pool, demand: Demand, found: readonly Evidence[]): Promise<readonly Evidence[]> {
  const { rows } = await pool.query<{ id: string }>('select id from document where id = any($1) and live_from > $2', [
    found.map(({ passage }) => passage.documentId),
    demand.createdAt,
  ])
  const later = new Set(rows.map((row) => row.id))
  return found.filter(({ passage }) => later.has(passage.documentId))
}

async function tellPair(
  tx: ClientBase,
  needs: MatchNeeds,
  demand: Demand,
  { passage }: Evidence,
  { text, achievement }: { readonly text: string; readonly achievement: string | undefined },
): Promise<void> {
  if (achievement === undefined) return
  const why = explained({ need: text, passage, n: 1, language: 'zh', account: null }, needs.texts).replaceAll('[1]', '')
  const { rowCount } = await tx.query(
    'insert into demand_match (demand, achievement, passage, why) values ($1, $2, $3, $4) on conflict (demand, achievement) do nothing',
    [demand.id, achievement, passage.id, why],
  )
  if (rowCount !== 1) return
  const title = passage.heading ?? passage.title
  const words = needs.texts('desk_match', {
    number: demand.id,
    achievement,
    title,
    source: passage.title,
    clause: passage.clause ?? '',
    why,
  })
  await tellBroker(tx, needs, demand, `match:${demand.id}:${achievement}`, words)
}
