import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedAttribute, formLabels, matches } from '../../bot/compose/attribute.ts'
import type { Draft } from '../../bot/draft.ts'
import { boost } from '../../bot/eval/boost.ts'
import { type Features, featureNames, featuresOf, featureTable } from '../../bot/judge/features.ts'
import { oddsOf, shippedModel } from '../../bot/judge/judge.ts'
import { deniesAlone, turned } from '../../bot/judge/opposites.ts'
import { placesIn, speaksOf } from '../../bot/judge/regions.ts'
import { contributionsOf, type Tree, treeValue } from '../../bot/judge/trees.ts'
import type { Evidence, Found } from '../../retrieval/evidence.ts'
import { defaultWeights } from '../../retrieval/fuse.ts'

describe('what of a matter is asked for', () => {
  test.each([
    ['办这个要准备哪些材料？', 'materials', null],
    ['我们公司能不能申请这笔补助？', 'conditions', null],
    ['这项服务面向哪些对象？', 'target', null],
    ['需要几个工作日办结？', 'time_limit', null],
    ['法律规定最长要多久？', 'time_limit', 'legal'],
    ['咨询电话是多少？', 'phone', 'enquiry'],
    ['办得不满意打哪个电话投诉？', 'phone', 'complaint'],
    ['去什么地方办？', 'place', null],
    ['由哪个部门负责？', 'agency', null],
    ['怎么申请？', 'procedure', null],
  ])('%s → %s', (question, name, sense) => {
    expect(askedAttribute(question)).toEqual({ name, sense })
  })

  test.each(['小微企业最高奖励多少？', '鸭嘴兽住在什么样的环境？', 'Who wrote it?'])('%s asks for no field', (question) => {
    expect(askedAttribute(question)).toBeNull()
  })

  test.each([
    ['咨询电话是多少？', '咨询电话', true],
    ['咨询电话是多少？', '投诉电话', false],
    ['联系方式是什么？', '投诉电话', false],
    ['多久能办好？', '承诺办结时限', true],
    ['法律规定最长要多久？', '承诺办结时限', false],
    ['要带什么材料？', '二、申报材料。', true],
    ['要带什么材料？', '受理条件', false],
  ])('%s, label %s: %s', (question, label, fits) => {
    const attribute = askedAttribute(question)
    expect(attribute !== null && matches(attribute, label)).toBe(fits)
  })

  test('a form gives its labels, running text none', () => {
    expect(formLabels('事项名称：甲\n实施机关：乙\n咨询电话：0599-5550101\n服务对象：企业')).toHaveLength(4)
    expect(formLabels('第一条 为鼓励创新，制定本办法。\n第二条 奖励标准：最高30万元。')).toEqual([])
  })
})

describe('places', () => {
  test.each([
    ['办广东省文化馆预约', '广东将统一调度物资', true],
    ['江苏省有什么政策', '本省企业可以申请', false],
    ['云汀市的补贴', '云汀市企业', true],
  ])('%s / %s: %s', (question, text, spoken) => {
    expect(placesIn(question).some((name) => speaksOf(text, name))).toBe(spoken)
  })

  test.each(['我市企业', '园区和示范区', '本省', '超市与城市', '全区各部门'])('%s names none', (text) => {
    expect(placesIn(text)).toEqual([])
  })
})

describe('the sentence that fits best may say something else', () => {
  test.each([
    ['哪些费用不能报销?', '设备费、材料费可以报销。', 1],
    ['哪些费用不能报销?', '罚款和赔偿费不得列支。', 0],
    ['能不能报销材料费?', '材料费可以报销。', 0],
    ['不动产怎么登记?', '登记时提交权属证明。', 0],
    ['检测费补贴需不需要发票?', '检测费补贴申请须提交发票。', 0],
    ['外包费用算不算研发费用?', '外包费用计入研发费用。', 0],
    ['会议室收不收费?', '会议室按小时收费。', 0],
    ['材料合格不合格?', '材料合格。', 0],
    ['押金交没交?', '押金已于三月交齐。', 0],
    ['不能报销的费用算不算?', '设备费可以报销。', 1],
    ['which costs are not eligible', 'equipment costs are eligible', 1],
  ])('%s / %s: denies alone %d', (question, sentence, expected) => {
    expect(deniesAlone(question, sentence)).toBe(expected)
  })

  test.each([
    [['境内企业'], '境外企业可以申请。', 1],
    [['境内企业'], '境内和境外企业可以申请。', 0],
    [['申报前'], '应在立项后一个月内申报。', 0],
    [['立项前一个月'], '应在立项后一个月内申报。', 1],
    [['小微企业'], '小微企业可以申请。', 0],
  ])('%s / %s: turned %d', (runs, sentence, expected) => {
    expect(turned(runs, sentence)).toBe(expected)
  })
})

const row = fc.record(
  Object.fromEntries(featureNames.map((name) => [name, fc.double({ min: -1, max: 2, noNaN: true })])),
) as fc.Arbitrary<Features> // one number for every name

