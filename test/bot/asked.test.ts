import { describe, expect, test } from 'vitest'
import { brokenRule } from '../../bot/judge/rules.ts'
import { evidence } from '../fakes/evidence.ts'

const voucher = '第三条 创新券可以用于购买检验检测、研发设计服务，不得用于购买生产性设备。创新券不得转让。'
const rented = 'Rent for offices is subsidised at 50 percent for three years, and sublets of any kind are not covered.'
const flat = '第六条 人才公寓租金按市场价的50%收取，租期不超过3年，不得转租。'
const grades = '第二条 中级经理人应当取得初级证书满2年，且促成合同登记额不低于200万元。'
const hired = '第八条 聘用高级经理人并签订三年以上劳动合同的，每人每年给予企业3万元补贴。'
const loan = '第三条 单笔贷款额度不低于50万元，贷款期限不少于6个月。'
const papers = '第六条 申请材料包括：质押登记通知书、贷款合同、还款凭证。'
const insurances = '险种：产品责任保险；补贴比例：70%；上限（万元）：20；备注：首次投保提高'
const solar = '第三条 分布式光伏项目按照实际发电量给予每千瓦时0.1元补贴。储能项目按照放电量给予补贴。'
const window = '申报时间为2026年10月10日至2026年12月5日，逾期系统自动关闭。'

const rule = (question: string, text: string, title = '扶持办法') => brokenRule(question, { cited: [evidence(text, { title })] })

describe('a question that wants a yes or a no is not answered by near words', () => {
  test.each([
    ['创新券可以买咨询吗', voucher, 'field_absent'],
    ['创新券能用来缴税吗？', voucher, 'field_absent'],
    ['创新券能不能抵房租', voucher, 'field_absent'],
    ['创新券可以转让吗', voucher, null],
    ['创新券能买生产设备不', voucher, null],
    ['是否可以用创新券购买研发设计服务', voucher, null],
    ['人才公寓可以养宠物吗？', flat, 'field_absent'],
    ['人才公寓可以转租吗？', flat, null],
    ['我们公司的人才公寓租金要一起交钱吗', flat, null],
    ['人才公寓难申请吗', flat, null],
    ['人才公寓申请难不难', flat, 'field_absent'],
    ['人才公寓的租金怎么算', flat, null],
    ['拿了市里的人才公寓还能转租吗', flat, null],
    ['外籍专家可以申请吗', flat, 'field_absent'],
    ['Is the subsidy tax free?', 'A newly recognised centre is granted a subsidy of RMB 3 million.', null],
    ['Is the rent subsidy tax free?', rented, 'field_absent'],
    ['Is rent for offices subsidised?', rented, null],
    ['亏损企业能享受吗', voucher, 'field_absent'],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(rule(question, text, '创新券和人才公寓申请办法')).toBe(expected)
  })
})

test.each([
  ['员工在公司食堂吃坏了肚子，公司能不能不赔偿医疗费', null],
  ['食堂赔偿吗', 'field_absent'],
])('a longer question tells a case before it asks, a short one of a clause does not: %s', (question, expected) => {
  const text = '用人单位应当对职工因工作受到的伤害承担医疗费用，不得以任何理由拒绝赔偿。'
  expect(rule(question, text, '劳动者保护条例')).toBe(expected)
})

test.each([
  ['概念验证失败了钱要退吗？', '概念验证项目实施期不超过12个月。未达到预期但形成完整验证报告的，已拨付资金不收回。'],
  ['科技服务机构租办公室有补贴吗？', '新引进的科技服务机构，前三年租用园区办公场地的，按实际租金的50%给予补贴，每年最高20万元。'],
  ['技术交易额和合同成交额是一回事吗？', '技术交易额，是指从合同成交额中扣除购置设备、仪器、零部件等非技术性费用后的金额。'],
  ['补助最晚什么时候提交？', '企业申请补助，应当在服务完成后六个月内提交服务合同、发票和付款凭证。'],
  ['公司成立时间有限制吗', '入驻孵化载体的企业，应当成立时间不超过五年，且实际在载体内办公。'],
])('what a clause says in its own words is not refused: %s', (question, text) => {
  expect(rule(question, text, '测试办法')).toBe(null)
})

