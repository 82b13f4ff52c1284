import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { replayed, replayInWords } from '../../bot/observe/replay.ts'
import { openPark, type Park } from '../../bot/open.ts'
import { answers } from '../../bot/records/answers.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { lenient } from '../fakes/judging.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

let world: TestPark
let model: ChatServer
let desk: TestDesk
const folder = mkdtempSync(join(tmpdir(), 'prompts-'))
const question = '发明专利授权一件资助多少？'
const first = '国内发明专利授权每件资助3000元。[1]'
const second = '国内发明专利授权的，每件资助3000元。[1]'

beforeAll(async () => {
  model = await chatServer()
  world = await openTestPark()
  cpSync(fileURLToPath(new URL('../../prompts', import.meta.url)), folder, { recursive: true })
  const answer = join(folder, 'answer.zh.md')
  writeFileSync(answer, `${readFileSync(answer, 'utf8')}\n6. 语气更正式。\n`)
  model.script({ say: first })
  const { database } = world
  const park = await open()
  desk = await openTestDesk({ database, answer: park.answer, clock: park.clock, desk: null })
  for (const text of ['你们园区的天气怎么样', question]) {
    await desk.write('web:asked', text)
    await desk.settle()
  }
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await world.close()
  await model.close()
})

function open(change: Record<string, string> = {}, prompts?: string): Promise<Park> {
  const env = { CHAT_MODEL: 'clerk-1', OPENAI_BASE_URL: model.baseUrl, ...change }
  const options = { holder: 'test', exclusive: false, log: silentLog, database: world.database, judging: lenient }
  return openPark(env, prompts === undefined ? options : { ...options, prompts })
}

async function again(park: Park) {
  const all = await replayed(answers(world.database.pool), park.answer, 10)
  await park.clerk?.settled()
  return all
}

/** Every row of every table, but for what models cost and when the library was last looked at. */
async function rows(): Promise<unknown> {
  const { pool } = world.database
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not in ('model_spending', 'library_state') order by 1`,
  )
  const all: Record<string, unknown> = {}
  for (const { name } of tables.rows)
    all[name] = (
      await pool.query(`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${name} t`)
    ).rows[0]
  return all
}

test('the same prompts and model: nothing is different; no row is changed and nothing is sent', async () => {
  const before = await rows()
  model.script({ say: first })
  const all = await again(await open())
  expect(all.map(({ question: asked, changed }) => [asked, changed])).toEqual([
    [question, []],
    ['你们园区的天气怎么样', []],
  ])
  expect(replayInWords(all)).toBe('2 questions: 2 the same, 0 changed')
  expect(await rows()).toEqual(before)
})

test('a changed prompt file: its id is different, and the words only when the model says others', async () => {
  const before = await rows()
  model.script({ say: first })
  const same = await again(await open({}, folder))
  expect(same[0]).toMatchObject({ changed: ['prompt'], before: { text: first }, now: { text: first } })
  expect(model.asked.some((each) => each.system.includes('语气更正式'))).toBe(true)
  model.script({ say: second })
  const other = await again(await open({}, folder))
  expect(other[0]?.changed).toEqual(['text', 'prompt'])
  expect(other[1]?.changed).toEqual([])
  expect(replayInWords(other)).toMatch(
    /^2 questions: 1 the same, 1 changed\n≠ 发明专利授权一件资助多少？ {2}\(text, prompt\)\n {2}- answer .*\n {2}\+ answer /,
  )
  expect(await rows()).toEqual(before)
})

test('a folder of prompts that lacks one is an error that says what such a folder is', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'yuanqiao-prompts-'))
  await expect(open({}, empty)).rejects.toMatchObject({
    code: 'missing_prompt',
    hint: expect.stringContaining('copy that folder'),
  })
  rmSync(empty, { recursive: true })
})

test('another model, and none: what it said, by whom, and that the clause is quoted instead', async () => {
  model.script({ say: first })
  expect((await again(await open({ CHAT_MODEL: 'clerk-2' })))[0]).toMatchObject({ changed: ['model'], now: { model: 'clerk-2' } })
  model.script({ status: 500 })
  const [down] = await again(await open({ CHAT_TOTAL_SECONDS: '1' }))
  expect(down).toMatchObject({ changed: ['text', 'prompt', 'model'], now: { decision: 'answer', model: null } })
})

test('what rested on what is not public is read by no model when it is asked again', async () => {
  await world.database.pool.query(`update passage set visibility = 2 where id in (select r.passage from answer_passage r)`)
  const asked = model.asked.length
  model.script({ say: first })
  const [hidden] = await again(await open())
  expect(hidden?.now.decision).toBe('answer')
  expect(model.asked.slice(asked).filter((each) => each.user.includes('发明专利'))).toEqual([])
})
