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
] as const)('“%s” asks for: %s', (text, wish) => {
  expect(piecesOf(text).wish).toBe(wish)
})

test.each([
  ['你好！专利资助多少？谢谢', '专利资助多少？', null],
  ['技术合同登记奖多少？用英文回答', '技术合同登记奖多少？', 'en'],
  ['Please answer in English: 发明专利授权一件资助多少？', '发明专利授权一件资助多少？', 'en'],
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
