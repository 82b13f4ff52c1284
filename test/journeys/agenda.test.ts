import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Decision } from '../../bot/agenda/store.ts'
import { expire } from '../../bot/control/retention.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { type AgendaWorld, openAgendaWorld, table } from '../fakes/agenda-world.ts'
import { onServer } from '../fakes/database.ts'

const { header, roadshow, training, tea, past, rows } = table

let world: AgendaWorld
beforeAll(async () => {
  world = await openAgendaWorld('2026-11-26T10:00')
  await world.table('2026年活动.csv', rows)
})
afterAll(() => world.close())
beforeEach(async () => {
  world.set('2026-11-26T10:00')
  await world.table('2026年活动.csv', rows)
  await world.desk.database.pool.query('delete from event_signup')
  await world.desk.settle()
})

const signedUp = async (title: string) =>
  (
    await world.desk.database.pool.query<{ who: string; state: string; people: number }>(
      'select who, s.state, people from event_signup s join event e on e.id = s.event where e.title = $1 order by s.id',
      [title],
    )
  ).rows
const idOf = async (title: string) =>
  (await world.desk.database.pool.query<{ id: string }>('select id::text from event where title = $1', [title])).rows[0]?.id ?? ''

const decide = (id: string, decisions: readonly Decision[]) =>
  transaction(world.desk.database.pool, (tx) => world.desk.deps.agenda.decide(tx, id, { id: '1', role: 'staff' }, decisions))

test('somebody asks, signs up by its place in the list, is asked for what is missing, and sees and cancels it', async () => {
  const chat = 'web:one'
  expect(await world.say(chat, '最近有什么活动')).toMatch(
    /1\. 技术合同登记培训[\s\S]*2\. 新材料专场路演：12月3日（周四）14:00–16:30，孵化楼二楼；名额3，还有3个/,
  )
  expect(await world.say(chat, '报名2')).toMatch(/新材料专场路演[\s\S]*姓名、单位/)
  expect(await world.say(chat, '张三')).toContain('还差：单位')
  expect(await world.say(chat, '云帆新材料公司，2人')).toMatch(/已为您报名[\s\S]*张三，云帆新材料公司，2人/)
  expect(await signedUp('新材料专场路演')).toEqual([{ who: chat, state: 'in', people: 2 }])
  expect(await world.say('web:other', '路演什么时候')).toContain('名额3，还有1个')
  expect(await world.say(chat, '我报名了哪些活动')).toContain('1. 新材料专场路演')
  // What they said of themselves need not be said again.
  expect(await world.say(chat, '报名科创下午茶')).toMatch(/已为您报名[\s\S]*张三，云帆新材料公司，1人/)
  expect(await world.say(chat, '取消报名')).toMatch(/要取消哪一场[\s\S]*1\. 新材料专场路演[\s\S]*2\. 科创下午茶/)
  expect(await world.say(chat, '取消报名2')).toContain('已取消您对“科创下午茶”的报名')
  expect(await world.say(chat, '取消报名')).toContain('已取消您对“新材料专场路演”的报名')
  expect(await world.say(chat, '我的报名')).toContain('没有报名任何')
})

test('everything may be said in one message, and again with another number of people', async () => {
  const chat = 'web:at-once'
  expect(await world.say(chat, '报名新材料专场路演，张三，云帆公司，1人')).toContain('已为您报名')
  expect(await world.say(chat, '报名新材料专场路演，2人')).toContain('报名信息已更新')
  expect(await signedUp('新材料专场路演')).toEqual([{ who: chat, state: 'in', people: 2 }])
  expect(await world.say('web:b', '报名新材料专场路演，李四，示例大学')).toContain('已为您报名')
  expect(await world.say(chat, '报名新材料专场路演，3人')).toContain('不够3人')
  expect(await world.say(chat, '报名新材料专场路演，9人')).toContain('一共只有3个名额')
})

