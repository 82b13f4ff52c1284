import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, migrations } from '../../retrieval/store/migrate.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('a second migration does no harm, and eight at once neither', async () => {
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
