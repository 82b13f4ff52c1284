import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clock, scriptedClock } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { migrate, migrations } from '../../retrieval/store/migrate.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { makeHome, onServer, openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
const home = mkdtempSync(join(tmpdir(), 'yuanqiao-clock-'))
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true, force: true })
})

test('migrating twice, or eight times at once, does no harm', async () => {
  expect(await Promise.all(Array.from({ length: 8 }, () => migrate(database.pool)))).toEqual(Array.from({ length: 8 }, () => []))
  const { rows } = await database.pool.query('select name from migration order by name')
  expect(rows.map((row) => row.name)).toEqual(migrations().map((each) => each.name))
})

test('a transaction is seen by nobody else until it commits', async () => {
  const { pool } = database
  const client = await pool.connect()
  await client.query('begin')
  await client.query(`insert into channel_state (channel, name, value) values ('test', 'a', '1')`)
  const seen = pool.query(`select count(*)::int as count from channel_state where channel = 'test'`)
  await client.query('rollback')
  client.release()
  expect((await seen).rows).toEqual([{ count: 0 }])
})

test('statements of many clients with their own parameters do not mix', async () => {
  const asked = Array.from({ length: 60 }, (_, index) => index)
  const got = await Promise.all(
    asked.map(async (index) => (await database.pool.query('select $1::int + $2::int as sum', [index, 1000])).rows[0]?.sum),
  )
  expect(got).toEqual(asked.map((index) => index + 1000))
})

test('a failed statement leaves the connection usable', async () => {
  await expect(database.pool.query('select nothing_of_the_kind')).rejects.toThrow('does not exist')
  await expect(database.pool.query('select $1::int', ['x'])).rejects.toThrow('invalid input syntax')
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('two clients may use the same name for different prepared statements', async () => {
  const [a, b] = [await database.pool.connect(), await database.pool.connect()]
  const ask = (client: PoolClient, text: string, values: unknown[]) =>
    client.query<{ got: number }>({ name: 'same', text, values })
  expect((await ask(a, 'select $1::int as got', [1])).rows).toEqual([{ got: 1 }])
  expect((await ask(b, 'select $1::int * 10 as got', [1])).rows).toEqual([{ got: 10 }])
  expect((await ask(a, 'select $1::int as got', [2])).rows).toEqual([{ got: 2 }])
  expect((await ask(b, 'select $1::int * 10 as got', [2])).rows).toEqual([{ got: 20 }])
  a.release(true)
  await expect
    .poll(async () => (await b.query('select count(*)::int as count from pg_prepared_statements')).rows)
    .toEqual([{ count: 1 }])
  b.release(true)
})

test('a large value goes in and comes back whole', async () => {
  const text = '园区'.repeat(400_000)
  const { rows } = await database.pool.query('select $1::text as text, length($1) as length', [text])
  expect(rows).toEqual([{ text, length: 800_000 }])
})

test('a transaction in which a failed statement went unnoticed is not called stored', async () => {
  const work = transaction(database.pool, async (tx) => {
    await tx.query(`insert into channel_state (channel, name, value) values ('test', 'lost', '1')`)
    await tx.query('select 1 / 0').catch(() => {})
  })
  await expect(work).rejects.toMatchObject({ code: 'transaction_lost' })
  const { rowCount } = await database.pool.query(`select 1 from channel_state where name = 'lost'`)
  expect(rowCount).toBe(0)
})

test('a server that cannot be used is named with what to do, and never with its address', async () => {
  const open = (databaseUrl: string) => openDatabase({ databaseUrl, home: '', holder: 'test', log: silentLog })
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const address = closed.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  closed.close()
  await once(closed, 'close')
  const error = await open(`postgres://app:secret@127.0.0.1:${port}/app`).catch((each: unknown) => each)
  expect(error).toMatchObject({ code: 'database_unavailable', retry: true, hint: expect.stringContaining('DATABASE_URL') })
  expect(String(error)).toContain('ECONNREFUSED')
  expect(String(error)).not.toContain('secret')
  await expect(open('postgres://app:secret@:not a port/app')).rejects.toMatchObject({
    code: 'database_unavailable',
    retry: false,
    cause: undefined, // it would hold the address
  })
})

test.runIf(onServer)('an unknown user and a missing database are told apart', async () => {
  const open = (part: 'pathname' | 'username', value: string) => {
    const url = new URL(database.url ?? '')
    url[part] = value
    return openDatabase({ databaseUrl: url.href, home: '', holder: 'test', log: silentLog })
  }
  const missing = { code: 'database_unavailable', message: expect.stringContaining('3D000'), retry: false }
  await expect(open('pathname', '/no_such')).rejects.toMatchObject(missing)
  const unknown = { code: 'database_unavailable', message: expect.stringMatching(/28000|28P01/), retry: false }
  await expect(open('username', 'nobody_here')).rejects.toMatchObject(unknown)
})

test('rows bear the time of a scripted clock, and without one the real time', async () => {
  const clock = scriptedClock('2025-03-01T10:00:00+08:00,60')
  const opened = async (name: string, of: Clock | undefined) => {
    const folder = join(home, name)
    if (database.url === null) await makeHome(folder)
    const at = { databaseUrl: database.url, home: folder, holder: 'test', log: silentLog }
    const { pool, close } = await openDatabase(of === undefined ? at : { ...at, clock: of })
    const { rows } = await pool.query<{ at: Date; now: Date }>(
      `insert into audit (actor, action, about) values ('test', 'test', 'test') returning at, now() as now`,
    )
    await close()
    return { at: rows[0]?.at.getTime() ?? 0, now: rows[0]?.now.getTime() ?? 0 }
  }
  const before = clock().getTime()
  const { at } = await opened('scripted', clock)
  expect(at).toBeGreaterThanOrEqual(before - 60)
  expect(at).toBeLessThanOrEqual(clock().getTime())
  const real = await opened('real', undefined)
  expect(real.at).toBe(real.now)
})

test.runIf(onServer)('no statement and no idle transaction holds a server for ever', async () => {
  const { rows } = await database.pool.query(
    `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`,
  )
  expect(rows).toEqual([{ statement: '2min', idle: '1min' }])
})
