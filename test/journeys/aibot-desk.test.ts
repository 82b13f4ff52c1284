import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import type { Service } from '../../bot/service.ts'
import { type AibotServer, aibotServer } from '../fakes/aibot-server.ts'
import { aibotEnv } from '../fakes/aibot-world.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'

/** A park without a public address: WeCom's AI bot is the only door, for enterprises and for the broker. */
let aibot: AibotServer
let world: TestPark
let service: Service
const [asker, broker] = ['lisi', 'WangGong']

beforeAll(async () => {
  aibot = await aibotServer()
  world = await openTestPark({ ...aibotEnv(aibot), DEMO: '1' })
  await people(world.database.pool).add(
    { role: 'broker', name: '王工', telegram: null, wecom: broker, fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  service = (await startService(world)).service
})
afterAll(async () => {
  await service.stop()
  await world.close()
  await aibot.close()
})

const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const shown = (chat: string) => aibot.shown.filter((each) => each.chat === chat)
const words = (chat: string) =>
  shown(chat)
    .map((each) => each.text)
    .join('\n')
const press = (label: string) => {
  const card = shown(broker).findLast((each) => each.buttons.some((button) => button.text === label))
  const key = card?.buttons.find((button) => button.text === label)?.key
  aibot.event(broker, 'template_card_event', { event_key: key, task_id: card?.taskId })
}

test('with the AI bot alone a broker gets the card, claims, talks and closes in their own chat with it', async () => {
  await until(() => aibot.connected()).toBe(1)
  aibot.say(broker, '/on') // WeCom lets the bot write only to whoever has written
  await until(() => words(broker)).toContain('已上线')
  aibot.say(asker, '转人工')
  await until(() => words(asker)).toContain('编号')
  await until(() => words(broker)).toContain('新的转交')
  await until(() => shown(broker).flatMap((each) => each.buttons.map((button) => button.text))).toContain('接单')
  press('接单')
  await until(() => words(asker)).toContain('王工已接手')
  aibot.say(broker, '您好，请问是哪方面的问题？')
  await until(() => words(asker)).toMatch(/人工 · 王工[\s\S]*哪方面的问题/)
  aibot.say(asker, '设备共享')
  await until(() => words(broker)).toContain('设备共享')
  press('结束')
  await until(() => words(asker)).toContain('已结束')
})
