import { afterAll, beforeAll, expect, test } from 'vitest'
import { standaloner } from '../../bot/answer/follow/standalone.ts'
import type { Clerk } from '../../bot/models/clerk.ts'
import { otlpSpans, spanSettings } from '../../bot/observe/spans.ts'
import { inboxStep } from '../../bot/queue/step.ts'
import { spending } from '../../bot/records/spending.ts'
import { parseSettings } from '../../retrieval/base/env.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

let database: TestDatabase
let desk: TestDesk
beforeAll(async () => {
  database = await openTestDatabase()
  desk = await openTestDesk({ database, desk: null })
})
afterAll(() => database.close())

/** A book whose clock the test moves. */
function book(caps: { everybody: number | null; person: number | null }, start = '2026-11-26T02:00:00Z') {
  const at = { now: new Date(start).getTime() }
  const kept = spending(prepared(database.pool, database.kind === 'server'), caps, () => new Date(at.now))
  return { ...kept, later: (seconds: number) => (at.now += seconds * 1000) }
}

test('a cap counts what calls under way have reserved, and what they really took afterwards', async () => {
  const { reserve, settle } = book({ everybody: null, person: 1000 }, '2026-01-01T02:00:00Z')
  const first = await reserve('telegram:1', 600)
  expect(await reserve('telegram:1', 600)).toBeNull()
  expect(await reserve('telegram:2', 600)).not.toBeNull()
  if (first !== null) await settle(first, { input: 100, output: 50, cost: 0 })
  expect(await reserve('telegram:1', 600)).not.toBeNull()
  expect(await reserve('telegram:1', 600)).toBeNull()
})

test('what a killed process reserved expires within two spans, also while others go on asking', async () => {
  const { reserve, settle, later } = book({ everybody: 1000, person: null }, '2026-01-02T02:00:00Z')
  expect(await reserve('telegram:lost', 700)).not.toBeNull() // never settled
  expect(await reserve('telegram:2', 400)).toBeNull()
  later(299)
  expect(await reserve('telegram:2', 400)).toBeNull()
  const small = await reserve('telegram:2', 100)
  later(301)
  const next = await reserve('telegram:2', 800)
  expect(next).not.toBeNull()
  // Given back late, in a span that is over, it takes nothing from those who reserved since.
  if (small !== null) await settle(small, { input: 0, output: 0, cost: 0 })
  expect(await reserve('telegram:2', 300)).toBeNull()
})

test('a cap of everybody that is reached takes nothing from a person', async () => {
  const { reserve } = book({ everybody: 1000, person: 1000 }, '2026-01-03T02:00:00Z')
  expect(await reserve('telegram:1', 900)).not.toBeNull()
  for (let n = 0; n < 5; n += 1) expect(await reserve('telegram:2', 500)).toBeNull()
  const { rows } = await database.pool.query(
    `select max(reserved)::int as most from model_spending where day = '2026-01-03' and who <> '*'`,
  )
  expect(rows).toEqual([{ most: 900 }])
})

test('thirty calls at the same moment do not pass a cap together', async () => {
  const { reserve } = book({ everybody: 1000, person: null }, '2026-01-04T02:00:00Z')
  const taken = await Promise.all(Array.from({ length: 30 }, (_, n) => reserve(`telegram:${n}`, 90)))
  expect(taken.filter((each) => each !== null)).toHaveLength(11)
})

test('a message of somebody verified is split by rule, and a follow-up on what was not public is joined by rule: no model reads either', async () => {
  const asked: string[] = []
  await desk.deps.verified.verify('web:verified', '云汀精工', 'test')
  const long = `${'我们想了解内部成果的报价区间与合作条件，'.repeat(3)}请问怎么联系？`
  const chats = ['web:verified', 'web:anybody']
  for (const chat of chats) await desk.write(chat, long)
  const deps = { ...desk.deps, questions: async (text: string) => [...asked.splice(0, 0, text), text] }
  const step = inboxStep(deps)
  while (await step());
  expect(asked).toEqual([long])

  const clerk: Clerk = { ask: () => Promise.reject(new Error('a model was asked')), settled: async () => {} }
  const standalone = standaloner({ clerk, log: silentLog })
  const span = otlpSpans(parseSettings(spanSettings, {}), silentLog).begin('test', {})
  const past = {
    question: '内部价多少',
    standalone: '内部价多少',
    answer: '内部价80万元',
    titles: ['内部成果'],
    options: [],
    protected: true,
  }
  const asking = { question: '那电话呢？', history: [past], language: 'zh', visibility: 1, clarified: 0 } as const
  expect(await standalone(asking, { person: null, calls: [], span })).toContain('内部成果')
})
