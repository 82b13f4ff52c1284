import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { isOver } from '../../bot/channels/base/over.ts'
import type { Channel } from '../../bot/channels/channel.ts'
import { ownMessage } from '../../bot/channels/message.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { memoryOf } from '../../bot/channels/wecom/kf/memory.ts'
import { takeSlot } from '../../bot/channels/wecom/pace.ts'
import { type Inbox, inbox } from '../../bot/inbox.ts'
import { outbox } from '../../bot/outbox.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { channelMemory } from '../fakes/channel-memory.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

/** The machine started with a wrong time, or was suspended: its clock is set back by hours. Nobody waits until it is there again. */

let database: TestDatabase
let box: Inbox
const sent: string[] = []
const words = (text: string): Outgoing => ({ kind: 'text', blocks: [{ type: 'paragraph', spans: [text] }] })
const channel: Pick<Channel, 'send'> = {
  async send(chat) {
    sent.push(chat)
    return { messageIds: [] }
  },
}

beforeAll(async () => {
  database = await openTestDatabase()
  box = inbox({ pool: database.pool, log: silentLog, clock: () => new Date(), owner: 'one' })
})
beforeEach(async () => {
  await database.pool.query('delete from outbox')
  await database.pool.query('delete from conversation')
  sent.length = 0
})
afterAll(() => database.close())

const hear = (key: string) => box.store('web', ownMessage({ externalId: key, chat: `web:${key}`, text: '你好' }))

test('a lane that was leased by the later clock is free', async () => {
  await hear('a')
  await database.pool.query(`update conversation set lease_owner = 'dead', lease_until = now() + interval '3 hours'`)
  expect((await box.claim())?.conversation.chat).toBe('web:a')
})

test('words that wait for others, or for another try, do so for minutes at most; a promise keeps its day', async () => {
  await hear('a')
  const { rows } = await database.pool.query<{ id: string }>('select id::text from conversation')
  await transaction(database.pool, (tx) =>
    box.setTimer(tx, rows[0]?.id ?? '', 't1', new Date(Date.now() + 3 * 86_400_000), {
      kind: 'timer',
      name: 'follow_up',
      ticket: '1',
      round: 1,
    }),
  )
  await database.pool.query(`update inbox set run_at = now() + interval '3 hours' where channel = 'web'`)
  expect(await box.claim()).toBeNull()
  await box.mend()
  expect((await box.claim())?.rows.map((row) => row.channel)).toEqual(['web'])
  expect((await database.pool.query(`select from inbox where run_at > now() + interval '2 days'`)).rowCount).toBe(1)
})

test('messages go out: new ones, those that were tried, those a dead process held; only a platform’s own limit is waited for', async () => {
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
  await transaction(database.pool, (tx) =>
    sending.put(
      tx,
      ['new', 'tried', 'held', 'limited'].map((key) => ({ key, chat: key, conversation: null, body: words(key) })),
    ),
  )
  const later = `now() + interval '3 hours'`
  await database.pool.query(`update outbox set run_at = ${later}`)
  await database.pool.query(`update outbox set attempts = 3, error = 'unavailable' where key = 'tried'`)
  await database.pool.query(`update outbox set attempts = 1, error = 'rate_limited' where key = 'limited'`)
  await database.pool.query(
    `update outbox set attempts = 1, state = 'sending', lease_owner = 'dead', lease_until = ${later} where key = 'held'`,
  )
  while (await sending.sendNext());
  expect(sent.toSorted()).toEqual(['held', 'new', 'tried'])
})

test('what channels lend each other ends too', async () => {
  const now = new Date('2026-11-26T10:00:00Z')
  const at = (ms: number) => now.getTime() + ms
  expect([at(-1), at(0), at(3_600_000), undefined, null, 'soon'].map((until) => isOver(until, now, 5_000))).toEqual(
    Array.from({ length: 6 }, () => true),
  )
  expect([at(1), at(5_000)].map((until) => isOver(until, now, 5_000))).toEqual([false, false])
  const { state } = channelMemory()('kf')
  await state.set('lease:wk1', { owner: 'dead', until: Date.now() + 3_600_000 })
  expect(await memoryOf(state).lease('wk1', 'alive', 5_000)).toBe(true)
  const full = Array.from({ length: 40 }, (_, index) => ({ at: at(3_600_000 + index), what: '', key: `${index}` }))
  expect(takeSlot({ recent: full, minutes: [] }, now, { what: 'x', key: 'x' }).result.waitMs).toBe(0)
})
