import { describe, expect, test } from 'vitest'
import { otherClause } from '../../bot/judge/asked/quoted.ts'
import { conflicting } from '../../bot/judge/conflicting.ts'
import { otherStep } from '../../bot/judge/opposites.ts'
import { brokenRule } from '../../bot/judge/rules.ts'
import { evidence } from '../fakes/evidence.ts'

const recognised = '第三条 对首次认定的国家高新技术企业，一次性奖励三百万元。'
const station = '第四条 对新建院士工作站的企业，给予最高50万元资助，分两年拨付。'
const rule = (question: string, text: string) => brokenRule(question, { cited: [evidence(text, { title: '科技创新扶持办法' })] })

describe('what a passage must not lack', () => {
  test.each([
    ['首次认定高新技术企业奖励500万吗', recognised, 'number_absent'],
    ['首次认定高新技术企业奖励300万吗', recognised, null],
    ['首次认定高新技术企业奖励３００万元吗', recognised, null],
    ['企业购买科技保险补贴20%吗', '企业购买科技保险的，按保费的百分之二十给予补贴。', null],
    ['企业购买科技保险补贴百分之三十吗', '企业购买科技保险的，按保费的20%给予补贴。', 'number_absent'],
    ['有500万人的企业奖励多少钱', recognised, null],
    ['院士工作站申报截止时间是什么时候？', station, 'field_absent'],
    ['院士工作站哪天截止？', '院士工作站申报于每年9月底截止。', null],
    ['院士工作站报名时间是什么时候？', '院士工作站常年受理。', null],
    ['院士工作站什么时候可以申请？', station, null],
    ['高企首次认定奖励什么时候发', recognised, 'field_absent'],
    ['院士工作站资助什么时候拨付', `${station}验收通过后拨付。`, null],
    ['院士工作站由哪个部门审批', station, 'field_absent'],
    ['院士工作站由哪个部门审批', `${station}由区科技局审批。`, null],
    ['知识产权办法是哪个部门发的', '第二条 获得发明专利授权的，每件资助3000元。', 'field_absent'],
    ['知识产权办法由哪个部门制定', '第九条 本办法由区科技局制定并负责解释。', null],
    ['院士工作站需要几名院士', station, 'field_absent'],
    ['院士工作站需要几名院士', '院士工作站至少有一名院士签约。', null],
    ['每家企业每年最多几件', '每件资助2万元，每家企业每年不超过10件。', null],
    ['首次认定高企奖励是税前还是税后', recognised, 'field_absent'],
    ['合同额多少才奖励，奖多少钱', '第六条 登记技术合同的，按实际成交额的2%给予奖励，每年最高30万元。', null],
    ['我们预计投入1000万，能补多少', '第六条 建设中试平台的，按实际投入的20%补助，最高1000万元。', null],
    ['要营业执照原件还是复印件', '应当提交营业执照复印件。', null],
    ['瞪羚企业奖励多少？', recognised, 'field_absent'],
    ['再问下独角兽企业奖多少', recognised, 'field_absent'],
    ['再问下企业首次认定高企奖多少', recognised, null],
    ['钱多少？我们公司首次认定', recognised, null],
    ['高企首次认定奖励多少？', recognised, null],
    ['我们公司高新技术企业能拿多少补贴？', recognised, null],
    ['监督投诉电话多少', '企业登录平台提交材料。咨询电话：0899-6123456。', 'field_absent'],
    ['投诉电话多少', '咨询电话：0899-6123456。监督电话：0899-6123457。', null],
    ['咨询电话多少', '企业登录平台提交材料。联系电话：0899-6123456。', null],
    ['技术合同奖励多久到账', '申请奖励应提交到账凭证，于次年3月31日前提出。', 'field_absent'],
    ['技术合同奖励多久到账', '于次年3月31日前提出，20日内拨付。', null],
    ['技术合同登记费多少', '申请奖励应提交到账凭证，于次年3月31日前提出。', 'field_absent'],
    ['技术合同登记费多少', '技术合同登记不收费。', null],
    ['怎么登记技术合同', '小微企业作为卖方登记技术合同的，奖励比例提高一倍。', 'field_absent'],
    ['怎么登记技术合同', '卖方应当在合同生效后30日内向技术合同登记机构提出申请。', null],
    ['技术合同登记怎么弄', '合同登记后被撤销的，应当退回已获奖励。', 'field_absent'],
    ['登记了怎么奖励', '登记技术合同的，按2%给予奖励。', null],
    ['技术合同登记需要哪些材料', '材料不齐的，应当一次性告知，申请单位应当在10个工作日内补正。', 'field_absent'],
    ['技术合同登记需要哪些材料', '提交合同复印件、发票；材料不齐的，应当补正。', null],
    ['研发补助什么时候申报', '企业更正申报的，应当退回多领取的补助，由财政预算安排。', 'field_absent'],
    ['作价入股的成果有吗', '作价入股的股权应当已完成工商登记。', 'field_absent'],
    ['哪些成果可以申请转化补助', '作价入股的成果可以申请转化补助。', null],
    ['要什么材料', '自签订租赁合同之日起，第一年免收租金。', 'field_absent'],
    ['要什么材料', '企业应当提交租赁合同和营业执照。', null],
    ['路演什么时候举办', '定于2026年12月18日下午举办科技成果路演。', null],
    ['路演什么时候截止报名', '12月10日前将报名表发送至邮箱。', null],
    ['培训班报名什么时候截止', '12月10日前报名。', null],
    ['国家级高新技术企业怎么认定', '孵化企业被认定为高新技术企业的，再奖励20万元。', 'field_absent'],
    ['园区在哪', '合作方向园区提出共建意向，园区组织实地考察。', 'field_absent'],
    ['你们的地址是哪里？', '受理地点：云汀路88号2号楼。', null],
    ['院士工作站在哪里申请', '院士工作站向区科技局申请。', null],
    ['What is the deadline for the station?', 'The station receives up to CNY 500,000.', 'field_absent'],
  ])('%s / %s: %s', (question, text, expected) => {
    expect(rule(question, text)).toBe(expected)
  })
})

