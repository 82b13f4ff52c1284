import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { firstUsualLength, impactOf } from '../../retrieval/text/impact.ts'
import { hashOf, termsOf } from '../../retrieval/text/terms.ts'
import { onServer } from '../fakes/database.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const reward = (change: Parameters<typeof policy>[1] = {}) =>
  policy('技术合同登记奖励办法', { passages: ['按成交额的2%给予奖励，最高20万元。'], ...change })

test('the same file again changes nothing, and ingest can ask before reading it', async () => {
  const first = await library.documents.replace(reward())
  expect(first).toMatchObject({ outcome: 'added', passages: 1, demoRetired: false, ended: [] })
  expect(await library.documents.replace(reward())).toEqual({ ...first, outcome: 'unchanged' })
  expect((await library.documents.unchanged('技术合同登记奖励办法.md', '技术合同登记奖励办法'))?.documentId).toBe(
    first.documentId,
  )
  expect(await library.documents.unchanged('技术合同登记奖励办法.md', 'other bytes')).toBeNull()
})

test('the same text has the same ids in another library and from another folder', async () => {
  const here = await library.documents.replace(reward())
  const [found] = (await library.ask('奖励最高')).evidence
  const other = await openTestLibrary()
  try {
    expect((await other.documents.replace(reward({ source: '/elsewhere/a.md', sha256: 'other bytes' }))).documentId).toBe(
      here.documentId,
    )
    expect((await other.ask('奖励最高')).evidence[0]?.passage.id).toBe(found?.passage.id)
  } finally {
    await other.close()
  }
})

test('a new version takes the place of the old one on its first day; before it the old one answers', async () => {
  await library.documents.replace(reward())
  const second = await library.documents.replace(
    reward({ effectiveFrom: '2026-06-01', passages: ['按成交额的3%给予奖励，最高30万元。'], sha256: 'v2' }),
  )
  expect(second.outcome).toBe('updated')
  const texts = async (asOf: string) =>
    (await library.ask('成交额奖励', { asOf })).evidence.map(({ passage }) => passage.text.match(/\d+%/)?.[0])
  expect(await texts('2026-11-23')).toEqual(['3%'])
  expect(await texts('2026-05-31')).toEqual(['2%'])
  expect(await texts('2024-12-31')).toEqual([])
})

test('as of a day the version then in force answers, also of a law that kept its first 施行 through its amendments', async () => {
  const law = (text: string, issuedOn: string, sha256: string) =>
    policy('测试科学技术进步条例', { issuedOn, effectiveFrom: '1995-10-01', passages: [text], sha256 })
  await library.documents.replace(law('按旧标准给予奖励。', '1995-09-06', 'old'))
  await library.documents.replace(law('按新标准给予奖励。', '2020-07-30', 'new'))
  const texts = async (asOf: string) => (await library.ask('奖励标准', { asOf })).evidence.map(({ passage }) => passage.text)
  expect(await texts('2010-01-01')).toEqual(['按旧标准给予奖励。'])
  expect(await texts('2020-07-29')).toEqual(['按旧标准给予奖励。'])
  expect(await texts('2020-07-30')).toEqual(['按新标准给予奖励。'])
})

test('a version corrected before anybody could use it never answers', async () => {
  await library.documents.replace(reward())
  await library.documents.replace(reward({ passages: ['按成交额的1%给予奖励。'], sha256: 'v2' }))
  expect((await library.ask('成交额奖励', { asOf: '2025-06-01' })).evidence.map(({ passage }) => passage.text)).toEqual([
    '按成交额的1%给予奖励。',
  ])
  expect((await library.ask('成交额奖励', { validity: 'any' })).evidence).toHaveLength(1)
})

test('a text taken back to an earlier one is a version of its own', async () => {
  const one = await library.documents.replace(reward())
  await library.documents.replace(reward({ passages: ['改了'], sha256: 'v2' }))
  const three = await library.documents.replace(reward())
  expect(three).toMatchObject({ outcome: 'updated', documentId: `${one.documentId}-2` })
  expect((await library.documents.summary(three.documentId))?.version).toBe(3)
})

