import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grounded } from '../../bot/compose/grounding.ts'

/** Written for this test. */
const evidence = {
  n: 1,
  text: '青禾湾高新技术企业认定奖励办法 青湾管〔2026〕8号 第三条\n首次认定为高新技术企业的，给予一次性奖励20万元；重新认定的，每年奖励5万元。企业年研发投入500万元以上的，按1.5‰给予贴息，每家企业每年最高8万元。注册资本不足1亿元的企业除外。连续三年亏损的企业不予支持。未按期提交年报的，不得申请。每家企业每年限申报一项。申请截止日期为2026年9月30日，由青禾湾创新发展局受理，逾期不受理。非园区注册企业不适用本办法。',
}
const check = (text: string) => grounded(text, [evidence], 'zh')

const first = '首次认定为高新技术企业的，给予一次性奖励20万元。[1]'
const again = '重新认定的，每年奖励5万元。[1]'
const loan = '年研发投入500万元以上的，按1.5‰给予贴息，每家企业每年最高8万元。[1]'
const except = '注册资本不足1亿元的企业除外。[1]'
const losing = '连续三年亏损的企业不予支持。[1]'
const late = '未按期提交年报的，不得申请。[1]'
const limit = '每家企业每年限申报一项。[1]'
const closes = '申请截止日期为2026年9月30日，由青禾湾创新发展局受理，逾期不受理。[1]'
const outside = '非园区注册企业不适用本办法。[1]'

test.each([
  ...[first, again, loan, except, losing, late, limit, closes, outside],
  '首次认定的高新技术企业，一次性奖励二十万元。[1]',
  '首次认定为高新技术企业的，一次性给予贰拾万元奖励。[1]',
  '重新认定的企业每年可获奖励５万元。[1]',
  '年研发投入五百万元以上的企业，按千分之一点五贴息，每年最高8万元。[1]',
  '贴息每家企业每年不超过8万元。[1]',
  '申请截止到二〇二六年九月三十日。[1]',
  '逾期不再受理。[1]',
  '连续三年亏损的企业不支持。[1]',
  '企业未按期提交年报的，不能申请。[1]',
])('right: %s', (text) => {
  expect(check(text)).toMatchObject({ text, removed: [] })
})

/** What one change makes of a right sentence. */
const swaps: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    first,
    /20万元/,
    ['二十一万元', '贰拾伍万元', '２５万元', '20亿元', '20元', '廿五万元', '两百万元', '20万美元', '最低20万元', '20万元以上'],
  ],
  [first, /首次认定/, ['认定', '再次认定', '重新认定', '每次认定']],
  [first, /给予/, ['上市后给予', '投产之后给予', '纳税前给予']],
  [first, /一次性/, ['每年', '每月', '每家每次', '连续三年']],
  [first, /给予一次性奖励/, ['不给予一次性奖励', '收取一次性费用']],
  [again, /每年奖励/, ['奖励', '一次性奖励', '每月奖励', '每季度奖励']],
  [again, /5万元/, ['五亿元', '15万元', '五万五千元', '５０万元', '伍仟元']],
  [again, /重新认定/, ['首次认定', '认定']],
  [loan, /500万元以上/, ['500万元以下', '500万元以内', '不足500万元', '五百万元以下', '500亿元以上', '500万元']],
  [loan, /1\.5‰/, ['1.5%', '百分之一点五', '千分之二', '15‰', '1.5‱', '一成五']],
  [loan, /最高8万元/, ['8万元', '最低8万元', '至少8万元', '最高80万元', '最高八亿元', '最高捌拾万元']],
  [loan, /每家企业每年最高/, ['每个项目每年最高', '每家企业每月最高', '每家企业每季度最高']],
  [except, /除外/, ['也可申请', '适用', '优先', '同样享受']],
  [except, /不足1亿元/, ['超过1亿元', '1亿元以上', '不足1万元', '不足一千万元']],
  [losing, /不予支持/, ['予以支持', '给予支持', '可以支持', '优先支持']],
  [losing, /连续三年/, ['连续两年', '连续十三年', '', '连续3个月']],
  [late, /未按期/, ['按期', '已按期']],
  [late, /不得申请/, ['可以申请', '应当申请', '仍可申请', '无需申请']],
  [limit, /一项/, ['两项', '三项', '十项']],
  [limit, /限申报/, ['不限申报', '可申报不止']],
  [limit, /每年/, ['每月', '每季度', '三年', '']],
  [
    closes,
    /2026年9月30日/,
    [
      '民国115年9月30日',
      '农历九月三十',
      '令和8年9月30日',
      '2026年10月30日',
      '二〇二六年十月三十日',
      '2026年9月3日',
      '佛历2569年9月30日',
      '2027年9月30日',
      '公元前2026年9月30日',
      '丙午年九月三十日',
    ],
  ],
  [
    closes,
    /青禾湾创新发展局/,
    ['青禾湾创新发展厅', '青苗湾创新发展局', '青禾湾创新发展委员会', '青禾弯创新发展局', '青禾湾创业发展局'],
  ],
  [closes, /逾期不受理/, ['逾期仍受理', '逾期可受理', '逾期照常受理']],
  [outside, /非园区注册企业/, ['园区注册企业', '所有企业']],
  [outside, /不适用/, ['适用', '也适用', '同样适用']],
]

const wrong = swaps.flatMap(([sentence, pattern, by]) => by.map((each) => sentence.replace(pattern, each)))

test.each(wrong)('wrong: %s', (text) => {
  expect(check(text).text).toBe('')
})

test('property: two changes at once, beside a right sentence, in either order', () => {
  const right = fc.constantFrom(first, again, losing, late)
  fc.assert(
    fc.property(fc.constantFrom(...wrong), right, fc.boolean(), (bad, good, before) => {
      const { text } = check(before ? `${bad}${good}` : `${good}${bad}`)
      expect(text).toBe(good)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['technology taken instead of given', '技术受让方按实际到账额的1%给予奖励。[1]'],
  ['another basis', '技术转让方按合同额的1%给予奖励。[1]'],
  ['expected instead of received', '技术转让方按预计到账额的1%给予奖励。[1]'],
  ['an original instead of a copy', '申请奖励应提交到账凭证和发票原件。[1]'],
  ['one paper more', '申请奖励应提交到账凭证、发票复印件和审计报告。[1]'],
])('a word that turns it: %s', (_, text) => {
  const source = {
    n: 1,
    text: '技术合同奖励办法 第一条\n技术转让方按实际到账额的1%给予奖励。申请奖励应提交到账凭证和发票复印件。',
  }
  expect(grounded('申请奖励应提交到账凭证和发票复印件。[1]', [source], 'zh').removed).toEqual([])
  expect(grounded(text, [source], 'zh').text).toBe('')
})
