import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import { inbox } from '../../bot/inbox.ts'
import type { Service } from '../../bot/service.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { runPeople } from '../campaign/wecom/people.ts'
import { unkind } from '../campaign/wecom.ts'
import { type KfServer, kfServer } from '../fakes/kf-server.ts'
import { customer, kfEnv } from '../fakes/kf-world.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'

let kf: KfServer
let world: TestPark
let service: Service

beforeAll(async () => {
  kf = await kfServer()
  world = await openTestPark({ ...kfEnv(kf), DEMO: '1' })
  const register = people(world.database.pool)
  const broker = { role: 'broker' as const, telegram: null, fields: [], hours: null, capacity: 5, demo: false }
  await register.add({ ...broker, name: '王工', wecom: 'wanggong' }, 'test')
  await register.add({ ...broker, name: '李工', wecom: 'ligong' }, 'test')
  kf.past('wmOldCustomer', '上个月的问题', 3_600_000)
  service = (await startService(world)).service
  kf.callback = `${service.url}wecom/callback`
})
afterAll(async () => {
  await service.stop()
  await world.close()
  await kf.close()
})

const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
const seen = (user = customer) => kf.seen.filter((each) => each.user === user)
const last = (user = customer) => seen(user).at(-1)
const menu = (label: string, user = customer) => last(user)?.menu.find((each) => each.content === label)
const click = (label: string, user = customer) => {
  const item = seen(user)
    .flatMap((each) => each.menu)
    .findLast((each) => each.content === label)
  kf.say(user, label, { menuId: item?.id ?? 'missing' })
}
const rows = async <Row>(sql: string): Promise<Row[]> => (await world.database.pool.query<Row & object>(sql)).rows
const ticket = async () =>
  (
    await rows<{ state: string; owner: string | null; closed_how: string | null; satisfaction: number | null; replied: boolean }>(
      `select t.state, p.name as owner, closed_how, satisfaction, first_reply_at is not null as replied
         from ticket t join conversation c on c.id = t.conversation left join person p on p.id = t.owner
        where c.chat like '%${customer}' order by t.id desc limit 1`,
    )
  )[0]
const transcript = async () =>
  (
    await rows<{ author: string; author_name: string | null; text: string }>(
      `select author, author_name, text from message m join conversation c on c.id = m.conversation where c.chat like '%${customer}' order by m.id`,
    )
  ).map((each) => `${each.author_name ?? each.author}: ${each.text}`)

test('welcome, question, answer, 转人工 to a colleague in WeCom, their words, end, satisfaction, bot again', async () => {
  kf.servicers.set('wanggong', 'receiving')
  kf.enter(customer)
  await until(() => last()).toMatchObject({ by: 'event', text: expect.stringContaining('技术转移助手') })
  expect(menu('转人工')?.id).toBe('human')

  kf.say(customer, '专利质押贷款贴息多少')
  await until(() => last()?.text).toMatch(/30%[\s\S]*云园管〔2023〕19号 第三条/)
  expect(kf.session(customer).state).toBe(1)
  expect(seen().filter((each) => each.by === 'message').length).toBeLessThanOrEqual(2)

  click('转人工')
  await until(() => kf.session(customer)).toMatchObject({ state: 3, servicer: 'wanggong' })
  await until(() => last()?.text).toBe('王工正在为您接入，会在这里直接答复您。')
  expect(last()?.by).toBe('event')
  expect(seen().at(-2)?.text).toMatch(/转给技术经纪人[\s\S]*编号/)
  expect(await ticket()).toMatchObject({ state: 'waiting', owner: null })

  kf.say(customer, '我们想先了解银行')
  kf.servicerSays(customer, 'wanggong', '您好，贴息材料我发您，请问贷款是哪家银行？')
  await until(() => ticket()).toMatchObject({ state: 'claimed', owner: '王工', replied: true })
  kf.say(customer, '云汀银行')
  await until(() => transcript()).toContain(`微信用户${customer}: 云汀银行`)
  expect(await rows(`select person_name as name from conversation where chat like '%${customer}'`)).toEqual([
    { name: `微信用户${customer}` },
  ])
  expect(await transcript()).toContain('王工: 您好，贴息材料我发您，请问贷款是哪家银行？')
  const before = seen().length

  kf.end(customer)
  await until(() => ticket()).toMatchObject({ state: 'closed', closed_how: 'broker' })
  await until(() => last()).toMatchObject({ by: 'event', text: expect.stringContaining('已结束') })
  expect(seen().length).toBe(before + 1)
  click('满意')
  await until(async () => (await ticket())?.satisfaction).toBe(5)

  kf.say(customer, '发明专利授权一件资助多少？')
  await until(() => last()?.text).toContain('3000元')
  expect(kf.refused).toEqual([])
  expect(kf.counts.conflicts).toBe(0)
})

test('nobody is receiving: the truth is told, it stays with us, and whoever comes gets it', async () => {
  const user = 'wmWaiting'
  kf.servicers.set('wanggong', 'stopped')
  kf.say(user, '/human')
  await until(() => last(user)?.text).toMatch(/转给技术经纪人[\s\S]*编号/)
  expect(kf.session(user).state).toBe(1)
  kf.receive('ligong', true)
  await until(() => kf.session(user)).toMatchObject({ state: 3, servicer: 'ligong' })
  await until(() => last(user)?.text).toContain('李工正在为您接入')
  kf.say(user, '/close')
  await until(() => kf.session(user).state).toBe(4)
  await until(() => last(user)).toMatchObject({ by: 'event', text: expect.stringContaining('已取消转人工') })
  kf.receive('wanggong', true)
})

