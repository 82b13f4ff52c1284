import { describe, expect, test } from 'vitest'
import { comparisonIn } from '../../bot/answer/compare/wanted.ts'
import { extract, shownWhole } from '../../bot/compose/extract.ts'
import { asksOpinion } from '../../bot/judge/asked/predicate.ts'
import { saidElsewhere } from '../../bot/judge/asked/said-elsewhere.ts'
import { withoutSubject } from '../../bot/judge/asked/subject.ts'
import { brokenRule } from '../../bot/judge/rules.ts'
import { evidence, rareTerms } from '../fakes/evidence.ts'

const about = { title: '榆溪市绿色厂房改造支持细则', docNo: '榆发〔2026〕8号', regions: ['榆溪市'] }
const rule = (question: string, text: string, change = {}) =>
  brokenRule(question, { cited: [evidence(text, { ...about, ...change })] })
const quoting = (question: string, quote: string, text: string, change = {}) =>
  brokenRule(question, { cited: [evidence(text, { ...about, ...change })], quotes: [quote], generated: false })

const repair = '第四条 厂房改造按照实际支出的20%给予补贴，每家企业每年最高40万元。'
const laboratory = '第六条 企业建设检验实验室并对外开放服务的，经认定后一次性给予100万元补助。'
const lease = '第五条 申请单位应当符合下列条件：租用厂房不少于24个月；与园区签订入园协议；年用电量不低于十万度。'

