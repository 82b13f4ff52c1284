import { afterAll, beforeAll, expect, test } from 'vitest'
import { control } from '../../bot/control/control.ts'
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
  telegram.sayAs(chat, `企业${chat}`, text)
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

  const live = async () => ((await staff.get('/desk/api/documents')).body as { documents: { documentId: string }[] }).documents
  const [second] = await live()
  expect((await staff.post(`/desk/api/documents/${second?.documentId}/withdraw`)).status).toBe(200)
  expect((await live()).map((each) => each.documentId)).not.toContain(second?.documentId)
  expect((await staff.post(`/desk/api/documents/${second?.documentId}/withdraw`)).status).toBe(409)
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

/** Acts in the order they are done, with what each leaves in the two books that nobody can change: `action about`. */
const broker: { client: Client | null; id: string } = { client: null, id: '' }
const acts: readonly (readonly [string, () => Promise<unknown>, readonly string[]])[] = [
  [
    'somebody registered',
    async () => {
      broker.id = (await world.add('broker', '账本')).id
    },
    ['person_added person:B'],
  ],
  [
    'a link made and used to sign in',
    async () => {
      expect((await lead.post(`/desk/api/people/${broker.id}/link`)).status).toBe(200)
      broker.client = await world.signIn((await world.book.byId(broker.id)) ?? (await world.add('broker', '无')))
    },
    ['desk_link_made person:B', 'desk_signed_in person:B'],
  ],
  ['off duty', () => post('duty', { present: false }), ['person_off_duty person:B']],
  ['on duty, by a lead', () => lead.post(`/desk/api/people/${broker.id}/duty`, { present: true }), ['person_on_duty person:B']],
  ['a list looked at', () => broker.client?.get('/desk/api/cases?list=queue') ?? fails(), []],
  ['a case looked at', () => broker.client?.get(`/desk/api/cases/${caseId}`) ?? fails(), ['ticket_viewed ticket:T']],
  ['claimed', () => act({ do: 'claim' }), ['ticket_claimed ticket:T']],
  ['claimed again', () => act({ do: 'claim' }), []],
  ['claimed too late', () => act({ do: 'claim' }, lead), []],
  ['a reply', () => act({ do: 'reply', text: '您好' }), []],
  ['verified', () => post(`cases/${caseId}/verify`, { enterprise: '账本企业' }), ['enterprise_verified telegram:806']],
  ['revoked', () => staff.post('/desk/api/verified/revoke', { account: 'telegram:806' }), ['enterprise_revoked telegram:806']],
  ['given back', () => act({ do: 'return' }), ['ticket_returned ticket:T']],
  ['claimed by the first words', () => act({ do: 'reply', text: '还是我来' }), ['ticket_claimed ticket:T']],
  ['transferred', () => act({ do: 'transfer', to: leadId }), ['ticket_transferred ticket:T']],
  [
    'proposed as an answer',
    () => act({ do: 'faq', question: '账本放哪', answer: '放在账本柜里，周五盘点。' }, lead),
    ['faq_proposed ticket:T'],
  ],
  ['closed', () => act({ do: 'close', outcome: 'introduced' }, lead), ['ticket_closed ticket:T']],
  ['its outcome corrected', () => act({ do: 'record', outcome: 'too_early' }, lead), ['outcome_recorded ticket:T']],
  ['opened again', () => act({ do: 'reopen' }, lead), ['ticket_reopened ticket:T']],
  ['closed again', () => act({ do: 'close' }, lead), ['ticket_closed ticket:T']],
  ['an answer approved', async () => command('faq', 'approve', await proposed()), ['faq_approved faq:F', 'uploaded document']],
  ['a topic closed', () => command('topic', 'off', '账本柜'), ['topic_closed topic:账本柜']],
  ['a topic opened', () => command('topic', 'on', '账本柜'), ['topic_opened topic:账本柜']],
  ['removed', () => lead.post(`/desk/api/people/${broker.id}/remove`), ['person_removed person:B']],
]
let caseId = ''
let leadId = ''
const fails = () => Promise.reject(new Error('nobody is signed in'))
const post = (path: string, body: object) => broker.client?.post(`/desk/api/${path}`, body) ?? fails()
const act = (action: object, who: Client | null = broker.client) =>
  who?.post(`/desk/api/cases/${caseId}/action`, { key: crypto.randomUUID(), action }) ?? fails()
const proposed = async () => (await rows<{ id: string }>(`select max(id)::text as id from faq_candidate`))[0]?.id ?? ''

test('every act leaves exactly one line in a book that nobody can change, and what was refused leaves none', async () => {
  await asks('转人工', 806)
  const [waiting] = await rows<{ id: string }>(
    `select t.id::text from ticket t join conversation c on c.id = t.conversation where c.chat = 'telegram:806'`,
  )
  caseId = waiting?.id ?? ''
  leadId = (await world.book.list()).find((each) => each.role === 'lead')?.id ?? ''
  const books = `select 'audit' as book, id, action || ' ' || about as line from audit union all
    select 'documents', id, action || ' document' from document_action order by 1, 2`
  for (const [name, doIt, lines] of acts) {
    const before = (await rows(books)).length
    await doIt()
    const known: Readonly<Record<string, string>> = { B: broker.id, T: caseId, F: await proposed() }
    const wanted = lines.map((line) => line.replace(/:([BTF])$/, (_, letter: string) => `:${known[letter]}`))
    const all = await rows<{ line: string; id: string }>(books)
    expect([name, all.length - before]).toEqual([name, wanted.length])
    for (const line of wanted) expect([name, all.map((each) => each.line)]).toEqual([name, expect.arrayContaining([line])])
  }
  for (const table of ['audit', 'document_action'])
    for (const change of [`update ${table} set actor = 'x'`, `delete from ${table}`, `truncate ${table}`])
      await expect(rows(change)).rejects.toThrow('append-only')
})
