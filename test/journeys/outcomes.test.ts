import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPark, type Park } from '../../bot/open.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { openTestDesk } from '../fakes/desk.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

/** The demo's questions, and words around and beside them: two hundred, of every kind of outcome. */
const demo = readFileSync(new URL('../../ingest/demo/questions.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => (JSON.parse(line) as { question: string }).question) // our own file
const questions = [
  ...demo,
  ...demo.map((each) => `请问一下，${each}`),
  '补贴',
  '天气怎么样',
  '😀😀',
  '转人工',
  '我要投诉',
  '怎么避税',
]
  .slice(0, 200)
  // YUANQIAO_QUESTIONS=all asks all two hundred; every fourth keeps the suite quick.
  .filter((_, index) => process.env['YUANQIAO_QUESTIONS'] === 'all' || index % 4 === 0)

let server: ChatServer
let world: TestPark
beforeAll(async () => {
  server = await chatServer()
  world = await openTestPark()
})
afterAll(async () => {
  await world.close()
  await server.close()
})

const env = () => ({
  CHAT_MODEL: 'm',
  OPENAI_BASE_URL: server.baseUrl,
  CHAT_PERSON_TOKENS: '0',
  CHAT_DAILY_TOKENS: '0',
  CHAT_IDLE_SECONDS: '0.2',
  CHAT_TOTAL_SECONDS: '0.5',
})

test.each<[string, () => void, () => Record<string, string>]>([
  ['no model', () => {}, () => ({})],
  ['a model that never answers', () => server.script('hang'), env],
  [
    'a model that dies in the middle',
    () =>
      server.script(
        { half: '园区企业获得国内发明专利授权的，每件资' },
        { half: '每', reset: true },
        { status: 500 },
        'reset',
        'cut json',
        { half: '最高' },
      ),
    env,
  ],
])('%s: every question has one outcome, and never an error text', async (name, script, settings) => {
  script()
  const park: Park = await openPark(settings(), {
    holder: 'outcomes',
    exclusive: false,
    log: silentLog,
    database: world.database,
  })
  const desk = await openTestDesk({ database: world.database, answer: park.answer, clock: park.clock })
  for (const [index, question] of questions.entries()) await desk.write(`web:${name}-${index}`, question)
  await desk.settle()
  const { rows } = await world.database.pool.query<{ chat: string; outcome: string | null; text: string }>(
    `select c.chat, i.outcome, (select string_agg(o.body::text, ' ') from outbox o where o.chat = c.chat) as text
       from conversation c join inbox i on i.conversation = c.id where c.chat like $1 and i.channel = 'web'`,
    [`web:${name}-%`],
  )
  expect(rows).toHaveLength(questions.length)
  const outcome = /^(?:answer|clarify|decline:off_topic|hand_off:\w+(?: hand_off:\w+)?|wish:\w+|company_noted)$/
  expect(rows.filter((each) => !outcome.test(each.outcome ?? '')).map((each) => `${each.chat} ${each.outcome}`)).toEqual([])
  expect(
    rows
      .filter((each) => each.text === null || /Error|ECONN|undefined|stack|model_|exception/.test(each.text))
      .map((each) => each.chat),
  ).toEqual([])
})