test('a policy that was moved to another folder is the same document, another file at its old place is not', async () => {
  await library.documents.replace(reward({ docNo: '示园管〔2025〕3号' }))
  const moved = await library.documents.replace(reward({ docNo: '示园管[2025]03号', source: 'new/place.md', passages: ['改了'] }))
  expect(moved.outcome).toBe('updated')
  const other = await library.documents.replace(policy('另一个办法', { source: '技术合同登记奖励办法.md' }))
  expect(other.outcome).toBe('added')
  expect((await library.documents.list({ state: 'live' })).map((each) => each.title)).toEqual([
    '另一个办法',
    '技术合同登记奖励办法',
  ])
})

test('a waiting document is not found until it is published, and the one before serves meanwhile', async () => {
  await library.documents.replace(reward())
  const waiting = await library.documents.replace(
    reward({ state: 'waiting', effectiveFrom: '2026-01-01', passages: ['按成交额的9%给予奖励。'], sha256: 'v2' }),
  )
  expect((await library.ask('成交额奖励')).evidence[0]?.passage.text).toContain('2%')
  expect(await library.reviews.approve(waiting.documentId, 'test')).toMatchObject({ outcome: 'updated' })
  expect((await library.ask('成交额奖励')).evidence[0]?.passage.text).toContain('9%')
  expect(await library.reviews.approve(waiting.documentId, 'test')).toMatchObject({ outcome: 'unchanged' })
  await expect(library.reviews.reject(waiting.documentId, 'test')).rejects.toMatchObject({ code: 'not_waiting' })
})

test('a rejected or withdrawn document is gone from search', async () => {
  const waiting = await library.documents.replace(reward({ state: 'waiting' }))
  await library.reviews.reject(waiting.documentId, 'test')
  const live = await library.documents.replace(policy('人才办法'))
  expect(await library.documents.withdraw(live.documentId)).toBe(true)
  expect(await library.documents.withdraw(live.documentId)).toBe(false)
  expect((await library.ask('奖励人才办法', { validity: 'any' })).evidence).toEqual([])
})

test('what applies to other places only is counted and named; the nation, other lives and the demo park are not', async () => {
  expect(await library.elsewhere()).toEqual({ documents: 0, of: 0, regions: [] })
  await library.documents.replace(policy('外地办法', { regions: ['澜湖市'] }))
  await library.documents.replace(policy('本地办法', { regions: ['云汀市', '澜湖市'] }))
  await library.documents.replace(policy('全国办法', { regions: [] }))
  await library.documents.replace(policy('待审办法', { regions: ['远山市'], state: 'waiting' }))
  await library.documents.replace(policy('示范办法', { regions: ['远山市'], demo: true }))
  expect(await library.elsewhere()).toEqual({ documents: 1, of: 3, regions: ['澜湖市'] })
})

test('the first document of one’s own retires the demo park, once', async () => {
  await library.documents.replace(policy('演示办法', { demo: true }))
  expect(await library.documents.hasDocuments()).toEqual({ own: 0, demo: 1, demoRetired: false })
  expect((await library.documents.replace(reward({ state: 'waiting' }))).demoRetired).toBe(false)
  expect((await library.documents.replace(policy('自己的办法'))).demoRetired).toBe(true)
  expect(await library.documents.hasDocuments()).toEqual({ own: 1, demo: 0, demoRetired: true })
  expect((await library.ask('演示')).evidence).toEqual([])
  await library.documents.keepDemo()
  await library.documents.replace(policy('演示办法', { demo: true }))
  expect((await library.documents.replace(policy('第二个办法'))).demoRetired).toBe(false)
  expect(await library.documents.hasDocuments()).toEqual({ own: 2, demo: 1, demoRetired: false })
  expect(await library.documents.removeDemo()).toBe(1)
  expect(await library.documents.hasDocuments()).toEqual({ own: 2, demo: 0, demoRetired: true })
})

test('a document that cannot be written leaves nothing behind', async () => {
  await expect(library.documents.replace(reward({ issuedOn: '2025-02-31' }))).rejects.toThrow()
  const { rows } = await library.database.pool.query(
    'select (select count(*) from document) + (select count(*) from passage) + (select count(*) from posting) as n',
  )
  expect(Number(rows[0].n)).toBe(0)
})

