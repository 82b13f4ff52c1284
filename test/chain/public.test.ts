import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confidentialIn, leaksIn, publicLines, redacted, spokenNames, tellTalesOf } from '../../bot/chain/public.ts'
import { fieldsIn } from '../../bot/demand/fields.ts'

test.each([
  ['苏州恒力环保科技有限公司', ['恒力', '苏州恒力', '苏州恒力环保']],
  ['江苏省无锡市华清新材料股份有限公司', ['华清']],
  ['Hengli Filtration Co., Ltd', ['Hengli']],
  ['昆山工研院', ['昆山工研院']],
])('%s is also called %j', (name, spoken) => {
  expect(spokenNames(name)).toEqual(expect.arrayContaining(spoken))
})
test.each(['环保', '新材料', '苏州', '科技有限公司'])('“%s” tells nobody apart', (name) => {
  expect(spokenNames(name)).not.toContain(name)
})

const asker = {
  enterprise: '苏州恒力环保科技有限公司',
  personName: '王建国',
  chat: 'telegram:88231045',
  confidential: ['三号线', 'X-200'],
  lines: ['我们是恒力环保，位于吴中区，电话 138-1234-5678', '联系人：王建国'],
}
const tales = tellTalesOf(asker)

test.each([
  '恒力环保的废水',
  '恒 力 环 保',
  '恆力的废水', // traditional
  '找王建国谈',
  '13812345678',
  '138 1234 5678',
  '三号线改造',
  '三 号-线',
  'x200 机型',
  'Ｘ－２００ 机型',
  '微信号: hengli_88',
  'mail@hengli.com.cn',
  'https://hengli.example',
  '88231045',
  '91320594MA1ABCDE2X',
  '在吴中区的车间',
])('“%s” tells who asks', (text) => {
  expect(leaksIn(text, tales)).not.toEqual([])
  const open = redacted(text, tales)
  if (open !== null) expect(leaksIn(open, tales)).toEqual([])
})

test.each([
  ['公司官网hengli.com.cn，想找纳滤膜', '想找纳滤膜'],
  ['信用代码91320594ma1abcde2x，想找纳滤膜', '信用代码，想找纳滤膜'],
  ['股票代码688123，想找银浆', '想找银浆'],
  ['有专利ZL202110123456.7，想找中试伙伴', '有专利，想找中试伙伴'],
  ['我们在纳米城8幢401室，想找镀膜设备', '想找镀膜设备'],
  ['星湖街二百一十八号的厂房，废气要处理', '废气要处理'],
  ['微信同号一三八一二三四五六七八，想找膜', '微信同号，想找膜'],
  ['邮箱 li(at)hengli.com，想找膜', '想找膜'],
  ['请联系李工，找耐磨涂层', '找耐磨涂层'],
  ['想找纳滤膜，项目负责人陈博士', '想找纳滤膜，项目负责人'],
  ['恒力环保在找纳滤膜', '在找纳滤膜'],
  // What only looks like it.
  ['化工废水、手工焊接，日处理30000000吨', '化工废水、手工焊接，日处理30000000吨'],
  ['铝合金材料在找替代工艺', '铝合金材料在找替代工艺'],
])('of “%s” everybody reads “%s”', (need, open) => {
  const nobody = { enterprise: null, personName: null, chat: null, confidential: [], lines: [need] }
  expect(publicLines({ need, fields: {} }, tellTalesOf(nobody))).toEqual([{ field: 'need', value: open }])
})

test.each(['印染废水氨氮降不下来，想找处理技术', '预算200万元，18个月内', '截留率98%以上，处理量3000吨/天', '通过IATF16949认证'])(
  '“%s” tells nobody',
  (text) => {
    expect(leaksIn(text, tales)).toEqual([])
    expect(redacted(text, tales)).toBe(text)
  },
)

test('whatever is woven into a need, nothing of it is published, and the need itself is', () => {
  const pieces = [
    '苏州恒力环保科技有限公司',
    '恒力',
    '王建国',
    '13812345678',
    '三号线',
    'X-200',
    'vx:hengli_88',
    '上海某某电池集团',
  ]
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom('，', ' ', '的', '：')), { maxLength: 6 }),
      (woven) => {
        const need = `${woven.map(([piece, sign]) => piece + sign).join('')}印染废水要脱氮，氨氮降到5mg/L以下`
        const lines = publicLines({ need, fields: fieldsIn(need) }, tales)
        const text = lines.map((each) => each.value).join('\n')
        for (const piece of pieces) expect(text).not.toContain(piece)
        expect(leaksIn(text, tales)).toEqual([])
        expect(text).toContain('5mg/L')
      },
    ),
    { numRuns: 200 },
  )
})

test.each([
  ['我们要脱氮。保密：三号线、客户甲', ['三号线', '客户甲']],
  ['不要公开的内容：X-200', ['X-200']],
  ['请对“三号线”保密', ['三号线']],
  ['保密局的规定', []],
  ['能不能保密？', []],
])('%s marks %j', (text, words) => {
  expect(confidentialIn(text)).toEqual(words)
})

test.each([
  [{ personName: '云汀膜科技 李工' }, '云汀膜的废水'],
  [{ lines: ['我们是恒光，窑炉能耗高'] }, '恒光窑炉'],
  [{ lines: ['We are Hengli Filtration and need a membrane'] }, 'Hengli needs a membrane'],
  [{ heard: ['电话里说是常州金龙精密铸造有限公司'] }, '金龙精密的铸件'],
])('%j: “%s” tells who asks', (known, text) => {
  const nobody = { enterprise: null, personName: null, chat: null, confidential: [], lines: [] }
  expect(leaksIn(text, tellTalesOf({ ...nobody, ...known }))).not.toEqual([])
})

test.each(['我们是做印染的，废水氨氮高', '我们公司在找纳滤膜', '公司是小微企业，想降本'])('“%s” names nobody', (line) => {
  const nobody = { enterprise: null, personName: null, chat: null, confidential: [], lines: [line] }
  expect(publicLines({ need: line, fields: {} }, tellTalesOf(nobody))).toEqual([{ field: 'need', value: line }])
})
