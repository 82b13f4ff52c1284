import type { PoolClient } from 'pg'

/** Adds documents to (`1`) or takes them from (`-1`) the totals that idf and average length are made of. */
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

/**
 * Refreshes the planner's statistics once the library has doubled since they were made: the embedded database never does it by itself, and a
 * server only after a minute. Without them a search may read whole tables.
 * @param always whether or not it has doubled
 */
export async function refreshStatistics(pool: Pick<PoolClient, 'query'>, always: boolean): Promise<void> {
  const { rowCount } = await pool.query(
    `insert into library_state (name, value) select 'analyzed', value -> 'passages' from library_state where name = 'totals'
     on conflict (name) do update set value = excluded.value
      where $1 or (excluded.value)::float8 not between (library_state.value)::float8 / 2 and (library_state.value)::float8 * 2`,
    [always],
  )
  if (rowCount !== 1) return
  // One by one: between them others have their turn on the embedded database.
  for (const table of ['document', 'passage', 'posting', 'term_count', 'passage_vector']) await pool.query(`analyze ${table}`)
}

/** What became of the demo park: `retired` must not come back by itself, `kept` is not retired by a document of one's own. */
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
      where library_state.value ->> 'owner' = $2 or (library_state.value ->> 'until')::timestamptz < now()`,
    [name, owner, seconds],
  )
  return rowCount === 1
}

export async function dropLease(pool: Pick<PoolClient, 'query'>, name: string, owner: string): Promise<void> {
  await pool.query(`delete from library_state where name = $1 and value ->> 'owner' = $2`, [name, owner])
}

/** For a restore: what migrations and defaults wrote gives way to what was backed up. */
export async function clearState(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query('delete from library_state')
}
