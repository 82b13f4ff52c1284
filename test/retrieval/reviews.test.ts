import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { reviewStore } from '../../retrieval/store/documents/reviews.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const clock = () => new Date('2026-11-23T04:00:00Z')
let copies = 0
/** Each of another text: what was done to a document outlives it, under its id. */
const waiting = (change: Parameters<typeof policy>[1] = {}) =>
  library.documents.replace(
    policy('技术合同奖励办法', {
      state: 'waiting',
      uploadedBy: 'os:wang',
      doubts: [{ code: 'missing_date', field: 'issued_on', phrase: null }],
      fields: { effective_to: { value: '2027-03-31', phrase: '有效期至2027年3月31日', confirmed: false } },
      effectiveTo: '2027-03-31',
      passages: [`技术合同奖励办法的第${++copies}份正文`],
      ...change,
    }),
  )

test('what waits is listed with its reasons and shown with phrases, text and history', async () => {
  const { documentId } = await waiting()
  expect(await library.reviews.list()).toMatchObject([{ documentId, why: ['waiting'], uploadedBy: 'os:wang' }])
  const page = await library.reviews.show(documentId)
  expect(page?.fields.find((each) => each.name === 'effective_to')).toEqual({
    ...{ name: 'effective_to', kind: 'day', value: '2027-03-31', phrase: '有效期至2027年3月31日' },
    ...{ confirmed: false, proposal: true, doubts: [] },
  })
  expect(page?.fields.find((each) => each.name === 'issued_on')?.doubts).toHaveLength(1)
  expect(page?.clauses).toMatchObject([{ clause: '第1条', text: `技术合同奖励办法的第${copies}份正文`, wrong: false }])
  expect(page?.history).toMatchObject([{ action: 'uploaded', actor: 'os:wang' }])
  expect(await library.reviews.show('no such')).toBeNull()
})

test('approving confirms every field and puts the document live', async () => {
  const { documentId } = await waiting()
  expect(await library.reviews.approve(documentId, 'person:2')).toMatchObject({ outcome: 'added' })
  const page = await library.reviews.show(documentId)
  expect(page?.document).toMatchObject({ state: 'live', reviewedBy: 'person:2', expiresWithin: 180, why: ['expiring'] })
  expect(page?.fields.find((each) => each.name === 'effective_to')?.confirmed).toBe(true)
  expect(await library.clauses('技术合同奖励')).toHaveLength(1)
})

test('a live document with a proposed expiry is listed until somebody confirms it', async () => {
  const { documentId } = await waiting({ state: 'live' })
  expect(await library.reviews.list('proposals')).toMatchObject([{ documentId, why: ['proposals', 'expiring'] }])
  await library.reviews.approve(documentId, 'person:2')
  expect(await library.reviews.list('proposals')).toMatchObject([{ why: ['expiring'] }])
})

test('under two-person review whoever uploaded cannot approve, nor can anybody what came from nobody', async () => {
  const strict = reviewStore(library.database.pool, { clock, twoPerson: true })
  const { documentId } = await waiting()
  await expect(strict.approve(documentId, 'os:wang')).rejects.toMatchObject({ code: 'two_person' })
  expect((await library.reviews.show(documentId))?.fields.every((each) => !each.confirmed)).toBe(true)
  expect(await strict.approve(documentId, 'os:li')).toMatchObject({ outcome: 'added' })
  const unknown = await waiting({ uploadedBy: null, source: 'b.md', title: '无主办法' })
  await expect(strict.approve(unknown.documentId, 'os:li')).rejects.toMatchObject({ code: 'two_person' })
})

test('a corrected day moves the status, the version before and what it ends, at once', async () => {
  const old = await library.documents.replace(
    policy('旧办法', { docNo: '示管〔2020〕1号', issuedOn: '2020-01-01', effectiveFrom: null }),
  )
  const first = await library.documents.replace(policy('新办法', { effectiveFrom: '2026-01-01' }))
  await library.reviews.edit(
    first.documentId,
    { effective_from: '2027-01-01', supersedes: '《旧办法》（示管〔2020〕1号）' },
    'person:1',
  )
  expect((await library.documents.summary(first.documentId))?.status).toBe('scheduled')
  expect(await library.documents.summary(old.documentId)).toMatchObject({ status: 'expiring', endedOn: '2027-01-01' })
  await library.reviews.edit(first.documentId, { supersedes: '' }, 'person:1')
  expect(await library.documents.summary(old.documentId)).toMatchObject({ status: 'effective', endedOn: null })
  expect((await library.reviews.show(first.documentId))?.history.map((each) => [each.field, each.after])).toEqual([
    [null, null],
    ['effective_from', '2027-01-01'],
    ['supersedes', ['《旧办法》（示管〔2020〕1号）']],
    ['supersedes', []],
  ])
})

test('a corrected title is found by its new words, and the counts stay those of what is there', async () => {
  const { documentId } = await library.documents.replace(policy('一二三四', { passages: ['正文'] }))
  await library.reviews.edit(documentId, { title: '揭榜挂帅管理办法', doc_no: '云管〔2025〕9号' }, 'person:1')
  expect(await library.clauses('揭榜挂帅')).toEqual(['揭榜挂帅管理办法#第1条'])
  const counted = await library.database.pool.query(
    `select term, passages from term_count where passages <> 0 except select term, count(*) from posting group by term`,
  )
  expect(counted.rows).toEqual([])
})

