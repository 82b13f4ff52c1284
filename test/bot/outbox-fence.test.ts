import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Channel, ChannelError } from '../../bot/channels/channel.ts'
import type { Outgoing, Receipt } from '../../bot/channels/outgoing.ts'
import { type Outbox, outbox } from '../../bot/outbox.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

/**
 * Processes that stand still (a suspended machine, SIGSTOP) for longer than their lease, and databases that go away, while a message is
 * being sent: what was sent is never sent again by somebody who could have known.
 */

let database: TestDatabase
let last = 0
const sent: string[] = []
const told: string[] = []

const words = (text: string): Outgoing => ({ kind: 'text', blocks: [{ type: 'paragraph', spans: [text] }] })

type Sending = { resolve(receipt: Receipt): void; reject(error: unknown): void }

/** One process with its own outbox; each send waits until the test says what becomes of it. */
function processOf(owner: string, more: { pool?: pg.Pool; elapsed?: () => number; addressOf?: () => Promise<void> } = {}) {
  const sends: Sending[] = []
  const channel: Pick<Channel, 'send'> = {
    send: (_, body) =>
      new Promise((resolve, reject) => {
        sent.push(`${owner}: ${body.kind === 'text' ? body.blocks.flatMap((each) => each.spans).join('') : body.kind}`)
        sends.push({ resolve, reject })
      }),
  }
  const box: Outbox = outbox({
    pool: more.pool ?? database.pool,
    log: silentLog,
    owner,
    channelOf: () => channel as Channel, // nothing else of it is asked
    partsOf: (_, body) => [body],
    addressOf: async (row) => {
      await more.addressOf?.()
      return row.chat
    },
    onSent: async (_, row) => {
      told.push(`sent ${row.key}`)
      return null
    },
    onDead: async (_, row) => {
      told.push(`dead ${row.key}`)
      return []
    },
    onHeld: async () => [],
    onTopicGone: async () => [],
    ...(more.elapsed === undefined ? {} : { elapsed: more.elapsed }),
  })
  return { box, sends, sending: () => until(() => sends.length > 0).then(() => sends.shift() as Sending) }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((go) => setTimeout(go, 5))
}

const unavailable = () => new ChannelError('unavailable', 'no answer', { retryAfterMs: 0 })
const leaseEnds = () => database.pool.query(`update outbox set lease_until = now() - interval '1 second' where state = 'sending'`)
const put = (box: Outbox, text: string) =>
  transaction(database.pool, (tx) => {
    last += 1
    return box.put(tx, [{ key: `k${last}`, chat: `telegram:${last}`, conversation: null, body: words(text) }])
  })
const states = async () =>
  (await database.pool.query<{ state: string }>('select state from outbox order by id')).rows.map((row) => row.state)

beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(async () => {
  await database.pool.query('delete from outbox')
  sent.length = 0
  told.length = 0
})
afterAll(() => database.close())

test('who wakes after another has sent the message does not have it sent once more', async () => {
  const one = processOf('one')
  const other = processOf('other')
  await put(one.box, '在途')
  const first = one.box.sendNext()
  const stopped = await one.sending()
  await leaseEnds()
  const second = other.box.sendNext()
  ;(await other.sending()).resolve({ messageIds: ['2'] })
  await second
  stopped.reject(unavailable())
  await first
  expect(await states()).toEqual(['sent'])
  expect(await other.box.sendNext()).toBe(false)
  expect(sent).toEqual(['one: 在途', 'other: 在途'])
  expect(told).toEqual([`sent k${last}`])
})

test.each([['refused'], ['chat_gone']] as const)('a late %s says nothing about what another has sent', async (code) => {
  const one = processOf('one')
  const other = processOf('other')
  await put(one.box, '在途')
  const first = one.box.sendNext()
  const stopped = await one.sending()
  await leaseEnds()
  const second = other.box.sendNext()
  const takenOver = await other.sending()
  stopped.reject(new ChannelError(code, 'no'))
  await first
  expect(await states()).toEqual(['sending'])
  takenOver.resolve({ messageIds: ['2'] })
  await second
  expect(await states()).toEqual(['sent'])
  expect(told).toEqual([`sent k${last}`])
})

