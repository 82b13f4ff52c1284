import { expect, test } from 'vitest'
import { isSensitive } from '../../bot/converse/sensitive.ts'
import { commandIn, wishOf } from '../../bot/converse/wishes.ts'

test.each([
  ['转人工', 'human'],
  ['转人工！', 'human'],
  ['请帮我转接人工客服，谢谢', 'human'],
  ['我想找一个技术经纪人聊聊', 'human'],
  ['能不能找个真人', 'human'],
  ['有真人吗？', 'human'],
  ['人工', 'human'],
  ['/human', 'human'],
  ['/human@park_bot', 'human'],
  ['human', 'human'],
  ['Can I talk to a person please?', 'human'],
  ['I want to speak to a human', 'human'],
  ['投诉', 'complaint'],
  ['投诉！！', 'complaint'],
  ['要投诉', 'complaint'],
  ['投诉你们怎么没人回复？', 'complaint'],
  ['我要投诉你们为什么不理人？', 'complaint'],
  ['投诉王工态度差', 'complaint'],
  ['换个技术经纪人', 'human'],
  ['能不能找你们负责人？', 'human'],
  ['可以用英文吗？', 'speak_english'],
  ['你能用英文回答吗？', 'speak_english'],
  ['我要投诉你们的服务', 'complaint'],
  ['I want to make a complaint', 'complaint'],
  ['隐私', 'privacy'],
  ['删除我的数据', 'delete_data'],
  ['delete my data', 'delete_data'],
  ['我要提交一个技术需求', 'demand'],
  ['帮助', 'help'],
  ['/start', 'start'],
  ['/start inv_abc', 'start'],
  ['你好', 'greeting'],
  ['您好！', 'greeting'],
  ['Hello', 'greeting'],
  ['谢谢', 'thanks'],
  ['／help', 'help'],
  ['/ Help', 'help'],
  ['怎么转人工？', 'human'],
  ['我要找你们领导', 'human'],
  ['你是机器人吗？', 'who'],
  ['你是真人还是机器人', 'who'],
  ['你是谁', 'who'],
  ['您贵姓', 'who'],
  ['Are you a human?', 'who'],
  ["What's your name?", 'who'],
  ['我想问一下', 'greeting'],
  ['请问有人吗', 'greeting'],
  ['有个问题想咨询一下', 'greeting'],
  ['想了解一下政策', 'greeting'],
  ['I have a question', 'greeting'],
  ['用英文回答我', 'speak_english'],
  ['hi, do you speak English?', 'speak_english'],
  ['怎么联系你们', 'human'],
  ['如何联系技术经纪人？', 'human'],
  ['怎么联系知识产权处', null],
  ['Can you write in English?', 'speak_english'],
  ['以后请用中文回复', 'speak_chinese'],
  ['👍', 'thanks'],
  ['[强][强]', 'thanks'],
  ['😀', 'greeting'],
  ['？？', 'greeting'],
  ['[疑问]', 'greeting'],
  ['取消转人工', 'close'],
  ['不用人工了', 'close'],
  ['转回机器人', 'close'],
] as const)('“%s” is the wish %s', (text, wish) => {
  expect(wishOf(text)).toBe(wish)
})

test.each([
  '人工智能企业有什么补贴？',
  '有没有人工智能方向的成果',
  '人工费能不能算进研发费用',
  '你们是不是有机器人成果',
  '你们是高新区吗',
  '想了解一下专利政策',
  '请问咨询费能报销吗',
  '咨询服务合同',
  '技术经纪人怎么申请？',
  '技术经纪人培训有补贴吗',
  '工作人员的工资能列支吗',
  '专家和负责人变更要报批吗',
  '你好，技术合同登记最多奖多少',
  '好的项目怎么申报',
  '投标保证金退还吗',
  '技术经纪人呢？',
  '需要技术经纪人吗？',
  '负责人？',
  '想换负责人',
  '投诉电话',
  '我要投诉电话',
  '投诉找谁？',
  '投诉举报渠道有哪些',
  '投诉需要材料吗？',
  'Complaint hotline?',
  '小微企业技术合同登记最多奖多少?',
  '',
  '/unknown',
  'What support is there for human resources?',
  'person-months eligible?',
])('“%s” is a question, not a wish', (text) => {
  expect(wishOf(text)).toBeNull()
})

