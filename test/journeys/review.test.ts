import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { type Ran, runCommand } from '../fakes/command.ts'
import { makeHome, onServer, openTestDatabase } from '../fakes/database.ts'

const home = mkdtempSync(join(tmpdir(), 'yuanqiao-review-'))
const inbox = join(home, 'inbox')
const env: Record<string, string> = { YUANQIAO_HOME: home, YUANQIAO_CLOCK: '2026-11-26T02:00:00Z', REVIEW: 'two_person' }
let database: Awaited<ReturnType<typeof openDatabase>> | Awaited<ReturnType<typeof openTestDatabase>>

/** The commands run as processes of their own, through the database this one holds, as beside a running bot. */
beforeAll(async () => {
  const opened = onServer ? await openTestDatabase() : null
  if (opened === null) await makeHome(home)
  if (opened?.url) env['DATABASE_URL'] = opened.url
  database = opened ?? (await openDatabase({ databaseUrl: null, home, holder: 'test', log: silentLog }))
  for (const name of ['何敏', '陆遥']) await staff(name)
  mkdirSync(inbox)
  for (const [name, text] of Object.entries(papers)) writeFileSync(join(inbox, name), text)
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true, force: true })
})

function staff(name: string): Promise<unknown> {
  const nothing = { telegram: null, wecom: null, fields: [], hours: null, capacity: 5, demo: false }
  return people(database.pool).add({ ...nothing, role: 'staff', name }, 'os:test')
}

const papers = {
  'a.txt':
    '云汀园区中试补助办法\n云园管〔2026〕11号\n第一条 中试项目按投入的30%给予补助，最*高不超过50万元。\n第二条 本办法自2026年3月1日起施行，有效期至2027年2月28日。\n云汀园区管理委员会\n2026年2月1日\n',
  'b.txt':
    '云汀园区场地补助办法\n云园管〔2026〕12号\n第一条 入驻企业按租金的20%给予补助，最高10万元20万元。\n第二条 本办法自2026年3月1日起施行。\n云汀园区管理委员会\n2026年2月1日\n',
  'c.txt':
    '云汀园区会议补助办法\n云园管〔2026〕13号\n第一条 举办技术对接会议的，每场补助1万元。\n第二条 本办法自2026年3月1日起施行。\n云汀园区管理委员会\n2026年2月1日\n',
}

const run = (entry: string, args: readonly string[]) => runCommand(entry, args, env)
const review = (...args: readonly string[]) => run('bot/commands/review.ts', args)
const lines = ({ out }: Ran) =>
  out
    .split('\n')
    .filter(Boolean)
    .map((each) => JSON.parse(each))

/** `ingest --json` of the contract, and what `review list --json` adds. */
const keys =
  'path outcome document_id kind title doc_no issuers genre status issued_on effective_from effective_to supersedes clauses passages records doubts error ms'.split(
    ' ',
  )

test('what waits is listed, shown, corrected, approved by a second person, rejected; each with its exit code', async () => {
  const taken = await run('ingest/main.ts', [inbox, '--json', '--as', '何敏'])
  expect([taken.code, lines(taken).map((each) => each.outcome)]).toEqual([0, ['needs_review', 'needs_review', 'added']])
  for (const line of lines(taken)) expect(Object.keys(line)).toEqual(keys)
  expect(lines(taken).map((each) => each.path)).toEqual(['a.txt', 'b.txt', 'c.txt'].map((name) => join(inbox, name)))
  const [same] = lines(await run('ingest/main.ts', [join(inbox, 'c.txt'), '--json']))
  expect(same).toMatchObject({ outcome: 'unchanged', clauses: 2, path: join(inbox, 'c.txt') })

  const listed = lines(await review('list', '--json'))
  expect(listed.map((each) => each.doc_no)).toEqual(['云园管〔2026〕11号', '云园管〔2026〕12号'])
  for (const line of listed) {
    expect(Object.keys(line)).toEqual([...keys, 'waiting_since', 'uploaded_by'])
    expect(line).toMatchObject({ outcome: 'needs_review', uploaded_by: expect.stringMatching(/^person:\d+$/), error: null })
    expect(Number.isNaN(Date.parse(line.waiting_since))).toBe(false)
  }
  const [a, b] = listed.map((each) => String(each.document_id))

  const [shown, words, own, bad, unknown] = await Promise.all([
    review('show', a ?? '', '--json'),
    review('show', a ?? ''),
    review('approve', a ?? '', '--as', '何敏'),
    review('edit', a ?? '', '--set', 'issued_on=明天', '--as', '陆遥'),
    review('reject', '999999', '--as', '陆遥'),
  ])
  expect(lines(shown)[0]).toMatchObject({
    document: { state: 'waiting', docNo: '云园管〔2026〕11号' },
    fields: expect.arrayContaining([
      expect.objectContaining({ name: 'effective_to', value: '2027-02-28', phrase: expect.stringContaining('有效期至') }),
    ]),
  })
  expect([words.code, words.out]).toEqual([0, expect.stringMatching(/masked_characters.*最\*高不超过50万元/)])
  for (const refused of [own, bad, unknown]) {
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toMatch(/\n→ /)
  }
  expect(own.err).toContain('cannot approve')

  const edited = await review('edit', a ?? '', '--set', 'effective_to=2027-12-31', '--as', '陆遥', '--json')
  expect([edited.code, lines(edited)[0]?.effective_to]).toEqual([0, '2027-12-31'])
  const [approved, rejected] = await Promise.all([
    review('approve', a ?? '', '--as', '陆遥', '--json'),
    review('reject', b ?? '', '--as', '陆遥'),
  ])
  expect([approved.code, lines(approved)[0]]).toMatchObject([0, { doc_no: '云园管〔2026〕11号', status: 'effective' }])
  expect([rejected.code, rejected.out]).toEqual([0, expect.stringContaining('rejected')])

  const [empty, emptyJson, again] = await Promise.all([
    review('list'),
    review('list', '--json'),
    review('approve', b ?? '', '--as', '陆遥'),
  ])
  expect([empty.code, empty.out]).toEqual([0, expect.stringContaining('没有等待审核的文件')])
  expect([emptyJson.code, emptyJson.out]).toEqual([0, ''])
  expect([again.code, again.err]).toEqual([1, expect.stringMatching(/\n→ /)])
}, 60_000)

test('wrong usage ends with 2, prints nothing on stdout, and says how', async () => {
  const wrong = [
    ['frobnicate'],
    ['approve'],
    ['edit', '1'],
    ['show', '999999'],
    ['edit', '1', '--set', 'title'],
    ['list', '--what'],
  ]
  for (const { code, out, err } of await Promise.all(wrong.map((args) => review(...args)))) {
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('→')
  }
}, 60_000)
