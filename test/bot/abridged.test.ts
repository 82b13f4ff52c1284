import { describe, expect, test } from 'vitest'
import { grounded } from '../../bot/compose/grounding.ts'

/** Clauses of rules that do not exist. */
const clauses = {
  built:
    '澜江市概念验证中心和中试基地建设管理办法 澜科规〔2025〕4号 第八条 支持政策（2025-08-01—2030-07-31）\n第八条 对新认定的概念验证中心，给予50万元建设补助。对新认定的中试基地，按照设备投入的20%给予补助，最高不超过500万元；属于生物医药领域的，最高不超过800万元。',
  run: '澜江市概念验证中心和中试基地建设管理办法 澜科规〔2025〕4号 第九条 支持政策\n第九条 对中试基地服务本市企业的，按照年度实际服务收入的10%给予运营奖励，单个基地每年最高100万元。服务关联企业取得的收入不计入。',
  wanted:
    '澜江市概念验证中心和中试基地建设管理办法 第四条\n第四条 申报中试基地，应当同时具备下列条件：\n（一）在本市依法登记注册的企业、高校、科研院所，注册时间满2年；\n（二）中试场地面积不少于2000平方米，中试设备原值不低于1000万元；\n（三）有不少于15人的专职团队，其中中级以上职称人员占比不低于40%；\n（四）近三年对外服务收入累计不低于300万元。',
  when: '澜江市概念验证中心和中试基地建设管理办法 第六条\n第六条 申报单位应当于每年3月1日至4月15日通过“澜江科技服务网”提交申请，市科学技术局在受理之日起40个工作日内完成评审，并公示5个工作日。',
  grades:
    '澜江市技术经理人培养和激励办法 澜科规〔2025〕9号 第三条\n第三条 对取得初级、中级、高级技术经理人证书的，分别给予2000元、5000元、15000元一次性奖励。',
  deals:
    '澜江市技术经理人培养和激励办法 第四条\n第四条 对促成技术合同成交的技术经理人，按照合同实际到账额的1%给予奖励，每人每年最高20万元。党政机关工作人员、参照公务员法管理的人员不适用。',
  courses:
    '澜江市技术经理人培养和激励办法 第五条\n第五条 技术经理人培训每年组织两期，每期不超过60人，学员承担培训费用的30%，其余由市财政承担。在读研究生参加培训，免收费用。',
  loan: '澜江市知识产权质押融资补贴实施细则 第四条\n第四条 补贴标准：\n（一）贷款贴息：按照贷款合同签订时一年期贷款市场报价利率（LPR）计算的利息的50%给予补贴，每家企业每年最高40万元；\n（二）评估费补贴：按照实际支付评估费的80%给予补贴，每家企业每年最高5万元；',
  twice:
    '澜江市知识产权质押融资补贴实施细则 第五条\n第五条 同一笔贷款享受补贴的时间不超过两年。已享受国家、省同类贴息的，不再重复补贴，但补贴金额低于本细则标准的，可以补足差额。',
  rent: '澜江高新区人才安居实施办法 第三条\n第三条 租房补贴标准：B类每月2000元，C类每月1200元，D类每月600元。补贴期限累计不超过36个月。A类人才提供免租人才公寓，期限5年。',
  flat: '澜江高新区人才安居实施办法 第四条\n第四条 购房补贴标准：A类100万元，B类30万元，C类10万元。购房补贴分五年等额发放。D类人才不享受购房补贴。',
  insured:
    '关于组织申报2026年澜江高新区科技保险补贴的通知 二、支持险种和标准\n险种：产品研发责任保险；补贴比例：70%；单家企业年度上限（万元）：20；备注：首次投保比例提高到80%\n险种：关键研发设备保险；补贴比例：60%；单家企业年度上限（万元）：15\n单家企业全部险种补贴合计不超过50万元。',
  office:
    'Measures for Supporting Foreign-Invested R&D Centres Article 4\nArticle 4 Rent for office and laboratory space is subsidised at 50 percent of the actual rent for three years, up to RMB 1.2 million per year. Space that is sublet does not qualify.',
  voucher:
    '澜江市科技创新券实施细则 澜科规〔2025〕2号 第二条\n第二条 在本市注册的科技型中小企业，按照服务合同金额的50%兑付创新券，每家企业每年最高30万元。本市企业适用本细则，不再适用省级兑付标准。',
  cashed:
    '澜江市科技创新券实施细则 第四条\n第四条 服务完成后，企业应当在60日内申请兑付，提交服务合同、发票、付款凭证和服务成果报告。',
  elsewhere: '澜江市科技创新券实施细则 第五条\n第五条 跨省购买服务的，服务机构应当在省级以上资质认定名录内，兑付比例为30%。',
  first:
    '云江省首台（套）重大技术装备认定和扶持办法 第五条\n第五条 对认定为国际首台（套）的，给予研制企业300万元奖励；认定为国内首台（套）的，给予200万元奖励；认定为省内首台（套）的，给予80万元奖励。同一企业每年奖励不超过两个产品。',
  bought:
    '云江省首台（套）重大技术装备认定和扶持办法 第六条\n第六条 对购买使用省内首台（套）装备的省内用户企业，按照设备购买合同金额的8%给予补贴，单个企业最高200万元。用户企业与研制企业存在关联关系的，不予补贴。',
  premium:
    '云江省首台（套）重大技术装备认定和扶持办法 第七条\n第七条 首台（套）产品投保综合险的，按照实际保费的60%给予补贴，单个产品最高150万元，补贴期限不超过三年。保险费率不得高于3%。',
  asked:
    '澜江高新区人才安居实施办法 第七条\n第七条 租房补贴每季度第一个月的1日至15日申请，由用人单位统一在“澜高新惠企平台”提交，材料包括：劳动合同、学历学位证书或者职称证书、社保缴纳证明、无房证明、租房合同。',
  left: '澜江高新区人才安居实施办法 第八条\n第八条 申请人离职的，自离职次月起停发补贴；重新在高新区就业的，可以继续申请，期限累计计算。',
  risk: '澜江市知识产权质押融资补贴实施细则 第八条\n第八条 商业银行发生的知识产权质押贷款本金损失，由市风险补偿资金池承担40%，银行承担40%，担保或者保险机构承担20%。单个银行年度补偿总额不超过1000万元。',
  moved:
    'Measures Article 8\nArticle 8 A centre that moves out of the Zone within five years shall repay the set-up subsidy in full.',
  window:
    'Measures Article 7\nArticle 7 Applications are accepted from 1 March to 31 May each year. The applicant shall submit an application form, the business licence, an audit report of the previous year and a list of research staff.',
} as const
type Clause = keyof typeof clauses

