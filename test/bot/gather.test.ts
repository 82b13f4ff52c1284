import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownMessage } from '../../bot/channels/message.ts'
import { inbox } from '../../bot/inbox.ts'
import { gathered } from '../../bot/queue/gather.ts'
import { systemClock } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('what comes during a write goes with the next one, in order, and one that fails takes no other with it', async () => {
  const writes: string[][] = []
  const write = gathered<string>(async (items) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    writes.push([...items])
    if (items.includes('bad')) throw new Error('no')
  })
  const told = await Promise.allSettled(['a', 'b', 'bad', 'c'].map(write))
  expect(told.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(writes).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']])
})

test('many at once are stored as if one came after the other', async () => {
  const box = inbox({ pool: database.pool, log: silentLog, clock: systemClock, owner: 'test' })
  const arrival = (id: number, chat: string) => ({
    channel: 'web',
    settleMs: 0,
    message: ownMessage({ externalId: String(id), chat: `web:${chat}`, text: `第${id}句` }),
  })
  const arrivals = [arrival(1, 'b'), arrival(2, 'a'), arrival(3, 'b'), arrival(1, 'b'), arrival(4, 'a')]
  expect(await box.storeAll(arrivals)).toBe(4)
  expect(await box.storeAll(arrivals)).toBe(0)
  expect(await box.store('web', arrival(3, 'b').message)).toBe(false)
  const { rows } = await database.pool.query(
    'select external_id as id, chat, person from inbox join conversation c on c.id = conversation order by inbox.id',
  )
  expect(rows).toEqual(
    [
      ['1', 'web:b'],
      ['2', 'web:a'],
      ['3', 'web:b'],
      ['4', 'web:a'],
    ].map(([id, chat]) => ({ id, chat, person: chat })),
  )
})
