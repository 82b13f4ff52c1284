import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAchievements, maySeeAchievement, registerAchievements } from '../../bot/chain/achievements.ts'
import { matcher } from '../../bot/chain/matches.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { listRows } from '../../bot/report/report.ts'
import { loadTexts } from '../../prompts/load.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { policy } from '../fakes/library.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

/** Matching both ways, on the demo park and a table that comes while demands are open. */
let world: TestPark
let desk: TestDesk
let wang: Person
let step: () => Promise<boolean>

beforeAll(async () => {
  world = await openTestPark()
  const { park, database } = world
  const directChat = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)
  desk = await openTestDesk({ database, clock: park.clock, demand: park.demand, desk: null, directChat })
  wang = await desk.broker('王工', { wecom: 'wang' })
  await desk.broker('周主任', { wecom: 'zhou', role: 'lead' })
  step = matcher(database.pool, { ...desk.deps, ...park.library, texts: loadTexts().zh })
})
afterAll(() => world.close())

const walk = async () => {
  while (await step());
}
const write = async (chat: string, ...lines: string[]) => {
  for (const text of lines) {
    await desk.write(chat, text, { from: { id: chat, name: null } })
    await desk.settle()
  }
}
const told = async (chat: string) => (await desk.said(chat)).filter((each) => each.includes('可能匹配'))
async function idOf(chat: string): Promise<{ d: string; ticket: string }> {
  const { rows } = await world.database.pool.query<{ d: string; ticket: string }>(
    'select d.id::text as d, d.ticket::text from demand d join conversation c on c.id = d.conversation where c.chat = $1',
    [chat],
  )
  return rows[0] ?? { d: '', ticket: '' }
}
const table = (name: string, text: string) =>
  policy(name, {
    kind: 'achievement',
    passages: [{ clause: 'N-1', heading: name, text, fields: { owner: '示例研究所' } }],
  })

test('a vetted demand is matched with what there is, once, with reasons from one record, and the enterprise hears nothing', async () => {
  await write('web:film', '提需求', '我们印染厂的含盐废水要脱盐，想找耐酸碱的纳滤膜，截留率98%以上', '完成')
  const { d, ticket } = await idOf('web:film')
  await walk()
  // What there was stood in the answer already.
  expect(await told('wecom:wang')).toEqual([])
  await write('wecom:wang', `T${ticket} /claim`, `/vet D${d}`)
  const before = await desk.said('web:film')
  await walk()
  const [match, ...more] = await told('wecom:wang')
  expect(match).toMatch(new RegExp(`D${d} .*A\\d+ 耐酸碱复合纳滤膜`))
  expect(match).toMatch(/指标：.+相符/)
  for (const line of (match ?? '').split('\n').filter((each) => each.includes('：'))) expect(line).not.toContain('[1]')
  await write('wecom:wang', `/publish D${d}`)
  await walk()
  expect(await told('wecom:wang')).toEqual([match, ...more])
  expect((await desk.said('web:film')).slice(before.length).join('\n')).not.toContain('可能匹配')
  // Both can be found from the demand afterwards.
  await write('wecom:wang', `/chain D${d}`)
  expect((await desk.said('wecom:wang')).at(-1)).toMatch(/可能合适的成果 A\d+ 耐酸碱复合纳滤膜/)
})

test('a new record is matched with open demands at once, also those nobody vetted; another version of it is the same pair', async () => {
  await write('web:weld', '提需求', '高铁车体的铝合金搅拌摩擦焊接，焊缝强度要达到母材的90%以上', '完成')
  const { d } = await idOf('web:weld')
  await walk()
  const { documents } = world.park.library
  const text =
    '搅拌摩擦焊接工艺；材料：6061铝合金；方法：搅拌摩擦焊接；指标：焊缝强度达到母材的92%；产品：焊接装备；应用：高铁车体'
  const [first] = [table('铝合金搅拌摩擦焊接技术', text)]
  await documents.replace(first)
  await walk()
  // Nobody has the case yet: the lead is told.
  const leads = await told('wecom:zhou')
  expect(leads).toHaveLength(1)
  expect(leads[0]).toMatch(new RegExp(`D${d} .*铝合金搅拌摩擦焊接技术`))
  await documents.replace({ ...first, ...table('铝合金搅拌摩擦焊接技术', `${text}；合作方式：许可`) })
  await walk()
  await registerAchievements(world.database.pool)
  expect(await told('wecom:zhou')).toHaveLength(1)
  expect((await told('wecom:wang')).filter((each) => each.includes(`D${d} `))).toEqual([])
  const { rows } = await world.database.pool.query(
    `select count(*)::int as n from achievement where title = '铝合金搅拌摩擦焊接技术'`,
  )
  expect(rows).toEqual([{ n: 1 }])
})

