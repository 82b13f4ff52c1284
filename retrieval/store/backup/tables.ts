import type { PoolClient } from 'pg'

export type Column = { readonly name: string; readonly type: string; readonly identity: boolean }
export type Table = { readonly name: string; readonly columns: readonly Column[] }

/** Rebuilt from the passages on restore: nine of ten rows, with nothing new in them. */
export const derived: readonly string[] = ['posting', 'term_count']
/** Written by the migrations of the target database. */
const own: readonly string[] = ['migration']

/** Tables to back up with their stored columns, referenced tables first. */
export async function readTables(client: Pick<PoolClient, 'query'>): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: Column[]; needs: string[] }>(
    `select c.relname as name,
            (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'identity', a.attidentity <> '') order by a.attnum)
               from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            array(select f.confrelid::regclass::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
       from pg_class c
      where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and not c.relname = any($1)
      order by c.relname`,
    [[...derived, ...own]],
  )
  const ordered: Table[] = []
  const pending = new Map(rows.map((row) => [row.name, row]))
  while (pending.size > 0) {
    const ready = [...pending.values()].filter((row) => row.needs.every((name) => !pending.has(name)))
    if (ready.length === 0) throw new Error(`these tables refer to each other in a circle: ${[...pending.keys()].join(', ')}`)
    for (const { name, columns } of ready) {
      ordered.push({ name, columns })
      pending.delete(name)
    }
  }
  return ordered
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** For the transactions of backup and restore: values as text that mean the same everywhere, without a time limit. */
export const plainValues = `set local statement_timeout = 0; set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres'`
