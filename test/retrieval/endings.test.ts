import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { endsOf, namesOf, titleKey } from '../../retrieval/store/names.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
beforeAll(async () => {
  library = await openTestLibrary()
})
beforeEach(() => library.empty())
afterAll(() => library.close())

const old = policy('云汀科技园研发补助办法', {
  source: 'old.md',
  docNo: '云园管〔2022〕5号',
  effectiveFrom: '2022-03-01',
  issuedOn: '2022-02-01',
  regions: ['云汀科技园'],
})
const next = policy('云汀科技园研发补助实施办法', {
  ...{ source: 'next.md', docNo: '云园管〔2026〕2号', effectiveFrom: '2026-04-01', regions: ['云汀科技园'] },
  supersedes: ['《云汀科技园研发补助办法》（云园管〔2022〕5号）'],
})

const statusOfOld = async (asOf?: string) =>
  (await library.documents.list()).filter((each) => each.source === 'old.md').map((each) => ({ ...each, asOf }))[0]?.status

describe.each([
  ['the old file first', [old, next]],
  ['the new file first', [next, old]],
])('%s', (_, files) => {
  test('the named document ends on the first day of the one that names it', async () => {
    const done = []
    for (const file of files) done.push(await library.documents.replace(file))
    const oldId = done[files.indexOf(old)]?.documentId ?? ''
    const nextId = done[files.indexOf(next)]?.documentId ?? ''
    expect(await library.documents.summary(oldId)).toMatchObject({
      status: 'superseded',
      endedOn: '2026-04-01',
      endedHow: 'superseded',
      endedBy: nextId,
    })
    expect((await library.documents.summary(oldId, '2026-03-31'))?.status).toBe('expiring')
    expect(await library.clauses('研发补助')).toEqual(['云汀科技园研发补助实施办法#第1条'])
    expect(await library.clauses('研发补助', { asOf: '2026-03-31' })).toEqual(['云汀科技园研发补助办法#第1条'])
  })
})

test('withdrawing the new document puts the old one in force again', async () => {
  await library.documents.replace(old)
  const { documentId, ended } = await library.documents.replace(next)
  expect(ended).toHaveLength(1)
  await library.documents.withdraw(documentId)
  expect(await statusOfOld()).toBe('effective')
})

test('a corrected new document that no longer names the old one puts it in force again', async () => {
  await library.documents.replace(old)
  await library.documents.replace(next)
  await library.documents.replace({ ...next, supersedes: [] })
  expect(await statusOfOld()).toBe('effective')
})

test('a draft, a waiting document and an older document end nothing', async () => {
  await library.documents.replace(old)
  await library.documents.replace({ ...next, binding: false, source: 'draft.md', docNo: null })
  await library.documents.replace({ ...next, state: 'waiting' })
  await library.documents.replace({
    ...next,
    source: 'older.md',
    docNo: '云园管〔2020〕1号',
    issuedOn: '2020-01-01',
    effectiveFrom: '2020-01-01',
  })
  expect(await statusOfOld()).toBe('effective')
})

test('a number means that number: an older text of the same title lives on', async () => {
  await library.documents.replace({ ...old, docNo: '云园管〔2019〕9号', issuedOn: '2019-01-01', effectiveFrom: '2019-01-01' })
  await library.documents.replace(next)
  expect(await statusOfOld()).toBe('effective')
})

test('a text whose own number was not recognised is still found by the title beside the number', async () => {
  await library.documents.replace({ ...old, docNo: null })
  await library.documents.replace(next)
  expect(await statusOfOld()).toBe('superseded')
})

test('a title alone ends the text of that title here, not that of another city', async () => {
  await library.documents.replace({ ...old, regions: ['他市'], issuers: ['他市科技局'] })
  await library.documents.replace({ ...next, supersedes: ['《云汀科技园研发补助办法》'] })
  expect(await statusOfOld()).toBe('effective')
  await library.documents.replace(old)
  expect(await statusOfOld()).toBe('superseded')
})

test('a list of what no longer applies repeals', async () => {
  await library.documents.replace(old)
  await library.documents.replace({ ...next, title: '关于废止部分规范性文件的决定' })
  expect(await statusOfOld()).toBe('repealed')
})

test('of two that end it the earlier counts, and when that goes the other', async () => {
  await library.documents.replace(old)
  const first = await library.documents.replace({
    ...next,
    source: 'a.md',
    docNo: '云园管〔2025〕7号',
    effectiveFrom: '2025-07-01',
  })
  await library.documents.replace(next)
  const ended = async () => (await library.documents.list()).find((each) => each.source === 'old.md')?.endedOn
  expect(await ended()).toBe('2025-07-01')
  await library.documents.withdraw(first.documentId)
  expect(await ended()).toBe('2026-04-01')
})

test('the demo park and real documents do not end each other', async () => {
  await library.documents.replace(old)
  await library.documents.replace({ ...next, demo: true })
  expect(await statusOfOld()).toBe('effective')
})

test.each([
  ['云汀科技园管理委员会关于印发《云汀科技园研发补助办法》的通知', '云汀科技园研发补助办法'],
  ['《云汀科技园研发补助办法》', '云汀科技园研发补助办法'],
  ['关于印发〈研发补助办法（试行）〉的通知', '研发补助办法试行'],
  ['研发 补助办法', '研发补助办法'],
])('%s is called %s', (title, key) => {
  expect(titleKey(title)).toBe(key)
})

test('what a document says it replaces meets what the other is called', () => {
  const names = namesOf({ title: '关于印发《研发补助办法》的通知', docNo: '云园管[2022]5号' })
  const meets = (entry: string) => endsOf([entry]).some((key) => names.includes(key))
  for (const entry of [
    '云园管〔2022〕5号',
    '原云园管〔2022〕5号',
    '《研发补助办法》',
    '研发补助办法',
    '《关于印发〈研发补助办法〉的通知》',
    '《研发补助办法》(云园管〔2022〕05号)同时废止',
  ]) {
    expect([entry, meets(entry)]).toEqual([entry, true])
  }
  for (const entry of [
    '云园管〔2022〕15号',
    '云科规〔2022〕5号',
    '《研发补助办法实施细则》',
    '《研发补助办法》(云园管〔2021〕5号)',
    '',
  ]) {
    expect([entry, meets(entry)]).toEqual([entry, false])
  }
})
