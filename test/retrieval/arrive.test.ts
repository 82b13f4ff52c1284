import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PassageVectors } from '../../retrieval/store/document.ts'
import { documentStore } from '../../retrieval/store/documents.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const clock = () => new Date('2026-11-23T04:00:00Z')
const han = Array.from({ length: 400 }, (_, index) => String.fromCodePoint(0x4e00 + 7 * index))
/** Many characters that differ: every clause brings some 200 terms. */
const clause = (seed: number) =>
  `第${seed}项：${Array.from({ length: 100 }, (_, index) => han[(seed * 31 + index * (seed + 7)) % han.length]).join('')}`
const large = (change: Parameters<typeof policy>[1] = {}) =>
  policy('大型办法', { passages: Array.from({ length: 80 }, (_, index) => clause(index)), ...change })

const rows = async (sql: string) => (await library.database.pool.query(sql)).rows
/** Everything that a search is made of, under names that do not depend on the order in which it came. */
const all = () =>
  Promise.all(
    [
      `select id, family, version, state, arriving_as, arriving_until, passages, length, ended_how from document order by id`,
      `select p.id, o.term, o.impact from posting o join passage p on p.number = o.passage order by 1, 2`,
      `select id, position, clause, text, terms from passage order by id`,
      `select term, passages from term_count where passages <> 0 order by 1`,
      `select value from library_state where name = 'totals'`,
    ].map(rows),
  )

/** A store that is told at every piece, by what it would be given for vectors. */
const store = (atPiece: PassageVectors, server = false) =>
  documentStore(library.database.pool, { clock, server, embed: async () => atPiece })

test('a large document in pieces is the same rows as in one transaction, and nobody sees it before its last piece', async () => {
  await store(async () => {}, true).replace(large())
  await store(async () => {}, true).replace(large({ sha256: 'v2', passages: [clause(1), clause(999)] }))
  await store(async () => {}, true).replace(large({ sha256: 'v3', effectiveFrom: '2025-03-01' }))
  const inOne = await all()
  await library.empty()
  const seen: { from: number; states: unknown }[] = []
  const pieces = store(async (client, _, numbers, from = 0) => {
    const { rows: states } = await client.query('select state, count(*)::int as n from document group by state order by state')
    seen.push({ from, states })
    expect(numbers.length).toBeLessThan(60)
  })
  expect(await pieces.replace(large())).toMatchObject({ outcome: 'added', passages: 80 })
  await pieces.replace(large({ sha256: 'v2', passages: [clause(1), clause(999)] }))
  const before = seen.length
  expect(before).toBeGreaterThan(2)
  expect(await pieces.replace(large({ sha256: 'v3', effectiveFrom: '2025-03-01' }))).toMatchObject({ outcome: 'updated' })
  const during = seen.slice(before)
  expect(during.map((each) => each.from)).toEqual([...new Set(during.map((each) => each.from))].sort((a, b) => a - b))
  for (const { states } of during)
    expect(states).toEqual([
      { state: 'arriving', n: 1 },
      { state: 'live', n: 1 },
      { state: 'replaced', n: 1 },
    ])
  expect(await all()).toEqual(inOne)
  expect(await pieces.replace(large({ sha256: 'v3', effectiveFrom: '2025-03-01' }))).toMatchObject({ outcome: 'unchanged' })
})

test('what a dead writer left is removed by the next, whatever that brings, and counts for nothing', async () => {
  await library.documents.replace(policy('小办法'))
  const clean = await all()
  let piece = 0
  const dying = store(async () => {
    piece += 1
    if (piece === 3) throw new Error('killed')
  })
  await expect(dying.replace(large())).rejects.toThrow('killed')
  expect(await library.documents.list()).toHaveLength(1)
  expect((await library.clauses('第1项')).filter((each) => each.startsWith('大型'))).toEqual([])
  expect(await rows(`select state from document where state = 'arriving'`)).toHaveLength(1)
  await rows(`update document set arriving_until = now() - interval '1 second' where state = 'arriving'`)
  const other = large({ source: '另一份.md', title: '另一份大型办法' })
  const { documentId } = await library.documents.replace(other)
  expect(await rows(`select id from document where state = 'arriving'`)).toEqual([])
  await library.documents.withdraw(documentId)
  const [, , , counts, totals] = await all()
  expect([counts, totals]).toEqual([clean[3], clean[4]])
})

test('the same document taken in twice at once is there once; whoever comes second says so', async () => {
  const outcomes = await Promise.all([library.documents.replace(large()), library.documents.replace(large())])
  expect(outcomes.map((each) => each.outcome).sort()).toEqual(['added', 'unchanged'])
  expect(await library.documents.list()).toHaveLength(1)
  const [again] = await Promise.all([library.documents.replace(large()), library.documents.replace(policy('小办法'))])
  expect(again.outcome).toBe('unchanged')
})

test('a large document that waits is counted when it is approved, not before', async () => {
  await store(async () => {}, true).replace(large())
  const live = await all()
  await library.empty()
  const { documentId } = await library.documents.replace(large({ state: 'waiting' }))
  expect(await rows('select 1 from term_count where passages <> 0')).toEqual([])
  await library.reviews.approve(documentId, 'os:test')
  expect((await all()).slice(1, 5)).toEqual(live.slice(1, 5))
})