test('what has nothing in common with a record is told nobody; a withdrawn demand is matched no more', async () => {
  await write('web:cafe', '提需求', '想找给员工食堂订餐排队用的小程序开发团队', '完成')
  const { d, ticket } = await idOf('web:cafe')
  await write('wecom:wang', `T${ticket} /claim`, `/vet D${d}`)
  await walk()
  expect((await told('wecom:wang')).filter((each) => each.includes(`D${d} `))).toEqual([])
  await write('web:cafe', '撤回需求')
  await world.park.library.documents.replace(
    table('食堂订餐排队小程序', '方法：小程序开发；产品：订餐排队小程序；应用：员工食堂订餐排队'),
  )
  await walk()
  expect((await told('wecom:wang')).filter((each) => each.includes(`D${d} `))).toEqual([])
})

test('an achievement walks its chain from chat; the library says what it can, and the fictional park counts nowhere', async () => {
  const period = { from: new Date('2020-01-01'), to: new Date('2100-01-01') }
  const figures = async () => {
    const names = ['collected', 'published', 'incubating', 'transferred'] as const
    return Promise.all(names.map(async (name) => (await listRows(world.database.pool, `achievements.${name}`, period)).length))
  }
  const own = (await figures())[0] ?? 0
  const { rows } = await world.database.pool.query<{ id: string; demo: string }>(
    `select (select id::text from achievement where title = '铝合金搅拌摩擦焊接技术') as id, (select min(id)::text from achievement where demo) as demo`,
  )
  const { id = '', demo = '' } = rows[0] ?? {}
  const say = async (text: string) => {
    await write('wecom:wang', text)
    return (await desk.said('wecom:wang')).at(-1) ?? ''
  }
  expect(await say(`/transferred A${id} 成交额80万`)).toContain('已记：已转化')
  expect(await say(`/undo A${id} 转化 谈崩了`)).toContain('已收回')
  expect(await say(`/coach A${id} 概念验证`)).toContain('已记：辅导中')
  expect(await say(`/roadshow A${id} 秋季路演`)).toContain('已记：已路演')
  expect(await say(`/finance A${id} A轮`)).toContain('还缺：金额')
  expect(await say(`/finance A${id} A轮 2000万`)).toContain('已记：已融资')
  expect(await say(`/vet A${id}`)).toContain('没有“已甄别”这一步')
  expect(await say(`/coach A${demo}`)).toContain('已记')
  expect(await say('/coach A999999')).toContain('没有找到')
  expect(await figures()).toEqual([own, own, 1, 0])
  expect(await listRows(world.database.pool, 'financing.projects', period)).toMatchObject([
    { number: `A${id}`, amount: '20000000' },
  ])
  expect(await say(`/chain A${id}`)).toMatch(/已征集，自动[\s\S]*已发布，自动[\s\S]*辅导中，王工/)
  expect(wang.name).toBe('王工')
})

test('a demand that is vetted while it is compared is compared with everything afterwards', async () => {
  const { park, database } = world
  await write('web:late', '提需求', '高铁车体铝合金的搅拌摩擦焊接，焊缝强度要达到母材的90%以上', '完成')
  const { d, ticket } = await idOf('web:late')
  await write('wecom:wang', `T${ticket} /claim`)
  await database.pool.query('update demand set matched_to = null where id = $1', [d])
  // Something went live since, so that it is due before anybody vetted it.
  await park.library.documents.replace(table('另一件成果', '材料：石墨；产品：电极；应用：储能电站'))
  let vetted = false
  const search: typeof park.library.search = async (...asked) => {
    const found = await park.library.search(...asked)
    if (!vetted) {
      vetted = true
      await write('wecom:wang', `/vet D${d}`)
    }
    return found
  }
  const slow = matcher(database.pool, { ...desk.deps, ...park.library, search, texts: loadTexts().zh })
  await slow()
  await slow()
  expect((await told('wecom:wang')).filter((each) => each.includes(`D${d} `))).not.toEqual([])
})

test('what waits for approval is for staff, and what was withdrawn is no longer offered', async () => {
  const { documents, reviews } = world.park.library
  const { documentId } = await documents.replace(table('石墨烯散热膜制备', '材料：石墨烯；产品：散热膜；应用：手机'))
  await registerAchievements(world.database.pool)
  const listed = async () => (await listAchievements(world.database.pool, '石墨烯散热'))[0]
  const state = (to: string) => world.database.pool.query('update document set state = $2 where id = $1', [documentId, to])
  expect(await listed()).toMatchObject({ state: 'live' })
  await state('waiting')
  const waiting = await listed()
  for (const role of ['broker', 'lead', 'staff'] as const)
    expect(waiting !== undefined && maySeeAchievement({ role }, waiting)).toBe(role !== 'broker')
  await state('live')
  await reviews.withdraw(documentId, 'person:1')
  expect(await listed()).toBeUndefined()
})