test('what was just said may be put right; after leaving, a bare wish asks which one', async () => {
  const chat = 'web:right'
  await world.say(chat, '报名新材料专场路演，张三，甲公司')
  expect(await world.say(chat, '改成2人')).toMatch(/已更新[\s\S]*张三，甲公司，2人/)
  expect(await world.say(chat, '我是云帆公司的李小明')).toMatch(/已更新[\s\S]*李小明，云帆公司，2人/)
  expect(await world.say(chat, '路演什么时候')).toContain('新材料专场路演')
  await world.say(chat, '最近有什么活动', '我的报名', '取消报名')
  expect(await world.say(chat, '报名')).toMatch(/哪一场/)
})

test('when all places are taken one waits, and is told once when a place becomes free', async () => {
  await world.say('web:a', '报名新材料专场路演，张三，甲公司，3人')
  expect(await world.say('web:b', '报名新材料专场路演，李四，乙公司，2人')).toMatch(/候补[\s\S]*第1位/)
  expect(await world.say('web:c', '报名新材料专场路演，王五，丙公司，1人')).toMatch(/候补[\s\S]*第2位/)
  expect(await world.say('web:d', '路演什么时候')).toContain('已满，可以排队候补')
  await world.say('web:a', '取消报名')
  expect((await world.heard('web:b')).join()).toMatch(/候补成功[\s\S]*新材料专场路演/)
  expect((await world.heard('web:c')).join()).toContain('候补成功')
  expect((await signedUp('新材料专场路演')).map((each) => each.state)).toEqual(['cancelled', 'in', 'in'])
  await world.say('web:b', '取消报名')
  expect(await world.heard('web:c')).toEqual([])
})

test('a place that becomes free at night is told in the morning', async () => {
  await world.say('web:n1', '报名新材料专场路演，张三，甲公司，3人')
  await world.say('web:n2', '报名新材料专场路演，李四，乙公司，2人')
  world.set('2026-11-28T23:00')
  await world.say('web:n1', '取消报名')
  expect(await world.heard('web:n2')).toEqual([])
  world.set('2026-11-29T08:00')
  expect((await world.heard('web:n2')).join()).toContain('候补成功')
})

test('those who signed up are reminded a day and an hour before, once; nobody else is', async () => {
  await world.say('web:r', '报名新材料专场路演，张三，甲公司')
  await world.say('web:gone', '报名新材料专场路演，李四，乙公司', '取消报名')
  world.set('2026-12-02T13:59')
  expect(await world.heard('web:r')).toEqual([])
  world.set('2026-12-02T14:00')
  expect((await world.heard('web:r')).join()).toMatch(/快到了[\s\S]*12月3日（周四）14:00[\s\S]*陈工/)
  expect(await world.heard('web:r')).toEqual([])
  world.set('2026-12-03T13:00')
  expect((await world.heard('web:r')).join()).toContain('一小时内开始')
  world.set('2026-12-03T15:00')
  expect(await world.heard('web:r')).toEqual([])
  expect(await world.heard('web:gone')).toEqual([])
})

test('a reminder that fell due while nobody ran is not sent at night, and not when it has become pointless', async () => {
  await world.say('web:late', '报名新材料专场路演，张三，甲公司')
  world.set('2026-12-03T02:00')
  expect(await world.heard('web:late')).toEqual([])
  world.set('2026-12-03T08:00')
  expect((await world.heard('web:late')).join()).toContain('快到了')
  world.set('2026-12-03T14:30')
  expect(await world.heard('web:late')).toEqual([])
})

test('a moved event tells those who signed up once and reminds them of its new time; sign-ups stay', async () => {
  await world.say('web:m', '报名新材料专场路演，张三，甲公司')
  const moved = roadshow.with(2, '2026-12-05 10:00-12:00').with(6, '')
  await world.table('2026年活动.csv', [header, moved, training, tea, past])
  expect((await world.heard('web:m')).join()).toMatch(/有变动[\s\S]*12月5日（周六）10:00–12:00/)
  await world.table('2026年活动.csv', [header, moved.with(8, '李工'), training, tea, past])
  expect(await world.heard('web:m')).toEqual([])
  expect(await signedUp('新材料专场路演')).toHaveLength(1)
  world.set('2026-12-02T14:30')
  expect(await world.heard('web:m')).toEqual([])
  world.set('2026-12-04T10:00')
  expect((await world.heard('web:m')).join()).toContain('12月5日（周六）10:00')
})

