import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Block, Outgoing, Span } from '../../bot/channels/outgoing.ts'
import { plainText } from '../../bot/channels/plain.ts'
import { partsOf, payloadsOf, type TextMessage, topicName } from '../../bot/channels/telegram/outgoing.ts'
import { parseTelegramHtml } from '../fakes/telegram-html.ts'

const hazard = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('<b>', '</i>', '&amp;', '&lt;', '"', '<a href="x">', '😀', '[1]', '《办法》', '\n', '&#65;', '<!--'),
  fc.constant('园区对技术合同给予奖励。'.repeat(200)),
)
const text = fc.array(hazard, { maxLength: 8 }).map((parts) => parts.join('').toWellFormed())
const span: fc.Arbitrary<Span> = fc.oneof(
  text,
  text.map((bold) => ({ bold })),
  fc.record({ link: text, href: fc.constantFrom('https://a.example/?x="1"&y=<2>', 'javascript:alert(1)', 'http://b.example') }),
)
const blocks: fc.Arbitrary<Block[]> = fc.array(
  fc.record({ type: fc.constantFrom('paragraph', 'quote', 'list_item', 'small'), spans: fc.array(span, { maxLength: 4 }) }),
  { maxLength: 6 },
)
const message = (list: readonly Block[]): TextMessage => ({ kind: 'text', blocks: list })
const htmlOf = (part: TextMessage) => String((payloadsOf(part).html as { text: string }).text) // what is sent

test('property: whatever is said, Telegram reads our markup, shows exactly the words, and never finds a part too long or empty', () => {
  fc.assert(
    fc.property(blocks, (list) => {
      for (const part of partsOf(message(list))) {
        const read = parseTelegramHtml(htmlOf(part))
        expect(read.text).toBe(plainText(part.blocks))
        expect(read.text.length).toBeLessThanOrEqual(4096)
        expect(read.text.trim()).not.toBe('')
      }
    }),
    { numRuns: 200 },
  )
})

test('property: sending part by part says what sending at once says', () => {
  fc.assert(
    fc.property(blocks, (list) => {
      const whole = { ...message(list), replyTo: '7', buttons: [[{ label: '转人工', data: 'human' }]] }
      const parts = partsOf(whole)
      expect(parts.flatMap(partsOf)).toEqual(parts)
      expect(parts.filter((each) => each.buttons !== undefined)).toEqual(parts.slice(-1))
      expect(parts.filter((each) => each.replyTo !== undefined)).toEqual(parts.slice(0, 1))
    }),
  )
})

test('blocks look like what they are', () => {
  const [part] = partsOf(
    message([
      { type: 'paragraph', spans: ['最高 ', { bold: '50 万元' }, ' [1]'] },
      { type: 'quote', spans: ['第六条 奖励 < 5%'] },
      { type: 'list_item', spans: [{ link: '原文', href: 'https://park.example/a?b=1&c=2' }] },
      { type: 'list_item', spans: [{ link: '别点', href: 'javascript:alert(1)' }] },
      { type: 'small', spans: ['【AI 生成】'] },
    ]),
  )
  expect(htmlOf(part ?? message([]))).toMatchInlineSnapshot(`
    "最高 <b>50 万元</b> [1]
    <blockquote>第六条 奖励 &lt; 5%</blockquote>
    · <a href="https://park.example/a?b=1&amp;c=2">原文</a>
    · 别点
    <i>【AI 生成】</i>"
  `)
})

test('escaping costs nothing: the limit counts what people see', () => {
  expect(partsOf(message([{ type: 'paragraph', spans: ['&'.repeat(4096)] }]))).toHaveLength(1)
  expect(partsOf(message([{ type: 'paragraph', spans: ['&'.repeat(4097)] }]))).toHaveLength(2)
})

test('what says nothing is not sent', () => {
  expect(partsOf(message([]))).toEqual([])
  expect(partsOf(message([{ type: 'paragraph', spans: [' \n '] }]))).toEqual([])
})

test('buttons: rows as given, previews off, and data too long for Telegram leaves out the button, not the message', () => {
  const part: Extract<Outgoing, { kind: 'text' }> = {
    ...message([{ type: 'paragraph', spans: ['有帮助吗？'] }]),
    buttons: [
      [
        { label: '有帮助', data: 'f:1:helpful' },
        { label: '长', data: '长'.repeat(22) },
      ],
      [{ label: '空', data: '' }],
    ],
  }
  expect(payloadsOf(part).html).toEqual({
    text: '有帮助吗？',
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: [[{ text: '有帮助', callback_data: 'f:1:helpful' }]] },
  })
})

test('a reply names the message by its number or by its key, and does without when it was deleted', () => {
  const reply = (replyTo: string) =>
    (payloadsOf({ ...message([{ type: 'paragraph', spans: ['好'] }]), replyTo }).html as { reply_parameters?: unknown })
      .reply_parameters // what is sent
  expect(reply('11')).toEqual({ message_id: 11, allow_sending_without_reply: true })
  expect(reply('870000001/-100123#5/77')).toEqual({ message_id: 77, allow_sending_without_reply: true })
  expect(reply('no number')).toBeUndefined()
})

test('property: a topic name has 1 to 128 units, whole characters, one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (name) => {
      const short = topicName(name)
      expect(short.length).toBeGreaterThan(0)
      expect(short.length).toBeLessThanOrEqual(128)
      expect(short.isWellFormed()).toBe(name.isWellFormed())
      expect(short).not.toMatch(/\n/)
    }),
  )
})

test.each([
  ['a < b', 'Unsupported start tag'],
  ['<b>x', "Can't find end tag"],
  ['<b>x</i>', 'Unmatched end tag'],
  ['x</b>', 'Unexpected end tag'],
  ['<div>x</div>', 'Unsupported start tag "div"'],
])('the loopback server is as strict as Telegram: %s', (html, fault) => {
  expect(() => parseTelegramHtml(html)).toThrow(fault)
})
