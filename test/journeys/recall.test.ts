import { afterAll, beforeAll, expect, test } from 'vitest'
import { recalls } from '../../bot/recall/recalls.ts'
import { type Client, type DeskWorld, openDeskWorld } from '../fakes/desk-world.ts'
import { type KfServer, kfServer } from '../fakes/kf-server.ts'
import { kfEnv } from '../fakes/kf-world.ts'
import { wecomEnv } from '../fakes/wecom-world.ts'

/** A park whose brokers have no topics: WeCom's app and the web desk are all there is. */
let kf: KfServer
let world: DeskWorld
let lead: Client
const person = 'wmRecalled'
const broker = 'WangGong'

beforeAll(async () => {
  kf = await kfServer()
  kf.secrets.set('app-secret', '1000002')
  kf.members.set(broker, 'licensed')
  world = await openDeskWorld({ ...kfEnv(kf), ...wecomEnv(kf) })
  kf.callback = `${world.service.url}wecom/callback`
  await world.add('broker', '王工', { wecom: broker })
  lead = await world.signIn(await world.add('lead', '赵主任', { hours: '7 00:00-00:01' }))
})
afterAll(async () => {
  await world.close()
  await kf.close()
})

const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const seen = () => kf.seen.filter((each) => each.user === person).map((each) => each.text)
const corrections = () => seen().filter((text) => text.includes('更正'))
const toBroker = () => kf.sent.filter((each) => each.to === broker).map((each) => each.text)
const listed = async (path: string, name: string) =>
  ((await lead.get(`/desk/api/${path}`)).body as Record<string, unknown[]>)[name]

test('beyond 48 hours the words wait for the next message, once, and a broker on duty is asked to telephone', async () => {
  kf.say(person, '/help 我的电话 13800138000')
  kf.say(person, '专利质押贷款贴息多少')
  await until(() => seen().join('\n')).toContain('30%')
  const { rows } = await world.park.database.pool.query<{ document: string; passage: string }>(
    `select p.document_id as document, p.id as passage from answer_passage a join passage p on p.id = a.passage limit 1`,
  )
  const cited = rows[0] ?? { document: '', passage: '' }
  const { status } = await lead.post(`/desk/api/documents/${cited.document}/wrong`, { passage: cited.passage, wrong: true })
  expect(status).toBe(200)
  const book = recalls(world.park.database.pool, { clock: world.park.park.clock })
  await book.look()
  const [recall] = (await listed('recalls', 'proposed')) as { id: string; people: number }[]
  expect(recall?.people).toBe(1)

  kf.pass(49 * 3_600_000)
  expect((await lead.post(`/desk/api/recalls/${recall?.id}/confirm`, { wording: null })).status).toBe(200)
  await until(() => listed('calls', 'calls')).toHaveLength(1)
  expect(await listed('calls', 'calls')).toMatchObject([
    { contact: '13800138000', asked: '王工', ticket: null, words: [expect.stringContaining('更正')] },
  ])
  await until(() => toBroker().join('\n')).toMatch(/打电话告知[\s\S]*更正/)
  expect(corrections()).toEqual([])

  // A second recall, a second process, another look: nothing more is asked for, and nothing is said.
  await book.look()
  expect((await world.park.database.pool.query('select 1 from call_task')).rowCount).toBe(1)

  kf.say(person, '你好')
  await until(corrections).toHaveLength(1)
  expect(await listed('calls', 'calls')).toEqual([]) // said in writing: nobody need call any more
  const before = seen().length
  kf.say(person, '/privacy')
  await until(() => seen().length).toBeGreaterThan(before)
  expect(corrections()).toHaveLength(1)
})

test('a broker’s own words that wait: the owner is asked, others do not see it, and that somebody called is written down', async () => {
  const other = await world.signIn(await world.add('broker', '李工'))
  const wang = await world.signIn((await world.book.byAccount(`wecom:${broker}`)) ?? (await world.add('broker', '无')))
  const act = (client: Client, id: string, action: object) =>
    client.post(`/desk/api/cases/${id}/action`, { key: crypto.randomUUID(), action })
  kf.say(person, '/human')
  await until(() => listed('cases?list=queue', 'cases')).toHaveLength(1)
  const [queued] = (await listed('cases?list=queue', 'cases')) as { id: string }[]
  const id = queued?.id ?? ''
  expect((await act(wang, id, { do: 'claim' })).status).toBe(200)
  await until(() => seen().join('\n')).toContain('王工')
  kf.pass(49 * 3_600_000)
  expect((await act(wang, id, { do: 'reply', text: '银行已经回复，利率是 3.2%。' })).status).toBe(200)
  await until(() => listed('calls', 'calls')).toMatchObject([{ ticket: id, asked: '王工' }])
  const [call] = (await listed('calls', 'calls')) as { id: string }[]
  expect((await other.get('/desk/api/calls')).body).toEqual({ calls: [] })
  expect((await other.post(`/desk/api/calls/${call?.id}/done`)).status).toBe(404)
  expect((await wang.post(`/desk/api/calls/${call?.id}/done`)).status).toBe(200)
  expect(await listed('calls', 'calls')).toEqual([])
  const { rows } = await world.park.database.pool.query(`select actor, about from audit where action = 'telephoned'`)
  expect(rows).toEqual([{ actor: expect.stringMatching(/^person:\d+$/), about: `conversation:${call?.id}` }])
  kf.say(person, '好的')
  await until(() => seen().join('\n')).toContain('利率是 3.2%')
})
