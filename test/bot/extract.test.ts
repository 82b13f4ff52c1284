import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerTypeOf, holds } from '../../bot/compose/answer-type.ts'
import { ended } from '../../bot/compose/extract/tail.ts'
import { extract, shownWhole } from '../../bot/compose/extract.ts'
import { sentencesOf } from '../../bot/compose/sentences.ts'
import { brokenRule } from '../../bot/judge/rules.ts'
import type { Evidence } from '../../retrieval/evidence.ts'
import { evidence, rareTerms } from '../fakes/evidence.ts'

const draft = (question: string, ...found: Evidence[]) => extract(question, found, rareTerms(question))

test.each([
  ['最多奖多少？', 'amount'],
  ['补贴比例是多少', 'share'],
  ['什么时候申请', 'date'],
  ['多久能办好', 'duration'],
  ['咨询电话是多少', 'phone'],
  ['在哪里办理', 'place'],
  ['由哪个部门负责', 'who'],
  ['有多少家企业', 'count'],
  ['要交什么材料', 'any'],
  ['What is the maximum grant?', 'amount'],
  ['How long does it take?', 'duration'],
  ['申报网站是什么？', 'link'],
  ['在哪个网站申报', 'link'],
  ['你们的公众号', 'link'],
  ['which website do I apply on', 'link'],
  ['What is your email?', 'link'],
  ['在网站上能申请吗', 'any'],
  ['门户网站在哪些方面升级了', 'any'],
  ['Does the website collect my data?', 'any'],
] as const)('“%s” asks for %s', (question, type) => {
  expect(answerTypeOf(question)).toBe(type)
})

test.each([
  ['duration', '2020年1月19日', false],
  ['duration', '自受理之日起30个工作日内', true],
  ['duration', '有效期三年', true],
  ['duration', '法定办结时限：20(工作日)', true],
  ['duration', '承诺时限：5（日）', true],
  ['duration', '办结时限（工作日）：20', true],
  ['duration', '办结时限：见2020年公告', false],
  ['amount', '最高30万元', true],
  ['amount', '由园区负责', false],
  ['phone', '电话0599-5550103', true],
  ['share', '按2%奖励', true],
  ['date', '每年3月1日', true],
] as const)('%s in “%s”: %s', (type, text, held) => {
  expect(holds(type, text)).toBe(held)
})