test('a late success counts, whoever has the message by now and whatever they met', async () => {
  const one = processOf('one')
  const other = processOf('other')
  await put(one.box, '在途')
  const first = one.box.sendNext()
  const stopped = await one.sending()
  await leaseEnds()
  const second = other.box.sendNext()
  ;(await other.sending()).reject(unavailable())
  await second
  expect(await states()).toEqual(['ready'])
  stopped.resolve({ messageIds: ['1'] })
  await first
  expect(await states()).toEqual(['sent'])
  expect(await other.box.sendNext()).toBe(false)
  expect(told).toEqual([`sent k${last}`])
})

test('a process does not take from itself what it is still sending, however long the machine slept', async () => {
  const { box, sending } = processOf('one')
  await put(box, '在途')
  const first = box.sendNext()
  const slept = await sending()
  await leaseEnds()
  expect(await box.sendNext()).toBe(false)
  slept.resolve({ messageIds: ['1'] })
  await first
  expect(await states()).toEqual(['sent'])
  expect(sent).toEqual(['one: 在途'])
})

test('who stood still before sending sends nothing that is somebody else’s by now', async () => {
  let clock = 0
  let wake: () => void = () => {}
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  const one = processOf('one', { elapsed: () => clock, addressOf: () => asleep })
  const other = processOf('other')
  await put(one.box, '在途')
  const first = one.box.sendNext()
  while ((await states())[0] !== 'sending') await new Promise((go) => setTimeout(go, 5))
  await leaseEnds()
  const second = other.box.sendNext()
  ;(await other.sending()).resolve({ messageIds: ['2'] })
  await second
  clock = 20_000
  wake()
  await first
  expect(sent).toEqual(['other: 在途'])
  expect(await states()).toEqual(['sent'])
})

test('the database goes away after the platform took the message: it is written down when it is back, not sent again', async () => {
  let away = false
  const gone = async () => {
    throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  }
  const pool = new Proxy(database.pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (away && (name === 'query' || name === 'connect')) return gone
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const { box, sending } = processOf('one', { pool })
  await put(box, '在途')
  const first = box.sendNext()
  const send = await sending()
  away = true
  send.resolve({ messageIds: ['1'] })
  await new Promise((go) => setTimeout(go, 150))
  await leaseEnds()
  away = false
  await first
  expect(await states()).toEqual(['sent'])
  expect(await box.sendNext()).toBe(false)
  expect(sent).toEqual(['one: 在途'])
})

test('a process that ends while the database is away does not wait for it', async () => {
  let away = false
  const pool = new Proxy(database.pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (away && (name === 'query' || name === 'connect'))
        return () => Promise.reject(new Error('Connection terminated unexpectedly'))
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const { box, sending } = processOf('one', { pool })
  await put(box, '在途')
  const first = box.sendNext()
  const send = await sending()
  away = true
  send.resolve({ messageIds: ['1'] })
  box.stop()
  await expect(first).rejects.toThrow('terminated')
})

test('a database set back to an earlier moment numbers anew, and still no message goes out under the key of another', async () => {
  const keys: string[] = []
  const channel: Pick<Channel, 'send'> = {
    async send(_, __, key = '') {
      keys.push(key)
      return { messageIds: [] }
    },
  }
  const { box } = processOf('one')
  const sending = outbox({
    pool: database.pool,
    log: silentLog,
    owner: 'one',
    channelOf: () => channel as Channel, // nothing else of it is asked
    partsOf: (_, body) => [body],
    addressOf: async (row) => row.chat,
    onSent: async () => null,
    onDead: async () => [],
    onHeld: async () => [],
    onTopicGone: async () => [],
  })
  for (const text of ['恢复前', '恢复后']) {
    last = 500
    await put(box, text)
    await sending.sendNext()
    await database.pool.query('delete from outbox')
  }
  expect(new Set(keys).size).toBe(2)
})
