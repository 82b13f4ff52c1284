import { expect, test } from 'vitest'
import { asOfIn } from '../../bot/answer/as-of.ts'
import { leansOnHistory } from '../../bot/answer/standalone.ts'
import { opinionOf } from '../../bot/converse/feedback.ts'
import { asksSource } from '../../bot/converse/source.ts'

test.each([
  ['满意', 'helpful', 5],
  ['非常满意！', 'helpful', 5],
  ['不太满意', 'not_helpful', 1],
  ['不满意，答非所问', 'not_helpful', null],
  ['一般', null, 3],
  ['很有帮助', 'helpful', null],
  ['谢谢你的回答，但是不对', 'not_helpful', null],
  ['答错了', 'not_helpful', null],
  ["That's wrong.", 'not_helpful', null],
] as const)('“%s” is an opinion', (text, feedback, satisfaction) => {
  expect(opinionOf(text)).toEqual({ feedback, satisfaction })
})

test.each([
  '客户满意度权重多少',
  '不对，我问的是中型企业',
  '有用工补贴吗',
  '没用完的额度能结转吗',
  '一般企业能申请吗',
  '解决住房吗',
  '',
])('“%s” is none', (text) => {
  expect(opinionOf(text)).toBeNull()
})

test.each([
  ['文号是什么？', 'at_once'],
  ['它的有效期到什么时候？', 'else'],
  ['这个办法现在还有效吗', 'at_once'],
  ['什么时候开始施行的？', 'else'],
  ['发给我原文', 'at_once'],
  ['你确定吗？', 'at_once'],
  ['Is it still valid?', 'at_once'],
  ['Are you sure?', 'at_once'],
  ['证书有效期多久', null],
  ['什么时候发布申报通知', null],
  ['专利资助办法的文号是什么', null],
  ['原文件要交几份', null],
  ['', null],
])('“%s” asks what was quoted: %s', (text, asks) => {
  expect(asksSource(text)).toBe(asks)
})

test.each([
  ['按去年的规定，专利资助多少', '2025-12-31', '专利资助多少'],
  ['前年的时候技术交易奖多少', '2024-12-31', '技术交易奖多少'],
  ['我们去年登记的合同奖多少', null, '我们去年登记的合同奖多少'],
])('“%s” asks about %s', (question, asOf, rest) => {
  expect(asOfIn(question, '2026-11-26')).toEqual({ asOf, rest })
})

test.each([
  ['去年也是这样吗？', false, true],
  ['谁的专利？', true, true],
  ['谁的专利？', false, false],
  ['专利质押贷款贴息多少', true, false],
  ['有哪些成果', true, false],
])('“%s” leaves out what it is about (after a record: %s): %s', (question, afterRecord, leans) => {
  expect(leansOnHistory(question, afterRecord)).toBe(leans)
})
