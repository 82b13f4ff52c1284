import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grounded, ungrounded } from '../../bot/compose/grounding.ts'

const source = {
  n: 1,
  text: '云汀科技园技术合同认定登记奖励办法 云园管〔2025〕3号 第六条\n小微企业作为卖方登记技术合同的，单个小微企业每年度奖励最高30万元，单项合同最高10万元，比例2%。咨询电话0599-5550103。自2025年4月1日起施行。',
}
const check = (text: string, language: 'zh' | 'en' = 'zh') => grounded(text, [source], language)

describe('sentences that rest on the evidence stay', () => {
  test.each([
    '小微企业每年度奖励最高30万元。[1]',
    '小微企业每年度奖励最高30万元[1]。单项合同最高10万元[1]。',
    '依据云园管〔2025〕3号，比例为2%。[1]',
    '咨询电话是0599-5550103。[1]',
    '办法自2025年4月1日起施行。[1]',
    '每年最高三十万元。[1]',
  ])('%s', (text) => {
    expect(check(text)).toMatchObject({ text, removed: [] })
  })

  test('in English too', () => {
    expect(check('The award is at most 300,000 yuan a year [1].', 'en').removed).toEqual([])
  })
})

describe('sentences that do not are removed, with the reason', () => {
  test.each([
    ['最高可奖励50万元。[1]', 'number'],
    ['最高可奖励6%。[1]', 'unit'],
    ['奖励最高30万元。', 'no_citation'],
    ['奖励最高30万元。[9]', 'unknown_citation'],
    ['您一定能拿到30万元。[1]', 'promise'],
    ['We guarantee 30 [1].', 'promise'],
    ['依据云园管〔2025〕33号执行。[1]', 'document_number'],
    ['详见 https://evil.example/a 。[1]', 'link'],
    ['请拨打0599-5559999。[1]', 'phone'],
    ['依据《园区人才办法》执行。[1]', 'title'],
    ['<b>30万元</b>。[1]', 'forbidden'],
    ['请看![x](http://a/b.png)30万元。[1]', 'no_citation'],
    ['请看https://a.example/b，30万元[1]。', 'link'],
    ['The award is 30. [1]', 'wrong_language'],
    ['NOT_FOUND [1]', 'forbidden'],
    ['作为AI语言模型，我认为最高30万元。[1]', 'forbidden'],
    ['自2026年4月1日起施行。[1]', 'number'],
  ])('%s → %s', (text, reason) => {
    const { text: kept, removed } = check(text)
    expect(kept).toBe('')
    expect(removed[0]).toBe(reason === 'promise' && /^We/.test(text) ? 'promise' : reason)
  })

  test('a good sentence survives beside a bad one', () => {
    expect(check('奖励最高30万元。[1]另有配套50万元。[1]')).toMatchObject({
      text: '奖励最高30万元。[1]',
      citations: [1],
      removed: ['number'],
    })
  })

  test('a hundred thousand characters end', () => {
    expect(check('最高30万元。[1]'.repeat(10_000)).text.length).toBeLessThanOrEqual(400)
  })
})

test('property: in 2,000 mutated drafts no figure passes that the evidence does not hold', () => {
  const figures = new Set(['30', '10', '2', '2025', '4', '1', '3', '6', '0599', '5550103', '300000', '100000'])
  const piece = fc.oneof(
    fc.constantFrom(
      '小微企业',
      '每年度',
      '奖励最高',
      '30万元',
      '单项合同',
      '10万元',
      '2%',
      '[1]',
      '[2]',
      '。',
      '，',
      '一定能拿到',
      '云园管〔2025〕3号',
      '《办法》',
      'https://x.example',
      '\n',
      '<i>',
      '0599-5550103',
    ),
    fc.nat(999_999).map((value) => `${value}万元`),
    fc.nat(100).map((value) => `${value}%`),
    fc.constantFrom('五十万元', '三百万', '百分之九十', '2031年5月6日', '１２３', '4０0万元'),
  )
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 14 }), (pieces) => {
      const { text } = check(pieces.join(''))
      const words = text.replace(/\[\d+\]/g, '').normalize('NFKC')
      expect(ungrounded(words, source.text)).toBeNull()
      for (const figure of words.match(/\d+/g) ?? []) expect(figures.has(figure)).toBe(true)
      expect(words).not.toMatch(/一定能|https?:|<i>|五十|三百|九十/)
    }),
    { numRuns: 2000 },
  )
})
