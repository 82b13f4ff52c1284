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
