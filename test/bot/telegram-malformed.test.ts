import fc from 'fast-check'
import { expect, test } from 'vitest'
import { incomingOf } from '../../bot/channels/telegram/incoming.ts'

const now = new Date('2026-11-24T02:00:00.000Z')
const li = { id: 42, is_bot: false, first_name: 'Li' }
const group = { id: -1002000000001, title: 'G', type: 'supergroup' }

type Change = Readonly<Record<string, unknown>>
const message = (change: Change): Change => ({
  update_id: 7,
  message: { message_id: 11, date: 1_790_000_000, from: li, chat: { id: 42, type: 'private', first_name: 'Li' }, ...change },
})
const pressed = (change: Change): Change => ({
  update_id: 8,
  callback_query: {
    id: '4382',
    from: li,
    data: 'human',
    message: { message_id: 13, date: 0, chat: { id: 42, type: 'private' } },
    ...change,
  },
})
const read = (update: unknown) => incomingOf(update, { id: 123456, username: 'kb_bot' }, null, now)

test.each([
  ['null', null],
  ['a list', []],
  ['a number', 1],
  ['no id', { message: {} }],
  ['an id in words', { ...message({ text: 'x' }), update_id: '1' }],
  ['an id beyond exact numbers', { ...message({ text: 'x' }), update_id: 2 ** 63 }],
  ['a negative id', { ...message({ text: 'x' }), update_id: -1 }],
  ['a broken id', { ...message({ text: 'x' }), update_id: 1.5 }],
  ['no message', { update_id: 1, message: null }],
  ['no chat', { update_id: 1, message: { message_id: 1, text: 'x' } }],
  ['a chat id in words', message({ chat: { id: "1' or 1=1--", type: 'private' }, text: 'x' })],
  ['text that is a number', message({ text: 5 })],
  ['text that is a list', message({ text: ['a'] })],
  ['nobody in a group', message({ from: undefined, chat: group, text: 'x' })],
])('malformed: %s', (_, update) => {
  expect(read(update)).toEqual({ message: null, dropped: 'malformed' })
})

test('dates out of this world become the time of arrival', () => {
  for (const date of [-1, 9e15, '今天', undefined])
    expect(read(message({ text: 'x', date })).message?.sentAt).toBe(now.toISOString())
  expect(read(message({ text: 'x', date: 4_294_967_296 })).message?.sentAt).toBe('2106-02-07T06:28:16.000Z')
})

test('a private message without a sender is the chat’s own', () => {
  expect(read(message({ from: undefined, text: 'x' })).message?.from.id).toBe('telegram:42')
})

test('property: nothing that arrives makes the reader throw', () => {
  const field = fc.constantFrom(
    'message',
    'callback_query',
    'my_chat_member',
    'chat',
    'from',
    'text',
    'entities',
    'type',
    'id',
    'data',
    'date',
    'update_id',
    'offset',
    'length',
    'reply_to_message',
    'document',
    'message_id',
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.dictionary(field, tie('tree')),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }))
  fc.assert(
    fc.property(tree, tree, (body, inner) => {
      for (const update of [
        body,
        { update_id: 1, message: body },
        message({ text: 'x', chat: group, entities: inner, quote: body }),
        pressed({ message: body, from: inner }),
      ]) {
        const { message: told, dropped } = read(update)
        expect((told === null) !== (dropped === null)).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
