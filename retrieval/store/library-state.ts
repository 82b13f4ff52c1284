import type { PoolClient } from 'pg'
import { firstUsualLength } from '../text/impact.ts'

/** Adds documents to (`1`) or removes them from (`-1`) the totals behind idf and average length. */
export async function addTotals(client: PoolClient, documentIds: readonly string[], sign: 1 | -1): Promise<void> {
  await client.query(
    `insert into library_state (name, value)
     select 'totals', jsonb_build_object('passages', $2 * coalesce(sum(passages), 0), 'length', $2 * coalesce(sum(length), 0)) from document where id = any($1)
     on conflict (name) do update set value = jsonb_build_object(
       'passages', (library_state.value ->> 'passages')::bigint + (excluded.value ->> 'passages')::bigint,
       'length', (library_state.value ->> 'length')::bigint + (excluded.value ->> 'length')::bigint)`,
    [documentIds, sign],
  )
}

/** @returns what changes with every document, so that whoever follows the library need not look at it otherwise */
export async function documentsVersion(client: Pick<PoolClient, 'query'>): Promise<string> {
  const { rows } = await client.query<{ version: string }>(
    `select value #>> '{}' as version from library_state where name = 'documents'`,
  )
  return rows[0]?.version ?? ''
}

/** @returns whether the library has doubled or halved since {@link noteSize} */
export async function outgrown(client: Pick<PoolClient, 'query'>): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from library_state now left join library_state noted on noted.name = 'analyzed'
      where now.name = 'totals' and ((now.value ->> 'passages')::float8 between noted.value::float8 / 2 and noted.value::float8 * 2) is not true`,
  )
  return rowCount === 1
}

/** Records the size of the library and that its planner statistics are due; if the process dies first, the next one finds the note. */
export async function noteSize(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query(
    `insert into library_state (name, value)
     select each.name, each.value from library_state totals
      cross join lateral (values ('analyzed', totals.value -> 'passages'), ('unanalyzed', 'true'::jsonb)) as each (name, value)
      where totals.name = 'totals'
     on conflict (name) do update set value = excluded.value`,
  )
}

/**
 * Refreshes planner statistics when they are noted as due: the embedded database never does so by itself, a server only after a minute.
 * Without them a search may read whole tables.
 */
export async function refreshStatistics(pool: Pick<PoolClient, 'query'>): Promise<void> {
  const { rowCount } = await pool.query(`select from library_state where name = 'unanalyzed'`)
  if (rowCount === 0) return
  // One by one, so that others get their turn on the embedded database.
  for (const table of ['document', 'passage', 'posting', 'term_count', 'passage_vector', 'passage_code'])
    await pool.query(`analyze ${table}`)
  await pool.query(`delete from library_state where name = 'unanalyzed'`)
}

/** Number of terms of a usual passage, against which stored impacts measure length. */
export async function usualLength(client: Pick<PoolClient, 'query'>): Promise<number> {
  return (await readUsualLength(client))?.length ?? firstUsualLength
}

/** `behind`: how far the walk that measures every passage has come; null when it is done. */
export type UsualLength = { readonly length: number; readonly behind: number | null }

export async function readUsualLength(client: Pick<PoolClient, 'query'>): Promise<UsualLength | null> {
  const { rows } = await client.query<{ value: UsualLength }>(`select value from library_state where name = 'usual_length'`)
  return rows[0]?.value ?? null
}

/**
 * Adopts the library's average as its usual length when the two have drifted apart; every passage is then measured anew.
 * @param near a factor: how far they may lie apart
 */
export async function followAverage(client: Pick<PoolClient, 'query'>, near: number): Promise<void> {
  await client.query(
    `insert into library_state (name, value)
     select 'usual_length', jsonb_build_object('length', greatest(1, round((value ->> 'length')::numeric / (value ->> 'passages')::numeric)), 'behind', 0)
       from library_state where name = 'totals' and (value ->> 'passages')::numeric > 0
     on conflict (name) do update set value = excluded.value
      where (excluded.value ->> 'length')::float8 / (library_state.value ->> 'length')::float8 not between 1 / $1::float8 and $1`,
    [near],
  )
}

/** @param behind number of the last measured passage; null: all are measured */
export async function setMeasured(client: Pick<PoolClient, 'query'>, behind: number | null): Promise<void> {
  await client.query(`update library_state set value = jsonb_set(value, '{behind}', $1) where name = 'usual_length'`, [
    JSON.stringify(behind),
  ])
}

/** State of the demo park: `retired` must not come back by itself, `kept` is not retired by a document of one's own. */
export async function setDemo(client: PoolClient, word: 'kept' | 'retired'): Promise<void> {
  await client.query(
    `insert into library_state (name, value) values ('demo', $1) on conflict (name) do update set value = excluded.value`,
    [JSON.stringify(word)],
  )
}

/** @returns whether this process may do the named background work until `seconds` from now */
export async function takeLease(pool: Pick<PoolClient, 'query'>, name: string, owner: string, seconds: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into library_state (name, value) values ($1, jsonb_build_object('owner', $2::text, 'until', now() + make_interval(secs => $3)))
     on conflict (name) do update set value = excluded.value
      where library_state.value ->> 'owner' = $2 or (library_state.value ->> 'until')::timestamptz < now()
         or (library_state.value ->> 'until')::timestamptz > now() + 2 * make_interval(secs => $3) -- before the clock was set back`,
    [name, owner, seconds],
  )
  return rowCount === 1
}

export async function dropLease(pool: Pick<PoolClient, 'query'>, name: string, owner: string): Promise<void> {
  await pool.query(`delete from library_state where name = $1 and value ->> 'owner' = $2`, [name, owner])
}

/** For a restore: its rows are there, and nothing can be found in them yet. */
export async function noteUnindexed(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query(`insert into library_state (name, value) values ('unindexed', 'true') on conflict do nothing`)
}

export async function isUnindexed(client: Pick<PoolClient, 'query'>): Promise<boolean> {
  return (await client.query(`select from library_state where name = 'unindexed'`)).rowCount === 1
}

export async function setIndexed(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query(`delete from library_state where name = 'unindexed'`)
}

/** For a restore: what migrations and defaults wrote makes way for the backup. */
export async function clearState(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query('delete from library_state')
}
