import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Answered } from '../../bot/answer.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { gapsBetween } from '../../bot/learn/gaps.ts'
import { answers, handsOver, openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** How hand-offs of other assistants failed, each with the report that described it. */

let desk: TestDesk
let wang: Person
let now = new Date('2026-11-26T02:00:00Z') // Thursday, 10:00 in China
let think: (asking: { question: string; language: 'zh' | 'en' }) => Promise<Answered>

beforeAll(async () => {
  desk = await openTestDesk({ clock: () => now, answer: (asking) => think(asking) })
  wang = await desk.broker('王工', { hours: '1-5 09:00-17:30' })
})
beforeEach(() => {
  now = new Date('2026-11-26T02:00:00Z')
  think = async (asking) => answers(asking)
})
afterAll(() => desk.close())

let chats = 0
const newChat = () => {
  chats += 1
  return `web:c${chats}`
}
const ticketOf = async (chat: string) =>
  (
    await desk.database.pool.query<{ id: string; state: string; closed_how: string | null }>(
      'select t.id::text, t.state, t.closed_how from ticket t join conversation c on c.id = t.conversation where c.chat = $1 order by t.id desc',
      [chat],
    )
  ).rows[0]
async function say(chat: string, text: string): Promise<string[]> {
  const before = (await desk.said(chat)).length
  await desk.write(chat, text)
  await desk.settle()
  return (await desk.said(chat)).slice(before)
}
async function handedOver(chat: string, words = '转人工'): Promise<string> {
  await say(chat, words)
  return (await ticketOf(chat))?.id ?? ''
}
async function act(person: Person, id: string, action: Parameters<TestDesk['post']>[2]) {
  const result = desk.post(person, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  return (await result).code
}
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}

test('CowAgent#2397: after the hand-off the bot does not answer by itself, neither while waiting nor with the broker', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  expect((await say(chat, '专利质押贷款贴息多少')).join()).not.toContain('答：')
  await act(wang, id, { do: 'claim' })
  expect(await say(chat, '专利质押贷款贴息多少')).toEqual([])
  expect(await desk.said(`ticket:${id}`)).toContain('企业：专利质押贷款贴息多少')
  await act(wang, id, { do: 'close' })
})

test('chatwoot#13673: a broker who takes over while the bot is still composing is not talked over', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close' })
  let composed: (answer: Answered) => void = () => {}
  const composing = new Promise<void>((started) => {
    think = (asking) =>
      new Promise((resolve) => {
        composed = () => resolve(answers(asking))
        started()
      })
  })
  await desk.write(chat, '发明专利资助多少')
  const slow = desk.worker()()
  await composing
  const reopened = desk.post(wang, id, { do: 'reopen' })
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true) // another process has the lane now
  expect((await reopened).code).toBe('done')
  composed(answers({ question: '发明专利资助多少', language: 'zh' }))
  await slow
  await desk.settle()
  expect((await desk.said(chat)).join()).not.toContain('答：发明专利资助多少')
  expect((await desk.said(chat)).at(-1)).toContain('王工已接手')
  expect((await desk.said(`ticket:${id}`)).join()).toContain('企业：发明专利资助多少')
  await act(wang, id, { do: 'close' })
})

test('chatwoot#13178, #13881: whoever is told of a hand-off has a ticket with that number, and whoever has a ticket was told', async () => {
  const chat = newChat()
  think = async (asking) => handsOver(asking)
  const said = await say(chat, '有没有常温超导成果？')
  const ticket = await ticketOf(chat)
  expect(said.join()).toContain(`编号 ${ticket?.id}`)
  expect(ticket?.state).toBe('waiting')
  expect((await desk.said(`ticket:${ticket?.id}`)).join()).toContain('有没有常温超导成果')
  await say(chat, '/close')
})

test('chatwoot#13880, #15068: closing and coming back does not hand over again by itself', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close' })
  await act(wang, id, { do: 'reopen' })
  await act(wang, id, { do: 'close' })
  expect((await say(chat, '发明专利资助多少')).join()).toContain('答：发明专利资助多少')
  expect((await ticketOf(chat))?.id).toBe(id)
})

test('fazer-ai/agents#457: after the broker has given it back the bot answers again, at once and by itself', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'reply', text: '我来看一下' })
  await act(wang, id, { do: 'close', outcome: 'answered' })
  expect((await say(chat, '孵化器租金补贴多少')).join()).toContain('答：孵化器租金补贴多少')
})

test('fazer-ai/agents#153, chatwoot#9293: out of hours the person hears when somebody will answer, and can leave the question', async () => {
  now = new Date('2026-11-27T12:00:00Z') // Friday evening
  const chat = newChat()
  const said = (await say(chat, '转人工')).join()
  expect(said).toContain('现在不在服务时间')
  expect(said).toContain('11月30日（周一）10:00 前答复您')
  expect((await say(chat, '我们的联系电话是 13800000000')).join()).toContain('已补充')
  expect(await desk.said(`ticket:${(await ticketOf(chat))?.id}`)).toContain('企业：我们的联系电话是 13800000000')
  await say(chat, '/close')
})