describe('the words of the best clause', () => {
  test('only the sentence that answers is quoted, verbatim, with its mark', () => {
    const text = '第六条 小微企业单项合同最高10万元。本条由科技创新处解释。咨询请打电话。'
    const made = draft('小微企业单项合同最高多少？', evidence(text))
    expect(made?.text).toBe('第六条 小微企业单项合同最高10万元。[1]')
    expect(text).toContain(made?.quotes[0] ?? 'nothing')
  })

  test('a passage that breaks a hard rule gives way to one that does not', () => {
    const elsewhere = evidence('小微企业奖励最高60万元。', { title: '澜湖市奖励办法', regions: ['澜湖市'] }, 1)
    const here = evidence('小微企业奖励最高30万元。', { title: '云汀市奖励办法', regions: ['云汀市'] }, 0.9)
    expect(draft('云汀市小微企业奖励最高多少？', elsewhere, here)?.cited[0]).toBe(here)
  })

  test.each([
    // What 再 rests on is quoted too: it stands before the ；, or in the sentence before.
    [
      '企业被认定为高新技术企业奖多少？',
      '机构每孵化一家企业，奖励机构15万元；孵化企业被认定为高新技术企业的，再奖励20万元。',
      '机构每孵化一家企业，奖励机构15万元；孵化企业被认定为高新技术企业的，再奖励20万元。',
    ],
    [
      '贷款贴息三年以上的补多少？',
      '申请须在园区注册。贷款按利息的50%补贴。贷款满三年以上的，再给予25%的贴息补贴。',
      '贷款按利息的50%补贴。贷款满三年以上的，再给予25%的贴息补贴。',
    ],
    ['关联企业重复奖励多少？', '小微企业奖励10万元；关联企业重复奖励的，不再奖励2万元。', '关联企业重复奖励的，不再奖励2万元。'],
    ['小微企业奖励多少？', '办法由园区解释。小微企业奖励10万元。', '小微企业奖励10万元。'],
  ])('%s of “%s” quotes “%s”', (question, text, quote) => {
    const made = draft(question, evidence(text))
    expect(made && shownWhole(made, question)).toMatchObject({ text: `${quote}[1]`, quotes: [quote] })
  })

  const handIn = evidence('检测费补贴申请应当提交合同和发票。', {}, 1)
  test.each([
    ['检测费补贴最高补30万元。', 0.8, true],
    ['检测费补贴最高补30万元。', 0.7, false],
    ['检测费补贴申请在5个工作日内受理。', 0.9, false],
    ['检测费补贴自2025年4月1日起申报。', 0.9, false],
  ] as const)('a clause without an amount gives way to “%s” at %d: %s', (text, score, takes) => {
    const next = evidence(text, { position: 7 }, score)
    const cited = draft('检测费补贴最高补多少？', handIn, next)?.cited[0]
    expect(cited).toBe(takes ? next : handIn)
    expect(cited && brokenRule('检测费补贴最高补多少？', { cited: [cited] })).toBe(takes ? null : 'field_absent')
  })

  test('nothing found gives no draft', () => {
    expect(draft('任何问题')).toBeNull()
  })

  test('property: never more than 200 characters, always words of the passage', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '奖励最高30万元。',
            '申请单位应当提交：',
            '（一）合同；\n',
            '1,000,000 yuan, ',
            '没有标点的一大段文字',
            '。',
          ),
          { minLength: 1, maxLength: 80 },
        ),
        (parts) => {
          const text = parts.join('')
          const made = draft('奖励最高多少？', evidence(text))
          const quote = made?.quotes[0] ?? ''
          expect([...quote].length).toBeLessThanOrEqual(200)
          expect(text).toContain(quote.replace(/…$/, ''))
        },
      ),
    )
  })

  test('property: sentences joined give the passage back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const joined = sentencesOf(text).map((each) => each.text)
        expect(joined.join('')).toBe(text)
      }),
    )
  })
})

