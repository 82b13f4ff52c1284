import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { openDatabase, serverPool } from '../../retrieval/store/database.ts'
import { type Migration, migrate, migrations, missing } from '../../retrieval/store/migrate.ts'
import { onServer, openEmptyServerDatabase, openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
/** As it was, but for what nobody can see; opening a database for every test would take most of their time. */
afterEach(async () => {
  await database.pool.query(`drop table if exists a, b; delete from migration where name like '9%'`)
})

const file = (name: string, sql: string): Migration => ({ name, sql, sha256: createHash('sha256').update(sql).digest('hex') })
const with_ = (...more: Migration[]): Migration[] => [...migrations(), ...more]
const counted = async (sql: string) =>
  (await database.pool.query<{ count: number }>(`select count(*)::int as count ${sql}`)).rows[0]?.count

test('every migration is applied once, in order, and a second run finds nothing to do', async () => {
  const known = with_(
    file('9001_a.sql', 'create table a (id int); insert into a values (1)'),
    file('9002_b.sql', 'insert into a values (2)'),
  )
  expect(await missing(database.pool, known)).toEqual(['9001_a.sql', '9002_b.sql'])
  expect(await migrate(database.pool, known)).toEqual(['9001_a.sql', '9002_b.sql'])
  expect(await migrate(database.pool, known)).toEqual([])
  expect(await missing(database.pool, known)).toEqual([])
  expect(await counted('from a')).toBe(2)
})

test('of eight starters at once one applies each migration, also those without a transaction', async () => {
  const known = with_(
    file('9001_a.sql', 'create table a (id int); insert into a values (1)'),
    file('9002_b.sql', '-- no transaction\ndrop index concurrently if exists a_id;\ncreate index concurrently a_id on a (id);\n'),
    file('9003_c.sql', 'insert into a values (3)'),
  )
  const starters = Array.from({ length: 8 }, () => (database.url === null ? database.pool : serverPool(database.url, silentLog)))
  const applied = await Promise.all(starters.map((pool) => migrate(pool, known)))
  expect(applied.flat().sort()).toEqual(['9001_a.sql', '9002_b.sql', '9003_c.sql'])
  expect(await counted('from a')).toBe(2)
  expect(await counted(`from pg_index where indexrelid = 'a_id'::regclass and indisvalid`)).toBe(1)
  for (const pool of starters) if (pool !== database.pool) await pool.end()
})

test.runIf(onServer)('eight processes that open an empty database at once all find it complete', async () => {
  const empty = await openEmptyServerDatabase()
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => openDatabase({ databaseUrl: empty.url, home: '', holder: 'test', log: silentLog })),
  )
  const { rows } = await empty.pool.query('select name from migration order by name')
  expect(rows.map((row) => row.name)).toEqual(migrations().map((each) => each.name))
  await Promise.all(opened.map((each) => each.close()))
  await empty.close()
})

test('a migration that fails leaves nothing, stops the ones after it, and is named', async () => {
  const known = with_(
    file('9001_a.sql', 'create table a (id int); insert into a select 1 / 0'),
    file('9002_b.sql', 'create table b (id int)'),
  )
  await expect(migrate(database.pool, known)).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringMatching(/^9001_a.sql failed \(22012\)/),
  })
  expect(await counted(`from pg_class where relname in ('a', 'b')`)).toBe(0)
  expect(await migrate(database.pool, with_(file('9001_a.sql', 'create table a (id int)')))).toEqual(['9001_a.sql'])
})

test('a migration without a transaction that fails is run again from its first statement', async () => {
  await database.pool.query('create table a (id int); insert into a values (1), (1)')
  const sql =
    '-- no transaction\ndrop index concurrently if exists a_id;\n-- ends; not here\ncreate unique index concurrently a_id on a (id);\n'
  await expect(migrate(database.pool, with_(file('9001_a.sql', sql)))).rejects.toMatchObject({ code: 'migration_failed' })
  await database.pool.query('delete from a')
  expect(await migrate(database.pool, with_(file('9001_a.sql', sql)))).toEqual(['9001_a.sql'])
  expect(await counted(`from pg_index where indexrelid = 'a_id'::regclass and indisvalid`)).toBe(1)
})

test('a file that was changed after it was applied is refused', async () => {
  await migrate(database.pool, with_(file('9001_a.sql', 'create table a (id int)')))
  const changed = migrate(database.pool, with_(file('9001_a.sql', 'create table a (id bigint)')))
  await expect(changed).rejects.toMatchObject({ code: 'migration_changed', message: expect.stringContaining('9001_a.sql') })
})

test('a database that a newer version has used is refused', async () => {
  await migrate(database.pool, with_(file('9001_a.sql', 'create table a (id int)')))
  await expect(migrate(database.pool)).rejects.toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining('9001_a.sql'),
  })
})

test('the line ends of a migration do not count as a change', () => {
  for (const each of migrations()) expect(each.sql).not.toContain('\r')
  expect(migrations().map((each) => each.name)).toEqual(expect.arrayContaining(['0001_knowledge.sql', '0002_conversations.sql']))
})
