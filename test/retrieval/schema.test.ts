import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../fakes/database.ts'
import { schemaDump } from '../fakes/schema-dump.ts'

const file = new URL('../schema.sql', import.meta.url)

test('the schema is the one that was reviewed; after a migration: UPDATE_SCHEMA=1 npm test -- schema', async () => {
  const { pool, close } = await openTestDatabase()
  const dump = await schemaDump(pool)
  await close()
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(file, dump)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(dump)
})

test('every table has a comment that names its writer', async () => {
  const { pool, close } = await openTestDatabase()
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration'
        and coalesce(obj_description(oid, 'pg_class'), '') !~ 'Writer: \\S+\\.ts'`,
  )
  await close()
  expect(rows).toEqual([])
})