describe('hard rules', () => {
  const clause = evidence('小微企业奖励最高30万元，比例2%，2025年起执行。')
  test.each([
    ['云园管〔2025〕3号讲了什么？', null],
    ['云园管〔2025〕9号讲了什么？', 'document_number_absent'],
    ['2025年的奖励是多少？', null],
    ['2023年的奖励是多少？', 'year_absent'],
    ['30万元奖励的条件？', null],
    ['50万元奖励的条件？', 'number_absent'],
    ['能补80%吗？', 'number_absent'],
    ['澜湖市的小微企业奖励多少？', 'region_absent'],
    ['我市小微企业奖励多少？', null],
    ['园区小微企业奖励多少？', null],
    ['咨询电话是多少？', 'field_absent'],
    ['奖励管几年？', 'field_absent'],
    ['奖励有期限吗？', null],
  ] as const)('%s → %s', (question, rule) => {
    expect(brokenRule(question, { cited: [clause] })).toBe(rule)
  })

  test.each([
    ['技术合同登记奖多少？', '申请材料包括技术合同登记证明和营业执照复印件，一式三份。', 'field_absent'],
    ['设备补贴最高多少？', '设备须在园区使用。', 'field_absent'],
    ['设备补贴最高多少？', '设备按投资额的两成补贴。', null],
    ['设备补贴最高多少？', '设备补贴最高不超过五十万元。', null],
    ['检测费补多少', '检测费全额补贴。', null],
    ['补贴名额最多多少人？', '每个项目不超过五人。', null],
    ['供暖费用由业主承担吗？', '供暖费用由业主承担。', null],
    ['How much is the grant?', 'Applicants submit three copies.', 'field_absent'],
    ['How much is the grant?', 'The grant is up to RMB 500,000.', null],
    // A day, a term, a number of a document or clause is no amount.
    ['检测费补贴最高补多少', '管委会在5个工作日内受理检测费补贴申请，逾期不予受理。', 'field_absent'],
    ['检测费补贴补多少', '检测费补贴自2025年4月1日起申报，每年6月截止。', 'field_absent'],
    ['检测费补贴补多少', '第九条 检测费补贴按云园管〔2025〕3号第2款第（三）项执行，有效期三年。', 'field_absent'],
    ['检测费补贴补多少', '咨询电话0599-5550101，半年内答复，避免逾期。', 'field_absent'],
    ['检测费补贴补多少', '每家企业每年限3次，须有12名员工。', 'field_absent'],
    ['How much is the grant?', 'Applications are decided within five working days of 1 April 2025.', 'field_absent'],
    ['How much is the grant?', 'See Article 9; a third party with 3 offices reviews it.', 'field_absent'],
    ['房租减免补贴多少', '房租减免申请在3日内受理，逾期不收材料。', 'field_absent'],
    ['检测费补贴补多少', '检测费按实际支出的三分之一补贴。', null],
    ['检测费补贴补多少', '检测费按支出的百分之五十补贴，5个工作日内拨付。', null],
    ['检测费补贴补多少', '检测费补一半。', null],
    ['检测费补贴补多少', '检测费打八折。', null],
    ['检测费补贴补多少', '每年最高30万，2025年起执行。', null],
    ['检测费补贴补多少', '补贴标准（万元）：30', null],
    ['使用费多少钱', '孵化企业免费使用。', null],
    ['最多支持多少台设备？', '每家企业最多支持5台设备。', null],
    ['How much of the cost is paid?', 'One third of the cost.', null],
    ['How much of the cost is paid?', 'The park pays half.', null],
    ['How much is the grant?', 'Up to two million yuan.', null],
    ['How much is the fee?', 'Use is free of charge.', null],
    ['What is the maximum reward for registering a contract?', 'A contract is registered by the buyer.', 'field_absent'],
    ['What is the maximum reward for registering a contract?', 'The reward is up to RMB 300,000 per year.', null],
    ['What is the highest training subsidy?', 'The subsidy is half the fee.', null],
    ['What amount of funding can we get?', 'Funding is decided within five working days.', 'field_absent'],
    ['What is the maximum subsidy period?', 'The subsidy is paid for three years.', null],
    ['What is the maximum number of grants per team?', 'A team may hold two grants.', null],
    ['What is the maximum temperature of the kiln?', 'It reaches 1,300 degrees.', null],
    // Asked for a share, an amount is none.
    ['租金补贴比例是多少', '按每平方米每月10元给予租金补贴，期限两年，每家每年最高18万元。', 'field_absent'],
    ['租金补贴比例', '租金补贴每年1月受理。', 'field_absent'],
    ['租金补贴比例是多少', '租金补贴为实际支出的三成。', null],
    ['租金补贴比例是多少', '第一年免收租金。', null],
    ['租金补贴的比例有多高？', '租金由园区承担三分之一。', null],
    ['配套比例是多少', '市、区按1:1配套。', null],
    ['配套比例是多少', '市区两级按一比一配套，即1比1。', null],
    ['贷款费率最高多少？', '担保费率不超过千分之五。', null],
    ['补贴比例是多少', '| 事项 | 标准（%） |\n| 检测 | 40 |', null],
    ['支持金额与投入成比例吗？', '支持金额按投入核定。', null],
    ['What percentage of the fee is reimbursed?', 'The fee is reimbursed up to RMB 8,000.', 'field_absent'],
    ['What percentage of the fee is reimbursed?', 'A third of the fee is reimbursed.', null],
    // Asked what to hand in, a clause by which nothing is handed in is none.
    ['作价入股要多交什么东西', '作价入股的股权应当已完成工商登记。', 'field_absent'],
    ['作价入股要多交什么东西', '作价入股项目还应当提交资产评估报告。', null],
    ['报到要带什么？', '报到地点在一楼大厅。', 'field_absent'],
    ['报到要带什么？', '凭身份证报到。', null],
    ['登记需要提交哪些资料呢', '登记由园区办理。', 'field_absent'],
    ['登记需要提交哪些资料呢', '登记无需材料。', null],
    ['转让房产交什么税？', '转让房产缴纳增值税。', null],
    ['外壳是什么材料？', '外壳为铝合金。', null],
    ['园区提供哪些服务？', '园区提供路演和对接。', null],
    ['大桥为当地带来哪些好处？', '大桥缩短了路程。', null],
    ['甲乙是什么关系，社交什么？', '甲乙是朋友。', null],
    ['Which documents do we need to submit?', 'Registration is made by the buyer.', 'field_absent'],
    ['Which documents do we need to submit?', 'Attach a copy of the passport.', null],
    ['Which documents prevail?', 'The Chinese ones prevail.', null],
    ['How much time does the review take?', 'The review takes five working days.', null],
    ['How much time does the review take?', 'The review costs RMB 500.', 'field_absent'],
    ['How long does the review take?', 'The review takes thirty days.', null],
    ['活动持续多久？', '活动自2025年1月1日至3月31日举行。', null],
    ['活动持续多久？', '办法2024年1月1日印发，2025年3月31日修订。', 'field_absent'],
    ['录像最长多久？', '每段录像不超过30秒。', null],
    ['协会成立于西元几年？', '协会1985年成立。', null],
    // Asked how many, a clause that counts nothing is no answer.
    ['平台认定要多少设备？', '第九条 平台认定每年6月组织一次，提交设备清单，认定结果三年复核一次。', 'field_absent'],
    ['平台认定要多少设备？', '（二）申请单位提交设备清单（见云园管〔2025〕3号）。', 'field_absent'],
    ['平台认定要多少设备？', '设备原值不低于500万元。', null],
    ['平台认定要多少设备？', '须有10台以上专用设备。', null],
    ['平台要多少实验室？', '须有一个实验室。', null],
    ['课程要学多少小时？', '课程共三十个小时。', null],
    ['How many offices does it run?', 'Offices opened on 1 April 2025 under Article 9.', 'field_absent'],
    ['How many offices does it run?', 'It runs twelve offices.', null],
    ['How many offices does it run?', 'It runs one office.', null],
    ['How much experience is needed?', 'Applicants need three years of it.', null],
  ] as const)('%s, of “%s” → %s', (question, text, rule) => {
    expect(brokenRule(question, { cited: [evidence(text)] })).toBe(rule)
  })

  test.each([
    ['高新技术企业认定奖励多少钱', '机构每孵化一家企业，奖励机构15万元；被认定为高新技术企业的，再奖励20万元。', 'field_absent'],
    ['机构孵化高新技术企业奖励多少钱', '机构每孵化一家企业，奖励机构15万元；被认定为高新技术企业的，再奖励20万元。', null],
    ['孵化一家企业奖励多少钱', '机构每孵化一家企业，奖励机构15万元。', null],
    ['高新技术企业认定奖励多少钱', '被认定为高新技术企业的，奖励20万元。', null],
    ['高新技术企业认定奖励多少钱', '推荐一家的，奖励机构2万元。企业通过认定的，奖励20万元。', null],
    ['检测费补贴多少钱', '检测费按40%补贴，购买平台服务最高60万元。', null],
    ['奖励多少钱', '每孵化一家企业，奖励机构15万元。', null],
    ['高新技术企业认定的条件是什么', '每孵化一家企业，奖励机构15万元。', null],
    ['How much is the reward?', '每孵化一家企业，奖励机构15万元。', null],
  ] as const)('%s, quoted “%s” → %s: what an institution is paid', (question, quote, rule) => {
    const cited = [evidence(quote)]
    expect(brokenRule(question, { cited, quotes: [quote], generated: false })).toBe(rule)
    expect(brokenRule(question, { cited, quotes: [quote], generated: true })).toBeNull()
  })

  test('what is not in force breaks the first rule', () => {
    expect(brokenRule('奖励多少？', { cited: [evidence('奖励30万元。', { status: 'expired' })] })).toBe('not_in_force')
  })
})