describe('a sum is told by what is paid for what was asked', () => {
  test.each([
    ['经理人证书奖励差多少？', grades, 'field_absent'],
    ['中级经理人合同登记额要达到多少钱', grades, null],
    ['聘用中级经理人补多少？', hired, 'field_absent'],
    ['聘用高级经理人补多少？', hired, null],
    ['贷款有没有额度上限', loan, 'field_absent'],
    ['贷款额度最低多少', loan, null],
    ['贷款额度最低多少', '单笔贷款额度最高500万元。', 'field_absent'],
    ['贷款额度最高多少', '单笔贷款额度不超过500万元。', null],
    ['考试报名费多少', grades, 'field_absent'],
    ['考试报名费多少', '考试费用每人200元。', null],
    ['董事责任险补贴多少', insurances, 'field_absent'],
    ['产品责任险补贴多少', insurances, null],
    ['风电项目补贴多少', solar, 'field_absent'],
    ['充电桩有补贴吗', solar, 'field_absent'],
    ['氢能有补贴吗', solar, 'field_absent'],
    ['光伏补贴多少', solar, null],
    ['储能项目有补贴吗', solar, null],
    ['高企奖励多少', '对首次认定的高新技术企业，给予一次性奖励三十万元，分两年拨付。', null],
    ['绿色贷款贴息多少', '银行贷款按照实际利息的40%贴息，每年最高20万元，期限两年。', 'field_absent'],
    ['What is the maximum loan?', 'A loan of no less than RMB 500,000 is required.', 'field_absent'],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(rule(question, text, '经理人和贷款保险办法')).toBe(expected)
  })
})

describe('where to turn, and whether it is still open', () => {
  test.each([
    ['质押登记通知书去哪里领', papers, 'field_absent'],
    ['质押登记在哪里办', `${papers}登记在政务服务中心办理。`, null],
    ['现在还能申请吗？', window, null],
    ['已经拿了市级补贴还能申报吗', '已获得市级质押补贴的，不予受理，但可以申报其他项目。', null],
    ['有市级质押补贴的还能不能申报', '已获得市级质押补贴的，不予受理，但可以申报其他项目。', null],
    ['今年还来得及申报吗', papers, 'field_absent'],
    ['下一期培训什么时候', '培训每年组织两期，每期不超过60人。', 'field_absent'],
    ['下一期培训什么时候', '培训每年3月、9月各一期。', null],
    ['培训在哪里上课', '培训每年组织两期，学费由市财政承担。', 'field_absent'],
    ['培训在哪里上课', '培训地点设在高校。', null],
    ['补贴要多久', '补贴于每季度第一个月申请，由单位提交材料。', 'field_absent'],
    ['补贴要多久', '补贴自受理起一个月内拨付。', null],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(rule(question, text, '质押补贴申报办法')).toBe(expected)
  })
})

test.each([
  ['Is there a subsidy for domestic centres?', 'Foreign centres receive a subsidy.', 'field_absent'],
  ['Is there a subsidy for foreign centres?', 'Foreign centres receive a subsidy.', null],
  ['揭榜方可以是国外高校吗', '揭榜方可以为国内外高校、科研院所或者企业。', null],
  ['商业用地出让几年', '工业用地出让年限不超过30年。', 'field_absent'],
  ['A类人才补贴多少', 'B类人才每月2000元补贴。', 'field_absent'],
  ['B类人才补贴多少', 'B类人才每月2000元补贴。', null],
  ['中级职称补贴多少', '高级及以上职称每月补贴2000元，中级每月1000元。', null],
  ['初级职称补贴多少', '中级以上职称每月补贴2000元。', null],
])('another step of a scale: %s / %s: %s', (question, text, expected) => {
  expect(rule(question, text, '补贴办法')).toBe(expected)
})

