import { afterAll, beforeAll, expect, test } from 'vitest'
import { people } from '../../bot/handoff/people.ts'
import type { Service } from '../../bot/service.ts'
import { openTestPark, startService, type TestPark } from '../fakes/park.ts'

let world: TestPark
let service: Service
let type: (line: string) => void

beforeAll(async () => {
  // Twenty minutes pass in a second: half an hour's promise falls due while the test looks on.
  world = await openTestPark({ YUANQIAO_CLOCK: '2026-11-24T10:00:00+08:00,1200' })
  await people(world.database.pool).add(
    { role: 'broker', name: '王工', telegram: null, wecom: null, fields: [], hours: null, capacity: 5, demo: false },
    'test',
  )
  const started = await startService(world)
  service = started.service
  type = (line) => void started.input.write(`${line}\n`)
})
afterAll(async () => {
  await service.stop()
  await world.close()
})

const said = async () =>
  (await world.database.pool.query<{ author: string; text: string }>('select author, text from message order by id')).rows.map(
    (row) => `${row.author}: ${row.text}`,
  )
const turn = async () =>
  (await world.database.pool.query<{ turn: string }>('select turn from conversation order by id limit 1')).rows[0]?.turn
const until = (read: () => unknown) => expect.poll(read, { timeout: 30_000 })

test('a promise that slips is told, a second time ends the hand-off with an honest word, and the bot answers again', async () => {
  type('转人工')
  await until(turn).toBe('waiting_for_broker')
  expect((await said()).at(-1)).toMatch(/bot: 好的，为您转给技术经纪人[\s\S]*11月24日（周二）\d\d:\d\d 前答复您/)
  await until(async () => (await said()).join('\n')).toContain('原定时间内还没有人答复')
  await until(async () => (await said()).join('\n')).toContain('一直没有同事接手')
  await until(turn).toBe('bot')
  const { rows } = await world.database.pool.query('select state, closed_how from ticket')
  expect(rows).toEqual([{ state: 'closed', closed_how: 'nobody' }])
  type('发明专利授权一件资助多少？')
  await until(async () => (await said()).at(-1)).toContain('3000元')
})

test('while somebody waits, words are passed on, a second wish opens no second ticket, who is there is told how things stand, and 取消转人工 gives the bot back', async () => {
  type('转人工')
  type('我们的项目比较急')
  type('在吗')
  type('转人工')
  type('取消转人工')
  await until(async () => (await said()).at(-1)).toContain('已取消转人工')
  const words = await said()
  expect(words).toContain('person: 我们的项目比较急')
  expect(words.filter((line) => /已补充到您的问题里.*可发“取消转人工”/.test(line))).toHaveLength(1)
  expect(words.filter((line) => line.includes('已经在转交中'))).toHaveLength(2)
  type('取消转人工')
  await until(async () => (await said()).at(-1)).toContain('现在没有在转人工')
  const { rows } = await world.database.pool.query(`select closed_how from ticket order by id`)
  expect(rows).toEqual([{ closed_how: 'nobody' }, { closed_how: 'person_left' }])
})

test('what a person said can be erased, and the audit keeps only that it was', async () => {
  type('删除我的数据')
  await until(async () => (await said()).at(-1)).toContain('确定要清除')
  const { pool } = world.database
  await expect(pool.query('delete from audit')).rejects.toThrow('append-only')
})
