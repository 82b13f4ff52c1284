import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesIn, foldersIn } from '../../ingest/files.ts'
import { type IngestOptions, ingest } from '../../ingest/ingest.ts'
import { openReader } from '../../ingest/reader.ts'
import type { Outcome } from '../../ingest/report.ts'
import { changesIn } from '../../ingest/watch.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestLibrary, type TestLibrary } from '../fakes/library.ts'

let library: TestLibrary
const reader = openReader()
const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-sync-'))
beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(async () => {
  reader.close()
  await library.close()
  rmSync(folder, { recursive: true, force: true })
})

const articles = Array.from(
  { length: 12 },
  (_, index) =>
    `第${'一二三四五六七八九十'[index] ?? `十${'一二'[index - 10]}`}条 对第${index + 1}类项目按投入的${index + 1}%给予补助，最高${index + 1}0万元，由第${index + 3}科受理。`,
)
const text = (title: string, number: number, day: string) =>
  `# ${title}\n\n测园管〔2025〕${number}号\n\n${articles.join('\n\n')}\n\n第十三条 本办法自2025年${day}起施行。\n\n测试园区管理委员会\n\n2025年1月1日\n`
const put = (name: string, content: string) => writeFileSync(join(folder, name), content)

async function run(change: Partial<IngestOptions> = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of ingest(filesIn([folder]), { library, log: silentLog, reader, uploadedBy: 'os:test', ...change }))
    outcomes.push(outcome)
  return outcomes
}
const told = (outcomes: readonly Outcome[]) =>
  outcomes.map((each) => [each.path.slice(each.path.lastIndexOf('/') + 1), each.outcome, ...each.doubts.map(({ code }) => code)])
const missing = async () => {
  const [prefix = ''] = foldersIn([folder])
  return (
    await library.documents.markMissing(
      prefix,
      filesIn([folder]).map((file) => file.source),
    )
  ).map((each) => each.title)
}

test('a dry run writes nothing and tells what it would cost', async () => {
  put('a.md', text('测试园区甲类项目补助办法', 1, '2月1日'))
  const tokens = new Map<string, number>()
  expect(told(await run({ dryRun: true, tokens }))).toEqual([['a.md', 'added']])
  expect([...tokens.values()][0]).toBeGreaterThan(400)
  expect(await library.documents.list()).toEqual([])
})

test('unchanged costs a hash; a copy is not kept twice; a moved file stays the same document', async () => {
  expect(told(await run())).toEqual([['a.md', 'added']])
  expect(told(await run())).toEqual([['a.md', 'unchanged']])
  cpSync(join(folder, 'a.md'), join(folder, 'b.md'))
  expect(told(await run())).toEqual([
    ['a.md', 'unchanged'],
    ['b.md', 'unchanged', 'duplicate'],
  ])
  rmSync(join(folder, 'b.md'))
  mkdirSync(join(folder, 'sub'))
  renameSync(join(folder, 'a.md'), join(folder, 'sub', 'a.md'))
  expect(told(await run())).toEqual([['a.md', 'unchanged', 'moved']])
  expect((await library.documents.list()).map((each) => each.source.endsWith('sub/a.md'))).toEqual([true])
  expect(await missing()).toEqual([])
})

test('nearly the same text under another name waits for a person; the next version of a document does not', async () => {
  put('c.md', text('测试园区乙类项目补助办法', 2, '2月1日'))
  expect(told(await run())).toEqual([
    ['c.md', 'needs_review', 'near_duplicate'],
    ['a.md', 'unchanged'],
  ])
  put('sub/a.md', text('测试园区甲类项目补助办法', 1, '3月1日'))
  expect(told(await run())[1]).toEqual(['a.md', 'updated'])
})

test('a file that is gone is told and stays live; when it comes back nothing is missing', async () => {
  renameSync(join(folder, 'sub', 'a.md'), join(tmpdir(), `${folder.slice(folder.lastIndexOf('/') + 1)}.md`))
  expect(await missing()).toEqual(['测试园区甲类项目补助办法'])
  expect((await library.reviews.list('proposals')).map((each) => [each.title, each.why.includes('file_missing')])).toEqual([
    ['测试园区甲类项目补助办法', true],
  ])
  renameSync(join(tmpdir(), `${folder.slice(folder.lastIndexOf('/') + 1)}.md`), join(folder, 'sub', 'a.md'))
  expect(await missing()).toEqual([])
})

test('two files of one document do not take turns, and what a person withdrew or rejected does not come back by itself', async () => {
  put('e.md', text('测试园区丁类项目补助办法', 7, '2月1日'))
  put('f.md', `${text('测试园区丁类项目补助办法', 7, '2月1日')}\n（此件公开发布）\n`)
  const outcomes = async (change: Partial<IngestOptions> = {}) =>
    told(await run(change)).filter(([name]) => name === 'e.md' || name === 'f.md')
  const plain = async (change: Partial<IngestOptions> = {}) => (await outcomes(change)).map(([, outcome]) => outcome)
  expect(await plain({ publish: true })).toEqual(['added', 'updated'])
  expect(await plain()).toEqual(['unchanged', 'unchanged'])
  const [live] = (await library.documents.list({ state: 'live' })).filter((each) => each.source.endsWith('f.md'))
  await library.reviews.withdraw(live?.documentId ?? '', 'person:1')
  rmSync(join(folder, 'e.md'))
  const [withdrawn = []] = await outcomes()
  expect([withdrawn[1], withdrawn.at(-1)]).toEqual(['unchanged', 'withdrawn'])
  expect(await plain({ publish: true })).toEqual(['added'])
  rmSync(join(folder, 'f.md'))
})

test('a watched folder gives what is there, then what changes, and tells when something goes', async () => {
  const stopping = new AbortController()
  const changes = changesIn([folder], stopping.signal)
  const names = async () => {
    const step = await changes.next()
    return step.done === true ? [] : [...step.value.files.map((file) => file.name), ...(step.value.gone ? ['gone'] : [])]
  }
  // A file that was written a moment ago may come a look later.
  const there = new Set<string>()
  while (there.size < 2) for (const name of await names()) there.add(name)
  expect([...there].toSorted()).toEqual(['a.md', 'c.md'])
  put('d.md', '# 丙')
  expect(await names()).toEqual(['d.md'])
  rmSync(join(folder, 'd.md'))
  expect(await names()).toEqual(['gone'])
  stopping.abort()
  await wait(1)
})
