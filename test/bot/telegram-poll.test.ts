import { afterEach, expect, test } from 'vitest'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import { rootOf } from '../../bot/channels/telegram/api.ts'
import { deskChat, type TelegramWorld, telegramWorld } from '../fakes/telegram-world.ts'

let world: TelegramWorld
afterEach(() => world.close())

const patient = { timeout: 30_000 }
const events = () => world.log.map((each) => each.event)
const methods = () => world.server.calls.map((each) => each.method)

async function listen(): Promise<IncomingMessage[]> {
  const told: IncomingMessage[] = []
  await world.channel.start(async (message) => void told.push(message))
  return told
}

test('an update is confirmed only after it was stored, and a stop confirms the last one', async () => {
  world = await telegramWorld({ by: 'polling' })
  let stored = 0
  const confirmedBefore: number[] = []
  await world.channel.start(async () => {
    confirmedBefore.push(world.server.updates.confirmed.length)
    stored += 1
  })
  await expect.poll(() => world.server.updates.polled(), patient).toBe(true)
  world.say('一')
  world.say('二')
  await expect.poll(() => stored, patient).toBe(2)
  expect(confirmedBefore[0]).toBe(0)
  await world.channel.stop()
  expect(world.server.updates.waiting()).toEqual([])
})

test('a stop ends the long poll at once', async () => {
  world = await telegramWorld({ by: 'polling' })
  await listen()
  await expect.poll(() => world.server.updates.polled(), patient).toBe(true)
  await world.channel.stop()
  await expect.poll(() => world.server.updates.polled(), patient).toBe(false)
  expect(world.channel.problem?.()).toBeNull()
})

test('numbers that start again lower after a quiet week lose nothing', async () => {
  world = await telegramWorld({ by: 'polling' })
  const told = await listen()
  world.server.say('一', {})
  await expect.poll(() => told.length, patient).toBe(1)
  await expect.poll(() => world.server.updates.waiting(), patient).toEqual([])
  const person = { from: { id: 42, is_bot: false, first_name: 'Li' }, chat: { id: 42, type: 'private' }, date: 1 }
  world.server.deliver({ update_id: 500, message: { ...person, message_id: 1, text: '二' } })
  await expect.poll(() => told.map((each) => each.text), patient).toEqual(['一', '二'])
  world.server.deliver({ update_id: 501, message: { ...person, message_id: 2, text: '三' } })
  await expect.poll(() => told.map((each) => each.text), patient).toEqual(['一', '二', '三'])
})

test('a second poller and a webhook set elsewhere are named in the log, and waited out', async () => {
  world = await telegramWorld({ by: 'polling' })
  world.server.fail('getUpdates', { status: 409, description: 'Conflict: terminated by other getUpdates request; …' })
  const told = await listen()
  world.say('一')
  await expect.poll(() => told.length, patient).toBe(1)
  expect(world.log.find((each) => each.event === 'telegram_poll_failed')?.fields).toMatchObject({
    code: 'unavailable',
    cause: 'telegram_409',
    hint: expect.stringContaining('Another process polls'),
  })
})

test('a webhook left behind is removed before polling begins', async () => {
  world = await telegramWorld({ by: 'polling' })
  world.server.updates.setWebhook('http://127.0.0.1:9/gone', '', undefined)
  world.say('一')
  const told = await listen()
  await expect.poll(() => told.map((each) => each.text), patient).toEqual(['一'])
})

test('a refused token stops the polling, says so with a hint, and names no token', async () => {
  world = await telegramWorld({ by: 'polling' })
  world.server.knobs.tokenRevoked = true
  await listen()
  await expect
    .poll(() => world.channel.problem?.(), patient)
    .toMatchObject({
      code: 'misconfigured',
      hint: expect.stringContaining('TELEGRAM_BOT_TOKEN'),
    })
  expect(methods()).not.toContain('getUpdates')
  expect(JSON.stringify([world.log, world.channel.problem?.()])).not.toContain(world.server.token)
})

test('a start survives an outage of Telegram', async () => {
  world = await telegramWorld({ by: 'polling' })
  world.server.fail('getMe', 'reset')
  world.server.fail('deleteWebhook', { status: 502, description: 'Bad Gateway' })
  const told = await listen()
  world.say('一')
  await expect.poll(() => told.length, patient).toBe(1)
  expect(world.channel.problem?.()).toBeNull()
  expect(events().filter((each) => each === 'telegram_not_started')).toHaveLength(2)
})

