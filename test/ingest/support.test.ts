import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { supportOf } from '../../ingest/fields/support/items.ts'
import { rateOf, yuanOf } from '../../ingest/fields/support/money.ts'

describe('amounts', () => {
  test.each([
    ['300万元', 3_000_000],
    ['三百万元', 3_000_000],
    ['2,000元', 2000],
    ['1.5亿元', 150_000_000],
    ['5000 元', 5000],
  ])('%s is %d yuan', (phrase, yuan) => {
    expect(yuanOf(phrase)).toBe(yuan)
  })

  test.each([
    ['15%', 0.15],
    ['0.5％', 0.005],
    ['三成', 0.3],
    ['百分之二十', 0.2],
    ['5‰', 0.005],
  ])('%s is %d', (phrase, rate) => {
    expect(rateOf(phrase)).toBe(rate)
  })
})

describe('what a clause promises', () => {
  test.each([
    [
      '第七条 购买成果转化保险的企业，按实际保费的50%给予补贴，每年度最高10万元。',
      { mode: '补贴', rate: 0.5, base: '实际保费', cap: 100_000, amount: null },
    ],
    ['（一）技术转让、技术许可合同，按技术交易额的2%奖励；', { mode: '奖励', rate: 0.02, base: '技术交易额', cap: null }],
    ['按新增设备投资额的20%给予补助，最高300万元。', { mode: '补助', rate: 0.2, base: '新增设备投资额', cap: 3_000_000 }],
    ['对入选企业给予一次性奖励50万元。', { mode: '奖励', rate: null, amount: 500_000, window: '一次性' }],
    ['给予设备购置费用15%的补助，单个项目不超过100万元。', { rate: 0.15, base: '设备购置费用', cap: 1_000_000 }],
    [
      '以专利权质押取得银行贷款的，按贷款实际利息的30%给予贴息，每家企业每年最高50万元。',
      { mode: '贴息', rate: 0.3, base: '贷款实际利息', cap: 500_000 },
    ],
    ['年度促成技术合同交易额5000万元以上的技术转移机构，给予30万元奖励。', { amount: 300_000, rate: null }],
    ['在园区创办企业的，给予100万元至300万元创业资助。', { amount: null, cap: 3_000_000 }],
    ['产权方由园区给予三成补贴，每处房产最高10万元。', { cap: 100_000 }],
  ])('%s', (clause, wanted) => {
    expect(supportOf(clause)[0]).toMatchObject(wanted)
  })

  test('several limits are all kept, and the least of them bounds one payment', () => {
    const [item] = supportOf('园区按机构年度实际研发投入的30%给予补助，每年最高600万元，五年累计最高2500万元。')
    expect(item?.caps.map((each) => each.amount)).toEqual([6_000_000, 25_000_000])
    expect(item?.cap).toBe(6_000_000)
  })

  test('分别 gives every condition its own sum', () => {
    const items = supportOf('企业通过评估三级、四级、五级的，分别给予10万元、20万元、40万元一次性奖励。')
    expect(items.map((each) => each.amount)).toEqual([100_000, 200_000, 400_000])
    expect(items[1]?.conditions).toEqual(['四级'])
  })

  test('a threshold is a condition, what rules it out is kept, and so is what has to be handed in', () => {
    const [item] = supportOf(
      '转化项目首年实现销售收入500万元以上的，给予20万元奖励。同一项目不重复享受。申请时应当提交下列材料：\n（一）申请表；\n（二）审计报告。',
    )
    expect(item).toMatchObject({
      amount: 200_000,
      conditions: ['转化项目首年实现销售收入500万元以上的'],
      exclusions: ['同一项目不重复享受。'],
    })
    expect(item?.materials).toEqual(['申请表', '审计报告'])
  })

  test.each([
    ['申请单位应当在园区注册，实缴注册资本200万元以上。'],
    ['弄虚作假骗取奖励的，追回奖励资金，并处以10万元罚款。'],
    ['奖励资金由园区财政预算安排。'],
  ])('%s promises nothing', (clause) => {
    expect(supportOf(clause)).toEqual([])
  })

  test('property: whatever the text, the phrase stands in it and figures are finite', () => {
    const part = fc.constantFrom(
      '给予',
      '奖励',
      '最高',
      '10万元',
      '15%',
      '按',
      '技术交易额的',
      '分别',
      '、',
      '，',
      '。',
      '每年',
      '3',
      '至',
      '企业',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const clause = parts.join('')
        for (const item of supportOf(clause)) {
          expect(clause.normalize('NFKC')).toContain(item.phrase)
          for (const figure of [item.rate, item.amount, item.cap]) expect(figure === null || Number.isFinite(figure)).toBe(true)
        }
      }),
    )
  })
})

test('amounts and shares in numerals that cannot be altered are figures like others', () => {
  const [first] = supportOf('对新认定的中试基地，一次性给予贰拾万元奖励。')
  expect(first).toMatchObject({ amount: 200_000, mode: '奖励' })
  const [second] = supportOf('按设备投入的百分之叁拾给予补助，最高不超过壹佰伍拾万元。')
  expect(second).toMatchObject({ rate: 0.3, cap: 1_500_000 })
})
