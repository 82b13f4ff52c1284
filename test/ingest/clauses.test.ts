import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passagesOf } from '../../ingest/chunk.ts'
import { clausesOf } from '../../ingest/clauses.ts'
import { line } from '../../ingest/formats/format.ts'

const labels = (...texts: string[]) => clausesOf(texts.map((text) => line(text))).map(({ label, heading }) => [label, heading])

test('章 and 条: a clause carries its chapter, references are no headings', () => {
  expect(
    labels(
      '第一章 总则',
      '第一条 为了规范，制定本办法。',
      '第二条 本办法适用于园区企业。',
      '第二章 奖励',
      '第三条 按2%奖励。',
      '第二条规定的企业除外。',
      '第三条之一 小微企业加倍。',
    ),
  ).toEqual([
    ['第一条', '第一章 总则'],
    ['第二条', '第一章 总则'],
    ['第三条', '第二章 奖励'],
    ['第三条之一', '第二章 奖励'],
  ])
})

test('a notice is cited by its part, or by part and item', () => {
  expect(
    labels(
      '各有关单位：',
      '一、申报时间',
      '3月1日至4月30日。',
      '二、支持标准',
      '（一）路演每场1万元。',
      '（二）论坛每场15万元。',
    ),
  ).toEqual(
    [
      [null, null],
      ['一、申报时间', '一、申报时间'],
      ['二、支持标准', '二、支持标准'],
      ['二、（一）', '二、支持标准'],
      ['二、（二）', '二、支持标准'],
    ].filter(([label]) => label !== '二、支持标准'),
  )
})

test('a text whose line breaks were lost is broken again', () => {
  const flat = `关于印发办法的通知 各单位：${'现将有关事项通知如下。'.repeat(40)}一、申报时间为每年三月。二、申报材料包括申请书。（一）合同。（二）发票。三、联系电话0599-5550103。`
  expect(labels(flat).map(([label]) => label)).toEqual([null, '一、', '二、', '（一）', '（二）', '三、'])
})

test('an English guide is cited by its numbers', () => {
  expect(
    labels('Guide', '1. Setting up', 'Register within 5 days.', '2. Landing space', 'Free for 6 months.').map(([label]) => label),
  ).toEqual([null, '1', '2'])
})

test('a long clause is cut between sentences and keeps its label in every piece', async () => {
  const text = `第五条 ${'支持标准按照下列规定执行，并以实际发生额为准。'.repeat(60)}`
  const passages = await passagesOf(clausesOf([line('第四条 甲。'), line(text)]))
  const pieces = passages.filter((each) => each.clause === '第五条')
  expect(pieces.length).toBeGreaterThan(1)
  for (const piece of pieces) {
    expect([...piece.text].length).toBeLessThanOrEqual(500)
    expect(piece.text).toMatch(/。$/)
  }
  expect(pieces.map((each) => each.text).join('')).toBe(text)
})

test('property: nothing is lost and nothing is said twice', () => {
  const part = fc.constantFrom(
    '第一章 总则',
    '第一条 甲乙。',
    '第二条 丙丁。',
    '（一）戊。',
    '一、己',
    '二、庚辛壬癸。',
    '附件1：表',
    '正文一段。',
    '1. 细目',
    '第二条规定的除外。',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (texts) => {
      const clauses = clausesOf(texts.map((text) => line(text)))
      const headings = clauses.flatMap((clause) => clause.heading?.split(' › ') ?? [])
      const kept = clauses.flatMap((clause) => clause.text.split('\n'))
      // A heading with nothing below it says nothing; everything else is kept, once, in order.
      const bare = (text: string) => /^(?:第一章|附件|一、己)/.test(text)
      expect(kept.filter((text) => !bare(text))).toEqual(texts.filter((text) => !bare(text)))
      expect(headings.every((heading) => texts.some((text) => text === heading))).toBe(true)
    }),
  )
})

test('a notice with its rule: each part keeps its own grammar, and 第 一 章 is 第一章', () => {
  expect(
    labels(
      '关于印发办法的通知',
      '一、执行时间',
      '自发布之日起执行。',
      '第 一 章 总 则',
      '第一条 为了规范，制定本办法。',
      '第三十一条第三款规定的企业除外。',
      '一、这是第一条里的项。',
      '第二条 按2%奖励。',
      '附件1：申报条件',
      '一、基本条件',
      '（一）注册满一年。',
    ),
  ).toEqual([
    [null, null],
    ['一、执行时间', '一、执行时间'],
    ['第一条', '第一章 总 则'],
    ['第二条', '第一章 总 则'],
    ['一、（一）', '附件1：申报条件 › 一、基本条件'],
  ])
})

test('a 条 of up to 800 characters stays whole; a longer one says which piece of how many each is', async () => {
  const article = (length: number) => `第五条 ${'支持标准按照规定执行。'.repeat(Math.ceil(length / 11))}`
  const fields = async (length: number) =>
    (await passagesOf(clausesOf([line('第四条 甲。'), line(article(length))])))
      .filter((each) => each.clause === '第五条')
      .map((each) => each.fields?.['part'] ?? null)
  expect(await fields(700)).toEqual([null])
  expect(await fields(1_200)).toEqual(['1/3', '2/3', '3/3'])
})