describe('what is shown', () => {
  const passage = (documentId: string, position: number, title: string, text: string): Evidence['passage'] => ({
    id: `${documentId}.${position}`,
    documentId,
    kind: 'policy',
    title,
    docNo: null,
    genre: null,
    clause: null,
    heading: null,
    text,
    position,
    status: 'effective',
    issuedOn: null,
    effectiveFrom: null,
    effectiveTo: null,
    regions: [],
    source: '',
    fields: {},
  })
  const found = (...passages: Evidence['passage'][]): Found => ({
    evidence: passages.map((each, index) => ({ passage: each, score: 10 - index, signals: { words: 10 - index } })),
    terms: [],
    searched: passages.length,
    embedder: null,
    weights: defaultWeights,
    ms: { embed: 0, search: 0 },
  })
  const draft = (all: Found, quote: string): Draft => ({
    text: quote,
    cited: all.evidence.slice(0, 1),
    quotes: [quote],
    generated: false,
    prompt: null,
    model: null,
  })
  const title = '星港园区输送用工有奖励'
  const question = '星港园区输送用工奖励多少钱？'

  test('an opening that says the title again is told from words that add something, and the passage after it is known', () => {
    const opening = passage('a', 0, title, '星港园区输送用工有奖励。')
    const clause = passage('a', 1, title, '输送三十人以上的，每人给予600元。')
    const repeats = found(opening, clause)
    const states = found(clause, opening)
    const [weak, strong] = [
      featuresOf(question, repeats, draft(repeats, '星港园区输送用工有奖励')),
      featuresOf(question, states, draft(states, '输送三十人以上的，每人给予600元')),
    ]
    expect(weak).toMatchObject({ quote_in_title: 1, quote_beyond: 0, figure_new: -1, quote_at: 0, next_score: 0.9 })
    expect(strong).toMatchObject({ figure_new: 1, next_score: 0 })
    expect(strong.quote_beyond).toBeGreaterThan(0.5)
    expect(strong.quote_in_title).toBeLessThan(0.5)
  })

  test('a rival that says the same is a witness, one that says something else is a rival', () => {
    const own = passage('a', 0, '', '输送三十人以上的，每人给予600元。')
    const witness = found(own, passage('b', 0, '', '据悉，输送三十人以上的，每人给予600元。'))
    const rival = found(own, passage('b', 0, '', '园区班车每天七点发车。'))
    const [seen, alone] = [witness, rival].map((each) =>
      featuresOf(question, each, draft(each, '输送三十人以上的，每人给予600元')),
    )
    expect(seen).toMatchObject({ seconded: 1, unlike_margin: 1 })
    expect(alone?.seconded).toBe(0)
    expect(alone?.unlike_margin).toBeCloseTo(0.1)
  })

  test('both sides of a margin are read alike: a rival under the same title in the same words is level', () => {
    const twins = found(passage('a', 0, title, '每人给予600元。'), passage('b', 0, title, '每人给予600元。'))
    expect(featuresOf(question, twins, draft(twins, '每人给予600元'))).toMatchObject({ sentence_margin: 0, text_margin: 0 })
  })
})

describe('the shipped model', () => {
  test('says what it was fitted on, and a stricter budget never has a lower threshold', () => {
    expect(shippedModel.fittedOn.length).toBeGreaterThan(5)
    expect(shippedModel.trees.length).toBeGreaterThan(50)
    const sorted = shippedModel.thresholds.toSorted((a, b) => a.budget - b.budget)
    expect(sorted.map(({ threshold }) => threshold)).toEqual(sorted.map(({ threshold }) => threshold).sort((a, b) => b - a))
  })

  test('property: what each feature contributed sums up to the log odds', () => {
    const rootOf = (tree: Tree) => (typeof tree === 'number' ? tree : tree.value)
    fc.assert(
      fc.property(row, (features) => {
        const parts = [...contributionsOf(shippedModel.trees, features).values()].reduce((sum, each) => sum + each, 0)
        const roots = shippedModel.trees.reduce<number>((sum, tree) => sum + rootOf(tree), shippedModel.prior)
        expect(parts + roots).toBeCloseTo(oddsOf(features, shippedModel), 6)
      }),
    )
  })

  test('property: what is known of a feature holds: more of what speaks for an answer never lowers confidence', () => {
    fc.assert(
      fc.property(row, fc.constantFrom(...featureNames), fc.double({ min: 0, max: 1, noNaN: true }), (features, name, more) => {
        const [, direction] = featureTable[name]
        const moved = { ...features, [name]: features[name] + more }
        const gain = oddsOf(moved, shippedModel) - oddsOf(features, shippedModel)
        if (direction !== 0) expect(gain * direction).toBeGreaterThanOrEqual(-1e-6)
      }),
      { numRuns: 300 },
    )
  })
})

test('trees learn a rule of two features and keep the known direction against noise', () => {
  const rows = Array.from({ length: 600 }, (_, index) => {
    const [a, b] = [(index * 0.618034) % 1, (index * 0.7548777) % 1]
    return { values: [a, b], right: a > 0.5 && b > 0.3, mass: 1 }
  })
  const options = { names: ['a', 'b'], directions: [1, 1] as const, trees: 60, depth: 2, rate: 0.2, ridge: 0.001, least: 0.01 }
  const { prior, trees } = boost(rows, options)
  const odds = (a: number, b: number) => trees.reduce<number>((sum, tree) => sum + treeValue(tree, { a, b }), prior)
  expect(odds(0.9, 0.9)).toBeGreaterThan(2)
  expect(odds(0.9, 0.1)).toBeLessThan(-1)
  expect(odds(0.1, 0.9)).toBeLessThan(-1)
  for (let step = 0; step < 1; step += 0.05) expect(odds(step + 0.05, 0.6)).toBeGreaterThanOrEqual(odds(step, 0.6))
})