const check = (text: string, of: readonly string[], language: 'zh' | 'en' = 'zh') =>
  grounded(
    text,
    of.map((each, index) => ({ n: index + 1, text: each })),
    language,
  ).text

describe('a sentence that only shortens its clause stays', () => {
  test.each<[string, readonly Clause[]]>([
    ['新认定的概念验证中心可获得50万元建设补助[1]。', ['built']],
    ['中试基地按年度实际服务收入的10%给予运营奖励，单个基地每年最高100万元[1]。', ['run']],
    ['申报中试基地需场地不少于2000平方米、设备原值不低于1000万元[1]。', ['wanted']],
    ['每年3月1日至4月15日通过“澜江科技服务网”提交申请[1]。', ['when']],
    ['促成技术合同成交的技术经理人，按合同实际到账额的1%奖励，每人每年最高20万元[1]。', ['deals']],
    ['学员承担培训费用的30%，其余由市财政承担[1]。', ['courses']],
    ['评估费按实际支付的80%补贴，每家企业每年最高5万元[1]。', ['loan']],
    ['同一笔贷款享受补贴的时间不超过两年[1]。', ['twice']],
    ['C类人才租房补贴每月1200元，累计不超过36个月[1]。', ['rent']],
    ['B类人才购房补贴30万元，分五年等额发放[1]。', ['flat']],
    ['全部险种补贴合计不超过50万元[1]。', ['insured']],
    ['租金按实际租金的50%补贴，为期三年，每年最高120万元[1]。', ['office']],
    ['根据《澜江市科技创新券实施细则》，创新券按服务合同金额的50%兑付，每家企业每年最高30万元[1]。', ['voucher']],
    ['在本市注册的科技型中小企业，可按服务合同金额的50%兑付创新券，每年最高30万元[1]。', ['voucher']],
    ['市科学技术局自受理之日起40个工作日内完成评审，并公示5个工作日[1]。', ['when']],
    ['认定为省内首台（套）的，奖励80万元[1]。', ['first']],
    ['省内首台（套）奖励80万元，同一企业每年不超过两个产品[1]。', ['first']],
    ['购买省内首台（套）装备的省内用户企业，按设备购买合同金额的8%补贴，最高200万元[1]。', ['bought']],
    ['如果用户企业与研制企业存在关联关系，则不予补贴[1]。', ['bought']],
  ])('%s', (text, of) => {
    expect(
      check(
        text,
        of.map((each) => clauses[each]),
      ),
    ).toBe(text)
  })

  test('Rent is subsidised …, in English', () => {
    const text = 'Rent is subsidised at 50 percent of the actual rent for three years, up to RMB 1.2 million per year [1].'
    expect(check(text, [clauses.office], 'en')).toBe(text)
  })
})