test('given back at the desk, the chat goes to another colleague who is receiving, and the person is told', async () => {
  const user = 'wmGivenBack'
  kf.receive('wanggong', true)
  kf.say(user, '/human')
  await until(() => kf.session(user).state).toBe(3)
  const first = kf.session(user).servicer ?? ''
  kf.servicerSays(user, first, '您好，这件事要请同事来办。')
  const found = `select t.id::text, t.conversation::text, t.owner::text from ticket t join conversation c on c.id = t.conversation where c.chat like '%${user}' and t.state = 'claimed'`
  await until(() => rows(found)).toHaveLength(1)
  const [held] = await rows<{ id: string; conversation: string; owner: string }>(found)
  const { pool } = world.database
  const action = {
    kind: 'desk_action',
    key: 'give-back',
    ticket: held?.id ?? '',
    by: held?.owner ?? '',
    action: { do: 'return' },
    tell: null,
  } as const
  await inbox({ pool, ask: world.park.ask, log: silentLog, clock: world.park.clock, owner: 'test' }).storeAction(
    held?.conversation ?? '',
    action,
  )
  await until(() => kf.session(user).servicer !== first && kf.session(user).state).toBe(3)
  await until(() => last(user)?.text).toMatch(/(王工|李工)正在为您接入/)
})

test('whoever goes off duty while the person waits leaves the chat to another colleague who is receiving', async () => {
  const user = 'wmOffDuty'
  kf.say(user, '/human')
  await until(() => kf.session(user).state).toBe(3)
  const first = kf.session(user).servicer ?? ''
  kf.servicerSays(user, first, '您好，我看一下。')
  const found = `select t.owner::text from ticket t join conversation c on c.id = t.conversation where c.chat like '%${user}' and t.state = 'claimed'`
  await until(() => rows(found)).toHaveLength(1)
  const owner = (await rows<{ owner: string }>(found))[0]?.owner ?? ''
  kf.say(user, '请问什么时候有结果')
  await until(() => rows(`select 1 from message where text = '请问什么时候有结果'`)).toHaveLength(1)
  await people(world.database.pool).setPresent(owner, false, 'test')
  await until(() => kf.session(user).servicer !== first && kf.session(user).state).toBe(3)
  await people(world.database.pool).setPresent(owner, true, 'test')
})

test('what was taken and not delivered waits for the person and comes before what is new', async () => {
  const user = 'wmUndelivered'
  kf.failDelivery(user, 6)
  kf.say(user, '/help')
  await until(async () => (await rows(`select 1 from outbox where chat like '%${user}' and state = 'held'`)).length).toBe(1)
  expect(seen(user)).toEqual([])
  kf.say(user, '/privacy')
  await until(() =>
    seen(user)
      .map((each) => each.text)
      .join('\n'),
  ).toMatch(/您可以[\s\S]*我们保存您/)
})

test('a human whom nobody asked for takes the chat: the bot is silent, their words open a ticket, the end closes it', async () => {
  const user = 'wmTaken'
  kf.say(user, '/help')
  await until(() => seen(user).length).toBe(1)
  kf.pickUp(user, 'wanggong')
  kf.say(user, '专利质押贷款贴息多少')
  kf.servicerSays(user, 'wanggong', '我来答您。')
  const held = `select t.state, p.name from ticket t join person p on p.id = t.owner join conversation c on c.id = t.conversation where c.chat like '%${user}'`
  await until(() => rows(held)).toEqual([{ state: 'claimed', name: '王工' }])
  kf.end(user)
  await until(() => rows(held)).toEqual([{ state: 'closed', name: '王工' }])
  expect(seen(user).filter((each) => each.text.includes('30%'))).toEqual([])
})

test('a colleague nobody has registered may help too: their words stand in the transcript, and nothing is ended over them', async () => {
  const user = 'wmStranger'
  kf.servicers.set('newcomer', 'receiving')
  kf.say(user, '/help')
  await until(() => seen(user).length).toBe(1)
  kf.pickUp(user, 'newcomer')
  kf.servicerSays(user, 'newcomer', '您好')
  const words = `select author_name as name, text from message m join conversation c on c.id = m.conversation where c.chat like '%${user}' and author = 'broker'`
  await until(() => rows(words)).toEqual([{ name: 'newcomer', text: '您好' }])
  kf.end(user)
  await until(() => rows(`select turn from conversation where chat like '%${user}'`)).toEqual([{ turn: 'bot' }])
  await until(() => last(user)?.text).toContain('已结束')
})

test('customers of a platform that loses doorbells, shuffles pages and answers lie: a slice of the campaign', async () => {
  unkind(kf)
  // Alone in the account, they would wait for the poll of the next minute.
  kf.chaos.lostBells = 0
  const before = kf.refused.length
  const figures = await runPeople({
    ...{ kf, messages: 16, seed: 3, atOnce: 8, servicers: ['wanggong', 'ligong'] },
    ...{ untilMs: Date.now() + 60_000, progress: () => {} },
  })
  expect(figures).toMatchObject({ lost: 0, twice: 0, astray: 0, unasked: 0, conflicts: 0 })
  expect(kf.refused.slice(before).filter((each) => !each.raced)).toEqual([])
}, 120_000)

test('what was written before the first start is nobody’s business', async () => {
  expect(seen('wmOldCustomer')).toEqual([])
  expect(await rows(`select 1 from conversation where chat like '%wmOldCustomer'`)).toEqual([])
})