test('a cancelled event tells those who signed up once, reminds nobody and takes nobody; so does one a person cancels', async () => {
  await world.say('web:x', '报名新材料专场路演，张三，甲公司')
  await world.table('2026年活动.csv', [header, roadshow.with(7, '已取消'), training, tea, past])
  expect((await world.heard('web:x')).join()).toContain('已取消，不用前往')
  world.set('2026-12-02T14:30')
  expect(await world.heard('web:x')).toEqual([])
  expect(await world.say('web:y', '报名新材料专场路演')).toContain('现在不能报名')
  expect(await world.say('web:y', '最近有什么活动')).not.toContain('新材料专场路演')
  expect(await world.say('web:y', '新材料专场路演什么时候')).toContain('已取消')

  world.set('2026-11-26T10:00')
  await world.say('web:z', '报名科创下午茶，李四，乙公司')
  const id = await idOf('科创下午茶')
  for (const _ of [1, 2]) await decide(id, [{ do: 'cancel', evidence: '场地维修' }])
  expect(await world.heard('web:z')).toHaveLength(1)
  await world.table('2026年活动.csv', [header, roadshow, training, tea.with(8, '赵工'), past])
  expect(await world.heard('web:z')).toEqual([])
  await world.desk.database.pool.query(`update event set state = 'on', decided = false where id = $1`, [id])
})

test('a mark in the title says that the same event is off: those who signed up are told once', async () => {
  const breakfast = ['', '企业家早餐会', '2026-12-08 8:00', '咖啡厅', '其他', '30', '', '', '']
  await world.table('2026年活动.csv', [...rows, breakfast])
  await world.say('web:eat', '报名企业家早餐会，张三，甲公司')
  const off = [...rows, breakfast.with(1, '企业家早餐会（取消）')]
  await world.table('2026年活动.csv', off)
  expect((await world.heard('web:eat')).join()).toMatch(/“企业家早餐会”[\s\S]*取消|取消[\s\S]*企业家早餐会/)
  expect(await world.say('web:eat', '我的报名')).toContain('企业家早餐会（已取消）')
  await world.table('2026年活动.csv', off)
  expect(await world.heard('web:eat')).toEqual([])
})

test('who only asked about an event that changed is no case for a correction; those who signed up are told', async () => {
  await world.say('web:asked', '新材料专场路演什么时候')
  await world.table('2026年活动.csv', [header, roadshow.with(2, '2026-12-04 14:00').with(6, ''), training, tea, past])
  expect(await world.desk.deps.recalls.look()).toBe(0)
})

test('an event put off keeps its sign-ups, and its new day is told', async () => {
  await world.say('web:p', '报名新材料专场路演，张三，甲公司')
  await world.table('2026年活动.csv', [header, roadshow.with(2, '待定').with(7, '延期，另行通知'), training, tea, past])
  expect((await world.heard('web:p')).join()).toContain('延期举行')
  expect(await world.say('web:q', '新材料专场路演什么时候')).toContain('时间待定')
  await world.table('2026年活动.csv', [header, roadshow.with(2, '2026-12-08 14:00').with(6, ''), training, tea, past])
  expect((await world.heard('web:p')).join()).toMatch(/有变动[\s\S]*12月8日/)
})

test('what no table names any more is not shown; nobody is told that it is off, and nobody is reminded', async () => {
  await world.say('web:u', '报名科创下午茶，张三，甲公司，2人')
  const told = await world.table('2026年活动.csv', [header, roadshow, training, past])
  expect(told?.doubts).toEqual([{ code: 'event_gone', field: null, phrase: '科创下午茶（已报名 2 人）' }])
  expect(await world.say('web:v', '科创下午茶几点开始')).not.toContain('15:00')
  world.set('2026-12-09T15:30')
  expect(await world.heard('web:u')).toEqual([])
  await world.table('2026年活动.csv', rows)
  expect(await signedUp('科创下午茶')).toHaveLength(1)
})

const breakfast = ['A5', '企业家早餐会', '2026-12-08 8:00', '待定', '沙龙', '30', '', '', '']
const pitch = ['A6', '生物医药路演', '2026-12-04 14:00', '孵化楼', '路演', '30', '', '', '']
const more = [...rows, breakfast, pitch]