test('property: whatever comes and goes, the counts are those of the passages that are there', async () => {
  const action = fc.record({
    title: fc.constantFrom('甲办法', '乙细则'),
    text: fc.constantFrom('奖励', '补助', '贷款'),
    demo: fc.boolean(),
  })
  const actions = fc.sample(action, { numRuns: 25, seed: 3 })
  for (const [place, { title, text, demo }] of actions.entries()) {
    const done = await library.documents.replace(
      policy(title, { demo, passages: [text, `${text}申报`], effectiveFrom: place % 2 ? '2025-01-01' : '2026-01-01' }),
    )
    if (place % 4 === 3) await library.documents.withdraw(done.documentId)
    if (place % 9 === 8) await library.documents.removeDemo()
  }
  const counted = await library.database.pool.query(
    `select term, passages from term_count where passages <> 0
     except select term, count(*) from posting join document on document.number = posting.document where state in ('live', 'replaced') group by term`,
  )
  expect(counted.rows).toEqual([])
  const orphans = await library.database.pool.query(
    'select from posting where not exists (select from passage where number = posting.passage)',
  )
  expect(orphans.rowCount).toBe(0)
  const totals = await library.database.pool.query(
    `select (value ->> 'passages')::int = (select sum(passages) from document where state in ('live', 'replaced')) as same from library_state where name = 'totals'`,
  )
  expect(totals.rows).toEqual([{ same: true }])
})

test('postings hold the terms of title, heading, clause, number and text, title and heading double', async () => {
  await library.documents.replace(
    policy('甲', { docNo: '云管〔2025〕1号', passages: [{ clause: '第三条', heading: '总则', text: '甲方' }] }),
  )
  const { rows } = await library.database.pool.query('select term, impact from posting')
  const length =
    termsOf('甲').length * 2 +
    termsOf('总则').length * 2 +
    termsOf('云管〔2025〕1号').length +
    termsOf('第三条').length +
    termsOf('甲方').length
  const impact = (term: string) => rows.find((row) => row.term === hashOf(term))?.impact
  const expected = [
    { text: 1, labels: 2 },
    { text: 0, labels: 2 },
    { text: 0, labels: 1 },
    { text: 0, labels: 1 },
    { text: 1, labels: 0 },
  ].map((each) => expect.closeTo(impactOf(each, length, firstUsualLength), 5))
  expect([impact('甲'), impact('总则'), impact('第三'), impact('云管〔2025〕1'), impact('甲方')]).toEqual(expected)
})

test.runIf(onServer)('two processes writing the same document at once make one version each, in a row', async () => {
  const texts = Array.from({ length: 12 }, (_, index) => `第${index}稿`)
  await Promise.all(texts.map((text) => library.documents.replace(reward({ passages: [text], sha256: text }))))
  const all = await library.documents.list()
  expect(all.map((each) => each.version).toSorted((a, b) => a - b)).toEqual(texts.map((_, index) => index + 1))
  expect(all.filter((each) => each.state === 'live')).toHaveLength(1)
})

test.runIf(onServer)('many documents that share all their words are written at once without a deadlock', async () => {
  const documents = Array.from({ length: 16 }, (_, index) =>
    policy(`办法${index}`, { passages: ['奖励', '补助', '贷款'].map((each) => `${each}${index % 3}`) }),
  )
  const done = await Promise.all(documents.map((each) => library.documents.replace(each)))
  expect(done.every((each) => each.outcome === 'added')).toBe(true)
  expect((await library.documents.hasDocuments()).own).toBe(16)
})

test('a search during replacements always sees exactly one version', async () => {
  await library.documents.replace(reward())
  let writing = true
  const writes = (async () => {
    for (let version = 2; version <= 12; version++)
      await library.documents.replace(reward({ passages: [`按成交额的${version}%给予奖励。`], sha256: `v${version}` }))
    writing = false
  })()
  const seen: number[] = []
  while (writing) seen.push((await library.ask('成交额奖励')).evidence.length)
  await writes
  expect(new Set(seen)).toEqual(new Set([1]))
})
