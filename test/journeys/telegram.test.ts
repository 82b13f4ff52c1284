import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import type { Service } from '../../bot/service.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'
import { newChat } from '../fakes/telegram-methods.ts'
import { type TelegramServer, telegramServer } from '../fakes/telegram-server.ts'
import { deskChat } from '../fakes/telegram-world.ts'

let telegram: TelegramServer
let world: TestPark
let service: Service
const broker = 77
const stranger = 78

beforeAll(async () => {
  telegram = await telegramServer()
  telegram.chats.set(deskChat, newChat('supergroup', { forum: true, manages: true }))
  world = await openTestPark({
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    TELEGRAM_DESK_CHAT: String(deskChat),
    DEMO: '1',
  })
  await people(world.database.pool).add(
    { role: 'broker', name: '王工', telegram: String(broker), wecom: null, fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  service = (await startService(world)).service
})
afterAll(async () => {
  await service.stop()
  await world.close()
  await telegram.close()
})

/** What one chat saw, in order; a topic is told by its thread. */
const seen = (chat: number, thread?: number) =>
  telegram.sent.filter((each) => each.chat === chat && (thread === undefined || each.thread === thread)).map((each) => each.text)
const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const deskWords = (from: number, text: string, thread: number) =>
  telegram.say(text, {
    from: { id: from, is_bot: false, first_name: from === broker ? '王' : '路人' },
    chat: { id: deskChat, type: 'supergroup', is_forum: true, title: 'desk' },
    is_topic_message: true,
    message_thread_id: thread,
  })

test('question, answer with buttons, 转人工, topic, broker, person, close, bot again', async () => {
  telegram.say('专利质押贷款贴息多少')
  await until(() => seen(42).at(-1)).toMatch(/30%[\s\S]*云园管〔2023〕19号 第三条/)
  const answer = telegram.sent.findLast((each) => each.chat === 42)
  expect(JSON.stringify(answer)).toContain('转人工')

  telegram.say('转人工')
  await until(() => seen(42).at(-1)).toContain('编号')
  await until(() => telegram.sent.filter((each) => each.chat === deskChat).length).toBeGreaterThan(0)
  const thread = telegram.sent.find((each) => each.chat === deskChat)?.thread ?? 0
  expect(thread).toBeGreaterThan(0)
  const packet = seen(deskChat, thread).join('\n')
  expect(packet).toContain('专利质押贷款贴息多少')
  expect(packet).toContain('知识产权促进办法')

  deskWords(stranger, '我来回答', thread)
  await until(() => seen(deskChat, thread).at(-1)).toContain(`--telegram ${stranger}`)
  expect(seen(42).join('\n')).not.toContain('我来回答')

  deskWords(broker, '您好，贴息材料我发您，请问贷款是哪家银行？', thread)
  await until(() => seen(42).at(-1)).toContain('贷款是哪家银行')
  expect(seen(42).at(-1)).toContain('人工 · 王工')

  telegram.say('云汀银行')
  await until(() => seen(deskChat, thread).at(-1)).toContain('企业：云汀银行')
  deskWords(broker, '/note 客户用的云汀银行', thread)
  await until(() => seen(deskChat, thread).at(-1)).toContain('内部备注')

  deskWords(broker, '/close', thread)
  await until(() => seen(42).at(-1)).toContain('已结束')
  expect(seen(42).join('\n')).not.toContain('客户用的')

  telegram.say('发明专利授权一件资助多少？')
  await until(() => seen(42).at(-1)).toContain('3000元')
})

test('staff send a document, see what was understood, correct and approve it; anybody else’s file is declined', async () => {
  const staff = 79
  const book = people(world.database.pool)
  const person = await book.add(
    { role: 'staff', name: '小李', telegram: String(staff), wecom: null, fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  const file = (id: number, name: string, ref = 'DOC1') =>
    telegram.deliver({
      message: {
        message_id: 9000 + id,
        date: 1_790_000_000,
        from: { id, is_bot: false, first_name: 'S', language_code: 'zh' },
        chat: { id, type: 'private', first_name: 'S' },
        document: { file_id: ref, file_name: name, file_size: 400 },
      },
    })
  telegram.files.set('DOC1', {
    path: 'documents/file_1.md',
    bytes: Buffer.from(
      '# 云汀科技园机器人首台套奖励办法\n\n云园管〔2026〕31号\n\n第一条 机器人首台套产品按销售额的8%给予奖励，*高66万元。\n\n第二条 本办法自2026年1月1日起施行，有效期三年。\n\n云汀科技园管理委员会\n\n2025年12月20日\n',
    ),
  })
  const press = (data: string) =>
    telegram.deliver({
      callback_query: {
        id: `q${data}`,
        from: { id: staff, is_bot: false, first_name: 'S', language_code: 'zh' },
        data,
        message: { message_id: 1, date: 1_790_000_000, chat: { id: staff, type: 'private', first_name: 'S' } },
      },
    })
  file(stranger, '我的.md')
  await until(() => seen(stranger).at(-1)).toContain('不接收文件')
  file(staff, '首台套.md')
  await until(() => seen(staff).at(-1)).toMatch(
    /机器人首台套奖励办法[\s\S]*云园管〔2026〕31号[\s\S]*2026-01-01[\s\S]*2028-12-31[\s\S]*疑点：有被遮住的字/,
  )
  telegram.files.set('DOC2', {
    path: 'documents/file_2.md',
    bytes: Buffer.from('机密\n\n# 关于某项目的通知\n\n一、有关事项如下。\n'),
  })
  file(staff, '通知.md', 'DOC2')
  await until(() => seen(staff).at(-1)).toContain('文件带有密级标志，不得放入本系统')
  const [waiting] = await world.park.library.reviews.list()
  expect(waiting).toMatchObject({ docNo: '云园管〔2026〕31号', uploadedBy: `person:${person.id}` })
  const id = waiting?.documentId ?? ''
  press(`d:${id}:how`)
  await until(() => seen(staff).at(-1)).toContain(`/fix ${id}`)
  telegram.say(`/fix ${id} 失效日期=2027-12-31`, {
    from: { id: staff, is_bot: false, first_name: 'S' },
    chat: { id: staff, type: 'private' },
  })
  await until(() => seen(staff).at(-1)).toContain('已更正')
  press(`d:${id}:approve`)
  await until(() => seen(staff).at(-1)).toContain('已确认')
  expect(await world.park.library.documents.summary(id)).toMatchObject({ state: 'live', effectiveTo: '2027-12-31' })
})
