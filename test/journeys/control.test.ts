import { afterAll, beforeAll, expect, test } from 'vitest'
import { control } from '../../bot/control/doings.ts'
import { ingest } from '../../ingest/ingest.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type Client, type DeskWorld, openDeskWorld } from '../fakes/desk-world.ts'
import { type TelegramServer, telegramServer } from '../fakes/telegram-server.ts'

/** A running bot, somebody of staff at the desk, and the operator's command line: whoever changes what the bot may say, the next question shows it. */
let telegram: TelegramServer
let world: DeskWorld
let staff: Client
let lead: Client
let id = 700

beforeAll(async () => {
  telegram = await telegramServer()
  world = await openDeskWorld({ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root })
  staff = await world.signIn(await world.add('staff', '小孙'))
  lead = await world.signIn(await world.add('lead', '赵主任'))
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const seen = (chat: number) => telegram.sent.filter((each) => each.chat === chat).map((each) => each.text)
const command = (...words: string[]) => control(world.park.park, words, {}, 'os:operator')
const rows = async <Row extends object>(sql: string) => (await world.park.database.pool.query<Row>(sql)).rows

/** @returns what somebody new, or the one named, hears to a question */
async function asks(text: string, who?: number): Promise<string> {
  id += 1
  const chat = who ?? id
  const before = seen(chat).length
  telegram.say(text, {
    from: { id: chat, is_bot: false, first_name: `企业${chat}`, language_code: 'zh' },
    chat: { id: chat, type: 'private', first_name: `企业${chat}` },
  })
  await until(() => seen(chat).length).toBeGreaterThan(before)
  return seen(chat).slice(before).join('\n')
}
const handedOver = expect.stringMatching(/编号 \d+/)

const question = '专利质押贷款贴息多少'
async function cited(): Promise<{ document: string; passage: string }> {
  const [row] = await rows<{ document: string; passage: string }>(
    `select p.document_id as document, p.id as passage from answer_passage a join passage p on p.id = a.passage join document d on d.id = p.document_id
      where d.state = 'live' order by a.answer desc limit 1`,
  )
  return row ?? { document: '', passage: '' }
}

test('a topic is switched off and on, from the command line and the desk: people get a person, then an answer again', async () => {
  expect(await asks(question)).toContain('30%')
  await command('topic', 'off', '专利质押', '贴息')
  expect(await asks(question)).toEqual(handedOver)
  expect(await asks('发明专利授权一件资助多少？')).toContain('3000元')
  expect((await staff.get('/desk/api/controls')).body).toMatchObject({ topics: [{ words: '专利质押 贴息' }] })
  expect((await staff.post('/desk/api/topics', { words: '专利质押 贴息', closed: false })).status).toBe(200)
  expect(await asks(question)).toContain('30%')
  expect((await staff.post('/desk/api/topics', { words: '质押贷款', closed: true })).status).toBe(200)
  expect(await asks(question)).toEqual(handedOver)
  await command('topic', 'on', '质押贷款')
  expect(await asks(question)).toContain('30%')
})

test('a clause marked wrong answers nobody, and answers again when it was right after all', async () => {
  const { document, passage } = await cited()
  await command('wrong', passage)
  expect(await asks(question)).not.toContain('30%')
  const wrong = await staff.post(`/desk/api/documents/${document}/wrong`, { passage, wrong: false })
  expect(wrong.status).toBe(200)
  expect(await asks(question)).toContain('30%')
  expect((await staff.post(`/desk/api/documents/${document}/wrong`, { passage, wrong: true })).status).toBe(200)
  expect(await asks(question)).not.toContain('30%')
  await command('right', passage)
  expect(await asks(question)).toContain('30%')
})

test('a document that is withdrawn is out of search at once, from either side; a second time is a clear refusal', async () => {
  const { document } = await cited()
  await command('withdraw', document)
  expect(await asks(question)).not.toContain('30%')
  await expect(command('withdraw', document)).rejects.toMatchObject({ code: 'not_live', hint: expect.any(String) })
  await expect(command('withdraw', 'no-such')).rejects.toMatchObject({ code: 'not_live' })

  const other = '发明专利授权一件资助多少？'
  expect(await asks(other)).toContain('3000元')
  const second = await cited()
  expect((await staff.post(`/desk/api/documents/${second.document}/withdraw`)).status).toBe(200)
  expect(await asks(other)).not.toContain('3000元')
  expect((await staff.post(`/desk/api/documents/${second.document}/withdraw`)).status).toBe(409)
})

test('what is for verified enterprises answers whoever was verified, from the command line or the desk, and nobody else', async () => {
  const table =
    '编号,成果名称,领域,成熟度,公开级别,简介\nA1,超疏水自清洁幕墙涂层,新材料,TRL 7,L2,适用于高层建筑幕墙的超疏水自清洁涂层，耐候十年。\n'
  const files = [{ source: 'a.csv', name: 'a.csv', bytes: async () => new TextEncoder().encode(table) }]
  for await (const { outcome, records } of ingest(files, { library: world.park.park.library, log: silentLog, demo: true }))
    expect([outcome, records]).toEqual(['added', 1])

  const wish = '有没有超疏水自清洁幕墙涂层的成果？'
  const [open, told, shown] = [801, 802, 803]
  expect(await asks(wish, open)).not.toContain('A1')
  await command('verify', `telegram:${told}`, '绿源环保有限公司')
  expect(await asks(wish, told)).toContain('超疏水自清洁幕墙涂层')
  expect((await staff.post('/desk/api/verified', { account: `telegram:${shown}`, enterprise: '云水科技有限公司' })).status).toBe(
    200,
  )
  expect(await asks(wish, shown)).toContain('超疏水自清洁幕墙涂层')
  expect(await asks(wish, 804)).toEqual(handedOver)
  expect(await rows(`select actor from audit where action = 'answered_as_verified' order by id`)).toEqual([
    { actor: `telegram:${told}` },
    { actor: `telegram:${shown}` },
  ])

  await command('unverify', `telegram:${told}`)
  expect(await asks(wish, told)).toEqual(handedOver)
  expect((await staff.post('/desk/api/verified/revoke', { account: `telegram:${shown}` })).status).toBe(200)
  expect(await asks(wish, shown)).toEqual(handedOver)
  expect((await staff.post('/desk/api/verified/revoke', { account: `telegram:${shown}` })).status).toBe(404)
  // Whoever waited meanwhile is known by their papers on the desk.
  const [waiting] = (
    (await lead.get('/desk/api/cases?list=queue')).body as { cases: { id: string; chat: string }[] }
  ).cases.filter((each) => each.chat === `telegram:${open}`)
  expect((await lead.post(`/desk/api/cases/${waiting?.id}/verify`, { enterprise: '晨光材料有限公司' })).status).toBe(200)
  expect(await command('verified')).toMatchObject([{ account: `telegram:${open}`, enterprise: '晨光材料有限公司' }])
})

test('a person’s data goes on request, and the park hears what was asked for wrongly', async () => {
  await asks('/help 独一无二的话语七三', 805)
  await command('erase', 'telegram:805')
  await until(() => rows(`select 1 from message where text like '%独一无二的话语七三%'`)).toEqual([])
  await until(() => rows(`select 1 from audit where action = 'data_erased' and actor = 'park'`)).toHaveLength(1)
  await expect(command('erase', 'telegram:nobody')).rejects.toMatchObject({ code: 'unknown_chat' })
  await expect(command('verify', 'nonsense', 'x')).rejects.toMatchObject({ code: 'bad_account' })
  await expect(command('topic', 'sideways')).rejects.toThrow('topic needs')
  await expect(command('wrong', 'no-such')).rejects.toMatchObject({ code: 'no_such_passage' })
})