describe('one that says another thing in the words of its clause does not', () => {
  test.each<[string, readonly Clause[]]>([
    ['新认定的中试基地可获得50万元建设补助[1]。', ['built']],
    ['概念验证中心最高补助500万元[1]。', ['built']],
    ['认定为国内首台（套）的，奖励80万元[1]。', ['first']],
    ['省内首台（套）奖励200万元，同一企业每年不超过两个产品[1]。', ['first']],
    ['市科学技术局自申请之日起40个工作日内完成评审[1]。', ['when']],
    ['中试基地补助最高800万元[1]。', ['built']],
    ['对新认定的概念验证中心，最高不超过500万元[1]。', ['built']],
    ['生物医药领域的概念验证中心最高补助800万元[1]。', ['built']],
    ['中试基地按设备投入的20%给予补助，最高不超过800万元[1]。', ['built']],
    ['对新认定的中试基地，按照服务收入的20%给予补助，最高不超过500万元[1]。', ['built']],
    ['对新认定的中试基地，按照设备投入的20%给予贷款，最高不超过500万元[1]。', ['built']],
    ['对新认定的外资中试基地，按照设备投入的20%给予补助，最高不超过500万元[1]。', ['built']],
    ['对新认定的中试基地，按照新增设备投入的20%给予补助，最高不超过500万元[1]。', ['built']],
    ['对通过验收的中试基地，按照设备投入的20%给予补助，最高不超过500万元[1]。', ['built']],
    ['对省级中试基地，按照设备投入的20%给予补助，最高不超过500万元[1]。', ['built']],
    ['中试基地按年度实际服务收入的10%给予运营奖励，单个基地累计最高100万元[1]。', ['run']],
    ['概念验证中心按年度实际服务收入的10%给予运营奖励，单个每年最高100万元[1]。', ['run']],
    ['中试基地服务省内企业的，按年度实际服务收入的10%给予运营奖励，每年最高100万元[1]。', ['run']],
    ['服务关联企业取得的收入也计入[1]。', ['run']],
    ['服务关联企业取得的收入按一半计入[1]。', ['run']],
    ['中试基地按预计服务收入的10%给予运营奖励，每年最高100万元[1]。', ['run']],
    ['中试基地补助最高500万元[1]。', ['run', 'built']],
    ['概念验证中心每年最高运营奖励100万元[1][2]。', ['built', 'run']],
    ['申报中试基地只需满足场地不少于2000平方米即可[1]。', ['wanted']],
    ['申报中试基地，满足下列条件之一即可：场地面积不少于2000平方米，或设备原值不低于1000万元[1]。', ['wanted']],
    ['申报中试基地，设备原值不低于2000万元[1]。', ['wanted']],
    ['申报中试基地，设备净值不低于1000万元[1]。', ['wanted']],
    ['专职团队不少于15人，其中高级以上职称人员占比不低于40%[1]。', ['wanted']],
    ['近三年对外服务收入每年不低于300万元[1]。', ['wanted']],
    ['近两年对外服务收入累计不低于300万元[1]。', ['wanted']],
    ['注册时间满2年的个体工商户可以申报中试基地[1]。', ['wanted']],
    ['每年4月1日至4月15日通过“澜江科技服务网”提交申请[1]。', ['when']],
    ['4月15日起通过“澜江科技服务网”提交申请[1]。', ['when']],
    ['市科学技术局在提交之日起40个工作日内完成评审[1]。', ['when']],
    ['市财政局在受理之日起40个工作日内完成评审[1]。', ['when']],
    ['市科学技术局在受理之日起40个工作日内完成拨付[1]。', ['when']],
    ['评审通过率较高，公示5个工作日[1]。', ['when']],
    ['取得中级技术经理人证书的，给予2000元一次性奖励[1]。', ['grades']],
    ['取得初级技术经理人证书的，给予15000元一次性奖励[1]。', ['grades']],
    ['取得初级、中级、高级证书的，分别给予5000元、2000元、15000元一次性奖励[1]。', ['grades']],
    ['取得高级技术经理人证书的，每年给予15000元奖励[1]。', ['grades']],
    ['促成技术合同成交的技术经理人，按合同成交额的1%奖励，每人每年最高20万元[1]。', ['deals']],
    ['促成技术合同成交的企业，按合同实际到账额的1%奖励，每年最高20万元[1]。', ['deals']],
    ['事业单位工作人员不适用[1]。', ['deals']],
    ['党政机关工作人员同样适用[1]。', ['deals']],
    ['学员承担培训费用的30%，其余由用人单位承担[1]。', ['courses']],
    ['市财政承担培训费用的30%[1]。', ['courses']],
    ['培训每年组织两期，每期不少于60人[1]。', ['courses']],
    ['在读本科生参加培训，免收费用[1]。', ['courses']],
    ['在读研究生参加培训，减半收取费用[1]。', ['courses']],
    ['评估费按实际支付的80%补贴，每家企业每年最高40万元[1]。', ['loan']],
    ['评估费按实际支付的50%补贴，每家企业每年最高5万元[1]。', ['loan']],
    ['贷款贴息按贷款本金的50%给予补贴，每家企业每年最高40万元[1]。', ['loan']],
    ['按五年期贷款市场报价利率（LPR）计算的利息的50%给予补贴[1]。', ['loan']],
    ['已享受国家、省同类贴息的，可以叠加享受[1]。', ['twice']],
    ['已享受市级同类贴息的，不再重复补贴[1]。', ['twice']],
    ['补贴金额高于本细则标准的，可以补足差额[1]。', ['twice']],
    ['C类人才租房补贴每月2000元，累计不超过36个月[1]。', ['rent']],
    ['D类人才租房补贴每月1200元[1]。', ['rent']],
    ['A类人才租房补贴每月2000元[1]。', ['rent']],
    ['B类人才租房补贴每年2000元[1]。', ['rent']],
    ['B类人才提供免租人才公寓，期限5年[1]。', ['rent']],
    ['B类人才购房补贴30万元，一次性发放[1]。', ['flat']],
    ['B类人才购房补贴100万元[1]。', ['flat']],
    ['C类人才不享受购房补贴[1]。', ['flat']],
    ['D类人才购房补贴10万元[1]。', ['flat']],
    ['关键研发设备保险补贴比例70%，单家企业年度上限15万元[1]。', ['insured']],
    ['关键研发设备保险补贴比例60%，单家企业年度上限20万元[1]。', ['insured']],
    ['关键研发设备保险首次投保比例提高到80%[1]。', ['insured']],
    ['每个险种补贴不超过50万元[1]。', ['insured']],
    ['Rent is subsidised at 50 percent, up to RMB 1.2 million per year[1].', ['office']],
    ['按照服务合同金额的50%兑付创新券，每张最高30万元[1]。', ['voucher']],
    ['在本市注册的大型企业，按照服务合同金额的50%兑付创新券[1]。', ['voucher']],
    ['按照服务合同金额的50%预付创新券，每家企业每年最高30万元[1]。', ['voucher']],
    ['本市企业同时适用省级兑付标准[1]。', ['voucher']],
    ['本市企业适用省级兑付标准[1]。', ['voucher']],
    ['服务开始后，企业应当在60日内申请兑付[1]。', ['cashed']],
    ['服务完成后，企业应当在60日后申请兑付[1]。', ['cashed']],
    ['服务完成后，企业可以在60日内申请兑付[1]。', ['cashed']],
    ['提交服务合同、发票、付款凭证、审计报告和服务成果报告[1]。', ['cashed']],
    ['无需提交发票[1]。', ['cashed']],
    ['服务机构应当在市级以上资质认定名录内，兑付比例为30%[1]。', ['elsewhere']],
    ['跨市购买服务的，兑付比例为30%[1]。', ['elsewhere']],
    ['购买服务的，兑付比例为30%[1]。', ['elsewhere']],
    ['认定为国内首台（套）的，给予300万元奖励[1]。', ['first']],
    ['认定为省内首台（套）的，给予200万元奖励[1]。', ['first']],
    ['认定为国际首台（套）的，给予用户企业300万元奖励[1]。', ['first']],
    ['同一企业累计奖励不超过两个产品[1]。', ['first']],
    ['每个产品奖励不超过两次[1]。', ['first']],
    ['对购买使用国内首台（套）装备的省内用户企业，按照合同金额的8%给予补贴[1]。', ['bought']],
    ['对销售省内首台（套）装备的省内企业，按照合同金额的8%给予补贴，最高200万元[1]。', ['bought']],
    ['用户企业与研制企业存在关联关系的，减半补贴[1]。', ['bought']],
    ['用户企业与研制企业不存在关联关系的，不予补贴[1]。', ['bought']],
    ['按照应缴保费的60%给予补贴，最高150万元[1]。', ['premium']],
    ['首台（套）产品投保综合险的，按照实际保费的60%给予补贴，保险费率不得低于3%[1]。', ['premium']],
    ['首台（套）产品投保责任险的，按照实际保费的60%给予补贴[1]。', ['premium']],
    ['租房补贴每季度第三个月的1日至15日申请[1]。', ['asked']],
    ['租房补贴每月1日至15日申请[1]。', ['asked']],
    ['由申请人本人在“澜高新惠企平台”提交[1]。', ['asked']],
    ['申请人离职的，自离职当月起停发补贴[1]。', ['left']],
    ['申请人离职的，自离职次月起继续发放补贴[1]。', ['left']],
    ['重新在高新区就业的，期限重新计算[1]。', ['left']],
    ['重新在本市就业的，可以继续申请[1]。', ['left']],
    ['本金损失由银行承担20%，担保或者保险机构承担40%[1]。', ['risk']],
    ['企业承担40%，银行承担40%[1]。', ['risk']],
    ['本金损失由市风险补偿资金池承担20%[1]。', ['risk']],
    ['单个企业年度补偿总额不超过1000万元[1]。', ['risk']],
    ['认定为省内首台（套）的，按照设备购买合同金额的8%给予补贴[1][2]。', ['first', 'bought']],
  ])('%s', (text, of) => {
    expect(
      check(
        text,
        of.map((each) => clauses[each]),
      ),
    ).toBe('')
  })

  test.each<[string, readonly Clause[]]>([
    ['Rent is subsidised at 50 percent of the actual rent for three years, up to RMB 1.2 million in total [1].', ['office']],
    ['Space that is sublet qualifies as well [1].', ['office']],
    ['Equipment is subsidised at 50 percent of the actual rent for three years [1].', ['office']],
    ['Rent for dormitories is subsidised at 50 percent for three years, up to RMB 1.2 million per year [1].', ['office']],
    ['Rent is subsidised at 50 percent for three years after approval by the ministry [1].', ['office']],
    ['The loan for office space is subsidised at 50 percent for three years [1].', ['office']],
    ['租金按实际租金的50%补贴，最高每年120万元[1]。', ['office']],
    ['A centre that moves out of the Zone after five years shall repay the set-up subsidy in full [1].', ['moved']],
    ['A centre that moves out of the Zone within five years shall repay half of the set-up subsidy [1].', ['moved']],
    ['A centre that moves into the Zone within five years shall repay the set-up subsidy in full [1].', ['moved']],
    ['A centre that closes within five years shall repay the set-up subsidy in full [1].', ['moved']],
    ['A centre that moves out of the Zone within five years need not repay the set-up subsidy [1].', ['moved']],
    ['Applications are accepted from 1 March to 31 May next year [1].', ['window']],
    ['The applicant may submit a bank statement and the business licence [1].', ['window']],
    ['The audit report of the previous year is optional [1].', ['window']],
  ])('%s', (text, of) => {
    expect(
      check(
        text,
        of.map((each) => clauses[each]),
        'en',
      ),
    ).toBe('')
  })
})

