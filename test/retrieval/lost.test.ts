import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { endLostConnections } from '../../retrieval/store/server/lost.ts'
import { onServer, openTestDatabase, type TestDatabase } from '../fakes/database.ts'

/** A network that drops everything on the connections there are, without a word; new ones work unless it is `closed`. */
async function network(to: URL) {
  const ends = new Set<Socket>()
  const dropped = new Set<Socket>()
  const knobs = { closed: false }
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    const isDropped = knobs.closed
    for (const each of [near, far]) {
      ends.add(each)
      if (isDropped) dropped.add(each)
      each.on('error', () => {})
    }
    near.on('data', (data) => void (dropped.has(near) || far.write(data)))
    far.on('data', (data) => void (dropped.has(far) || near.write(data)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = new URL(to)
  address.port = String((server.address() as AddressInfo).port) // it listens on TCP
  return {
    url: address.href,
    knobs,
    drop: () => {
      for (const each of ends) dropped.add(each)
    },
    close: () => {
      for (const each of ends) each.destroy()
      server.close()
    },
  }
}

const opened: { close(): unknown }[] = []
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await database.close()
})

async function poolThrough() {
  const net = await network(new URL(database.url ?? ''))
  const config = { connectionString: net.url, connectionTimeoutMillis: 2_000, max: 2 }
  const pool = new pg.Pool(config)
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  endLostConnections(pool, config, { log: silentLog, slow: 100 })
  opened.push({ close: net.close })
  return { net, pool }
}

test.skipIf(!onServer)('a connection that was lost without a word is ended, and the next one answers', async () => {
  const { net, pool } = await poolThrough()
  await pool.query('select 1')
  net.drop()
  await expect(pool.query('select 1')).rejects.toThrow('Connection lost')
  expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }])
})

test.skipIf(!onServer)('a client that runs one quick statement after the other is left alone', async () => {
  const { pool } = await poolThrough()
  const client = await pool.connect()
  const until = performance.now() + 1_500
  let answered = 0
  while (performance.now() < until) answered += (await client.query('select 1')).rowCount ?? 0
  client.release()
  expect(answered).toBeGreaterThan(10)
})

test.skipIf(!onServer)('a statement that takes long is left alone, in a transaction and out of one', async () => {
  const { pool } = await poolThrough()
  await pool.query('select pg_sleep(0.8)')
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select pg_sleep(0.5)')
  await new Promise((go) => setTimeout(go, 300))
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await client.query('commit')
  client.release()
})

test.skipIf(!onServer)(
  'while the server cannot be asked nothing is ended, and afterwards it is',
  async () => {
    const { net, pool } = await poolThrough()
    await pool.query('select 1')
    net.drop()
    net.knobs.closed = true
    let ended = false
    const asked = pool.query('select 1').catch((error: unknown) => {
      ended = true
      return error
    })
    await new Promise((go) => setTimeout(go, 500))
    expect(ended).toBe(false)
    net.knobs.closed = false
    expect(await asked).toBeInstanceOf(Error)
  },
  15_000,
)
