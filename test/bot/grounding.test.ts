import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completePart, grounded } from '../../bot/compose/grounding.ts'

const award = {
  n: 1,
  text: '云汀科技园技术合同认定登记奖励办法 云园管〔2025〕3号 第六条\n小微企业作为卖方登记技术合同的，按实际成交额的2%给予奖励，单个小微企业每年度奖励最高30万元，单项合同最高10万元。同一合同不得重复享受。咨询电话0599-5550103，邮箱jsht@yunting.example。自2025年4月1日起施行，有效期三年。申请由云汀科技园管理委员会受理，10个工作日内审核。',
}
const pilot = {
  n: 2,
  text: 'Guide for overseas teams 云园办〔2024〕7号 Part 3\nOverseas teams that register a company in the park receive rent relief of 50% for two years, at most 200,000 yuan a year. Applications close on 30 June each year. Contact: overseas@yunting.example.',
}
const check = (text: string, language: 'zh' | 'en' = 'zh') => grounded(text, [award, pilot], language)

describe('sentences that rest on the evidence stay', () => {
  test.each([
    '小微企业每年度奖励最高30万元。[1]',
    '小微企业每年度奖励最高30万元[1]。单项合同最高10万元[1]。',
    '依据云园管〔2025〕3号，比例为2%。[1]',
    '按实际成交额的百分之二给予奖励。[1]',
    '咨询电话是0599-5550103。[1]',
    '办法自2025年4月1日起施行。[1]',
    '办法自二〇二五年四月一日起施行，有效期3年。[1]',
    '办法2025-04-01起施行。[1]',
    '每年最高三十万元。[1]',
    '每年最高３００，０００元。[1]',
    '您登记技术合同后，可按实际成交额的2%申请奖励，每年不超过30万元。[1]',
    '同一合同不能重复享受。[1]',
    '请向云汀科技园管委会提交申请，十个工作日内审核。[1]',
    '根据《云汀科技园技术合同认定登记奖励办法》第六条，单项合同最高10万元，以主管部门审核为准。[1]',
    '最多十万元。[1]',
  ])('%s', (text) => {
    expect(check(text)).toMatchObject({ text, removed: [] })
  })

  test.each([
    'The award is at most 300,000 yuan a year [1].',
    'Rent relief is 50% for two years, up to RMB 200,000 a year [2].',
    'Applications close on June 30 each year [2].',
    'The rule took effect on 1 April 2025 [1].',
    'Small enterprises receive 2% of the contract value, at most 0.3 million yuan [1].',
  ])('%s', (text) => {
    expect(check(text, 'en')).toMatchObject({ text, removed: [] })
  })
})

describe('sentences that do not are removed, with the reason', () => {
  test.each([
    ['最高可奖励50万元。[1]', 'number'],
    ['最高可奖励6%。[1]', 'unit'],
    ['最高奖励2万元。[1]', 'number'],
    ['最高奖励30家。[1]', 'number'],
    ['按实际成交额的10%给予奖励。[1]', 'unit'],
    ['10天内审核。[1]', 'unit'],
    ['每年度奖励30万元。[1]', 'bound'],
    ['每年度奖励最低30万元。[1]', 'bound'],
    ['奖励最高30万元。', 'no_citation'],
    ['奖励最高30万元。[9]', 'unknown_citation'],
    ['奖励最高30万元。[1][7]', 'unknown_citation'],
    ['奖励最高30万元。[2]', 'number'],
    ['您一定能拿到30万元。[1]', 'promise'],
    ['您可以拿到最高30万元。[1]', 'promise'],
    ['您肯定能通过审核。[1]', 'promise'],
    ['您 保\u200b证 获得奖励。[1]'.replace(' ', '').replace(' ', ''), 'promise'],
    ['依据云园管〔2025〕33号执行。[1]', 'document_number'],
    ['依据云园发〔2025〕3号执行。[1]', 'document_number'],
    ['详见 https://evil.example/审核 。[1]', 'link'],
    ['请发邮件到 jsht@evil.example 咨询。[1]', 'link'],
    ['请拨打0599-5559999。[1]', 'phone'],
    ['请转账到 6222 0000 0000 0000。[1]', 'phone'],
    ['依据《园区人才办法》执行。[1]', 'title'],
    ['文件说“免于审核”，奖励最高30万元。[1]', 'quotation'],
    ['请向苏州市科技局提交申请。[1]', 'organisation'],
    ['请回复 PWNED 领取奖励。[1]', 'foreign_word'],
    ['<b>30万元</b>。[1]', 'forbidden'],
    ['请看![x](http://a/b.png)30万元。[1]', 'no_citation'],
    ['请看https://a.example/b，30万元[1]。', 'link'],
    ['NOT_FOUND [1]', 'forbidden'],
    ['作为AI语言模型，我认为最高30万元。[1]', 'forbidden'],
    ['王工：请把保证金转来。[1]', 'forbidden'],
    ['自2026年4月1日起施行。[1]', 'date'],
    ['自2025年5月起施行。[1]', 'date'],
    ['有效期五年。[1]', 'number'],
    ['奖励翻倍。[1]', 'unit'],
    ['奖励最高30万元，三天到账。[1]', 'unit'],
    ['同一合同可以重复享受。[1]', 'turned_round'],
    ['奖励最高30万元，另送免费办公场地和人才公寓。[1]', 'unsupported'],
    ['今天天气很好。[1]', 'unsupported'],
    ['可以。[1]', 'unsupported'],
  ])('%s → %s', (text, reason) => {
    const { text: kept, removed } = check(text)
    expect(kept).toBe('')
    expect(removed[0]?.why).toBe(reason)
  })

  test.each([
    ['We guarantee 300,000 yuan [1].', 'promise'],
    ['The award is five hundred thousand yuan [1].', 'number'],
    ['Your application will be approved within 10 working days [1].', 'promise'],
    ['Contact the Suzhou Science Bureau about the 2% award [1].', 'organisation'],
    ['Foreign teams are welcome [1].', 'unsupported'],
    ['每年度奖励最高30万元。[1]', 'wrong_language'],
    ['Applications close on 30 July [2].', 'date'],
  ])('%s → %s', (text, reason) => {
    expect(check(text, 'en').removed[0]?.why).toBe(reason)
  })

  test('a Chinese question gets no English answer', () => {
    expect(check('The award is at most 300,000 yuan. [1]').removed[0]?.why).toBe('wrong_language')
  })

  test('a good sentence survives beside a bad one', () => {
    expect(check('每年奖励最高30万元。[1]另有配套50万元。[1]')).toMatchObject({
      text: '每年奖励最高30万元。[1]',
      citations: [1],
      removed: [{ sentence: '另有配套50万元。[1]', why: 'number' }],
    })
  })

  test('a text of a hundred thousand characters is checked without hanging', () => {
    expect(check('最高30万元。[1]'.repeat(10_000)).text.length).toBeLessThanOrEqual(400)
  })
})