test('between two languages figures of different rules are not put together', () => {
  expect(check('A new centre receives CNY 0.5 million and 10% of its income [1][2].', [clauses.built, clauses.run], 'en')).toBe(
    '',
  )
})

test.each([
  ['A new proof-of-concept centre receives CNY 0.5 million [1].', true],
  ['A new proof-of-concept centre receives up to CNY 5 million [1].', false],
  ['A new centre receives up to CNY 1 million a year [2].', false],
])('in another language only the figures of what was judged to answer are told: %s', (text, stays) => {
  const sources = [
    { n: 1, text: clauses.built, quote: '第八条 对新认定的概念验证中心，给予50万元建设补助。' },
    { n: 2, text: clauses.run },
  ]
  expect(grounded(text, sources, 'en').text).toBe(stays ? text : '')
})

test.each([
  ['补贴期限三年。[1]', clauses.premium, false],
  ['补贴期限不超过三年。[1]', clauses.premium, true],
  ['险种：关键研发设备保险；补贴比例：70%。[1]', clauses.insured, false],
  ['险种：关键研发设备保险；补贴比例：60%。[1]', clauses.insured, true],
  ['创新券能转让、不能买卖。[1]', '创新券问答\n创新券只用于抵扣服务费用，不能转让、不能买卖。', false],
  ['创新券只用于抵扣服务费用，不能转让、不能买卖。[1]', '创新券问答\n创新券只用于抵扣服务费用，不能转让、不能买卖。', true],
])('“%s” stays only when nothing in front or between is lost: %#', (sentence, text, stays) => {
  expect(grounded(sentence, [{ n: 1, text }], 'zh').citations.length > 0).toBe(stays)
})