describe('what is quoted speaks of what is asked', () => {
  const closing = '第十条 本办法自2025年6月1日起施行，有效期三年。'
  const ended = '2022年印发的《人才住房保障办法》同时废止。'
  const quoted = (question: string, text: string) =>
    brokenRule(question, { cited: [evidence(text, { title: '人才安居办法' })], quotes: [text], generated: false })
  test.each([
    ['A类人才住房怎么解决', ended, 'field_absent'],
    ['B类和C类购房补贴差多少', 'D类人才不享受购房补贴。', 'field_absent'],
    ['土地使用税减多少', 'A类企业优先保障用地，土地使用税按照规定减征。', 'field_absent'],
    ['土地使用税减多少', '土地使用税减半征收。', null],
    ['B类和C类购房补贴差多少', 'B类30万元，C类10万元。', null],
    ['不符合人才条件的有哪些', '夫妻双方均符合条件的，由一方申请。', 'field_absent'],
    ['哪些人不能享受购房补贴', 'D类人才不享受购房补贴。', null],
    ['谁可以领人才券', '人才券可以用于购买检验检测服务。', 'field_absent'],
    ['谁可以领人才券', '人才券发给科技型中小企业。', null],
    ['我们能享受人才贴息吗', '已享受国家人才贴息的，补足差额。', 'field_absent'],
    ['我们能享受人才贴息吗', '在园区注册的，享受人才贴息。', null],
    ['人才住房保障办法还有效吗', ended, null],
    ['安居工作找谁联系', '本办法由人才局负责解释。', 'field_absent'],
    ['安居工作找谁联系', '联系人：秦老师，人才局三楼。', null],
    ['违约要交多少违约金', '未按约定付费的，给予对方补偿，应当在90日内提出。', 'field_absent'],
    ['D类人才有购房补贴吗', 'D类人才不享受购房补贴。', null],
    ['人才安居有哪些支持', closing, 'field_absent'],
    ['人才安居办法什么时候开始', closing, null],
    ['人才安居办法有效期几年', closing, null],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(quoted(question, text)).toBe(expected)
  })
})

test.each([
  ['贷款利率是多少', '按照一年期贷款市场报价利率（LPR）计算的利息的50%给予补贴。', 'field_absent'],
  ['贷款利率是多少', '贷款利率不高于3.5%。', null],
  ['贷款利率是多少', '给予3%的优惠贷款利率。', null],
  ['贷款利息补贴多少', '按照一年期贷款市场报价利率（LPR）计算的利息的50%给予补贴。', null],
  ['How long was it in operation?', 'It was in operation from 1870 to 1939.', null],
])('a rate is told by its own figure: %s / %s: %s', (question, text, expected) => {
  expect(rule(question, text, '贷款办法')).toBe(expected)
})

test('the name of a matter is not what is asked of it', () => {
  const form =
    '事项名称：留学申请资格评估\n实施机关：留学服务协会\n事项类型：公共服务\n行使层级：省级\n承诺办结时限：1(工作日)\n服务对象：自然人'
  expect(rule('办理留学申请资格评估需要几个工作日？', form, '留学申请资格评估')).toBeNull()
  expect(rule('留学申请资格评估的申请条件是什么？', form, '留学申请资格评估')).toBe('field_absent')
})

describe('the kind that is asked for', () => {
  const fee = '五、科技贷款担保费补贴。对企业按照实际担保费的50%给予补贴，每年最高10万元。'
  const angel = '天使投资机构投资种子期企业发生损失的，按实际损失的20%给予补偿。'
  const shows = '六、路演服务。每季度举办一次科技金融路演，参加路演的企业不收取费用。'
  test.each([
    ['贷款贴息多少', fee, 'field_absent'],
    ['担保费补贴多少', fee, null],
    ['有没有税收优惠', fee, 'field_absent'],
    ['种子期企业怎么认定', angel, 'field_absent'],
    ['种子期企业怎么认定', '种子期企业，是指成立不满三年的企业。', null],
    ['路演在哪办', shows, 'field_absent'],
    ['贷款交易所在哪', '在贷款交易所完成产品登记的企业，每个产品给予5000元补助。', 'field_absent'],
    ['贷款交易所在哪', '贷款交易所位于科技城。', null],
    ['路演多久一次', shows, null],
    ['路演多久一次', '参加路演的企业，费用由承办方承担。', 'field_absent'],
    ['企业一年最多补多少', fee, null],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(rule(question, text, '科技企业融资支持措施')).toBe(expected)
  })
})