test('omni#537: where nobody could ever take it, no time and no person is promised', async () => {
  const alone = await openTestDesk({ clock: () => now, database: desk.database })
  await desk.deps.people.setPresent(wang.id, false, 'test')
  const chat = newChat()
  await alone.write(chat, '转人工')
  await alone.settle()
  const said = (await alone.said(chat)).join()
  expect(said).toContain('无法承诺答复时间')
  expect(said).not.toMatch(/\d\d:\d\d/)
  await desk.deps.people.setPresent(wang.id, true, 'test')
  await say(chat, '/close')
})

test('botpress#1720: the person is told whether anybody is there', async () => {
  const chat = newChat()
  expect((await say(chat, '转人工')).join()).toContain('已转给值班的技术经纪人')
  expect((await say(chat, '转人工')).join()).toContain('预计 11月26日（周四）10:30 前答复您')
  await say(chat, '/close')
})

test('botpress/v12#1561: the answer reaches a person who has long left', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  later(20)
  await act(wang, id, { do: 'claim' })
  later(60 * 20)
  await desk.settle()
  await act(wang, id, { do: 'reply', text: '您问的材料清单已整理好' })
  expect((await desk.said(chat)).at(-1)).toContain('材料清单已整理好')
  await act(wang, id, { do: 'close' })
})

test('aihub-core#555: nobody waits for ever: told when it slips, a lead is asked, and at last the bot is back', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  later(31)
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('新的答复时间是 11月26日（周四）11:01 前')
  expect((await desk.said(`ticket:${id}`)).join()).toContain('请负责人')
  later(31)
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('一直没有同事接手')
  expect(await ticketOf(chat)).toMatchObject({ state: 'closed', closed_how: 'nobody' })
  expect((await say(chat, '发明专利资助多少')).join()).toContain('答：')
})

test('a broker who claims and keeps silent loses it to the queue, and the person hears of both', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'claim' })
  later(31)
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('已再次提醒并上报负责人')
  later(31)
  await desk.settle()
  expect(await ticketOf(chat)).toMatchObject({ state: 'waiting' })
  later(60)
  await desk.settle()
  expect(await ticketOf(chat)).toMatchObject({ state: 'closed' })
})

test('whoever is removed or goes off duty leaves nobody behind', async () => {
  const li = await desk.broker('李工')
  const chat = newChat()
  const id = await handedOver(chat)
  await act(li, id, { do: 'claim' })
  await say(chat, '在吗？我还有个问题')
  await desk.deps.people.setPresent(li.id, false, 'test')
  await desk.settle()
  expect((await desk.said(chat)).at(-1)).toContain('正在改派')
  await act(li, id, { do: 'claim' })
  await desk.deps.people.remove(li.id, 'test')
  await desk.settle()
  expect(await ticketOf(chat)).toMatchObject({ state: 'waiting' })
  await say(chat, '/close')
})

test('PandaWiki#1304, chatwoot#11681: however a person is asked for, one comes; a question about persons is a question', async () => {
  for (const words of ['转人工', '我要找真人客服', '能不能帮我转接一下人工', '有人工吗', 'talk to a human please', '/human']) {
    const chat = newChat()
    await say(chat, words)
    expect([words, (await ticketOf(chat))?.state]).toEqual([words, 'waiting'])
    await say(chat, '/close')
  }
  const chat = newChat()
  await say(chat, '人工智能企业有什么补贴')
  expect(await ticketOf(chat)).toBeUndefined()
})

test('a complaint while a human has it is a complaint: the case says so, and whoever has it and the leads read it', async () => {
  const lead = await desk.broker('赵主任', { role: 'lead', telegram: '900' })
  const alone = await openTestDesk({
    clock: () => now,
    database: desk.database,
    directChat: ({ telegram }) => (telegram === null ? null : `telegram:${telegram}`),
  })
  const chat = newChat()
  for (const [words, claimed] of [
    ['我要投诉', false],
    ['王工，您答得太慢了！我要投诉', true],
  ] as const) {
    const id = await handedOver(chat)
    if (claimed) await act(wang, id, { do: 'claim' })
    await alone.write(chat, words)
    await alone.settle()
    expect((await desk.said(chat)).at(-1)).toContain(`已收到您的投诉（编号 ${id}）`)
    const { rows } = await desk.database.pool.query('select reason, priority from ticket where id = $1', [id])
    expect(rows).toEqual([{ reason: 'complaint', priority: 1 }])
    expect(await desk.said(`ticket:${id}`)).toContain(`T${id} 企业投诉，请负责人优先处理：${words}`)
    expect((await desk.said('telegram:900')).filter((each) => each.includes(`T${id} 企业投诉`))).toHaveLength(1)
    await alone.write(chat, '我要投诉')
    await alone.settle()
    const escalated = await desk.database.pool.query(`select from ticket_event where ticket = $1 and kind = 'escalated'`, [id])
    expect(escalated.rowCount).toBe(1)
    await say(chat, '/close')
  }
  await desk.deps.people.remove(lead.id, 'test')
})

