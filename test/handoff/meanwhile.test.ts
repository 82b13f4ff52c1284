import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../bot/handoff/people.ts'
import { answers, openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** Wishes work at any turn: also while a question waits for a broker, and while one has it. */

let desk: TestDesk
let wang: Person

beforeAll(async () => {
  desk = await openTestDesk({ answer: async (asking) => answers(asking) })
  wang = await desk.broker('王工')
})
afterAll(() => desk.close())

let chats = 0
const newChat = () => {
  chats += 1
  return `web:m${chats}`
}
async function say(chat: string, ...lines: string[]): Promise<string> {
  const before = (await desk.said(chat)).length
  for (const line of lines) await desk.write(chat, line)
  await desk.settle()
  return (await desk.said(chat)).slice(before).join('\n')
}
const rowsOf = async (chat: string, from: string) =>
  (
    await desk.database.pool.query(
      `select x.* from ${from} x join conversation c on c.id = x.conversation where c.chat = $1 order by x.id`,
      [chat],
    )
  ).rows
async function caseOf(chat: string, turn: 'waiting' | 'broker'): Promise<string> {
  await say(chat, '转人工')
  const id = String((await rowsOf(chat, 'ticket')).at(-1)?.id)
  if (turn === 'broker') {
    const claimed = desk.post(wang, id, { do: 'claim' })
    await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
    await claimed
    await desk.settle()
  }
  return id
}

test.each(['waiting', 'broker'] as const)(
  '%s: a demand is registered in the case that is open, by two messages or by one',
  async (turn) => {
    const chat = newChat()
    const ticket = await caseOf(chat, turn)
    expect(await say(chat, '提需求')).toContain('同时登记需求')
    expect(await say(chat, '想找耐高温的质子交换膜，预算50万元')).toMatch(/需求已登记，编号 D\d+：想找耐高温的质子交换膜/)
    expect(await say(chat, '提需求：要把废水里的镍除掉')).toContain('需求已登记')
    const stored = await rowsOf(chat, 'demand')
    expect(stored.map(({ need, ticket: of, fields }) => [need, String(of), fields.budget])).toEqual([
      ['想找耐高温的质子交换膜，预算50万元', ticket, '预算50万元'],
      ['要把废水里的镍除掉', ticket, undefined],
    ])
    const told = (await desk.said(`ticket:${ticket}`)).join('\n')
    expect(told).toContain('企业：提需求')
    for (const { id } of stored) expect(told).toContain(`登记了需求 D${id}`)
    expect(told).toContain('企业：想找耐高温的质子交换膜')
    expect(told).toContain('企业：提需求：要把废水里的镍除掉')
    await say(chat, '还有别的吗，我们很急')
    expect(await rowsOf(chat, 'demand')).toHaveLength(2)
  },
)

test('whoever thinks better of the demand, or lets it rest, goes on talking to the person', async () => {
  const chat = newChat()
  await caseOf(chat, 'waiting')
  await say(chat, '提需求')
  await say(chat, '什么时候有人联系我？')
  expect(await rowsOf(chat, 'demand')).toEqual([])
  expect(await say(chat, '取消')).toContain('不登记')
  await say(chat, '我们的产线下周就要停了')
  expect(await rowsOf(chat, 'demand')).toEqual([])
})

test('what was told of a demand is the need of the case, and is registered as it is when asked for again', async () => {
  const chat = newChat()
  await say(chat, '专利资助多少？')
  await say(chat, '提需求')
  await say(chat, '想找一种耐酸碱的纳滤膜，用于废酸回收')
  await caseOf(chat, 'waiting')
  expect((await rowsOf(chat, 'ticket'))[0]?.need).toBe('想找一种耐酸碱的纳滤膜，用于废酸回收')
  expect(await say(chat, '提需求')).toContain('需求已登记')
  expect((await rowsOf(chat, 'demand')).map(({ need }) => need)).toEqual(['想找一种耐酸碱的纳滤膜，用于废酸回收'])
})

test.each(['waiting', 'broker'] as const)(
  '%s: everything is erased on a word that names it, and the case ends with it',
  async (turn) => {
    const chat = newChat()
    const ticket = await caseOf(chat, turn)
    const asked = await say(chat, '删除我的数据')
    expect(asked).toContain(`编号 ${ticket}`)
    expect(asked).toContain('同时取消')
    // 是的 may be said to the broker.
    expect(await say(chat, '是的')).not.toContain('已清除')
    await say(chat, '删除我的数据')
    expect(await say(chat, '确定清除')).toContain('已清除')
    expect((await rowsOf(chat, 'ticket'))[0]).toMatchObject({ state: 'closed', need: '' })
    expect((await desk.said(`ticket:${ticket}`)).join()).toContain('企业已结束')
    expect(await say(chat, '专利资助多少？')).toContain('答：')
  },
)

test('a button or a word under a question that named no case, or another one, ends none', async () => {
  const chat = newChat()
  await say(chat, '专利资助多少？')
  await say(chat, '删除我的数据')
  const ticket = await caseOf(chat, 'waiting')
  expect(await say(chat, '确定清除')).not.toContain('已清除')
  await desk.write(chat, '', { kind: 'button', button: 'delete' })
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('同时取消')
  await desk.write(chat, '', { kind: 'button', button: `delete:${ticket}` })
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('已清除')
})

test('an opinion said while waiting is kept with the answer it is about, and the broker reads it', async () => {
  const chat = newChat()
  await say(chat, '专利资助多少？')
  const ticket = await caseOf(chat, 'waiting')
  await say(chat, '没帮助')
  expect((await rowsOf(chat, 'answer')).at(-1)?.feedback).toBe('not_helpful')
  expect((await desk.said(`ticket:${ticket}`)).join()).toContain('企业：没帮助')
})

test('in one breath: whoever takes the wish for a person back has the bot, and nobody waits for them', async () => {
  const chat = newChat()
  await desk.write(chat, '/human')
  expect(await say(chat, '取消转人工')).toContain('已取消转人工')
  expect((await rowsOf(chat, 'ticket')).map(({ state, closed_how }) => [state, closed_how])).toEqual([['closed', 'person_left']])
  expect(await say(chat, '专利资助多少？')).toContain('答：')
})
