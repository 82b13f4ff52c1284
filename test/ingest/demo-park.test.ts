import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Trace } from '../../bot/answer.ts'
import { shippedModel } from '../../bot/judge/judge.ts'
import { openPark } from '../../bot/open.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

const folder = fileURLToPath(new URL('../../ingest/demo/', import.meta.url))
const decisions = ['answer', 'decline', 'hand_off', 'clarify']

type Question = {
  readonly id: string
  readonly question: string
  readonly decision: string
  readonly document: string | null
  readonly clause: string | null
  readonly answer_contains: readonly string[]
}

const questions = readFileSync(`${folder}questions.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Question) // our own file; its form is what the first test holds

let world: TestPark
beforeAll(async () => {
  world = await openTestPark()
})
afterAll(() => world.close())

test('every question names itself once and a decision; only answers name a document', () => {
  expect(new Set(questions.map((each) => each.id)).size).toBe(questions.length)
  for (const { decision, document, answer_contains, question } of questions) {
    expect(decisions, question).toContain(decision)
    expect([document !== null, answer_contains.length > 0], question).toEqual([decision === 'answer', decision === 'answer'])
  }
})

test('what a question expects stands in the clause it names', async () => {
  const { rows } = await world.database.pool.query<{ source: string; clause: string | null; text: string }>(
    'select d.source, p.clause, p.text from passage p join document d on d.id = p.document_id',
  )
  const missing = questions
    .filter((each) => each.decision === 'answer')
    .filter(({ document, clause, answer_contains }) => {
      const text = rows
        .filter((row) => row.source.endsWith(`/${document}`) && (clause === null || row.clause === clause))
        .map((row) => row.text)
        .join('\n')
      return !answer_contains.every((words) => text.includes(words))
    })
  expect(missing).toEqual([])
})

test('no more of the demo’s answers are wrong than the shipped thresholds for understood passages allow', async () => {
  const settings = { YUANQIAO_CLOCK: '2026-11-26T10:00:00+08:00' }
  const { answer } = await openPark(settings, { holder: 'budget', exclusive: false, log: silentLog, database: world.database })
  const traces: { readonly asked: Question; readonly trace: Trace }[] = []
  for (const asked of questions) {
    const watch = (trace: Trace) => traces.push({ asked, trace })
    await answer({ question: asked.question, history: [], language: 'zh', visibility: 1, clarified: 0, watch })
  }
  const judged = traces.filter(({ asked, trace }) => asked.decision !== 'clarify' && trace.judgement?.rule === null)
  for (const { budget, threshold } of shippedModel.understood.thresholds) {
    const answered = judged.filter(({ trace }) => (trace.judgement?.confidence ?? 0) >= threshold)
    const wrong = answered.filter(({ asked, trace }) => !right(asked, trace)).map(({ asked }) => asked.question)
    expect(answered.length).toBeGreaterThan(40)
    expect(wrong.length / answered.length, `${budget}: ${wrong}`).toBeLessThanOrEqual(budget)
  }
})

/** Only what the question expects, from the document it names. */
function right({ decision, document, answer_contains }: Question, { draft }: Trace): boolean {
  const cited = draft?.cited[0]?.passage
  return (
    decision === 'answer' &&
    cited?.source.endsWith(`/${document}`) === true &&
    answer_contains.every((words) => cited.text.includes(words))
  )
}

test.each([
  ['01', '云汀科技园技术合同认定登记奖励办法', '云园管〔2025〕3号', '办法', '2025-04-01', '2028-03-31', null],
  ['02', '云汀科技园技术交易奖励暂行办法', '云园管〔2022〕5号', '办法', '2022-06-01', '2027-05-31', '2025-04-01'],
  ['03', '云汀科技园科技成果转化支持办法', '云园管〔2025〕11号', '办法', '2025-07-01', '2028-06-30', null],
  ['05', '云汀科技园共建新型研发机构实施细则', '云园管〔2024〕17号', '细则', '2024-09-01', '2029-08-31', null],
  ['12', '云汀科技园知识产权促进办法', '云园管〔2023〕19号', '办法', '2024-01-01', '2026-12-31', null],
  ['14', '云汀科技园数据要素企业支持办法', '云园管〔2026〕21号', '办法', '2027-01-01', '2029-12-31', null],
  ['18', '关于申报2025年度技术合同认定登记奖励的通知', '云园科〔2026〕2号', '通知', '2026-02-10', '2026-12-31', null],
  ['19', 'Guide for Overseas Teams in Yunting Science Park', null, '指南', '2025-09-01', '2027-12-31', null],
])('document %s is understood as its author meant it', async (number, ...expected) => {
  const { rows } = await world.database.pool.query(
    `select array[title, doc_no, genre, effective_from::text, effective_to::text, ended_on::text] as fields
     from document where source like '%/' || $1 || '-%'`,
    [number],
  )
  expect(rows.map((row) => row.fields)).toEqual([expected])
})

test('the achievements are forty, and six of them are not for an open chat', async () => {
  const { rows } = await world.database.pool.query(
    `select p.visibility, count(*)::int as records from passage p join document d on d.id = p.document_id
     where d.kind = 'achievement' group by 1 order by 1`,
  )
  expect(rows).toEqual([
    { visibility: 1, records: 34 },
    { visibility: 2, records: 4 },
    { visibility: 3, records: 2 },
  ])
})

test('no file is larger than a park would mail', () => {
  for (const part of ['policies', 'achievements'])
    for (const name of readdirSync(`${folder}${part}`))
      expect(statSync(`${folder}${part}/${name}`).size, name).toBeLessThan(150_000)
})
