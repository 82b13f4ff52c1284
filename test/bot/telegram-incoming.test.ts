import { expect, test } from 'vitest'
import { type Incoming, incomingOf, moveOf } from '../../bot/channels/telegram/incoming.ts'

const self = { id: 123456, username: 'kb_bot' }
const desk = '-1002000000009'
const now = new Date('2026-11-24T02:00:00.000Z')
const li = { id: 42, is_bot: false, first_name: 'Li', language_code: 'zh-hans' }
const group = { id: -1002000000001, title: 'G', type: 'supergroup' }
const forum = { id: Number(desk), title: 'Desk', type: 'supergroup', is_forum: true }

type Change = Readonly<Record<string, unknown>>
const message = (change: Change): Change => ({
  update_id: 7,
  message: { message_id: 11, date: 1_790_000_000, from: li, chat: { id: 42, type: 'private', first_name: 'Li' }, ...change },
})
const read = (update: unknown): Incoming => incomingOf(update, self, desk, now)
const inGroup = (text: string, change: Change = {}) => read(message({ chat: group, text, ...change })).message
const entity = (type: string, text: string, part: string, more: Change = {}) => ({
  type,
  offset: text.indexOf(part),
  length: part.length,
  ...more,
})

test('a private text fills every field of the message', () => {
  expect(read(message({ text: '可以退款吗？' }))).toEqual({
    dropped: null,
    message: {
      externalId: '7/42/11',
      chat: 'telegram:42',
      from: { id: 'telegram:42', name: 'Li' },
      kind: 'text',
      text: '可以退款吗？',
      button: null,
      file: null,
      quoted: null,
      group: false,
      addressed: true,
      language: 'zh-hans',
      sentAt: '2026-09-21T14:13:20.000Z',
    },
  })
})

test('the payload of a deep link stays in the text', () => {
  const text = '/start ref_ABC-123'
  expect(read(message({ text, entities: [entity('bot_command', text, '/start')] })).message?.text).toBe(text)
})

test.each([
  ['a mention', '😀@KB_bot 你好', [{ type: 'mention', offset: 2, length: 7 }], true, '😀 你好'],
  ['a mention of another bot', '@other_bot 你好', [{ type: 'mention', offset: 0, length: 10 }], false, '@other_bot 你好'],
  ['our name inside another', '@kb_bot2 你好', [{ type: 'mention', offset: 0, length: 8 }], false, '@kb_bot2 你好'],
  ['a mention by id', '小桥 你好', [{ type: 'text_mention', offset: 0, length: 2, user: { id: 123456 } }], true, '你好'],
  ['a command for us', '/help@kb_bot 怎么用', [{ type: 'bot_command', offset: 0, length: 12 }], true, '/help 怎么用'],
  ['a command for another bot', '/help@other_bot', [{ type: 'bot_command', offset: 0, length: 15 }], false, '/help@other_bot'],
  ['a bare command of our menu', '/human', [{ type: 'bot_command', offset: 0, length: 6 }], true, '/human'],
  ['a bare command of nobody', '/weather', [{ type: 'bot_command', offset: 0, length: 8 }], false, '/weather'],
  [
    'two mentions',
    '@kb_bot 你好 @kb_bot',
    [
      { type: 'mention', offset: 0, length: 7 },
      { type: 'mention', offset: 11, length: 7 },
    ],
    true,
    '你好',
  ],
  ['talk among people', '大家好', [], false, '大家好'],
  [
    'entities that point nowhere',
    '你好',
    [{ type: 'mention', offset: 900, length: 7 }, { type: 'mention', offset: -3, length: 2 }, 5],
    false,
    '你好',
  ],
  ['no entities at all', '@kb_bot 你好', undefined, true, '你好'],
  ['an address that holds our name', 'a@kb_bot.example', undefined, false, 'a@kb_bot.example'],
])('in a group: %s', (_, text, entities, addressed, words) => {
  expect(inGroup(text, entities === undefined ? {} : { entities })).toMatchObject({ group: true, addressed, text: words })
})

test('a reply to the bot is addressed and carries what was quoted; a reply to a person is not', () => {
  const bot = { message_id: 5, from: { id: self.id, is_bot: true }, text: '最高 50 万元[1]' }
  expect(inGroup('为什么？', { reply_to_message: bot })).toMatchObject({ addressed: true, quoted: '最高 50 万元[1]' })
  expect(inGroup('为什么？', { reply_to_message: bot, quote: { text: '50 万元' } })?.quoted).toBe('50 万元')
  expect(inGroup('为什么？', { reply_to_message: { ...bot, from: li } })?.addressed).toBe(false)
})

test('in a topic of the desk every word is addressed; that the bot opened the topic makes no reply of it', () => {
  const opened = { message_id: 480, from: { id: self.id, is_bot: true }, forum_topic_created: { name: '#42' } }
  const change = { chat: forum, message_thread_id: 480, is_topic_message: true, reply_to_message: opened, text: '您好，我来处理' }
  expect(read(message(change)).message).toMatchObject({
    chat: `telegram:${desk}#480`,
    addressed: true,
    group: true,
    quoted: null,
  })
  expect(read(message({ ...change, chat: { ...group, is_forum: true } })).message).toMatchObject({ addressed: false })
  expect(read(message({ chat: forum, text: '大家早' })).message).toMatchObject({ chat: `telegram:${desk}`, addressed: false })
})

