import { expect, test } from 'vitest'
import { ambiguity, namesNoMatter, soleBody, topicOf } from '../../bot/answer/ambiguity.ts'
import { inWriting } from '../../bot/answer/colloquial.ts'
import { namesClause } from '../../bot/answer/follow/clause.ts'
import { specified } from '../../bot/answer/follow/references.ts'
import { joined } from '../../bot/answer/follow/standalone.ts'
import { questionsOf } from '../../bot/answer/questions.ts'
import type { PastExchange } from '../../bot/answer.ts'
import { defaultWeights } from '../../retrieval/fuse.ts'
import { evidence } from '../fakes/evidence.ts'

test.each([
  ['买首台套补几成', '购买首台（套）补百分之多少'],
  ['主导制定一项国标补多少', '主导制定一项国家标准补多少'],
  ['全国标准化技术委员会秘书处资助多少', '全国标准化技术委员会秘书处资助多少'],
  ['技改补助啥时候报', '技术改造补助什么时候申报'],
  ['质押贷款能买房吗', '质押贷款能购买房产吗'],
  ['补贴可以拿几年', '补贴可以拿多少年'],
  ['一年最多几万', '一年最多多少万'],
  ['减免最多多少平', '减免最多多少平方米'],
  ['能不能帮我算下 利息付了40万能贴多少', '利息付了40万能贴多少'],
  ['公示完多久打钱', '公示完多久拨付'],
  ['买技术补贴多少', '技术买方补贴多少'],
  ['卖技术有奖励吗', '技术卖方有奖励吗'],
  ['我想卖技术，登记了合同有奖励吗', '作为技术卖方登记了合同有奖励吗'],
  ['我们有技术想转让，登记合同给奖励吗', '作为技术卖方登记合同给奖励吗'],
  ['我们公司卖技术，登记合同能奖几个点', '我们公司卖技术，登记合同能奖几个点'],
  ['谁能帮我们做中试', '谁能做中试'],
  ['哪家能做材料检测', '哪家机构能做材料检测'],
  // Other words with the same characters.
  ['买技术成果补贴多少', '购买技术成果补贴多少'],
  ['哪家银行能办贷款', '哪家银行能办贷款'],
  ['购买设备怎么报销', '购买设备怎么报销'],
  ['几年前的规定还算吗', '几年前的规定还算吗'],
  ['平台多少平台费', '平台多少平台费'],
  ['审计报告要不要', '审计报告要不要'],
])('“%s” is searched as “%s”', (said, written) => {
  expect(inWriting(said)).toBe(written)
})

test.each([
  ['你好，想问两个问题：1、第一年租金怎么收 2、停车费免不免', ['第一年租金怎么收', '停车费免不免']],
  ['小巨人奖多少\n顺便问下什么时候报名\n还有要不要审计报告', ['小巨人奖多少', '什么时候报名', '还有要不要审计报告']],
  ['投入1.5亿 2.3亿怎么补', ['投入1.5亿 2.3亿怎么补']],
])('%j asks %j', (text, questions) => {
  expect(questionsOf(text)).toEqual(questions)
})

const past = (change: Partial<PastExchange>): PastExchange => ({
  ...{ question: '', standalone: '', answer: null, titles: [], options: [], ...change },
})

test.each([
  ['创新券的', { standalone: '补贴', options: ['首台套奖励细则', '租金减免办法'] }, '创新券补贴'],
  ['租金减免', { standalone: '补贴', options: ['首台套奖励细则', '租金减免办法'] }, '《租金减免办法》补贴'],
  ['奖励多少', { standalone: '专精特新', options: ['专精特新奖励办法'] }, '《专精特新奖励办法》奖励多少'],
  ['创新券怎么申领', { standalone: '专精特新', options: ['专精特新奖励办法'] }, null],
  ['联系方式', { standalone: '面积要多大', options: ['甲指南', '乙办法'] }, null],
  ['谢谢', { standalone: '补贴', options: ['甲指南', '乙办法'] }, null],
  ['创新券的', { standalone: '补贴' }, null],
])('after we asked back, “%s” means what we asked about: %#', (reply, last, meant) => {
  expect(specified(reply, past(last))).toBe(meant)
})

