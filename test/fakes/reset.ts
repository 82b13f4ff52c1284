import type { Pool, PoolClient } from 'pg'

/**
 * What a database held when a test got it, so that the next test finds the same: emptying an embedded database takes a tenth of the
 * processor that starting one takes.
 */
export type Base = {
  /** Whatever a later transaction wrote bears this number or a higher one. */
  readonly firstXid: string
  readonly catalogs: string
  readonly tables: readonly Table[]
  /** Contents, as JSON, of the tables that are not empty and small. */
  readonly copies: ReadonlyMap<string, string>
  readonly sequences: readonly Sequence[]
  /** Tables that must be truncated with another, by its name. */
  readonly referencing: ReadonlyMap<string, readonly string[]>
}

type Table = {
  readonly name: string
  readonly rows: number
  /** What the planner takes their number to be. */
  readonly estimate: number
  /** Whether any was written since. */
  readonly fresh: boolean
}
type Sequence = { readonly name: string; readonly value: string; readonly called: boolean }
type Queried = Pick<PoolClient, 'query'>

/** Larger tables are not copied: a test that changed one leaves its database to nobody. */
const copiedRows = 500

export async function baseOf(pool: Pool): Promise<Base> {
  const firstXid = await textOf(pool, 'select pg_snapshot_xmax(pg_current_snapshot())::text as value')
  const found = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  )
  const names = found.rows.map((each) => each.name)
  const tables = await tablesOf(pool, names, firstXid)
  const copies = new Map<string, string>()
  for (const { name, rows } of tables)
    if (rows > 0 && rows <= copiedRows)
      copies.set(name, await textOf(pool, `select jsonb_agg(to_jsonb(t))::text as value from ${name} as t`))
  const links = await pool.query<{ from: string; to: string }>(
    `select distinct conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint where contype = 'f'`,
  )
  const referencing = new Map(names.map((name) => [name, links.rows.filter((each) => each.to === name).map((each) => each.from)]))
  const [known, sequences] = [await catalogsOf(pool, firstXid), await sequencesOf(pool)]
  return { firstXid, catalogs: known, tables, copies, sequences, referencing }
}

/**
 * Brings the database back to its base: rows, sequences, and the session's settings and locks.
 * @returns false when it cannot be: the schema was changed, or a large table that was not empty
 */
export async function restored(pool: Pool, base: Base): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('discard all') // the session of an embedded database is shared by all its clients, and outlives them
    if ((await catalogsOf(client, base.firstXid)) !== base.catalogs) return false
    const changed = await changedTables(client, base)
    if (changed === null) return false
    await client.query(`begin; set local session_replication_role = replica`) // a book that nobody may shorten is emptied too
    if (changed.length > 0) await client.query(`truncate ${changed.join(', ')}`)
    for (const name of changed) await refill(client, name, base)
    await client.query(`delete from pg_statistic where starelid = any($1::regclass[])`, [changed])
    for (const { name, value, called } of await sequencesOf(client)) {
      const then = base.sequences.find((each) => each.name === name)
      if (then !== undefined && (then.value !== value || then.called !== called))
        await client.query('select setval($1::regclass, $2::bigint, $3)', [name, then.value, then.called])
    }
    await client.query('commit')
    return true
  } finally {
    client.release()
  }
}

/** @returns the tables to be emptied and filled again; null when one of them is too large for a copy */
async function changedTables(client: Queried, { tables, firstXid, referencing, copies }: Base): Promise<string[] | null> {
  const now = await tablesOf(
    client,
    tables.map((each) => each.name),
    firstXid,
  )
  const differs = (each: Table, then: Table | undefined) =>
    each.fresh || each.rows !== then?.rows || each.estimate !== then.estimate
  const changed = new Set(now.filter((each, index) => differs(each, tables[index])).map((each) => each.name))
  for (const name of changed) for (const each of referencing.get(name) ?? []) changed.add(each)
  const lost = tables.some(({ name, rows }) => changed.has(name) && rows > 0 && !copies.has(name))
  return lost ? null : [...changed].sort()
}

async function refill(client: Queried, name: string, { copies }: Base): Promise<void> {
  const copy = copies.get(name)
  if (copy === undefined) return
  await client.query(
    `insert into ${name} overriding system value select * from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
    [copy],
  )
}

async function tablesOf(client: Queried, names: readonly string[], since: string): Promise<Table[]> {
  const each = (name: string) =>
    `select '${name}' as name, count(*)::int as rows, coalesce(bool_or(xmin::text::bigint >= ${since}), false) as fresh,
            (select reltuples from pg_class where oid = '${name}'::regclass) as estimate from ${name}`
  return (await client.query<Table>(names.map(each).join(' union all '))).rows
}

async function sequencesOf(client: Queried): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by relname`,
  )
  const each = ({ name }: { name: string }) =>
    `select '${name}' as name, last_value::text as value, is_called as called from ${name}`
  return rows.length === 0 ? [] : (await client.query<Sequence>(rows.map(each).join(' union all '))).rows
}

/** `pg_class` is compared by what a truncation leaves alone, the others by whether anything was written since. */
const catalogs = [
  ...[
    'pg_attribute',
    'pg_attrdef',
    'pg_constraint',
    'pg_index',
    'pg_trigger',
    'pg_proc',
    'pg_type',
    'pg_rewrite',
    'pg_namespace',
  ],
  ...['pg_extension', 'pg_db_role_setting', 'pg_authid', 'pg_description'],
]

async function catalogsOf(client: Queried, since: string): Promise<string> {
  const written = (name: string) =>
    `select '${name}' as name, count(*)::text || '/' || count(*) filter (where xmin::text::bigint >= ${since}) as state from ${name}`
  const kept = `select 'pg_class' as name, md5(string_agg(concat_ws(' ', oid, relname, relkind, relnatts, reloptions, relacl), ',' order by oid)) as state from pg_class`
  const { rows } = await client.query<{ name: string; state: string }>([kept, ...catalogs.map(written)].join(' union all '))
  return rows.map(({ name, state }) => `${name} ${state}`).join('\n')
}

async function textOf(client: Queried, sql: string): Promise<string> {
  return (await client.query<{ value: string }>(sql)).rows[0]?.value ?? ''
}