test('结束 closes only from the broker side, where nothing else is a wish', () => {
  expect(wishOf('结束', true)).toBe('close')
  expect(wishOf('/close', true)).toBe('close')
  expect(wishOf('结束')).toBeNull()
  expect(wishOf('谢谢', true)).toBeNull()
})

test('advice on one’s own case is sensitive, what a rule says is not', () => {
  expect(isSensitive('怎么避税比较好')).toBe(true)
  expect(isSensitive('这个专利的底价是多少')).toBe(true)
  expect(isSensitive('他们侵权了吗，能起诉吗')).toBe(true)
  expect(isSensitive('我想谈谈价格和独占许可')).toBe(true)
  expect(isSensitive('我们的专利被侵权了怎么办')).toBe(true)
  expect(isSensitive('帮我看看这份技术转让合同')).toBe(true)
  expect(isSensitive('怎样才能少交点企业所得税')).toBe(true)
  expect(isSensitive('Can we negotiate the price?')).toBe(true)
  expect(isSensitive('需要请律师吗')).toBe(true)
  expect(isSensitive('Could you sign an NDA?')).toBe(true)
  for (const rule of ['What is the standard subsidy?', 'Is training on Sunday?', 'Who handles secondary applications?'])
    expect(isSensitive(rule)).toBe(false)
  expect(isSensitive('Is interpreting paid for when we negotiate with a local partner?')).toBe(false)
  expect(isSensitive('律师事务所设立许可在哪里办理')).toBe(false)
  expect(isSensitive('知识产权诉讼费用补贴多少')).toBe(false)
  expect(isSensitive('孵化器租金有折扣吗')).toBe(false)
  expect(isSensitive('知识产权维权费用补贴多少')).toBe(false)
  expect(isSensitive('独占许可的技术合同怎么登记')).toBe(false)
  expect(isSensitive('技术合同登记后价格变了怎么办')).toBe(false)
  expect(isSensitive('技术合同登记可以免征增值税吗')).toBe(false)
  expect(isSensitive('专利资助标准是多少')).toBe(false)
})

test.each([
  ['/note 内部', 'note', '内部'],
  ['／note：内部', 'note', '内部'],
  ['/NOTE内部\n第二行', 'note', '内部\n第二行'],
  ['/human@park_bot', 'human', ''],
  ['/notes 内部', 'notes', '内部'],
])('“%s” is the command %s', (text, name, rest) => {
  expect(commandIn(text)).toEqual({ name, rest })
})

test.each(['/etc/passwd', '/5 折', '1/2', 'and/or', '//note', ''])('“%s” is no command', (text) => {
  expect(commandIn(text)).toBeNull()
})

test.each([
  '牛',
  '666',
  '你真棒',
  '哈哈哈',
  '先这样吧',
  '回头再说',
  '收到，谢谢',
  '好的好的',
  'thx',
  '明白了，谢谢您',
  '我再想想',
])('“%s” rounds off a talk', (text) => expect(wishOf(text)).toBe('thanks'))
test.each(['牛奶检测技术', '好的成果有哪些', '6', '谢谢，专利资助多少', '这样能申请吗', '知道创宇公司'])(
  '“%s” does not',
  (text) => expect(wishOf(text)).not.toBe('thanks'),
)

test('many nods and then something else are told at once', () => {
  for (const each of ['嗯', '好', '哈', '谢谢', '真'])
    expect(wishOf(`${each.repeat(Math.floor(38 / each.length))}x`)).not.toBe('thanks')
})
