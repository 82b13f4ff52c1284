import { expect, test } from 'vitest'
import { questionsOf } from '../../bot/answer/questions.ts'
import { changesToEnglish } from '../../bot/converse/language.ts'
import { piecesOf } from '../../bot/converse/pieces.ts'
import { confirmsErasure } from '../../bot/converse/wishes.ts'

test.each([
  ['小微企业最多奖多少？\n发明专利资助多少？\n转人工', 'human'],
  ['算了，转人工', 'human'],
  ['你好，你是机器人吗？', 'who'],
  ['好的，删除我的数据，谢谢', 'delete_data'],
  ['你们答复太慢了！我要投诉', 'complaint'],
  ['贷款贴息多少？人工', 'human'],
  ['This is useless. I want to talk to a human', 'human'],
  ['研发费用包括人工，材料，设备吗？', null],
  ['人工、材料、设备能不能算？', null],
  ['找一家做人工智能的企业，有吗', null],
  ['不要转人工，先告诉我专利资助多少', null],
  ['你好，我想找个技术经纪人聊聊。我们有个膜项目', 'human'],
  ['我们有个膜项目，请帮我找个技术经纪人', 'human'],
  ['申报材料看不懂。技术经纪人', 'human'],
  ['转人工，专利资助多少？', 'human'],
  ['I need a broker. We make membranes', 'human'],
  ['技术转移机构有什么奖励？技术经纪人呢？', null],
  ['研发费用包括哪些？人工呢？', null],
  ['补贴对象包括谁？技术经理人？', null],
  ['奖励给谁？负责人', null],
  ['申报需要几个人？经理？', null],
  ['我们想做技术合同登记。需要技术经纪人吗？', null],
  ['找技术经纪人，要花多少钱？', null],
  ['Who can apply? A broker?', null],
  ['想换负责人，要什么材料？', null],
  ['变更项目：换负责人，需要什么手续？', null],
  ['费用包括：材料；设备；人工', null],
  ['投诉！为什么没人理我？', 'complaint'],
  ['等了两周，投诉你们', 'complaint'],
  ['我要投诉，找谁？', 'complaint'],
  ['我们的专利被抄袭了，投诉流程是什么？', null],
  ['请问政策咨询电话是多少，投诉电话是多少？', null],
  ['请回答：投诉需要哪些材料？', null],
  ['关于知识产权，投诉平台有吗', null],
  ['你好，投诉处理时限是多久', null],
  ['咨询，投诉，建议都交到哪个部门？', null],
  ['专利被抄袭了怎么办？投诉？', null],
  ['What can we do? Complaint procedure?', null],
] as const)('“%s” asks for: %s', (text, wish) => {
  expect(piecesOf(text).wish).toBe(wish)
})

test.each([
  ['你好！专利资助多少？谢谢', '专利资助多少？', null],
  ['技术合同登记奖多少？用英文回答', '技术合同登记奖多少？', 'en'],
  ['Please answer in English: 发明专利授权一件资助多少？', '发明专利授权一件资助多少？', 'en'],
  ['技术经理人，申报条件是什么？', '技术经理人，申报条件是什么？', null],
  ['负责人，需要什么职称？', '负责人，需要什么职称？', null],
  ['人工，能不能加计扣除？', '人工，能不能加计扣除？', null],
  ['研发费用包括哪些？人工呢？', '研发费用包括哪些？人工呢？', null],
  ['申报材料，能用英文吗？', '申报材料，能用英文吗？', null],
  ['专利说明书怎么交？可以用英文吗？', '专利说明书怎么交？可以用英文吗？', null],
  ['申请材料要写什么？用英文？', '申请材料要写什么？用英文？', null],
  ['路演怎么报名？可以说英文吗？', '路演怎么报名？可以说英文吗？', null],
  ['专利资助多少？请用英文', '专利资助多少？', 'en'],
  ['专利资助多少？你能说英文吗？', '专利资助多少？', 'en'],
  ['专利资助多少？说中文', '专利资助多少？', 'zh'],
  ['好的，那小微企业呢？', '那小微企业呢？', null],
  ['收到《你好，园区》了，怎么申报', '收到《你好，园区》了，怎么申报', null],
  ['谢谢', '谢谢', null],
  ['有人在吗？我想问个问题，专利资助多少', '专利资助多少', null],
] as const)('of “%s” is asked: %s', (text, asked, speak) => {
  expect(piecesOf(text)).toMatchObject({ asked, speak })
})

test.each([
  ['研发补助比例多少？专利资助多少？', 2],
  ['想问两个问题：研发补助比例多少？专利资助多少？', 2],
  ['发明专利资助多少\n概念验证最高支持多少', 2],
  ['一共有甲问题吗？一共有乙问题吗？一共有丙问题吗？一共有丁问题吗？', 4],
  ['我们想做中试\n有没有平台', 1],
  ['技术合同\n登记奖多少', 1],
  ['技术合同登记怎么弄；还有租金能不能减免；另外我们想招个博士有没有补贴？', 3],
  ['我们做锂电池，还有一条产线；想扩产', 1],
  ['小微企业登记技术合同，另外要交什么材料', 1],
])('“%s” holds %d question(s)', (text, count) => {
  expect(questionsOf(text)).toHaveLength(count)
})

test.each([
  ['zuigao jiangli duoshao', false],
  ['ok', false],
  ['LED', false],
  ['hello', true],
  ['patent subsidy amount', true],
  ['nihao wo xiang wen zhuanli jiangli', false],
  ['nv er xian', false],
  [`${'a'.repeat(10_000)}t hello`, true],
  [`${'nana'.repeat(10_000)} ${'ngng'.repeat(10_000)}`, true],
  ['How much is it?', true],
])('after Chinese, “%.40s” is English: %s', (text, changed) => {
  expect(changesToEnglish(text)).toBe(changed)
})

test.each([
  ['确定清除', true],
  ['确认删除。', true],
  ['是的', true],
  ['Yes', true],
  ['好的', false],
  ['不', false],
  ['确认截止日是哪天', false],
])('“%s” confirms that all is erased: %s', (text, confirmed) => {
  expect(confirmsErasure(text)).toBe(confirmed)
})

test.each([
  ['我想登记一个技术需求：寻找耐高温膜材料', '寻找耐高温膜材料'],
  ['你好，提需求。我们要找污水脱氮技术', '我们要找污水脱氮技术'],
  ['我想提需求，怎么提？', null],
  ['需求投入不低于多少', null],
])('“%s” tells the need: %s', (text, need) => {
  expect(piecesOf(text).need).toBe(need)
})

test.each([
  ['技术合同登记，奖多少，啥时候报，找谁', ['技术合同登记奖多少', '技术合同登记啥时候报', '技术合同登记找谁']],
  ['专利资助多少？贴息怎么申请？再问下孵化器租金', ['专利资助多少？', '贴息怎么申请？', '再问下孵化器租金']],
  ['专利资助多少？我们在昆山', ['专利资助多少？我们在昆山']],
  ['我们是小微企业，有什么补贴，怎么申请', ['我们是小微企业，有什么补贴，怎么申请']],
  ['人工、材料、设备能不能算', ['人工、材料、设备能不能算']],
])('“%s” asks %j', (text, questions) => expect(questionsOf(text)).toEqual(questions))
