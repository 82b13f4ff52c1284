import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLapsed } from '../../bot/answer/lapsed.ts'
import type { Outgoing } from '../../bot/channels/outgoing.ts'
import { offTopic } from '../../bot/judge/off-topic.ts'
import { joinPlan } from '../../bot/queue/join.ts'
import { lapsedWords } from '../../bot/queue/lapsed.ts'
import { loadTexts } from '../../prompts/load.ts'
import { systemClock } from '../../retrieval/base/clock.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(() => library.close())

const row = (text: string, restsOn: readonly string[]) => ({
  ...{ id: '1', key: 'k', chat: 'telegram:1', conversation: '1', attempts: 1, resent: 0, restsOn },
  body: { kind: 'text' as const, blocks: [{ type: 'paragraph' as const, spans: [text] }] },
})

test('what a waiting answer rests on is looked at again when it is sent: replaced, withdrawn, marked wrong or expired is not quoted', async () => {
  const lapsed = lapsedWords({ documents: library.documents, texts: loadTexts(), clock: systemClock, log: silentLog })
  const put = (cap: string, change = {}) =>
    library.documents.replace(policy('奖励办法', { passages: [`最高${cap}`], sha256: cap, ...change }))
  const first = await put('20万元')
  const answer = row('最高20万元', [`${first.documentId}.1`])
  expect(await lapsed(answer)).toBeNull()
  expect(await lapsed(row('你好', []))).toBeNull()
  await library.reviews.markWrong(`${first.documentId}.1`, true, 'test')
  expect(JSON.stringify(await lapsed(answer))).toContain('请再问一次')
  await library.reviews.markWrong(`${first.documentId}.1`, false, 'test')
  const second = await put('30万元')
  expect(JSON.stringify(await lapsed(row('at most 20', answer.restsOn)))).toContain('ask once more')
  await library.reviews.edit(second.documentId, { effective_to: '2026-11-22' }, 'test')
  expect(await lapsed(row('最高30万元', [`${second.documentId}.1`]))).not.toBeNull()
})

test('a reminder that waited until its event was over is not sent; one that waited less is', async () => {
  const clock = () => new Date('2026-12-03T10:00:00Z')
  const lapsed = lapsedWords({ documents: library.documents, texts: loadTexts(), clock, log: silentLog })
  const reminder = (until: string) => ({ ...row('活动提醒', []), body: { ...row('活动提醒', []).body, until } })
  expect(await lapsed(reminder('2026-12-03T11:00:00Z'))).toBeNull()
  expect(JSON.stringify(await lapsed(reminder('2026-12-03T09:00:00Z')))).toContain('活动已经结束')
  const join = (bodies: readonly Outgoing[]) => bodies.slice(0, 1)
  const waiting = (id: string, body: Outgoing) => ({ id, body, attempts: 0 })
  const dated = reminder('2026-12-03T11:00:00Z').body
  expect(joinPlan(waiting('1', dated), [waiting('2', row('答复', []).body)], join)).toBeNull()
  expect(joinPlan(waiting('1', row('答复', []).body), [waiting('2', dated)], join)).toBeNull()
})

test('a version whose successor begins later still serves', async () => {
  const lapsed = lapsedWords({ documents: library.documents, texts: loadTexts(), clock: systemClock, log: silentLog })
  const now = await library.documents.replace(policy('租金办法', { passages: ['按五折'], sha256: 'a' }))
  await library.documents.replace(policy('租金办法', { passages: ['按七折'], sha256: 'b', effectiveFrom: '2027-01-01' }))
  expect(await lapsed(row('按五折', [`${now.documentId}.1`]))).toBeNull()
})

test.each([
  [
    'a rule that has ended is our subject though nothing in force speaks of it',
    '洗菜池的清理费怎么算',
    'hand_off',
    '洗菜池清理办法',
  ],
  ['what no rule ever spoke of is not', '今晚月色如何', 'decline', null],
])('%s', async (_, text, does, title) => {
  await library.documents.replace(policy('洗菜池清理办法', { passages: ['洗菜池的清理费按次计算。'], effectiveTo: '2025-12-31' }))
  const look = { text, asOf: '2026-11-23', regions: '*', visibility: 1 } as const
  const found = await library.search({ ...look, validity: 'in_force' })
  expect(offTopic(text, found)).toBe(true)
  const settled = await withLapsed({ search: library.search, offTopic }, look, found, { do: 'decline', because: 'off_topic' })
  expect(settled.decision.do).toBe(does)
  expect(settled.notInForce?.title ?? null).toBe(title)
})
