import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { agendaRoutes } from '../../bot/desk/api/agenda.ts'
import { Shown } from '../../bot/desk/routes.ts'
import { listRows, report } from '../../bot/report/report.ts'
import { type AgendaWorld, openAgendaWorld, table } from '../fakes/agenda-world.ts'

/** Events beside a broker, and what registered people record of them, in chat and on the desk. */
const breakfast = ['A5', '企业家早餐会', '2026-12-08 8:00', '待定', '沙龙', '30', '', '', '']

const { rows } = table

let world: AgendaWorld
beforeAll(async () => {
  world = await openAgendaWorld('2026-11-26T10:00')
})
afterAll(() => world.close())
beforeEach(async () => {
  world.set('2026-11-26T10:00')
  await world.table('2026年活动.csv', rows)
  await world.desk.database.pool.query('delete from event_signup')
  await world.desk.settle()
})

const idOf = async (title: string) =>
  (await world.desk.database.pool.query<{ id: string }>('select id::text from event where title = $1', [title])).rows[0]?.id ?? ''

test('with a broker one still signs up and leaves by name; the broker reads it, and everything else is for the broker', async () => {
  await world.table('2026年活动.csv', [...rows, breakfast])
  const { desk } = world
  const chat = 'web:talks-with'
  await world.say(chat, '我要找人工')
  const wang = await desk.broker('孟工')
  const ticket = (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
  const claimed = desk.post(wang, ticket, { do: 'claim' })
  await expect.poll(() => desk.settle().then(() => world.heard(chat)), { timeout: 20_000 }).not.toEqual([])
  expect((await claimed).code).toBe('done')
  expect(await world.say(chat, '报名科创下午茶')).toContain('姓名、单位')
  expect(await world.say(chat, '好的，孟工')).toBe('')
  expect(await world.say(chat, '张三，甲公司')).toContain('已为您报名')
  expect(await world.say(chat, '企业家早餐会我想参加')).toMatch(/已为您报名[\s\S]*企业家早餐会/)
  expect((await desk.said(`ticket:${ticket}`)).join('\n')).toMatch(/张三，甲公司[\s\S]*不用回复/)
  // These may be about what they talk of.
  for (const words of [
    '我要报名',
    '报名',
    '2个人',
    '我去不了了',
    '第二个',
    '早餐会还能报吗',
    '取消',
    '取消报名',
    '报名高新技术企业认定',
    '我想参加',
  ])
    expect(await world.say(chat, words), words).toBe('')
  expect((await desk.said(`ticket:${ticket}`)).filter((each) => each.includes('不用回复'))).toHaveLength(3)
  expect(await world.say(chat, '早餐会我去不了了')).toContain('已取消您对“企业家早餐会”的报名')
  expect((await world.desk.deps.agenda.signupsOf(await idOf('科创下午茶'))).map((each) => each.people)).toEqual([1])
})

test('registered people record in chat what became of an event, and the report counts it', async () => {
  const { desk } = world
  const staff = await desk.deps.people.add(
    { role: 'staff', name: '赵园', telegram: null, wecom: 'zhao', fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  const broker = await desk.broker('王工', { wecom: 'wang' })
  await world.say('web:h1', '报名技术合同登记培训，张三，甲公司，2人')
  await world.say('web:h2', '报名技术合同登记培训，李四，乙公司')
  const id = await idOf('技术合同登记培训')
  const chat = 'wecom:zhao'
  expect(await world.say(chat, `/held E${id}`)).toContain('还没有开始')
  world.set('2026-12-02T12:00')
  expect(await world.say(chat, '/events')).toMatch(new RegExp(`E${id} 技术合同登记培训[^\n]*报名3人，候补0人`))
  expect(await world.say(chat, `/attended E${id} 张三 王五`)).toContain('没有找到（或有重名）：王五')
  expect(await world.say(chat, `/attended E${id} 张三`)).toContain('已登记到场')
  expect(await world.say(chat, `/trained E${id} 王工`)).toContain('已登记受训')
  // Everybody on the list would be told.
  expect(await world.say('wecom:wang', `/cancel_event E${await idOf('科创下午茶')} 不办了`)).toContain('没有取消')
  world.set('2026-12-04T09:00')
  const roadshowId = await idOf('新材料专场路演')
  expect(await world.say(chat, `/trained E${roadshowId} 王工`)).toContain('不是培训')
  expect(await world.say(chat, `/held E${roadshowId} 35人 签到表在共享盘`)).toMatch(/名额（3人）的两倍[\s\S]*确认/)
  expect(await world.say(chat, `/held E${roadshowId} 35人 确认 签到表在共享盘`)).toContain('已登记举办')
  expect(await world.say('web:h1', `/held E${roadshowId} 99`)).not.toContain('已登记')
  expect(await world.say('web:h1', '/events')).toContain('科创下午茶')

  const period = { from: new Date('2026-12-01T00:00:00+08:00'), to: new Date('2026-12-05T00:00:00+08:00') }
  const { pool } = desk.database
  expect(await report(pool, period, { from: '', to: '' })).toMatchObject({
    events: { held: 2, training: 1, attendance: 37 },
    brokers: { trained: 1 },
  })
  expect(await listRows(pool, 'events.held', period)).toMatchObject([
    { title: '技术合同登记培训', amount: 2 },
    { title: '新材料专场路演', amount: 35, evidence: '签到表在共享盘', by: `person:${staff.id}` },
  ])
  expect(await listRows(pool, 'brokers.trained', period)).toMatchObject([{ id: broker.id, name: '王工' }])
  await pool.query(`update event set state = 'on', decided = false, attendance = null`)
})

test('the desk lists events and sign-ups, gives a list no spreadsheet runs, records and cancels, and refuses what cannot be', async () => {
  const { desk } = world
  const { agenda, people, clock } = desk.deps
  const routes = agendaRoutes({ agenda, people, pool: desk.database.pool, clock })
  const person = await desk.broker('钱工', { role: 'staff' })
  const call = (path: string, id = '', body: unknown = {}) => {
    const route = routes.find((each) => `${each.method} ${each.path}` === path)
    const by = { person, id, query: {} }
    return route?.handle(by, body)
  }
  await world.say('web:w', '报名技术合同登记培训，单位：=1+1公司，姓名：张三')
  await world.say('web:w2', '报名新材料专场路演，李四，乙公司')
  expect(await call('GET /desk/api/agenda')).toMatchObject({
    coming: [{ title: '技术合同登记培训', taken: 1 }, { title: '新材料专场路演' }, { title: '科创下午茶' }],
    past: [{ title: '十月路演' }],
  })
  const id = await idOf('技术合同登记培训')
  const list = await call('GET /desk/api/agenda/:id/list', id)
  expect(list instanceof Shown && Buffer.from(list.bytes).toString()).toMatch(/^\uFEFF姓名,单位[\s\S]*张三,'=1\+1公司,1,/)
  const held = { attendance: 12, evidence: '签到表', attended: null, trained: [] }
  await expect(call('POST /desk/api/agenda/:id/hold', id, held)).rejects.toMatchObject({ code: 'event_ahead' })
  world.set('2026-12-02T12:00')
  await call('POST /desk/api/agenda/:id/hold', id, held)
  expect(await call('GET /desk/api/agenda/:id', id)).toMatchObject({
    steps: expect.arrayContaining([
      expect.objectContaining({ stage: 'announced', by: null }),
      expect.objectContaining({ stage: 'held', by: '钱工', evidence: '签到表' }),
    ]),
    event: { state: 'held', attendance: 12 },
    signups: [{ name: '张三' }],
  })
  // Who was recorded as trained by mistake is taken off again.
  for (const trained of [[person.id], []]) {
    await call('POST /desk/api/agenda/:id/hold', id, { ...held, trained })
    expect(await call('GET /desk/api/agenda/:id', id)).toMatchObject({ trained: trained.map(() => '钱工') })
  }
  await call('POST /desk/api/agenda/:id/hold', id, held)
  await expect(call('POST /desk/api/agenda/:id/cancel', id, { evidence: null })).rejects.toMatchObject({ code: 'event_over' })
  await call('POST /desk/api/agenda/:id/cancel', await idOf('新材料专场路演'), { evidence: '台风' })
  expect(await call('GET /desk/api/agenda')).toMatchObject({
    coming: [{ title: '科创下午茶' }],
    past: expect.arrayContaining([expect.objectContaining({ title: '新材料专场路演', state: 'cancelled' })]),
  })
  expect((await world.heard('web:w2')).join()).toContain('已取消')
  const { rows: steps } = await desk.database.pool.query(
    `select stage, by, evidence from event_stage where event = $1 order by id desc limit 1`,
    [id],
  )
  expect(steps).toEqual([{ stage: 'held', by: `person:${person.id}`, evidence: '签到表' }])
})