test('asked for a person again, whoever has the case reads it, and the person hears who that is', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'claim' })
  expect((await say(chat, '有人吗？转人工')).join()).toContain('王工正在为您办理')
  expect(await desk.said(`ticket:${id}`)).toContain('企业：有人吗？转人工')
  expect((await say(chat, '取消转人工')).join()).toContain('已结束')
  await say(chat, '/close')
})

test('a wish among questions is heard, and pleasantries around questions are not asked', async () => {
  const chat = newChat()
  expect(await say(chat, '你好！专利资助多少？质押贴息多少？谢谢')).toEqual([
    expect.stringContaining('答：专利资助多少？'),
    expect.stringContaining('答：质押贴息多少？'),
  ])
  expect((await say(chat, '路演补助多少？我的电话13812345678，转人工')).join()).toContain('为您转给技术经纪人')
  const { rows } = await desk.database.pool.query('select need from ticket where id = $1', [(await ticketOf(chat))?.id])
  expect(rows).toEqual([{ need: expect.stringMatching(/^路演补助多少？我的电话〔手机号1〕/) }])
  expect((await desk.said(`ticket:${(await ticketOf(chat))?.id}`)).join()).toContain('13812345678')
  await say(chat, '/close')
})

test('whoever asked for a language keeps it; ok and pinyin do not change it', async () => {
  const chat = newChat()
  await say(chat, '专利资助多少？')
  expect((await say(chat, 'ok')).join()).toContain('随时问我')
  expect((await say(chat, '质押贴息多少？请用英文回答')).join()).toContain('Quoted')
  expect((await say(chat, '专利资助多少？')).join()).toContain('Quoted')
  expect((await say(chat, '用中文说')).join()).toContain('原文')
})

test('all that was said is erased on a word as on a press, and on no other word', async () => {
  const chat = newChat()
  await say(chat, '删除我的数据')
  expect((await say(chat, '好的')).join()).toContain('随时问我')
  expect((await say(chat, '确定')).join()).not.toContain('已清除')
  await say(chat, '删除我的数据')
  expect((await say(chat, '确认')).join()).toContain('已清除')
})

test('how a service was is said in words as by a tap, and then words are about the answers again', async () => {
  const chat = newChat()
  const id = await handedOver(chat)
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close' })
  expect((await say(chat, '满意')).join()).toContain('谢谢您的评价')
  const { rows } = await desk.database.pool.query('select satisfaction from ticket where id = $1', [id])
  expect(rows).toEqual([{ satisfaction: 5 }])
  await say(chat, '专利资助多少？')
  expect((await say(chat, '没帮助')).join()).toContain('抱歉没帮到您')
  const judged = await desk.database.pool.query(
    'select feedback from answer a join conversation c on c.id = a.conversation where c.chat = $1',
    [chat],
  )
  expect(judged.rows).toEqual([{ feedback: 'not_helpful' }])
})

test('what is quoted or written under a file is asked: no question is lost in how it was sent', async () => {
  const chat = newChat()
  const send = async (text: string, change: Parameters<TestDesk['write']>[2]) => {
    const before = (await desk.said(chat)).length
    await desk.write(chat, text, change)
    await desk.settle()
    return (await desk.said(chat)).slice(before).join()
  }
  const file = { kind: 'file' as const, file: { name: '计划书.pdf', size: 9, ref: 'x' } }
  expect(await send('这个项目能申请什么补贴？', file)).toMatch(/不接收文件[\s\S]*答：这个项目能申请什么补贴？/)
  expect(await send('转人工', file)).toContain('编号')
  await say(chat, '/close')
  expect(await send('', { quoted: '专利资助多少？' })).toContain('答：专利资助多少？')
  expect(await send('', {})).toContain('您好')
  expect(await send('帮忙看一下', { quoted: '路演补助多少？' })).toContain('答：路演补助多少？')
  const id = await handedOver(chat)
  await send('这个不对', { quoted: '每件资助3000元' })
  expect(await desk.said(`ticket:${id}`)).toContain('企业：〔引用：每件资助3000元〕 这个不对')
  await say(chat, '/close')
})

test('what is missing is listed without anybody’s numbers', async () => {
  const chat = newChat()
  think = async (asking) => handsOver(asking)
  await say(chat, '身份证110101199003078515能领补贴吗？')
  const gaps = await gapsBetween(desk.database.pool, new Date(0), new Date('2100-01-01'))
  const listed = gaps.flatMap((gap) => [gap.question, ...gap.questions.map((each) => each.question)]).join()
  expect(listed).toContain('身份证〔证件号1〕能领补贴吗')
  expect(listed).not.toContain('110101199003078515')
  await say(chat, '/close')
})

test('a case is called by the words of the person, not by what was searched for', async () => {
  const chat = newChat()
  think = async (asking) => ({ ...handsOver(asking), standalone: `《某办法》${asking.question}购买` })
  await say(chat, '买了也补吗')
  const { rows } = await desk.database.pool.query('select need from ticket where id = $1', [(await ticketOf(chat))?.id])
  expect(rows).toEqual([{ need: '买了也补吗' }])
})
