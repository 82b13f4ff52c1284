import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import type { Service } from '../../bot/service.ts'
import { type AibotServer, aibotServer } from '../fakes/aibot-server.ts'
import { aibotEnv } from '../fakes/aibot-world.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'
import { type WecomServer, wecomServer } from '../fakes/wecom-server.ts'
import { senderTo, wecomEnv } from '../fakes/wecom-world.ts'

let wecom: WecomServer
let aibot: AibotServer
let world: TestPark
let service: Service
let platform: ReturnType<typeof senderTo>
const broker = 'WangGong'
const member = 'zhangsan'

beforeAll(async () => {
  wecom = await wecomServer()
  aibot = await aibotServer()
  wecom.members.set(broker, 'licensed')
  world = await openTestPark({
    ...wecomEnv(wecom),
    ...aibotEnv(aibot),
    DEMO: '1',
  })
  await people(world.database.pool).add(
    { role: 'broker', name: '王工', telegram: null, wecom: broker, fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  service = (await startService(world)).service
  platform = senderTo(wecom, () => service.url.replace(/\/$/, ''))
})
afterAll(async () => {
  await platform.close()
  await service.stop()
  await world.close()
  await wecom.close()
  await aibot.close()
})

const words = (who = member) => wecom.sent.filter((each) => each.to === who).map((each) => each.text)
const cards = (who = member) => wecom.sent.filter((each) => each.to === who && each.type === 'template_card')
const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const verdictIn = async (chat: string) =>
  (
    await world.database.pool.query<{ feedback: string }>(
      'select feedback from answer a join conversation c on c.id = a.conversation where c.chat = $1',
      [chat],
    )
  ).rows[0]?.feedback
const labels = (who = member) => cards(who).flatMap((each) => each.buttons.map((button) => button.text))
const press = (label: string, who = member) => {
  const card = cards(who).findLast((each) => each.buttons.some((button) => button.text === label))
  const key = card?.buttons.find((button) => button.text === label)?.key ?? ''
  return platform.event(who, 'template_card_event', {
    EventKey: key,
    TaskId: card?.taskId ?? '',
    CardType: 'button_interaction',
    ResponseCode: wecom.clicked(),
  })
}

test('a member asks, gets an answer with buttons, a broker who claims by card, and the bot again', async () => {
  await platform.say(member, '专利质押贷款贴息多少')
  await until(() => words().join('\n')).toMatch(/30%[\s\S]*云园管〔2023〕19号 第三条/)
  await until(() => labels()).toEqual(['有帮助', '没帮助', '转人工'])

  await press('有帮助')
  await until(() => cards()[0]?.replaced).toBe('✓ 有帮助')
  await until(() => verdictIn('wecom:zhangsan')).toBe('helpful')

  await press('转人工')
  await until(() => words().join('\n')).toContain('编号')
  await until(() => words(broker).join('\n')).toContain('专利质押贷款贴息多少')
  await until(() => labels(broker)).toContain('接单')
  await press('接单', broker)
  await until(() => cards(broker)[0]?.replaced).toBe('✓ 接单')
  await until(() => words().join('\n')).toContain('王工已接手')

  await platform.say(broker, '您好，请问贷款是哪家银行？')
  await until(() => words().join('\n')).toMatch(/人工 · 王工[\s\S]*哪家银行/)
  await platform.say(member, '云汀银行')
  await until(() => words(broker).join('\n')).toContain('云汀银行')
  await platform.say(broker, '/close')
  await until(() => words().join('\n')).toContain('已结束')

  await platform.say(member, '发明专利授权一件资助多少？')
  await until(() => words().join('\n')).toContain('3000元')
  expect(wecom.dropped).toEqual([])
  expect(wecom.sent.every((each) => Buffer.byteLength(each.text) <= 2048)).toBe(true)
})

test('the same callback three times at once is one message and one answer', async () => {
  const before = words().length
  const xml = platform.xmlOf(member, { MsgId: '9007199254740993001', MsgType: 'text', Content: '人才公寓有补贴吗' })
  expect(await Promise.all([platform.post(xml), platform.post(xml), platform.post(xml)])).toEqual([200, 200, 200])
  await until(() => words().length).toBeGreaterThan(before)
  const { rows } = await world.database.pool.query<{ count: string }>(
    `select count(*) from inbox where external_id = '9007199254740993001'`,
  )
  expect(rows[0]?.count).toBe('1')
})

test('a forged callback leaves no row and gets no reply', async () => {
  const count = async () => (await world.database.pool.query<{ count: string }>('select count(*) from inbox')).rows[0]?.count
  const before = [await count(), wecom.calls.length]
  const forger = senderTo({ ...wecom, corpId: 'wwOTHER' }, () => service.url.replace(/\/$/, ''))
  expect(await forger.post(forger.xmlOf(member, { MsgId: '1', MsgType: 'text', Content: '转人工' }))).toBe(403)
  expect([await count(), wecom.calls.length]).toEqual(before)
})

test('a member asks the AI bot, in private and in a group, gets a person and the bot again', async () => {
  await until(() => aibot.connected()).toBe(1)
  const asker = 'lisi'
  const reqId = aibot.event(asker, 'enter_chat')
  expect(reqId).not.toBeNull()
  await until(() => aibot.shown.find((each) => each.chat === asker)?.text).toContain('云汀科技园')
  const inChat = (chat: string) => aibot.shown.filter((each) => each.chat === chat && each.kind !== 'text')
  const shown = (chat = asker) => inChat(chat).map((each) => each.text)
  aibot.say(asker, '专利质押贷款贴息多少')
  await until(() => inChat(asker)[0]).toMatchObject({ kind: 'stream', finished: true })
  expect(shown()[0]).toMatch(/30%[\s\S]*云园管〔2023〕19号 第三条/)
  await until(() =>
    inChat(asker)
      .at(-1)
      ?.buttons.map((each) => each.text),
  ).toEqual(['有帮助', '没帮助', '转人工'])

  const id = inChat(asker)[0]?.feedback
  aibot.event(asker, 'feedback_event', { id, type: 2, content: '没说怎么申请', inaccurate_reason_list: [2, 3] })
  const why = `select feedback, feedback_reason as why from answer a join conversation c on c.id = a.conversation where c.chat = 'wecom-aibot:lisi'`
  const given = async () => (await world.database.pool.query(why)).rows
  await until(given).toEqual([{ feedback: 'not_helpful', why: '内容不完整、内容错误：没说怎么申请' }])
  aibot.event(asker, 'feedback_event', { id, type: 3 })
  await until(given).toEqual([{ feedback: null, why: null }])
  aibot.event(asker, 'feedback_event', { id, type: 1 })
  await until(() => verdictIn('wecom-aibot:lisi')).toBe('helpful')

  const card = inChat(asker).find((each) => each.kind === 'template_card')
  aibot.event(asker, 'template_card_event', { event_key: card?.buttons[2]?.key, task_id: card?.taskId })
  await until(() => shown().join('\n')).toContain('编号')
  expect(card?.updated).toBe('✓ 转人工')
  await until(() => labels(broker).filter((each) => each === '接单').length).toBe(2)
  await press('接单', broker)
  await until(() => shown().join('\n')).toContain('王工已接手')
  await platform.say(broker, '您好，材料我发您')
  await until(() => shown().join('\n')).toMatch(/人工 · 王工[\s\S]*材料我发您/)
  aibot.say(asker, '谢谢，收到材料')
  await until(() => words(broker).join('\n')).toContain('收到材料')
  await platform.say(broker, '/close')
  await until(() => shown().join('\n')).toContain('已结束')

  aibot.deliver({
    chattype: 'group',
    chatid: 'GROUP1',
    from: { userid: asker },
    msgtype: 'text',
    text: { content: '@园桥 发明专利授权一件资助多少？' },
  })
  await until(() => shown('GROUP1').join('\n')).toContain('3000元')
})

test('two brokers hold the card: the second sees who has it, a colleague is chosen by card, and the talk goes on there', async () => {
  const other = 'LiGong'
  wecom.members.set(other, 'licensed')
  const add = (name: string, userid: string) =>
    people(world.database.pool).add(
      { role: 'broker', name, telegram: null, wecom: userid, fields: [], hours: null, capacity: 5, demo: false },
      'test',
    )
  await add('李工', other)
  const before = cards(broker).length
  await platform.say(member, '转人工')
  await until(() => labels(other)).toContain('接单')
  await until(() => cards(broker).length).toBe(before + 1)
  await press('接单', broker)
  await until(() => cards(other).map((each) => each.replaced)).toEqual(['王工已接手'])
  expect(words(other).join('\n')).not.toContain('您不用再处理')
  // The late click: the card is spent, and the platform's own old copy of it leads nowhere.
  await press('接单', other)
  await until(() => words(other).join('\n')).toContain('由王工负责')

  await press('转交', broker)
  await until(() => labels(broker)).toContain('李工')
  await press('李工', broker)
  await until(() => words(other).join('\n')).toContain('转给了李工')
  await until(() => words(broker).join('\n')).toContain('转给了李工')
  await platform.say(other, '您好，我来跟进')
  await until(() => words().join('\n')).toMatch(/人工 · 李工[\s\S]*我来跟进/)
  await press('结束', other)
  await until(() => labels(other)).toContain('已对接')
}, 60_000)