test('the price of an achievement is no subsidy; what its record says of support may be told', () => {
  const record = (text: string) => ({ cited: [evidence(text, { kind: 'achievement', title: '成果' })] })
  const sensor = '成果名称：石墨烯传感器；意向价格：400万元；领域：人工智能'
  expect(brokenRule('人工智能算力补贴多少', record(sensor))).toBe('field_absent')
  expect(brokenRule('石墨烯传感器的价格是多少', record(sensor))).toBeNull()
  expect(brokenRule('石墨烯传感器拿过资助吗', record(`${sensor}；备注：已获省级资助`))).toBeNull()
})

test.each([
  ['云园管〔2025〕3号第五条', '第十五条', '第十五条 本办法自2025年4月1日起施行。', true],
  ['登记办法第五条是什么', '第五条', '第五条 每项奖励5万元。', false],
  ['登记办法第五条的奖励什么时候发', '第十条', '第十条 第五条的奖励于每年12月发放。', false],
  ['登记办法奖励多少', '第五条', '第五条 每项奖励5万元。', false],
])('%s, with %s at hand, names another clause: %s', (question, clause, text, other) => {
  const { cited } = { cited: [evidence(text, { title: '登记办法', docNo: '云园管〔2025〕3号', clause })] }
  expect(otherClause(question, { clause, text })).toBe(other)
  expect(brokenRule(question, { cited })).toBe(other ? 'document_number_absent' : null)
})

test.each([
  ['有没有量子计算的成果', '成果名称：量子点光转换膜；领域：纳米与膜材料', true],
  ['有没有脑机接口的成果', '成果名称：手写公式识别接口；领域：人工智能', true],
  ['有哪些纳米材料成果', '成果名称：量子点光转换膜；领域：纳米与膜材料', false],
  ['有没有环保类成果', '成果名称：氨氮去除剂；领域：环保', false],
  ['有没有人形机器人的成果', '成果名称：巡检机器人；领域：装备', false],
  ['有没有膜的成果', '成果名称：纳滤膜', false],
])('%s: a record “%s” is of another thing: %s', (question, text, other) => {
  const broken = brokenRule(question, { cited: [evidence(text, { kind: 'achievement', title: '成果表' })] })
  expect(broken).toBe(other ? 'field_absent' : null)
})