test('taking part is understood from a sentence that names an event to come, and a count changes only what was just signed up for', async () => {
  await world.table('2026年活动.csv', more)
  const chat = 'web:talks'
  await world.say(chat, '报名科创下午茶，张三，甲公司')
  expect(await world.say(chat, '企业家早餐会我想参加 3个人')).toMatch(/已为您报名[\s\S]*企业家早餐会[\s\S]*张三，甲公司，3人/)
  expect(await world.say(chat, '13800000000')).toMatch(/已更新[\s\S]*企业家早餐会[\s\S]*13800000000，3人/)
  expect(await world.say(chat, '4号的路演我也报')).toMatch(/已为您报名[\s\S]*生物医药路演/)
  await world.say(chat, '最近有什么活动')
  await world.say(chat, '5个人')
  expect((await signedUp('生物医药路演')).map((each) => each.people)).toEqual([1])
  expect((await signedUp('科创下午茶')).map((each) => each.people)).toEqual([1])
})

test('a number after a list to choose from is a choice; another event may take the place of one', async () => {
  await world.table('2026年活动.csv', more)
  const chat = 'web:chooses'
  expect(await world.say(chat, '我要报名')).toMatch(/哪一场/)
  expect(await world.say(chat, '第二个')).toMatch(/新材料专场路演[\s\S]*姓名、单位/)
  await world.say(chat, '张三，甲公司，2人')
  expect(await world.say(chat, '换成4号的路演')).toMatch(
    /已取消您对“新材料专场路演”[\s\S]*已为您报名[\s\S]*生物医药路演[\s\S]*2人/,
  )
  expect((await signedUp('新材料专场路演')).map((each) => each.state)).toEqual(['cancelled'])
})

test('while a question waits for a broker, events are asked about, signed up for and left all the same', async () => {
  await world.table('2026年活动.csv', more)
  const chat = 'web:waits'
  await world.say(chat, '报名科创下午茶，张三，甲公司', '我要找人工')
  expect(await world.say(chat, '早餐会还能报吗')).toMatch(/企业家早餐会[\s\S]*要参加，请发“报名”/)
  expect(await world.say(chat, '报名')).toMatch(/已为您报名[\s\S]*企业家早餐会/)
  expect(await world.say(chat, '科创那个我去不了了')).toContain('已取消您对“科创下午茶”的报名')
  expect(await signedUp('生物医药路演')).toEqual([])
})

test('a word of the column for types selects; a place that is open is said to be one', async () => {
  await world.table('2026年活动.csv', more)
  const told = await world.say('web:salon', '有没有沙龙')
  expect(told).toMatch(/企业家早餐会[\s\S]*地点待定[\s\S]*科创下午茶/)
  expect(told).not.toContain('路演')
})

test('after the deadline, or when it has begun, nobody signs up any more', async () => {
  world.set('2026-12-03T09:00')
  expect(await world.say('web:k', '报名新材料专场路演')).toContain('报名已经截止')
  world.set('2026-12-02T10:00')
  expect(await world.say('web:k', '报名技术合同登记培训')).toContain('已经开始')
})

test('which one is meant may be said by its time and kind', async () => {
  expect(await world.say('web:kind', '报名下周的培训')).toContain('为您报名“技术合同登记培训”')
  expect(await world.say('web:kind2', '报名下周的活动')).toMatch(/哪一场[\s\S]*1\. 技术合同登记培训[\s\S]*2\. 新材料专场路演/)
})

test('buttons sign up and leave; in a group nobody is asked for their name', async () => {
  const id = await idOf('科创下午茶')
  expect(await world.press('web:btn', `e:${id}`)).toContain('姓名、单位')
  expect(await world.say('web:btn', '张三，甲公司')).toContain('已为您报名')
  expect(await world.press('web:btn', `ec:${id}`)).toContain('已取消')
  await world.desk.write('web:room', '报名科创下午茶', { group: true, addressed: true, from: { id: 'web:somebody', name: null } })
  expect((await world.heard('web:room')).join()).toContain('单独聊天')
})

