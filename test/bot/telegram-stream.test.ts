import { afterEach, expect, test } from 'vitest'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { newChat } from '../fakes/telegram-methods.ts'
import { type TelegramWorld, telegramWorld } from '../fakes/telegram-world.ts'

let world: TelegramWorld
afterEach(() => world.close())

async function open(): Promise<void> {
  world = await telegramWorld({ by: 'polling' })
  world.server.chats.set(42, newChat('private'))
  world.server.chats.set(-100, newChat('supergroup'))
}

const told = (method: string) => world.server.calls.filter((each) => each.method === method)
const final = (text: string, replaces: string | null): Outgoing => ({
  kind: 'text',
  blocks: [{ type: 'paragraph', spans: [text] }],
  ...(replaces === null ? {} : { replaces }),
})
const streamOf = (chat: string, key = 'inbox:1') => world.channel.stream?.(chat, key)

test('in a private chat a draft shows what is written so far, paced; the reply is a message of its own', async () => {
  await open()
  const stream = streamOf('telegram:42')
  for (const text of ['第一句。', '第一句。第二句。', '第一句。第二句。第三句。']) stream?.show(text)
  await expect.poll(() => told('sendMessageDraft').length).toBe(1)
  await expect(stream?.end()).resolves.toBeNull()
  await world.channel.send('telegram:42', final('第一句。第二句。第三句。', null))
  expect(world.seen()).toEqual(['第一句。第二句。第三句。'])
})

test('where drafts are refused a message is edited, and the reply takes its place, once', async () => {
  await open()
  const stream = streamOf('telegram:-100')
  stream?.show('第一句。')
  await expect.poll(() => world.server.sent.length).toBe(1)
  const shown = (await stream?.end()) ?? null
  expect(shown).toBe(String(world.server.sent[0]?.id))
  await world.channel.send('telegram:-100', final('第一句。第二句。', shown))
  await world.channel.send('telegram:-100', final('第一句。第二句。', shown))
  expect(world.server.sent.map((each) => each.text)).toEqual(['第一句。第二句。'])
})

test('after a crash the next process finds the preview and replaces it', async () => {
  await open()
  world.server.fail('sendMessageDraft', { status: 404, description: 'Not Found: method not found' }, 9)
  streamOf('telegram:42')?.show('第一句。')
  await expect.poll(() => world.server.sent.length).toBe(1)
  const other = await world.reopen()
  world.server.fail('sendMessageDraft', { status: 404, description: 'Not Found: method not found' }, 9)
  const again = other.stream?.('telegram:42', 'inbox:1')
  again?.show('另一句。')
  await expect.poll(() => world.seen()).toEqual(['另一句。'])
  await other.send('telegram:42', final('另一句，完整。', (await again?.end()) ?? null))
  expect(world.seen()).toEqual(['另一句，完整。'])
})

test('a preview that is gone is not missed, and a platform that says wait is left alone', async () => {
  await open()
  await world.channel.send('telegram:42', final('全文。', '999'))
  expect(world.seen()).toEqual(['全文。'])
  world.server.fail('sendMessageDraft', {
    status: 429,
    description: 'Too Many Requests: retry after 60',
    parameters: { retry_after: 60 },
  })
  const stream = streamOf('telegram:42', 'inbox:2')
  stream?.show('一。')
  await expect.poll(() => told('sendMessageDraft').length).toBe(1)
  stream?.show('一。二。')
  await expect(stream?.end()).resolves.toBeNull()
  expect(told('sendMessageDraft')).toHaveLength(1)
})