test.each([
  ['重新认定的高新技术企业奖励多少？', recognised, true],
  ['首次认定的高新技术企业奖励多少？', recognised, false],
  ['高企首次认定奖励多少', '首次通过国家高新技术企业认定的，奖励30万元；重新通过认定的，奖励10万元。', false],
  ['高企重新认定奖励多少', '首次通过国家高新技术企业认定的，奖励30万元。', true],
  ['高企首次认定奖励多少', '首次申报的应当提交材料，重新通过高新技术企业认定的，奖励10万元。', true],
  ['第一次申请要交什么材料？', '材料不齐的，退回后重新提交。', false],
  ['博士后工作站资助多少？', station, true],
  ['博士引进补贴多少？', '对引进的博士后给予每人10万元。', true],
  ['硕士有租房补贴吗？', '对引进的博士给予每人每月2000元租房补贴。', true],
  ['硕士有租房补贴吗？', '对本科及以上学历的人才给予每人每月2000元租房补贴。', false],
  ['实用新型专利资助多少？', '国内发明专利授权后，每件资助5000元。', true],
  ['二等奖奖多少？', '一等奖10万元，二等奖5万元。', false],
  ['博士后购房补助多少', '对博士研究生发放购房补助40万元。', true],
  ['博士租房补助多少', '对博士研究生发放购房补助40万元。', true],
  ['兼职引进的博士有补助吗', '对全职引进的博士研究生发放购房补助40万元。', true],
  ['技术受让方奖励多少', '技术转让方按技术合同实际到账额的1%给予奖励。', true],
  ['技术经纪人奖励多少', '技术经纪机构按实际到账额的2%给予奖励。', true],
  ['省级平台奖多少？', '国家级平台奖励100万元。', true],
  ['制定企业标准资助多少', '制定行业标准的，资助12万元。', true],
  ['制定行业标准资助多少', '制定国家标准、行业标准的，分别资助25万元、12万元。', false],
])('%s / %s: another step of the scale %s', (question, text, other) => {
  expect(otherStep(question, text)).toBe(other)
})

test.each([
  ['云园管2025年3号', null],
  ['云园管2025年第3号', null],
  ['云园管2025-03号', null],
  ['云园管〔二〇二五〕三号', null],
  ['云园管3号文', null],
  ['云园管三号文件', null],
  ['云园管2025年33号', 'document_number_absent'],
  ['云园管2025第33号文', 'document_number_absent'],
  ['云园管2024年3号', 'document_number_absent'],
  ['云园管〔二〇二五〕三十三号', 'document_number_absent'],
  ['云园管33号文', 'document_number_absent'],
  ['云园管十三号文', 'document_number_absent'],
  ['2025年3月31号', null],
  ['2025年13号线', null],
])('a document named as people type it, %s: %s', (name, expected) => {
  expect(rule(`${name}里首次认定的高企奖励多少？`, `${recognised}2025年3月印发`)).toBe(expected)
})

describe('two documents in force that say different figures of the same thing', () => {
  const older = evidence(
    '第六条 企业购买科技保险的，按保费的百分之四十给予补贴，每年最高20万元。',
    { documentId: 'older', title: '科技创新扶持办法' },
    0.6,
  )
  const newer = (text: string) => evidence(text, { documentId: 'newer', title: '科技保险补贴的补充通知' })
  const other = newer('一、企业购买科技保险的，按保费的百分之二十给予补贴，每年最高10万元。')

  test.each([
    ['a title put one ahead', '科技保险补贴比例是多少', [other, older], true],
    [
      'it is the same in other numerals',
      '科技保险补贴比例是多少',
      [newer('企业购买科技保险的，按保费的40%给予补贴，每年最高二十万元。'), older],
      false,
    ],
    ['one is asked for by its number', '云高管〔2025〕9号 科技保险补贴比例是多少', [other, older], false],
    ['one is asked for by its title', '科技保险补贴的补充通知里比例是多少', [other, older], false],
    [
      'it is about something else',
      '科技保险补贴比例是多少',
      [newer('企业购买研发设备的，按发票的百分之二十给予补贴，每年最高10万元。'), older],
      false,
    ],
    ['the other one was hardly meant', '科技保险补贴比例是多少', [other, { ...older, score: 0.3 }], false],
  ])('%s', (_, question, found, expected) => {
    expect(conflicting(question, found)).toBe(expected)
  })

  test('how long a document holds is said everywhere in the same words', () => {
    const [one, two] = ['2028年3月31日', '2027年7月14日'].map((day, index) =>
      evidence(
        `本办法自2025年4月1日起施行，有效期至${day}，由管委会负责解释。`,
        { documentId: `d${index}`, title: `办法${index}` },
        1 - index * 0.3,
      ),
    )
    expect(one && two && conflicting('扶持办法有效期多久', [one, two])).toBe(false)
  })
})