test.each([
  [{ effective_to: '2026-02-30' }],
  [{ title: ' ' }],
  [{ binding: 'perhaps' }],
  [{ nonsense: 'x' } as Record<string, string>],
])('%j is refused with a word on what fits, and changes nothing', async (changes) => {
  const { documentId } = await waiting()
  await expect(library.reviews.edit(documentId, changes, 'person:1')).rejects.toMatchObject({ code: 'bad_field' })
  expect((await library.reviews.show(documentId))?.history).toHaveLength(1)
})

test('when the document it is based on ends, a child is flagged and still answers', async () => {
  await library.documents.replace(policy('上位条例', { effectiveTo: '2026-01-01' }))
  const child = await library.documents.replace(policy('下位细则', { basedOn: ['《上位条例》'] }))
  expect(await library.documents.summary(child.documentId)).toMatchObject({ status: 'effective', basisEnded: '上位条例' })
  expect(await library.documents.summary(child.documentId, '2025-06-01')).toMatchObject({ basisEnded: null })
  expect(await library.reviews.list('proposals')).toMatchObject([
    { title: '上位条例' },
    { documentId: child.documentId, why: ['basis_ended'] },
  ])
})

test('a notice that prolongs a document makes it neither expired nor an answer; a person sets its last day', async () => {
  const old = await library.documents.replace(policy('创新券办法', { issuedOn: '2023-01-01', effectiveTo: '2026-01-31' }))
  const status = async () => (await library.documents.summary(old.documentId, '2026-03-01'))?.status
  expect(await status()).toBe('expired')
  const notice = await library.documents.replace(
    policy('关于延长创新券办法有效期的通知', { issuedOn: '2026-01-15', prolongs: ['《创新券办法》'], prolongsTo: '2028-01-31' }),
  )
  expect(await status()).toBe('unknown')
  const asked = { text: '创新券办法', asOf: '2026-03-01', regions: '*', visibility: 1 } as const
  const statusesOf = async (validity: 'any' | 'in_force') =>
    (await library.search({ ...asked, validity })).evidence.flatMap(({ passage }) =>
      passage.documentId === old.documentId ? [passage.status] : [],
    )
  expect(await statusesOf('any')).toEqual(['unknown'])
  expect(await statusesOf('in_force')).toEqual([])
  expect((await library.reviews.list('proposals')).find((each) => each.documentId === old.documentId)).toMatchObject({
    why: expect.arrayContaining(['prolonged']),
    prolongedBy: '关于延长创新券办法有效期的通知',
  })

  await library.reviews.edit(old.documentId, { effective_to: '2028-01-31' }, 'person:1')
  expect(await status()).toBe('effective')
  expect(await statusesOf('in_force')).toEqual(['effective'])
  await library.reviews.edit(notice.documentId, { prolongs: '' }, 'person:1')
  await library.reviews.edit(old.documentId, { effective_to: '2026-01-31' }, 'person:1')
  expect(await status()).toBe('expired')
})

test.each([
  ['another place', { regions: ['别处'], issuers: ['别处科技局'] }],
  ['an older notice', { issuedOn: '2020-01-01' }],
  ['a draft', { binding: false }],
  ['a day that is no later', { prolongsTo: '2026-01-31' }],
])('%s prolongs nothing', async (_, notice) => {
  const old = await library.documents.replace(
    policy('租金办法', { issuedOn: '2023-01-01', effectiveTo: '2026-01-31', regions: ['云汀'], issuers: ['云汀科技局'] }),
  )
  await library.documents.replace(
    policy('关于延长租金办法有效期的通知', { issuedOn: '2026-01-15', prolongs: ['《租金办法》'], ...notice }),
  )
  expect(await library.documents.summary(old.documentId, '2026-03-01')).toMatchObject({ status: 'expired', prolongedBy: null })
})

test('what a person confirmed of one version holds for the next where it says the same in the same words', async () => {
  const put = (phrase: string, text: string) =>
    library.documents.replace(
      policy('租金办法', {
        effectiveTo: '2029-03-31',
        fields: { effective_to: { value: '2029-03-31', phrase, confirmed: false } },
        passages: [text],
        sha256: text,
      }),
    )
  const first = await put('有效期至2029年3月31日', '五折')
  await library.reviews.edit(first.documentId, { effective_to: '2029-12-31' }, 'person:1')
  const second = await put('有效期至2029年3月31日', '六折')
  expect(await library.documents.summary(second.documentId)).toMatchObject({ effectiveTo: '2029-12-31' })
  expect((await library.reviews.show(second.documentId))?.document.why).toEqual([])
  const third = await put('有效期至2030年3月31日', '七折')
  expect((await library.reviews.show(third.documentId))?.document).toMatchObject({
    effectiveTo: '2029-03-31',
    why: ['proposals'],
  })
})

test('the record of who did what cannot be changed', async () => {
  await waiting()
  await expect(library.database.pool.query(`update document_action set actor = 'x'`)).rejects.toThrow(/append-only/)
})