test('a thread of replies in an ordinary group is no topic', () => {
  expect(inGroup('你好', { message_thread_id: 9 })?.chat).toBe('telegram:-1002000000001')
})

test('topics closed and reopened by people are told; by a bot they are not', () => {
  const topic = { chat: forum, message_thread_id: 480, is_topic_message: true }
  expect(read(message({ ...topic, forum_topic_closed: {} })).message?.kind).toBe('topic_closed')
  expect(read(message({ ...topic, forum_topic_reopened: {} })).message?.kind).toBe('topic_reopened')
  expect(read(message({ ...topic, forum_topic_closed: {}, from: { id: self.id, is_bot: true } })).dropped).toBe('bot')
})

test('a document is a file with its caption; a picture with a caption says the caption; what has no words is unreadable', () => {
  const document = { file_id: 'F1', file_name: '办法.docx', file_size: 1234 }
  expect(read(message({ document, caption: '请收录' })).message).toMatchObject({
    kind: 'file',
    text: '请收录',
    file: { name: '办法.docx', size: 1234, ref: 'F1' },
  })
  expect(read(message({ photo: [{ file_id: 'P' }], caption: '这个能补贴吗？' })).message).toMatchObject({
    kind: 'text',
    text: '这个能补贴吗？',
  })
  for (const what of ['voice', 'photo', 'sticker', 'video', 'location', 'something_new'])
    expect(read(message({ [what]: {} })).message).toMatchObject({ kind: 'unreadable', text: '', file: null })
  expect(read(message({ animation: { file_id: 'A' }, document: { file_id: 'A' } })).message?.kind).toBe('unreadable')
})

const pressed = (change: Change): Change => ({
  update_id: 8,
  callback_query: {
    id: '4382',
    from: li,
    data: 'f:1:helpful',
    message: { message_id: 13, date: 0, chat: { id: 42, type: 'private' } },
    ...change,
  },
})

test('a button comes back with its data, also when its message is too old to be shown', () => {
  expect(read(pressed({})).message).toMatchObject({
    externalId: '8/42/4382',
    chat: 'telegram:42',
    kind: 'button',
    button: 'f:1:helpful',
    text: '',
    group: false,
    addressed: true,
    sentAt: now.toISOString(),
  })
  const inTopic = { message_id: 13, date: 1, chat: forum, message_thread_id: 480, is_topic_message: true }
  expect(read(pressed({ message: inTopic })).message).toMatchObject({ chat: `telegram:${desk}#480`, group: true })
  expect(read(pressed({ message: undefined })).dropped).toBe('malformed')
  expect(read(pressed({ data: undefined })).dropped).toBe('malformed')
  expect(read(pressed({ data: 'x'.repeat(65) })).dropped).toBe('malformed')
})

test('a person who stops the bot is blocked, and no longer when they start it again', () => {
  const member = (status: string, chat: Change = { id: 42, type: 'private' }) =>
    read({ update_id: 9, my_chat_member: { chat, from: li, date: 1_790_000_020, new_chat_member: { status } } })
  expect(member('kicked').message).toMatchObject({ kind: 'blocked', chat: 'telegram:42', sentAt: '2026-09-21T14:13:40.000Z' })
  expect(member('member').message).toMatchObject({ kind: 'unblocked' })
  expect(member('kicked', group).dropped).toBe('service')
})

test('bots, channels, edits, service messages and kinds nobody knows yet are dropped, each for its reason', () => {
  expect(read(message({ from: { ...li, is_bot: true }, text: '哔' })).dropped).toBe('bot')
  expect(
    read(message({ chat: group, sender_chat: { id: -5, type: 'channel' }, is_automatic_forward: true, text: '公告' })).dropped,
  ).toBe('bot')
  expect(read({ update_id: 1, channel_post: { chat: { id: -1, type: 'channel' }, text: 'x' } }).dropped).toBe('channel')
  expect(read({ update_id: 1, edited_message: { text: 'x' } }).dropped).toBe('edited')
  expect(read(message({ new_chat_members: [li] })).dropped).toBe('service')
  expect(read(message({ pinned_message: {} })).dropped).toBe('service')
  expect(read({ update_id: 1, quantum_message: {} }).dropped).toBe('unknown_kind')
})

test('an administrator who stays anonymous speaks as the group, never as the account all anonymous people share', () => {
  const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }
  const topic = { message_thread_id: 480, is_topic_message: true }
  expect(read(message({ ...topic, chat: forum, from: anonymous, sender_chat: forum, text: '我来' })).message).toMatchObject({
    from: { id: `telegram:${desk}`, name: 'Desk' },
    text: '我来',
  })
})

test('the same number given to two events makes two keys, the same event given twice makes one', () => {
  const key = (change: Change) => read(message({ text: 'x', ...change })).message?.externalId
  expect(key({})).toBe(key({}))
  expect(key({ message_id: 12 })).not.toBe(key({}))
  expect(key({ chat: group })).not.toBe(key({}))
})

test('a group that became a supergroup names its new address, from either side', () => {
  expect(moveOf(message({ chat: { id: -4, type: 'group' }, migrate_to_chat_id: -1005 }))).toEqual({ from: -4, to: -1005 })
  expect(moveOf(message({ chat: { id: -1005, type: 'supergroup' }, migrate_from_chat_id: -4 }))).toEqual({ from: -4, to: -1005 })
  expect(moveOf(message({ text: 'x' }))).toBeNull()
})
