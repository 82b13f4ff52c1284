import { existsSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import { deskChat, type TelegramWorld, telegramWorld, webhookSecret } from '../fakes/telegram-world.ts'

let world: TelegramWorld
afterEach(() => world.close())

const patient = { timeout: 30_000 }
const update = (change: Readonly<Record<string, unknown>> = {}) => ({
  update_id: 7,
  message: { message_id: 11, date: 1_790_000_000, from: { id: 42 }, chat: { id: 42, type: 'private' }, text: '你好', ...change },
})

async function post(body: string | Buffer<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(`${world.http()}/telegram`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhookSecret, ...headers },
    body,
  })
  await response.arrayBuffer()
  return response.status
}

async function listening(onMessage?: (message: IncomingMessage) => Promise<void>): Promise<IncomingMessage[]> {
  const told: IncomingMessage[] = []
  world = await telegramWorld({ by: 'webhook' })
  await world.channel.start(onMessage ?? (async (message) => void told.push(message)))
  await expect
    .poll(() => world.server.updates.webhook(), patient)
    .toEqual({ url: `${world.http()}/telegram`, secret: webhookSecret })
  await expect.poll(() => world.log.map((each) => each.event), patient).toContain('telegram_started')
  return told
}

test('a secret that is wrong, missing or sent twice stores nothing, learns nothing, and its body is not read', async () => {
  const told = await listening()
  for (const secret of ['', 'wrong', `${webhookSecret}x`, webhookSecret.slice(1)])
    expect(await post(JSON.stringify(update()), { 'x-telegram-bot-api-secret-token': secret })).toBe(403)
  expect(await post('x'.repeat(3_000_000), { 'x-telegram-bot-api-secret-token': 'wrong' }).catch(() => 403)).toBe(403)
  expect(told).toEqual([])
  expect((await fetch(`${world.http()}/telegram`)).status).toBe(404)
})

test('200 comes only after the message was stored; 503 while it cannot be', async () => {
  let works = false
  const stored: string[] = []
  await listening(async (message) => {
    if (!works) throw new Error('database is down')
    stored.push(message.text)
  })
  expect(await post(JSON.stringify(update()))).toBe(503)
  works = true
  expect(await post(JSON.stringify(update()))).toBe(200)
  expect(stored).toEqual(['你好'])
})

test('data the database can never take is not asked for again', async () => {
  await listening(async () => {
    throw Object.assign(new Error('text too long'), { code: '54000' })
  })
  expect(await post(JSON.stringify(update()))).toBe(200)
  expect(world.log.map((each) => each.event)).toContain('telegram_update_not_stored')
})

test('before the start and after the stop nothing is taken, and nothing is lost', async () => {
  world = await telegramWorld({ by: 'webhook' })
  expect(await post(JSON.stringify(update()))).toBe(503)
  await world.channel.start(async () => {})
  await expect.poll(() => world.log.map((each) => each.event), patient).toContain('telegram_started')
  await world.channel.stop()
  expect(await post(JSON.stringify(update()))).toBe(503)
})

test('a body that is too large is refused before it is parsed', async () => {
  await listening()
  expect(await post(' '.repeat(1024 * 1024 + 1)).catch(() => 413)).toBe(413)
})

test('polling serves no webhook', async () => {
  world = await telegramWorld({ by: 'polling', desk: true })
  expect(world.channel.desk).toBe(`telegram:${deskChat}`)
  expect(await post(JSON.stringify(update()))).toBe(404)
})

test('an address Telegram refuses is said with a hint', async () => {
  world = await telegramWorld({ by: 'webhook' })
  world.server.fail('setWebhook', { status: 400, description: 'Bad Request: bad webhook: HTTPS URL must be provided' })
  await world.channel.start(async () => {})
  await expect
    .poll(() => world.channel.problem?.(), patient)
    .toMatchObject({ code: 'misconfigured', hint: expect.stringContaining('https') })
})

test.each([
  ['nothing', ''],
  ['no JSON', '<xml/>'],
  ['a list', '[]'],
  ['null', 'null'],
  ['infinity', '1e999'],
  ['poisoned keys', '{"update_id":3,"__proto__":{"admin":true},"message":{"constructor":{"prototype":{"x":1}}}}'],
  ['a deep nest', `{"update_id":8,"message":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
  ['a kind nobody knows', '{"update_id":14,"quantum_message":{}}'],
  ['a bot', JSON.stringify(update({ from: { id: 5, is_bot: true } }))],
])('%s is taken note of and done with', async (_, body) => {
  const told = await listening()
  expect(await post(body)).toBe(200)
  expect(told).toEqual([])
  expect(world.log.filter((each) => each.event === 'telegram_update_dropped')).toHaveLength(1)
})

test('an update with a byte order mark, broken UTF-8 or another content type is stored all the same', async () => {
  const told = await listening()
  expect(await post(`\uFEFF${JSON.stringify(update())}`, { 'content-type': 'text/plain' })).toBe(200)
  const broken = Buffer.from(JSON.stringify(update({ text: '你?' })))
  broken[broken.lastIndexOf('?')] = 0xff
  expect(await post(broken)).toBe(200)
  expect(told.map((each) => each.text)).toEqual(['你好', '你\uFFFD'])
})

const bodies = new URL('../../../shared/attacks/webhook/telegram_bodies.jsonl', import.meta.url)
test.runIf(existsSync(bodies))('hostile bodies: never a 5xx, and what says something says it once', async () => {
  const told = await listening()
  const lines = readFileSync(bodies, 'utf8').trim().split('\n')
  for (const line of lines) {
    const { name, body_b64: body } = JSON.parse(line)
    const before = told.length
    const status = await post(Buffer.from(body, 'base64'))
    expect(status, name).toBeLessThan(500)
    expect(told.length - before, name).toBe(saying.has(name) ? 1 : 0)
  }
  expect(await post(JSON.stringify(update()))).toBe(200)
})

/** Updates of the corpus that are messages of a person, however odd. */
const saying = new Set([
  'NUL text',
  'lone surrogate',
  '100k text',
  '1e5 entities',
  'my_chat_member kicked',
  'bom',
  'date 1970',
  'date 2106',
])