test('questions in between are answered, and 算了 ends signing up', async () => {
  expect(await world.say('web:s', '报名科创下午茶')).toContain('姓名、单位')
  expect(await world.say('web:s', '路演什么时候？')).toContain('新材料专场路演')
  expect(await world.say('web:s', '算了')).toContain('不报名了')
  expect(await signedUp('科创下午茶')).toEqual([])
  expect(await world.say('web:s', '报名高新技术企业认定')).not.toContain('活动')
  // Their question waits for a broker now; signing up still works.
  expect(await world.say('web:s', '报名科创下午茶，张三，甲公司')).toContain('已为您报名')
})

test('what somebody said of themselves goes with their data, and their place goes to whoever waits', async () => {
  await world.say('web:e', '报名新材料专场路演，张三丰，甲公司，3人')
  await world.say('web:f', '报名新材料专场路演，李四，乙公司')
  await world.say('web:e', '删除我的数据', '确认')
  const { pool } = world.desk.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  for (const { name } of tables)
    expect((await pool.query(`select 1 from ${name} t where t::text like '%张三丰%'`)).rowCount, name).toBe(0)
  expect((await world.heard('web:f')).join()).toContain('候补成功')
})

test('after the retention names go and the count of those who came stays; a sign-up for what is to come stays', async () => {
  await world.say('web:g', '报名新材料专场路演，张三，甲公司，2人', '报名科创下午茶')
  world.set('2026-12-03T17:00')
  const { agenda } = world.desk.deps
  const id = await idOf('新材料专场路演')
  const ids = (await agenda.signupsOf(id)).map((each) => each.id)
  await decide(id, [
    { do: 'hold', attendance: null, evidence: null },
    { do: 'attend', ids },
  ])
  await world.desk.database.pool.query(`update event_signup set at = '2026-11-26'`)
  await expire(world.desk.database.pool, world.desk.deps, new Date('2026-12-04T00:00:00+08:00'))
  const { rows: memories } = await world.desk.database.pool.query(
    `select memory from conversation where chat = 'web:g' and memory ? 'agenda'`,
  )
  expect(memories).toEqual([])
  const { rows: kept } = await world.desk.database.pool.query(
    'select e.title, s.name, s.people, s.attended from event_signup s join event e on e.id = s.event order by e.title',
  )
  expect(kept).toEqual([
    { title: '新材料专场路演', name: null, people: 2, attended: true },
    { title: '科创下午茶', name: '张三', people: 1, attended: null },
  ])
})

test.skipIf(!onServer)(
  'of many who sign up at the same moment with several workers nobody gets a place that is taken, and nobody two',
  async () => {
    const { desk } = world
    const chats = Array.from({ length: 24 }, (_, n) => `web:race-${n}`)
    for (const chat of chats) {
      await desk.write(chat, `报名科创下午茶，张三，甲公司，${(chats.indexOf(chat) % 3) + 1}人`)
      await desk.write(chat, '报名科创下午茶')
    }
    const work = async (step: () => Promise<boolean>) => {
      while (await step());
    }
    await Promise.all(Array.from({ length: 6 }, () => work(desk.worker())))
    const people = async () =>
      (await signedUp('科创下午茶')).reduce((sum, each) => sum + (each.state === 'in' ? each.people : 0), 0)
    expect(await signedUp('科创下午茶')).toHaveLength(24)
    expect(await people()).toBeLessThanOrEqual(20)
    expect(await people()).toBeGreaterThanOrEqual(18)
    for (const chat of chats.slice(0, 12)) await desk.write(chat, '取消报名')
    await Promise.all(Array.from({ length: 6 }, () => work(desk.worker())))
    expect(await people()).toBeLessThanOrEqual(20)
    const waiting = (await signedUp('科创下午茶')).filter((each) => each.state === 'waiting')
    // Reminders that fall due are said once, whoever works them off.
    for (const chat of chats) await world.heard(chat)
    world.set('2026-12-09T15:00')
    await Promise.all(Array.from({ length: 6 }, () => work(desk.worker())))
    const reminded = (await Promise.all(chats.map((chat) => world.heard(chat)))).map((said) => said.length)
    const stay = (await signedUp('科创下午茶')).map((each) => (each.state === 'in' ? 1 : 0))
    expect(reminded.toSorted()).toEqual(stay.toSorted())
    expect(waiting.length === 0 || (await people()) > 17).toBe(true)
  },
)
