import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPark, type Park } from '../../bot/open.ts'
import type { Service } from '../../bot/service.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { lenient } from '../fakes/judging.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'
import { type TelegramServer, telegramServer } from '../fakes/telegram-server.ts'

let telegram: TelegramServer
let model: ChatServer
let world: TestPark
let park: Park
let service: Service

beforeAll(async () => {
  telegram = await telegramServer()
  model = await chatServer()
  const env = {
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root, DEMO: '1' },
    ...{ CHAT_MODEL: 'clerk-1', OPENAI_BASE_URL: model.baseUrl, CHAT_TOTAL_SECONDS: '10' },
  }
  world = await openTestPark(env)
  park = await openPark(
    { ...env, PORT: '0' },
    { holder: 'test', exclusive: false, log: silentLog, database: world.database, judging: lenient },
  )
  service = (await startService({ ...world, park })).service
})
afterAll(async () => {
  await service.stop()
  await world.close()
  await model.close()
  await telegram.close()
})

const first = '国内发明专利授权每件资助3000元。[1]'
const bad = '<b>您一定能拿到9000元</b>。[1]'
const second = '通过PCT途径获得国外授权的，每件资助2万元。[1]'
const seen = () => telegram.sent.filter((each) => each.chat === 42).map((each) => each.text)
const drafts = () =>
  telegram.calls.filter((each) => each.method === 'sendMessageDraft').map((each) => String(each.payload['text']))

test('Telegram: whole checked sentences appear while the model writes; the reply is complete and said once', async () => {
  model.script({ say: `${first}${bad}${second}`, pauseMs: 40 }, { say: 'NOT_FOUND' })
  telegram.say('发明专利授权一件资助多少？')
  await expect.poll(() => seen().at(-1), { timeout: 20_000 }).toContain('3000元')
  expect(drafts().length).toBeGreaterThan(0)
  for (const each of drafts()) expect(each).not.toMatch(/<b>|9000|一定|\[\d/)
  expect(drafts()[0]).toMatch(/^【以下由 AI 根据条款整理】\n国内发明专利授权每件资助3000元。$/)
  expect(seen()).toHaveLength(1)
  expect(seen()[0]).not.toContain('9000')
})

test('a connection that is cut in the middle still ends with a complete message', async () => {
  model.script({ half: `${first}通过PCT途径获得国` }, { half: `${first}通过PCT`, reset: true })
  telegram.say('发明专利授权一件资助多少？')
  await expect.poll(() => seen().length, { timeout: 20_000 }).toBe(2)
  expect(seen()[1]).toMatch(/原文[\s\S]*3000元[\s\S]*云园管〔2023〕19号/)
})

test('/chat: the preview comes as data, the message names it and takes its place', async () => {
  model.script({ say: `${first}${bad}`, pauseMs: 40 }, { say: 'NOT_FOUND' })
  const stop = new AbortController()
  const events = await fetch(`${service.url}chat/events`, { signal: stop.signal })
  const cookie = /yq_chat=[^;]+/.exec(events.headers.get('set-cookie') ?? '')?.[0] ?? ''
  let heard = ''
  const reading = (async () => {
    for await (const chunk of events.body ?? []) heard += new TextDecoder().decode(chunk)
  })().catch(() => undefined)
  await fetch(`${service.url}chat/messages`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'message-1', text: '发明专利授权一件资助多少？' }),
  })
  await expect.poll(() => heard, { timeout: 20_000 }).toContain('event: message')
  stop.abort()
  await reading
  const id = /event: preview\ndata: \{"id":"([^"]+)"/.exec(heard)?.[1]
  expect(heard).toContain('国内发明专利授权每件资助3000元。')
  expect(heard).toContain(`"replaces":"${id}"`)
  expect(heard).not.toMatch(/9000|一定能/)
})
