import { expect, test } from 'vitest'
import type { Trace } from '../../bot/answer.ts'
import { extract } from '../../bot/compose/extract.ts'
import { decide, type Judged } from '../../bot/decide.ts'
import { contributions, explained } from '../../bot/explain/explain.ts'
import { judge } from '../../bot/judge/judge.ts'
import { loadTexts } from '../../prompts/load.ts'
import type { Evidence, Found } from '../../retrieval/evidence.ts'
import { defaultWeights } from '../../retrieval/fuse.ts'
import { evidence, rareTerms } from '../fakes/evidence.ts'

const texts = loadTexts()

function traceOf(question: string, threshold: number, ...list: Evidence[]): Trace {
  const terms = rareTerms(question)
  const found: Found = {
    evidence: list,
    terms,
    searched: 120,
    embedder: null,
    weights: defaultWeights,
    ms: { embed: 0, search: 1 },
  }
  const draft = extract(question, list, terms)
  const judgement = draft === null ? null : judge({ question, found, draft }, { calibration: null, budget: 0.05 })
  const judged: Judged = {
    failed: false,
    wish: null,
    sensitive: false,
    offTopic: false,
    drafted: draft !== null,
    conflicting: false,
    factMissing: judgement !== null && judgement.rule !== null,
    ambiguous: false,
    clarified: 0,
    confidence: judgement?.confidence ?? 0,
  }
  return { found, draft, judgement, judged, threshold, decision: decide(judged, threshold) }
}

const title = '云汀科技园技术合同奖励办法'
const clause = evidence('第六条 小微企业登记技术合同的，按合同额的2%奖励，每家企业每年最高30万元。', { title }, 0.9)
const other = evidence('第七条 设备检测费按50%补贴。', { title, clause: '第七条', position: 1 }, 0.3)

test('an answer is explained: what was searched, the candidates with their scores, what spoke for it, and that it was enough', () => {
  const words = explained(traceOf('小微企业技术合同每年最高奖励多少？', 0.01, clause, other), texts.zh)
  expect(words).toContain('120 段')
  expect(words).toContain('words × 0.5')
  expect(words).toMatch(
    /1\. 0\.900 {2}《云汀科技园技术合同奖励办法》 云园管〔2025〕3号 第六条 {2}\(words 18\.00\) {2}← 引用这一条/,
  )
  expect(words).toMatch(/把握 [01]\.\d\d，需要 0\.01/)
  expect(words).toContain('条款是否说到了所问的内容')
  expect(words.split('\n').at(-1)).toBe('结论：作答，把握达到了要求。')
})

test.each([
  ['2019年小微企业技术合同最高奖励多少？', '问到的年份条款里没有', 'the clause does not have the year asked about'],
  ['技术合同奖励的咨询电话是多少？', '问到的栏目条款里没有写', 'the clause does not state the field asked for'],
])('a refusal names the rule that decided: %s', (question, zh, en) => {
  const trace = traceOf(question, 0.01, clause)
  expect(explained(trace, texts.zh)).toContain(`结论：转人工，因为${zh}。`)
  expect(explained(trace, texts.en)).toContain(`Decision: hand over to a person, because: ${en}.`)
})

test('too little confidence is told as such, and nothing found as nothing found', () => {
  expect(explained(traceOf('小微企业技术合同最高奖励多少？', 1.01, clause), texts.zh)).toContain('因为把握不足')
  expect(explained(traceOf('火星基地的电费', 0.5), texts.zh)).toContain('没有找到候选条款')
})

test('what each part did sums up to the log odds', () => {
  const trace = traceOf('小微企业技术合同最高奖励多少？', 0.5, clause, other)
  const { start, by } = contributions(trace)
  expect(by.reduce((sum, { odds }) => sum + odds, start)).toBeCloseTo(trace.judgement?.odds ?? 0, 6)
})