test.each([
  [
    'a list to its end',
    '应当提交：（一）申请表；（二）营业执照',
    '第五条 应当提交：（一）申请表；（二）营业执照；（三）名单。\n第六条',
    '应当提交：（一）申请表；（二）营业执照；（三）名单',
    false,
  ],
  [
    'a list behind its head',
    '应当提交以下材料：',
    '应当提交以下材料：\n1. 申请表\n2. 审计报告',
    '应当提交以下材料：\n1. 申请表\n2. 审计报告',
    false,
  ],
  [
    'a row with its cap',
    '类别：保险补贴；标准：按保费的60%',
    '类别：保险补贴；标准：按保费的60%；上限：每年5万元\n类别：贴息',
    '类别：保险补贴；标准：按保费的60%；上限：每年5万元',
    false,
  ],
  ['a label to its row', '类别：质押贴息', '类别：质押贴息；标准：利息的50%', '类别：质押贴息；标准：利息的50%', false],
  ['no more than a whole list', '（一）甲；（二）乙', '（一）甲；（二）乙。本办法自印发之日起施行', '（一）甲；（二）乙', false],
  ['no sentence that is none of the list', '每件资助3000元', '每件资助3000元；通过PCT的，每件2万元', '每件资助3000元', false],
  ['no figure for an item', '每年：最高', '每年：最高 3.5万元', '每年：最高', false],
  [
    'what fits, and that more follows',
    '材料：（一）甲',
    `材料：（一）甲；（二）乙；（三）${'丙'.repeat(300)}`,
    '材料：（一）甲；（二）乙',
    true,
  ],
])('a quotation goes on: %s', (_, quote, text, whole, goesOn) => {
  expect(ended(quote, text)).toEqual({ quote: whole, goesOn })
})