describe('related words of a clause about something else', () => {
  test.each([
    // What it costs is not what is paid.
    ['厂房改造费一般多少钱', repair, 'field_absent'],
    ['厂房改造补贴多少钱', repair, null],
    ['厂房押金要交多少', repair, 'field_absent'],
    ['厂房押金要交多少', '第九条 厂房押金按三个月租金收取，每平方米15元。', null],
    ['改造贷款能贷多少', '第六条 改造贷款按利息的50%给予贴息，最高30万元。', 'field_absent'],
    ['租户违约要交多少违约金', '第九条 出租方因租户违约受损的，按损失的50%给予补偿，最高30万元。', 'field_absent'],
    ['租户违约要交多少违约金', '第九条 租户违约的，交纳两万元违约金，并在三十日内搬离厂房。', null],
    // What is paid each time is no ceiling of a year.
    ['厂房改造一年最多补多少', '第五条 厂房改造每次给予3000元补贴，由服务机构代为申请并办理手续。', 'field_absent'],
    ['厂房改造一年最多补多少', '第五条 厂房改造每次给予3000元补贴，每家不超过5万元，由机构代为申请。', null],
    // The figure stands in another statement of the clause.
    ['入园协议签几年', lease, 'field_absent'],
    ['厂房要租多少个月才能申请', lease, null],
    // How and where it is done.
    ['评审专家怎么选', '第七条 由专家评审，15个工作日内完成评审。', 'field_absent'],
    ['评审专家怎么抽取', '第七条 由专家评审，评审专家从专家库中随机抽取。', null],
    ['改造补贴怎么领', '第八条 企业登录平台提出申请，审核后领取补贴。', null],
    ['申报系统在哪下载', '第八条 企业登录平台提出申请。', 'field_absent'],
    // For whom.
    ['残疾人创业免租几年', '第三条 大学生创办的企业，免租期为两年。', 'field_absent'],
    ['大学生创业免租几年', '第三条 大学生创办的企业，免租期为两年。', null],
    ['外市企业改造厂房补不补', repair, 'field_absent'],
    ['外市企业改造厂房补不补', `${repair}外市企业不适用。`, null],
    ['贷款哪家银行能办', '第六条 从合作银行取得贷款的，给予贴息。', 'field_absent'],
    ['贷款哪家银行能办', '第六条 从榆溪农商银行、中国银行榆溪分行取得贷款的，给予贴息。', null],
    ['绿色改造找哪个部门申请', '第二条 绿色厂房由省级主管部门认定，须有检测报告。', 'field_absent'],
    ['绿色改造找哪个部门申请', '第二条 企业向市工信局提出申请。', null],
    ['最多补多少平方米', '第五条 租用实验用房的，按照租金的30%给予补贴。', 'field_absent'],
    ['场地要多大', '第五条 场地面积不少于800平方米。', null],
    ['审核要几天', '第九条 三年内不得改变用途。', 'field_absent'],
    ['审核要几天', '第九条 一个月内完成审核。', null],
    ['法定多少个工作日办结', '法定办结时限：30(工作日)', null],
    ['评审专家有几位', '第七条 公示7个自然日。', 'field_absent'],
    ['碳核查要多少钱', '第七条 通过碳核查的，给予5万元奖励，专家现场考察后拨付资金。', 'field_absent'],
    ['现场考察看什么', '第七条 通过碳核查的，给予5万元奖励，专家现场考察后拨付资金。', 'field_absent'],
    ['现场考察查什么', '第七条 专家现场核查设备和台账。', null],
    ['申请书要多少字', '第八条 2026年12月10日前提交申请书和三件专利证书。', 'field_absent'],
    ['服务专员是谁', '第九条 配备一名服务专员，每季度上门一次，企业可以预约。', 'field_absent'],
    ['服务专员是谁', '第九条 服务专员：王老师，每季度上门一次，企业可以预约。', null],
    ['服务专员多久上门一次', '第九条 培育期三年；配备服务专员，每季度至少上门服务一次。', null],
    // Whose recognition is paid for.
    ['绿企第一次认定奖多少', laboratory, 'field_absent'],
    ['绿企第一次认定奖多少', '第三条 首次认定的绿色制造企业，一次性给予20万元奖励；重新认定的，给予10万元。', null],
    ['首次认定绿企奖多少', laboratory, 'field_absent'],
    ['首次认定绿企奖多少', '第三条 首次认定的绿色制造企业，一次性给予20万元奖励；重新认定的，给予10万元。', null],
    ['绿色制造企业首次认定奖励多少', '第三条 首次认定的绿色制造企业，一次性给予20万元奖励；重新认定的，给予10万元。', null],
    ['检验实验室认定补多少', laboratory, null],
    ['绿企认定奖多少', '第四条 推荐绿企的机构给予2万元；企业通过认定的，给予20万元奖励，一次性发放。', null],
    ['市级工程中心认定补助多少', '第四条 企业研发机构被认定为市级工程技术研究中心的，补助30万元。', null],
    // At which level, and in which year.
    ['省里厂房改造最多给多少钱', repair, 'region_absent'],
    ['省里厂房改造最多给多少钱', `${repair}省级绿色厂房另补10万元。`, null],
    ['2024年厂房改造补多少', repair, 'year_absent'],
  ])('%s, of “%s” → %s', (question, text, broken) => {
    expect(rule(question, text)).toBe(broken)
  })

  test('a rule holds in every year from its first day to its last', () => {
    const force = { effectiveFrom: '2026-03-01', effectiveTo: '2028-02-29' }
    expect(rule('2027年厂房改造补多少', repair, force)).toBeNull()
    expect(rule('2029年厂房改造补多少', repair, force)).toBe('year_absent')
    const batches = '2026年度分两批申报，第一批为5月10日至5月31日。'
    expect(quoting('2027年第一批什么时候申报', batches, batches, force)).toBe('year_absent')
    expect(quoting('2026年第一批什么时候申报', batches, batches, force)).toBeNull()
  })

  test('a limit per year is no time, and another step of a scale is not the asked one', () => {
    expect(quoting('改造补贴什么时候到账', repair, repair)).toBe('field_absent')
    expect(quoting('改造补贴什么时候到账', '验收合格后拨付补贴。', '验收合格后拨付补贴。')).toBeNull()
    const steps = '认定为市级的，奖励20万元；认定为省级的，奖励50万元。'
    expect(quoting('省级认定奖励多少', '认定为市级的，奖励20万元', steps)).toBe('field_absent')
    expect(quoting('省级认定奖励多少', '认定为省级的，奖励50万元', steps)).toBeNull()
  })

  test.each([
    ['What is the rent per square metre?', 'Rent is subsidised at 40% for three years.', 'field_absent'],
    ['What is the subsidy for rent?', 'Rent is subsidised at 40% for three years.', null],
    [
      'How much is the rent subsidy for factories?',
      'Rent of offices and laboratories is subsidised at 40% for three years, capped at RMB 1 million per year.',
      'field_absent',
    ],
    [
      'How much is the rent subsidy in Shanghai?',
      'Rent of offices and laboratories is subsidised at 40% for three years, capped at RMB 1 million per year.',
      'field_absent',
    ],
    [
      'Are leases of machines subsidised?',
      'Leases of offices and laboratories are subsidised at 40% for three years, capped at RMB 1 million.',
      'field_absent',
    ],
    [
      'We moved here from Berlin and hired ten people for our office; are our leases subsidised?',
      'Leases of offices and laboratories are subsidised at 40% for three years, capped at RMB 1 million.',
      null,
    ],
    [
      'How much was the rent subsidy in 2021?',
      'Rent of offices and laboratories is subsidised at 40% for three years, capped at RMB 1 million per year.',
      'year_absent',
    ],
  ])('%s, of “%s” → %s', (question, text, broken) => {
    expect(rule(question, text, { title: 'Guide for Tenants', regions: [] })).toBe(broken)
  })
})