test.each(['reset', 'not json', { status: 500, description: 'Internal Server Error' }] as const)(
  'a poll that fails (%s) is tried again, and no event holds the token',
  async (fault) => {
    world = await telegramWorld({ by: 'polling' })
    world.server.fail('getUpdates', fault, 2)
    const told = await listen()
    world.say('一')
    await expect.poll(() => told.length, patient).toBe(1)
    expect(events()).toContain('telegram_poll_failed')
    expect(JSON.stringify(world.log)).not.toContain(world.server.token)
  },
)

test('data the database can never take is given up after a few tries, with a log, and the others go on', async () => {
  world = await telegramWorld({ by: 'polling' })
  const tried: string[] = []
  await world.channel.start(async (message) => {
    tried.push(message.text)
    if (message.text === '毒') throw Object.assign(new Error('invalid byte sequence'), { code: '22021' })
  })
  for (const text of ['一', '毒', '二']) world.say(text)
  await expect.poll(() => tried, patient).toEqual(['一', '毒', '毒', '毒', '二'])
  expect(world.log.find((each) => each.event === 'telegram_update_given_up')?.fields).toMatchObject({ code: '22021' })
  await expect.poll(() => world.server.updates.waiting(), patient).toEqual([])
})

test('updates that mean nothing are noted, confirmed and hold nobody up', async () => {
  world = await telegramWorld({ by: 'polling' })
  const told = await listen()
  await expect.poll(() => world.server.updates.polled(), patient).toBe(true)
  world.server.deliver({ message: null })
  world.server.deliver({ message: { text: 5 } })
  world.server.deliver({ callback_query: { id: 'x', from: { id: 2 }, data: 'close:1' } })
  world.say('一')
  await expect.poll(() => told.map((each) => each.text), patient).toEqual(['一'])
  expect(events().filter((each) => each === 'telegram_update_dropped')).toHaveLength(3)
  await expect.poll(() => world.server.updates.waiting(), patient).toEqual([])
})

test('a button press is answered after it was stored; a late answer harms nobody', async () => {
  world = await telegramWorld({ by: 'polling' })
  const told = await listen()
  const press = (id: string) =>
    world.server.deliver({
      callback_query: {
        id,
        from: { id: 42, is_bot: false },
        data: 'human',
        message: { message_id: 1, date: 0, chat: { id: 42, type: 'private' } },
      },
    })
  press('a')
  await expect.poll(methods, patient).toContain('answerCallbackQuery')
  world.server.fail('answerCallbackQuery', { status: 400, description: 'Bad Request: query is too old' })
  press('b')
  await expect.poll(events, patient).toContain('telegram_callback_unanswered')
  expect(told.map((each) => each.button)).toEqual(['human', 'human'])
})

test('it introduces itself: a menu in two languages, only the updates it reads', async () => {
  world = await telegramWorld({ by: 'polling' })
  await listen()
  await expect.poll(methods, patient).toContain('getUpdates')
  const menus = world.server.calls.filter((each) => each.method === 'setMyCommands').map((each) => each.payload)
  expect(menus.map((each) => each['language_code'])).toEqual(['zh', undefined])
  expect(world.server.calls.find((each) => each.method === 'getUpdates')?.payload['allowed_updates']).toEqual([
    'message',
    'callback_query',
    'my_chat_member',
  ])
})

test('privacy mode is warned of when there is a desk, or as soon as a group speaks', async () => {
  world = await telegramWorld({ by: 'polling', desk: true })
  world.server.knobs.canReadAllGroupMessages = false
  await listen()
  await expect.poll(events, patient).toContain('telegram_privacy_mode_on')
  expect(world.channel.desk).toBe(`telegram:${deskChat}`)
  await world.close()

  world = await telegramWorld({ by: 'polling' })
  world.server.knobs.canReadAllGroupMessages = false
  const told = await listen()
  world.say('一')
  await expect.poll(() => told.length, patient).toBe(1)
  expect(events()).not.toContain('telegram_privacy_mode_on')
  for (const text of ['大家好', '大家早']) world.server.say(text, { chat: { id: -5, type: 'group' } })
  await expect.poll(() => told.length, patient).toBe(3)
  expect(events().filter((each) => each === 'telegram_privacy_mode_on')).toHaveLength(1)
})

test('an address with a path works with and without a slash at its end', async () => {
  for (const end of ['', '/']) expect(rootOf(`http://127.0.0.1:1/tg${end}`)).toBe('http://127.0.0.1:1/tg/')
  world = await telegramWorld({ by: 'polling', slash: true })
  const told = await listen()
  world.say('一')
  await expect.poll(() => told.length, patient).toBe(1)
})
