import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Channel, ChannelError } from '../../bot/channels/channel.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { moveState } from '../../bot/channels/state.ts'
import { type Outbox, outbox } from '../../bot/outbox.ts'
import { joinPlan } from '../../bot/queue/join.ts'
import type { OutboxItem } from '../../bot/queue/sending.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let database: TestDatabase
let box: Outbox
let refuse: ConstructorParameters<typeof ChannelError>[0] | null = null
const sent: { chat: string; text: string; key: string }[] = []
const told: string[] = []

const words = (text: string, more: object = {}): Outgoing => ({
  kind: 'text',
  blocks: [{ type: 'paragraph', spans: [text] }],
  ...more,
})
const textOf = (body: Outgoing) => (body.kind === 'text' ? body.blocks.flatMap((block) => block.spans).join('') : body.kind)

/** Accepts what the test lets it accept; joins everything that waits into one. */
const channel: Pick<Channel, 'send' | 'join'> = {
  async send(chat, body, given = '') {
    const key = given.replace(/@\d+/, '') // when it was stored, which differs at every run
    if (refuse !== null) throw new ChannelError(refuse, 'no')
    sent.push({ chat, text: textOf(body), key })
    return { messageIds: [key] }
  },
  join: (bodies) => [words(bodies.map(textOf).join('+'))],
}

beforeAll(async () => {
  database = await openTestDatabase()
  await database.pool.query(`insert into conversation (chat) values ('kf:a:1'), ('kf:a:2'), ('kf:a:3'), ('kf:a:4')`)
  const note = (what: string) => async (_: unknown, row: { key: string }) => {
    told.push(`${what} ${row.key}`)
    return []
  }
  box = outbox({
    pool: database.pool,
    log: silentLog,
    owner: 'test',
    channelOf: () => channel as Channel, // nothing else of it is asked
    partsOf: (_, body) => [body],
    addressOf: async (row) => row.chat,
    onSent: async () => null,
    onDead: note('dead'),
    onHeld: note('held'),
    onTopicGone: async () => [],
  })
})
afterAll(() => database.close())

const put = (...items: (Partial<OutboxItem> & { key: string; chat: string; body: Outgoing })[]) =>
  transaction(database.pool, (tx) =>
    box.put(
      tx,
      items.map((item) => ({ conversation: item.chat.slice(-1), ...item })),
    ),
  )
const states = async (chat: string) =>
  (await database.pool.query<{ state: string }>('select state from outbox where chat = $1 order by id', [chat])).rows.map(
    (row) => row.state,
  )
const sendAll = async () => {
  while (await box.sendNext());
}

test('what waits for one chat goes out together, once, under the key of the first', async () => {
  const chat = 'kf:a:1'
  await put(
    { key: 'a1', chat, body: words('一') },
    { key: 'a2', chat, body: words('二') },
    { key: 'a3', chat, body: words('三') },
  )
  await sendAll()
  expect(sent.filter((each) => each.chat === chat)).toEqual([{ chat, text: '一+二+三', key: 'a1' }])
  expect(await states(chat)).toEqual(['sent', 'sent', 'sent'])
})

test('what goes out together rests on all that its parts rest on', () => {
  const waiting = (id: string, restsOn: string[]) => ({ id, body: words(id), attempts: 0, restsOn })
  const plan = joinPlan(
    waiting('1', ['p1']),
    [waiting('2', ['p2', 'p1']), { ...waiting('3', ['p3']), attempts: 1 }],
    (bodies) => [words(bodies.map(textOf).join(''))],
  )
  expect(plan).toEqual({
    rows: [
      { id: '1', body: words('12') },
      { id: '2', body: null },
    ],
    restsOn: ['p1', 'p2'],
  })
})

test('a closed window holds words until the person writes, and says so once; then they go in order with what is new', async () => {
  const chat = 'kf:a:2'
  refuse = 'window_closed'
  await put({ key: 'b1', chat, body: words('提醒') })
  await sendAll()
  await put({ key: 'b2', chat, body: words('又一条') }, { key: 'b3', chat, body: words('随口', { courtesy: true }) })
  refuse = 'window_closed'
  await sendAll()
  expect(await states(chat)).toContain('held')
  refuse = null
  expect(await box.sendNext()).toBe(false)
  await transaction(database.pool, (tx) => box.release(tx, chat))
  await put({ key: 'b4', chat, body: words('答复') })
  await sendAll()
  expect(sent.filter((each) => each.chat === chat).map((each) => each.text)).toEqual(['提醒+又一条+随口+答复'])
  expect(told.filter((each) => each.startsWith('held b'))).toEqual(['held b1', 'held b2'])
})

test('a person who writes while a message is being refused does not leave it lying', async () => {
  const chat = 'kf:a:3'
  refuse = 'window_closed'
  await put({ key: 'c1', chat, body: words('在途') })
  const send = channel.send
  channel.send = async (...args) => {
    await transaction(database.pool, (tx) => box.release(tx, chat))
    channel.send = send
    return send(...args)
  }
  await box.sendNext()
  expect(await states(chat)).toEqual(['ready'])
  refuse = null
  await sendAll()
  expect(sent.filter((each) => each.chat === chat)).toEqual([{ chat, text: '在途', key: 'c1' }])
})

test('what the platform took and then did not deliver waits under a new key, or is told where somebody can act', async () => {
  const chat = 'kf:a:4'
  await put({ key: 'd1', chat, body: words('第六条') })
  await sendAll()
  const failed = (messageId: string, why: 'window_closed' | 'chat_gone') =>
    transaction(database.pool, (tx) => box.undelivered(tx, '4', { messageId, why }))
  await failed('d1', 'window_closed')
  await failed('d1', 'window_closed')
  expect(await states(chat)).toEqual(['held'])
  await transaction(database.pool, (tx) => box.release(tx, chat))
  await sendAll()
  expect(sent.filter((each) => each.chat === chat).map((each) => each.key)).toEqual(['d1', 'd1~1'])
  await failed('d1~1', 'chat_gone')
  expect(await states(chat)).toEqual(['dead'])
  expect(told.filter((each) => each.includes(' d1'))).toEqual(['held d1', 'dead d1'])
})

test('a human of the platform in the chat ends a late message, and somebody is told', async () => {
  refuse = 'not_our_turn'
  await put({ key: 'e1', chat: 'kf:a:5', conversation: null, body: words('迟到的答复') })
  await sendAll()
  refuse = null
  expect(await states('kf:a:5')).toEqual(['dead'])
  expect(told).toContain('dead e1')
})

test('a cursor moves only from where its page was read, with what belongs to it, or nothing of the page is stored', async () => {
  const { pool } = database
  const move = (from: unknown, to: unknown, also: unknown) =>
    transaction(pool, (tx) => moveState(tx, 'kf', { name: 'sync', from, to }, [{ name: 'also', value: also }]))
  await move(undefined, { cursor: 'a' }, 1)
  await expect(move(undefined, { cursor: 'x' }, 2)).rejects.toMatchObject({ code: 'state_moved' })
  await move({ cursor: 'a' }, { cursor: 'b' }, 3)
  await expect(move({ cursor: 'a' }, { cursor: 'c' }, 4)).rejects.toMatchObject({ code: 'state_moved' })
  const { rows } = await pool.query(`select name, value from channel_state where channel = 'kf' order by name`)
  expect(rows).toEqual([
    { name: 'also', value: 3 },
    { name: 'sync', value: { cursor: 'b' } },
  ])
})