test('the contact of another rule is no answer, whatever half of its name it shares', () => {
  const other = evidence('咨询电话：0999-1000001。支持创新型企业。', { documentId: 'a', title: '专精特新奖励办法' })
  const own = evidence('联系方式：0999-1000002。', { documentId: 'b', title: '榆溪市创新券问答' })
  expect([...withoutSubject('创新券咨询电话多少', [other, own])]).toEqual(['a'])
  expect(extract('创新券咨询电话多少', [other, own], rareTerms('创新券咨询电话多少'))?.cited[0]).toBe(own)
  // A clause of a rule about many things need not repeat which one: another clause of it does.
  const general = evidence('咨询电话：0999-1000001。', { documentId: 'c', title: '产业扶持办法' })
  const named = evidence('创新券按照40%抵扣。', { documentId: 'c', title: '产业扶持办法', position: 2 })
  expect([...withoutSubject('创新券咨询电话多少', [general, named])]).toEqual([])
})

test('words that another statement says together are about that one', () => {
  const phone = evidence('第十条 本办法由科技局负责解释，电话0999-1000001。', { id: 'a' })
  const system = evidence('第四条 申领系统由信息中心维护；系统打不开的，重新登录。', { id: 'b' })
  const said = (question: string, shown: string, from = phone) => saidElsewhere(question, shown, from.passage, [phone, system])
  expect(said('申领系统打不开打哪个电话', phone.passage.text)).toBe(true)
  expect(said('申领系统打不开怎么办', '系统打不开的，重新登录。', system)).toBe(false)
  // Papers are named once for all matters, and a document is named by its number.
  expect(said('申领系统需要什么材料', phone.passage.text)).toBe(false)
  expect(said('云园管〔2025〕3号谁负责解释', phone.passage.text)).toBe(false)
})

test('an opinion on two things is compared by nobody', () => {
  expect(comparisonIn('市级和省级哪个难')).not.toBeNull()
  expect(asksOpinion('市级和省级哪个难')).toBe(true)
  expect(asksOpinion('市级和省级哪个补贴高')).toBe(false)
})

test.each([
  [
    '创新券抵多少比例',
    '企业购买服务的，按40%抵扣；创业团队按60%抵扣。',
    '创业团队按60%抵扣。',
    '企业购买服务的，按40%抵扣；创业团队按60%抵扣。',
  ],
  ['创业团队抵多少', '企业购买服务的，按40%抵扣；创业团队按60%抵扣。', '创业团队按60%抵扣。', '创业团队按60%抵扣。'],
  [
    '验收不合格怎么办',
    '验收不合格的，给予一年整改期；仍不合格的，取消资格。',
    '验收不合格的，给予一年整改期',
    '验收不合格的，给予一年整改期；仍不合格的，取消资格。',
  ],
  ['找谁联系', '本细则由科技局负责解释。联系人：陆工，电话0999-1。', '联系人：', '联系人：陆工，电话0999-1。'],
  ['联系人是谁', '科技科，联系人：秦工，电话0999-1。', '科技科，联系人：', '科技科，联系人：秦工，电话0999-1。'],
])('%s shows the whole of a short sentence', (question, text, quote, whole) => {
  const draft = { text: `${quote}[1]`, cited: [evidence(text)], quotes: [quote], generated: false, prompt: null, model: null }
  expect(shownWhole(draft, question).quotes).toEqual([whole])
})

test('the sum of another matter of the clause is no answer', () => {
  const two = '服务的交通补贴按每天80元发放。为特派员统一购买意外保险。'
  expect(quoting('科技保险补贴多少', '服务的交通补贴按每天80元发放。', two)).toBe('field_absent')
  expect(quoting('交通补贴多少', '服务的交通补贴按每天80元发放。', two)).toBeNull()
  expect(
    quoting('毕业奖多少', '增长50%以上的，给予50万元奖励', '五、毕业\n增长50%以上的，给予50万元奖励', { clause: '五、毕业' }),
  ).toBeNull()
})

test('what follows from passing does not tell what follows from failing', () => {
  const passed = '有效期满通过复核的，按照首次认定奖励标准的20%给予奖励。'
  expect(quoting('没通过复核怎么办', passed, passed)).toBe('field_absent')
  expect(quoting('没通过复核怎么办', '未通过复核的，取消称号。', '未通过复核的，取消称号。')).toBeNull()
})

test('a row of a table is shown from its first cell', () => {
  const rows = '类别：个人特派员；经费：每年1.2万元；聘期：2年\n类别：团队特派员；经费：每年6万元；聘期：2年'
  const quote = '经费：每年1.2万元；聘期：2年'
  const draft = { text: `${quote}[1]`, cited: [evidence(rows)], quotes: [quote], generated: false, prompt: null, model: null }
  expect(shownWhole(draft, '个人特派员经费多少').quotes).toEqual(['类别：个人特派员；经费：每年1.2万元；聘期：2年'])
})
