import { expect, test } from 'vitest'
import { declaredFacts } from '../../bot/handoff/packet/facts.ts'
import { matchOf } from '../../bot/handoff/packet/match.ts'
import { emptyPacket, needOf, packetOf, withFactsSince } from '../../bot/handoff/packet/packet.ts'
import type { PastAnswer } from '../../bot/records/answers.ts'
import { handsOver } from '../fakes/desk.ts'

const answered = (question: string) =>
  ({ question, standalone: `《某办法》${question}`, decision: 'answer', citations: [] }) as unknown as PastAnswer // the packet reads no more of it
const summary = (need: string, past: readonly PastAnswer[], open: Parameters<typeof packetOf>[0]['open'] = null) =>
  packetOf({
    ...{ need, past, reason: 'asked_for_a_person', lines: [], open, texts: new Map(), verified: null, suggested: [] },
  }).summary

test('what the bot answered is not open as if nothing had been said', () => {
  const past = [answered('有没有高镍正极材料的成果'), answered('专利资助多少')]
  expect(summary(needOf(null, past, '转人工'), past)).toBe(
    '共 0 条留言。机器人已答：专利资助多少。机器人答过、对方仍要人工：有没有高镍正极材料的成果。',
  )
  expect(summary('租金能减吗', past)).toBe('共 0 条留言。机器人已答：专利资助多少；有没有高镍正极材料的成果。待答：租金能减吗。')
  const again = handsOver({ question: '专利资助多少', language: 'zh' })
  expect(summary('专利资助多少', past, again)).toContain('机器人以前答过、这次答不了：专利资助多少。')
})

test.each([
  ['我们是苏州锐能科技，做固态电池的', '苏州锐能科技'],
  ['我司是绿源环保有限公司，想找成果', '绿源环保有限公司'],
  ['我们是做环保的', undefined],
  ['我们是小微企业，想申报科技项目', undefined],
  ['你好，我们公司是云澄生物', '云澄生物'],
])('“%s” names %s', (text, name) => {
  expect(declaredFacts([text]).find((each) => each.name === '企业名称')?.value).toBe(name)
})

test('what is missing is of the matter: neither who asks, nor how to reach them, nor half a figure', () => {
  const need = '我们是苏州锐能科技有限公司，电镀废水每天200吨，想除镍到0.1mg/L以下，王建国 〔手机号1〕'
  const { why, missing } = matchOf(need, '纳滤膜除镍技术：去除电镀废水中的镍离子')
  const parts = [...why, ...missing].join('|')
  for (const each of ['苏州锐能', '王建国', '手机号']) expect(parts).not.toContain(each)
  expect(parts).toContain('0.1mg/l')
  expect(missing.every((each) => each.length > 1)).toBe(true)
})

test.each([
  ['王建国 13812345678', '王建国'],
  ['联系人：李敏，13900001111', '李敏'],
  ['我叫欧阳明，想了解中试', '欧阳明'],
  ['张总13812345678', '张总'],
  ['电话 13812345678', undefined],
  ['请打13812345678', undefined],
  ['我们手机号13812345678', undefined],
])('“%s” names %s as the one to reach', (text, name) => {
  expect(declaredFacts([text]).find((each) => each.name === '联系人')?.value).toBe(name)
})

test('what is left after the hand-off stands among the facts, what was known stays as it was', () => {
  const fact = { name: '企业名称', value: '锐能科技', source: 'verified' } as const
  const said = (author: 'person' | 'bot', text: string) => ({ author, text })
  const { facts } = withFactsSince({ ...emptyPacket, facts: [fact] }, [
    said('bot', '联系人：赵六 13700000000'),
    said('person', '我们是绿源环保有限公司，联系人王建国 13812345678'),
  ])
  expect(facts.map(({ name, value }) => `${name} ${value}`)).toEqual([
    '企业名称 锐能科技',
    '联系人 王建国',
    '联系方式 13812345678',
  ])
})