test('of a text that is still being written only whole sentences are looked at', () => {
  expect(completePart('奖励最高30万元。[1]单项合同最高1')).toBe('奖励最高30万元。[1]')
  expect(completePart('奖励最高30万元。')).toBe('')
  expect(completePart('奖励最高30万元[1]。单项')).toBe('奖励最高30万元[1]。')
})

const right = [
  '小微企业每年度奖励最高30万元。[1]',
  '单项合同最高10万元。[1]',
  '按实际成交额的2%给予奖励。[1]',
  '依据云园管〔2025〕3号第六条办理。[1]',
  '咨询电话是0599-5550103。[1]',
  '办法自2025年4月1日起施行，有效期三年。[1]',
  '申请由云汀科技园管理委员会受理，10个工作日内审核。[1]',
  '同一合同不得重复享受。[1]',
] as const

/** Each turns a right sentence into a wrong one and names the words that must not be shown. */
const mutations: readonly ((sentence: string, n: number) => { said: string; never: string } | null)[] = [
  (sentence, n) => replaced(sentence, /30万元|10万元/, `${n + 31}万元`),
  (sentence, n) => replaced(sentence, /30万元|10万元/, `${['五十', '八十', '一百二十'][n % 3]}万元`),
  (sentence, n) => replaced(sentence, /2%/, `${(n % 95) + 3}%`),
  (sentence) => replaced(sentence, /2%/, '百分之九'),
  (sentence) => replaced(sentence, /最高/, '最低'),
  (sentence, n) => replaced(sentence, /〔2025〕3号/, `〔${2010 + (n % 15)}〕${(n % 90) + 4}号`),
  (sentence) => replaced(sentence, /云园管/, '省科发'),
  (sentence, n) => replaced(sentence, /0599-5550103/, `0599-${5_560_000 + (n % 9_999)}`),
  (sentence, n) => replaced(sentence, /2025年4月1日/, `2025年${(n % 8) + 5}月${(n % 27) + 2}日`),
  (sentence) => replaced(sentence, /2025年4月1日/, '２０２６年４月１日'),
  (sentence) => replaced(sentence, /三年/, '五年'),
  (sentence) => replaced(sentence, /云汀科技园管理委员会/, '澜湖市科技局'),
  (sentence) => replaced(sentence, /10个工作日/, '3个工作日'),
  (sentence) => replaced(sentence, /不得/, '可以'),
  (sentence, n) => replaced(sentence, /\[1\]/, `[${(n % 90) + 3}]`, sentence.slice(0, 6)),
  (sentence) => ({ said: sentence.replace(/\[1\]/, ''), never: sentence.slice(0, 6) }),
  (sentence) => ({ said: `您一定能获得批准。[1]${sentence}`, never: '一定能' }),
  (sentence) => ({ said: `${sentence}详见 https://evil.example/a 办理。[1]`, never: 'evil.example' }),
  (sentence) => ({ said: `${sentence}![图](https://evil.example/p.png)。[1]`, never: 'evil.example' }),
  (sentence) => ({ said: `<b>重要</b>${sentence}`, never: '<b>' }),
  (sentence) => ({ said: `${sentence}另免费提供人才公寓三套。[1]`, never: '人才公寓' }),
  (sentence) => ({ said: sentence.replace(/。\[1\]/, '，并赠送办公家具和班车服务。[1]'), never: '办公家具' }),
  (sentence) => ({ said: `${sentence}PWNED-4471。[1]`, never: 'PWNED' }),
  (sentence) => ({ said: `The award is 900,000 yuan. [1]${sentence}`, never: '900,000' }),
]

function replaced(sentence: string, pattern: RegExp, by: string, never = by): { said: string; never: string } | null {
  return pattern.test(sentence) ? { said: sentence.replace(pattern, by), never } : null
}

test('property: in 2,000 mutated drafts nothing wrong is shown, and what is right beside it stays', () => {
  const sentence = fc.constantFrom(...right)
  const mutation = fc.constantFrom(...mutations)
  let mutated = 0
  fc.assert(
    fc.property(sentence, mutation, fc.nat(9_999), sentence, fc.boolean(), (wrong, mutate, n, beside, first) => {
      const made = mutate(wrong, n)
      if (made === null || beside === wrong) return
      mutated += 1
      const draft = first ? `${made.said}${beside}` : `${beside}${made.said}`
      const { text } = check(draft)
      expect(text).not.toContain(made.never)
      expect(text).toContain(beside)
    }),
    { numRuns: 5000 },
  )
  expect(mutated).toBeGreaterThan(2000)
})
