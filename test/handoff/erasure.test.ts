import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestErasure } from '../../bot/control/erase.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** Words of one person, planted through every way they or those working on their case have; after erasure no table holds them. */
let desk: TestDesk
let wang: Person
let li: Person

beforeAll(async () => {
  const directChat = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)
  desk = await openTestDesk({ directChat })
  Object.assign(desk.deps, { summarise: async (told: string) => `小结：${told.slice(-60)}` })
  wang = await desk.broker('王工', { wecom: 'wang' })
  li = await desk.broker('李工', { wecom: 'li' })
})
afterAll(() => desk.close())

async function tablesWith(marker: string): Promise<string[]> {
  const { pool } = desk.database
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const found: string[] = []
  for (const { name } of rows)
    if ((await pool.query(`select 1 from "${name}" x where x::text like '%' || $1 || '%'`, [marker])).rowCount !== 0)
      found.push(name)
  return found
}

type Chat = { readonly chat: string; readonly marker: string; ticket: string }
const settled = async (chat: string, text: string, change = {}) => {
  await desk.write(chat, text, change)
  await desk.settle()
}
const direct = (userid: string, text: string, change = {}) =>
  settled(`wecom:${userid}`, text, { from: { id: `wecom:${userid}`, name: userid }, ...change })
const press = (userid: string, button: string) => direct(userid, '', { kind: 'button', button })
/** Something the desk does to the case. */
async function act(on: Chat, action: Parameters<TestDesk['post']>[2]): Promise<void> {
  const result = desk.post(wang, on.ticket, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  await result
  await desk.settle()
}

/** Each leaves the marker somewhere; 王工 has the case. */
const plantings: Readonly<Record<string, (on: Chat) => Promise<unknown>>> = {
  words: ({ chat, marker }) => settled(chat, `我们的工艺是${marker}`),
  file: ({ chat, marker }) => settled(chat, '', { kind: 'file', file: { name: `${marker}.docx`, size: 3, ref: 'r' } }),
  quoted: ({ chat, marker }) => settled(chat, '对', { quoted: `上次说的${marker}` }),
  nickname: ({ chat, marker }) => settled(chat, '在吗', { from: { id: chat, name: `企业${marker}` } }),
  unreadable: ({ chat, marker }) => settled(chat, `${marker}的位置`, { kind: 'unreadable' }),
  reply: (on) => act(on, { do: 'reply', text: `收到，${on.marker}可以做` }),
  own_chat: ({ ticket, marker }) => direct('wang', `T${ticket} 关于${marker}，周三可以`),
  own_chat_note: ({ ticket, marker }) => direct('wang', `T${ticket} /note 对方提到${marker}`),
  heirs: ({ ticket }) => press('wang', `t:${ticket}:heirs`),
  there_and_back: async (on) => {
    await press('wang', `t:${on.ticket}:give:${li.id}`)
    await press('li', `t:${on.ticket}:give:${wang.id}`)
  },
  returned: async (on) => {
    await press('wang', `t:${on.ticket}:return`)
    await press('wang', `t:${on.ticket}:claim`)
  },
  faq: (on) => act(on, { do: 'faq', question: `${on.marker}怎么办`, answer: `先把${on.marker}的样品送来检测` }),
  refused: (on) => direct('li', `T${on.ticket} 我插一句${on.marker}`),
  outcome: (on) => act(on, { do: 'record', outcome: 'answered', detail: { note: on.marker } }),
  dead: ({ marker }) =>
    desk.database.pool.query(`update outbox set state = 'dead' where state = 'ready' and body::text like '%' || $1 || '%'`, [
      marker,
    ]),
  on_its_way: ({ marker }) =>
    desk.database.pool.query(
      `update outbox set state = 'sending', lease_until = now() + interval '1 minute' where id = (select max(id) from outbox where state = 'ready' and body::text like '%' || $1 || '%')`,
      [marker],
    ),
  held: ({ marker }) =>
    desk.database.pool.query(`update outbox set state = 'held' where state = 'ready' and body::text like '%' || $1 || '%'`, [
      marker,
    ]),
}

async function handedOver(): Promise<Chat> {
  const chat = `web:${randomUUID()}`
  const marker = `甲${randomUUID().slice(0, 8)}乙`
  await settled(chat, `我们公司叫${marker}有限公司，有没有${marker}的成果？`, { from: { id: chat, name: null } })
  const row = (await desk.view.queue(wang)).find((each) => each.chat === chat)
  expect(row).toBeDefined()
  const on = { chat, marker, ticket: row?.id ?? '' }
  await press('wang', `t:${on.ticket}:claim`)
  return on
}

test('the markers are found before they are erased', async () => {
  const on = await handedOver()
  for (const plant of Object.values(plantings)) await plant(on)
  const found = await tablesWith(on.marker)
  expect(found).toEqual(
    expect.arrayContaining(['answer', 'conversation', 'faq_candidate', 'inbox', 'message', 'outbox', 'ticket']),
  )
  await requestErasure(desk.database.pool, on.chat, 'person:1')
  await desk.settle()
  expect(await tablesWith(on.marker)).toEqual([])
})

test('whatever was done to a case, in whatever order, nothing of the person is left when they or the park ask for it', async () => {
  const names = Object.keys(plantings)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 6 }),
      fc.boolean(),
      async (order, byPerson) => {
        const on = await handedOver()
        for (const name of order) await plantings[name]?.(on)
        if (byPerson) {
          await settled(on.chat, '/close')
          await settled(on.chat, '提交需求')
          await settled(on.chat, `我们要用${on.marker}做低温脱氮，预算 50 万元`)
          await settled(on.chat, '/close')
          await settled(on.chat, '', { kind: 'button', button: 'delete' })
        } else {
          await requestErasure(desk.database.pool, on.chat, 'person:1')
          await desk.settle()
        }
        expect(await tablesWith(on.marker)).toEqual([])
        const { rows } = await desk.database.pool.query(
          `select count(*)::int as n from audit where action = 'data_erased' and about = 'conversation:' || (select id from conversation where chat = $1)`,
          [on.chat],
        )
        expect(rows).toEqual([{ n: 1 }])
      },
    ),
    { numRuns: 5, seed: 20261126 },
  )
})

test('in one breath: the last words and the wish to have all deleted leave nothing, and what was being sent is not said again', async () => {
  const chat = `web:${randomUUID()}`
  const marker = `甲${randomUUID().slice(0, 8)}乙`
  await desk.write(chat, `/help ${marker}`, { from: { id: chat, name: marker } })
  await desk.write(chat, '', { kind: 'button', button: 'delete', from: { id: chat, name: null } })
  await desk.settle()
  expect(await tablesWith(marker)).toEqual([])
  expect((await desk.said(chat)).at(-1)).toContain('已清除')
})

test.each([
  [9, '是的', true],
  [9, '好的', false],
  [11, '是的', false],
  [60 * 24 * 20, '确定清除', false],
])('%d minutes after it was asked, “%s” erases: %s', async (minutes, words, erased) => {
  const chat = `web:${randomUUID()}`
  const asked = new Date('2026-11-26T02:00:00Z')
  await settled(chat, '删除我的数据', { sentAt: asked.toISOString() })
  expect((await desk.said(chat)).at(-1)).toContain('确定清除')
  await settled(chat, words, { sentAt: new Date(asked.getTime() + minutes * 60_000).toISOString() })
  expect((await desk.said(chat)).at(-1)?.includes('已清除')).toBe(erased)
})
