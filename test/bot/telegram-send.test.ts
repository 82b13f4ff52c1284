import { afterEach, expect, test } from 'vitest'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { newChat } from '../fakes/telegram-methods.ts'
import { deskChat, type TelegramWorld, telegramWorld } from '../fakes/telegram-world.ts'

let world: TelegramWorld
afterEach(() => world.close())

const patient = { timeout: 30_000 }
const desk = `telegram:${deskChat}`
const says = (...texts: string[]): Outgoing => ({
  kind: 'text',
  blocks: texts.map((text) => ({ type: 'paragraph', spans: [text] })),
})
const methods = () => world.server.calls.map((each) => each.method)

/** A desk whose topics the bot manages, and Li, who has written to it. */
async function open(): Promise<void> {
  world = await telegramWorld({ by: 'polling', desk: true })
  world.server.chats.set(deskChat, newChat('supergroup', { forum: true, manages: true }))
  world.server.chats.set(42, newChat('private'))
}

const forum = () => world.server.chats.get(deskChat)
const failure = (chat: string, outgoing: Outgoing) => world.channel.send(chat, outgoing).catch((error: unknown) => error)

test('a ticket gets a topic, its words go there, and it is closed', async () => {
  await open()
  const { chat } = await world.channel.send(desk, { kind: 'open_topic', name: `#1 ${'技术合同登记奖励'.repeat(30)}` })
  const [[thread, topic] = []] = [...(forum()?.topics ?? [])]
  expect(chat).toBe(`${desk}#${thread}`)
  expect(topic?.name).toHaveLength(128)
  await world.channel.send(chat ?? '', says('摘要'))
  expect(world.server.sent.at(-1)).toMatchObject({ chat: deskChat, thread, text: '摘要' })
  await world.channel.send(chat ?? '', { kind: 'close_topic' })
  expect(topic?.closed).toBe(true)
  await world.channel.send(chat ?? '', { kind: 'close_topic' })
})

test('a topic that was deleted is said to be gone; closing it needs nothing more', async () => {
  await open()
  await expect(failure(`${desk}#999`, says('在吗'))).resolves.toMatchObject({ code: 'topic_gone', retry: false })
  await expect(world.channel.send(`${desk}#999`, { kind: 'close_topic' })).resolves.toEqual({ messageIds: [] })
})

test('words for a topic somebody closed by hand still arrive: it is opened again', async () => {
  await open()
  forum()?.topics.set(480, { name: '#42', closed: true })
  world.server.fail('sendMessage', { status: 400, description: 'Bad Request: TOPIC_CLOSED' })
  await world.channel.send(`${desk}#480`, says('还有一个问题'))
  expect(methods().slice(-3)).toEqual(['sendMessage', 'reopenForumTopic', 'sendMessage'])
  expect(world.server.sent.at(-1)?.text).toBe('还有一个问题')
})

test.each([
  ['the group has no topics', { forum: false, manages: true }],
  ['the bot may not manage topics', { forum: true, manages: false }],
])('no topic can be opened: %s', async (_, chat) => {
  await open()
  world.server.chats.set(deskChat, newChat('supergroup', chat))
  await expect(failure(desk, { kind: 'open_topic', name: '#1' })).resolves.toMatchObject({
    code: 'misconfigured',
    hint: expect.stringContaining('administrator'),
  })
})

test('markup Telegram cannot read is sent again as the same plain words', async () => {
  await open()
  world.server.fail('sendMessage', { status: 400, description: "Bad Request: can't parse entities: Unsupported start tag" })
  await world.channel.send('telegram:42', {
    kind: 'text',
    blocks: [{ type: 'list_item', spans: [{ bold: '第六条' }, ' a < b'] }],
  })
  expect(world.server.sent.map((each) => each.text)).toEqual(['· 第六条 a < b'])
  expect(world.server.sent[0]?.payload['parse_mode']).toBeUndefined()
})

test('a group that moved is followed, its conversation keeps its address, also after a restart', async () => {
  await open()
  const told: string[] = []
  const hear = async (message: { chat: string; text: string }) => void told.push(`${message.chat} ${message.text}`)
  world.server.chats.set(-4, newChat('group', { fault: moved }))
  world.server.chats.set(-1005, newChat('supergroup'))
  await world.channel.send('telegram:-4', says('一'))
  await world.channel.send('telegram:-4', says('二'))
  expect(world.server.sent.map((each) => [each.chat, each.text])).toEqual([
    [-1005, '一'],
    [-1005, '二'],
  ])
  const next = await world.reopen()
  await next.start(hear)
  world.server.say('三', { chat: { id: -1005, type: 'supergroup' } })
  await expect.poll(() => told, patient).toEqual(['telegram:-4 三'])
  await next.send('telegram:-4', says('四'))
  expect(world.server.sent.at(-1)).toMatchObject({ chat: -1005, text: '四' })
  expect(methods().filter((each) => each === 'sendMessage')).toHaveLength(4)
})
const moved = {
  status: 400,
  description: 'Bad Request: group chat was upgraded to a supergroup chat',
  parameters: { migrate_to_chat_id: -1005 },
}

test('a move is learned from the group itself, too', async () => {
  await open()
  await world.channel.start(async () => {})
  world.server.chats.set(-1005, newChat('supergroup'))
  world.server.say('', { chat: { id: -4, type: 'group' }, migrate_to_chat_id: -1005, text: undefined })
  await expect.poll(() => world.server.updates.waiting(), patient).toEqual([])
  await world.channel.send('telegram:-4', says('一'))
  expect(world.server.sent.at(-1)?.chat).toBe(-1005)
})

test('a sign of life never fails', async () => {
  await open()
  world.server.fail('sendChatAction', 'reset')
  await expect(world.channel.send('telegram:42', { kind: 'typing' })).resolves.toEqual({ messageIds: [] })
})

test('an address of another channel is refused, not guessed at', async () => {
  await open()
  for (const chat of ['wecom:42', 'telegram:x', 'telegram:1#', 'telegram:1;2'])
    await expect(failure(chat, says('一'))).resolves.toMatchObject({ code: 'refused' })
  expect(methods()).not.toContain('sendMessage')
})

test('what the network does to a send is worth another try, and shows neither token nor text', async () => {
  await open()
  for (const fault of ['reset', 'lost', 'not json', { status: 502, description: 'Bad Gateway' }] as const) {
    world.server.fail('sendMessage', fault)
    const error = await failure('telegram:42', says('秘密的话'))
    expect(error).toMatchObject({ code: 'unavailable', retry: true })
    expect(everything(error)).not.toContain(world.server.token)
    expect(everything(error)).not.toContain('秘密的话')
  }
})

/** Message, stack and causes, and every own property of each. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return [error.stack, JSON.stringify(error, Object.getOwnPropertyNames(error)), everything(error.cause)].join('\n')
}