test.each([
  ['最高多少', '商标贴息多少', '《贴息指南》商标贴息 最高多少'],
  ['期限呢', '商标贴息最多多少', '《贴息指南》商标贴息 期限呢'],
  ['最多能拿多少', '商标代理人有什么奖励', '《贴息指南》商标代理人 最多能拿多少'],
  ['有效期呢', '创新券抵扣比例多少', '《贴息指南》创新券 有效期呢'],
])('“%s” after “%s” keeps its subject whole', (question, standalone, whole) => {
  expect(joined(question, past({ standalone, titles: ['贴息指南'] })).replace(/\s+/g, ' ')).toBe(whole)
})

const bodies = (...services: string[]) => ({
  evidence: services.map((each, index) =>
    evidence(`机构名称：示范机构${index + 1}；服务内容：${each}`, {
      kind: 'organisation',
      clause: `示范机构${index + 1}`,
      docNo: null,
    }),
  ),
  terms: [],
  searched: services.length,
  embedder: null,
  weights: defaultWeights,
  ms: { embed: 0, search: 0 },
})

test('the one institution that offers a thing is named, and up to five are shown of those there are', () => {
  const found = bodies('涂料中试放大', '专利代理', '水质检测', '商标注册、专利代理', '科技贷款', '路演')
  expect(soleBody('谁能做中试', found)).toBe('示范机构1')
  expect(soleBody('哪家机构能提供中试服务？', found)).toBe('示范机构1')
  expect(soleBody('谁能做专利代理', found)).toBeNull()
  expect(soleBody('谁能做航天器', found)).toBeNull()
  expect(soleBody('中试能补贴多少', found)).toBeNull()
  expect(ambiguity('有哪些服务机构', found)).toEqual([1, 2, 3, 4, 5].map((each) => `示范机构${each}`))
})

test('a bare topic is asked back about, a question is not', () => {
  const found = {
    evidence: [evidence('奖励30万元。', { title: '专精特新企业奖励办法' })],
    terms: [],
    searched: 1,
    embedder: null,
    weights: defaultWeights,
    ms: { embed: 0, search: 0 },
  }
  expect(topicOf('专精特新', found)).toBe('专精特新企业奖励办法')
  const numbered = { ...found, evidence: [evidence('奖励30万元。', { title: '登记办法', docNo: '云园管〔2025〕3号' })] }
  expect(topicOf('云园管[2025] 3号', numbered)).toBe('登记办法')
  expect(topicOf('云园管〔2025〕4号', numbered)).toBeNull()
  expect(topicOf('专精特新奖多少', found)).toBeNull()
  expect(topicOf('瞪羚企业', found)).toBeNull()
})

test.each([
  ['联系人电话是多少', true],
  ['申请条件是什么？', true],
  ['申请需要提交哪些材料', true],
  ['截止日期是什么时候', true],
  ['我们公司能申请吗', true],
  ['专利资助申请条件是什么', false],
  ['路演怎么报名', false],
  ['孵化器联系人电话', false],
  ['多少', false],
])('%s names no matter of which any rule could be meant: %s', (question, none) => {
  expect(namesNoMatter(question)).toBe(none)
})

test.each([
  ['云园管〔2023〕19号第二条', true],
  ['请给我云园管[2023]19号第二条的原文', true],
  ['《知识产权促进办法》第二条说了什么？', true],
  ['知识产权促进办法第二条是怎么规定的', true],
  ['知识产权促进办法第三条是怎么规定的', false],
  ['知识产权促进办法第二条的资助去年发了吗', false],
  ['云园管〔2024〕19号第二条', false],
  ['第二条是什么', false],
])('%s asks for that very clause: %s', (question, named) => {
  const passage = { title: '知识产权促进办法', docNo: '云园管〔2023〕19号', clause: '第二条' }
  expect(namesClause(question, passage)).toBe(named)
})

test.each([
  ['知识产权促进办法什么时候到期', '知识产权促进办法有效期至哪天'],
  ['《登记奖励办法》何时失效？', '《登记奖励办法》有效期至哪天？'],
  ['揭榜挂帅管理办法从什么时候开始施行', '揭榜挂帅管理办法自哪天起施行'],
  ['这个办法什么时候到期', '这个办法什么时候到期'],
  ['贷款什么时候到期', '贷款什么时候到期'],
])('%s is searched for as %s', (spoken, written) => {
  expect(inWriting(spoken)).toBe(written)
})
