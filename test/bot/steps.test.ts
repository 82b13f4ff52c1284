import { expect, test } from 'vitest'
import type { IncomingMessage } from '../../bot/channels/message.ts'
import { settleMsOf, stepsOf } from '../../bot/converse/steps.ts'
import type { InboxRow } from '../../bot/queue/lanes.ts'

function message(text: string, change: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    externalId: text,
    chat: 'telegram:1',
    from: { id: 'telegram:1', name: null },
    kind: 'text',
    text,
    button: null,
    file: null,
    quoted: null,
    group: false,
    addressed: true,
    language: null,
    sentAt: '2026-11-24T02:00:00.000Z',
    ...change,
  }
}

function rows(...payloads: InboxRow['payload'][]): InboxRow[] {
  return payloads.map((payload, index) => ({
    id: String(index + 1),
    channel: 'telegram',
    attempts: 1,
    receivedAt: new Date(0),
    payload,
  }))
}

const texts = (...payloads: InboxRow['payload'][]) =>
  stepsOf(rows(...payloads)).map((step) => step.message?.text ?? step.timer?.name ?? step.action?.action.do)

test('a burst of short words is read with what follows', () => {
  expect(texts(message('你好'), message('请问'), message('技术合同登记最多奖多少'))).toEqual([
    '你好\n请问\n技术合同登记最多奖多少',
  ])
})

test('a wish for a person is not swallowed by the question after it', () => {
  expect(texts(message('转人工'), message('第二件事的补贴标准是多少？'))).toEqual(['转人工', '第二件事的补贴标准是多少？'])
})

test('two wishes to sign up stay two; a number after the first says which', () => {
  expect(texts(message('报名'), message('报名1'))).toEqual(['报名', '报名1'])
  expect(texts(message('报名'), message('2'))).toEqual(['报名\n2'])
})

test('two whole questions stay two steps', () => {
  expect(texts(message('技术合同登记最多奖多少？'), message('人才公寓怎么申请？'))).toEqual([
    '技术合同登记最多奖多少？',
    '人才公寓怎么申请？',
  ])
})

test('words of two people, of two moments, or around a command are not joined', () => {
  expect(texts(message('你好'), message('转人工', { from: { id: 'telegram:2', name: null } }))).toHaveLength(2)
  expect(texts(message('你好'), message('在吗', { sentAt: '2026-11-24T02:01:00.000Z' }))).toHaveLength(2)
  expect(texts(message('你好'), message('/human'))).toHaveLength(2)
  expect(texts(message('你好'), message('', { kind: 'button', button: 'human' }))).toHaveLength(2)
})

test('timers keep their place', () => {
  expect(texts(message('你好'), { kind: 'timer', name: 'first_response', ticket: '1', round: 1 }, message('在吗'))).toEqual([
    '你好',
    'first_response',
    '在吗',
  ])
})

test('only a short first word waits for the next one', () => {
  expect(settleMsOf(message('你好'))).toBeGreaterThan(0)
  expect(settleMsOf(message('奖多少？'))).toBe(0)
  expect(settleMsOf(message('小微企业技术合同登记最多奖多少'))).toBe(0)
  expect(settleMsOf(message('/help'))).toBe(0)
})