test.each([
  ['创新券兑付比例多少？', '50%'],
  ['跨省购买服务兑付比例多少？', '30%'],
])('a clause on a case of its own gives way unless that is asked about: %s → %s', (question, share) => {
  const voucher = (text: string, position: number, score: number) => evidence(text, { title: '创新券细则', position }, score)
  const all = voucher('第二条 本市企业按照服务合同金额的50%兑付创新券。', 2, 0.6)
  const abroad = voucher('第五条 跨省购买服务的，服务机构应当在名录内，兑付比例为30%。', 5, 0.98)
  expect(draft(question, abroad, all)?.text).toContain(share)
})

test('a heading that says every word of a question is not the answer; what stands below it is', () => {
  const text = '3. Pilot-scale testing\nCompanies that use a recognised platform are reimbursed 40% of the service fee.'
  const found = evidence(text, { title: 'Guide', clause: '3' })
  expect(draft('What support is there for pilot-scale testing?', found)?.quotes[0]).toContain('40%')
  const alone = evidence('Pilot-scale testing', { title: 'Guide', heading: 'Pilot-scale testing' })
  expect(draft('What support is there for pilot-scale testing?', alone)?.quotes[0]).toBe('Pilot-scale testing')
})

test.each([
  ['旧办法还能用吗', '第十五条 本办法自2025年4月1日起施行。《旧办法》同时废止。'],
  ['办法是谁印发的', null],
])('to “%s” the signature below the last clause is shown only where it may be the answer', (question, shown) => {
  const text = `第十五条 本办法自2025年4月1日起施行。《旧办法》同时废止。\n云汀科技园管理委员会\n2025年3月18日\n（示范文本。）`
  const cited = [evidence(text, { clause: '第十五条' })]
  const draft = { text: `${text}[1]`, cited, quotes: [text], generated: false, prompt: null, model: null }
  expect(shownWhole(draft, question)).toMatchObject({ text: `${shown ?? text}[1]`, quotes: [shown ?? text] })
})

test('a signature whose day was cut off with it is no part of the last clause either', () => {
  const text = '第十六条 本办法自2025年10月1日起施行，有效期三年。\n云汀科技园管理委员会'
  const draft = {
    text: `${text}[1]`,
    cited: [evidence(text, { clause: '第十六条' })],
    quotes: [text],
    generated: false,
    prompt: null,
    model: null,
  }
  expect(shownWhole(draft, '什么时候施行').quotes).toEqual(['第十六条 本办法自2025年10月1日起施行，有效期三年。'])
})
