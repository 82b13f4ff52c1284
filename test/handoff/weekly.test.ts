import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../bot/handoff/people.ts'
import { nextTelling, planWeekly } from '../../bot/learn/weekly.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

let desk: TestDesk
let now = new Date('2026-11-27T08:00:00Z') // a Friday
const chatOf = ({ wecom }: Person) => (wecom === null ? null : `wecom:${wecom}`)
const plan = () => planWeekly(desk.database.pool, { people: desk.deps.people, clock: () => now, chatOf })

beforeAll(async () => {
  desk = await openTestDesk({ clock: () => now, desk: null })
  await desk.broker('赵主任', { role: 'lead', wecom: 'zhao' })
  await desk.broker('钱主任', { role: 'lead', wecom: 'qian' })
  await desk.broker('孙主任', { role: 'lead' })
  await desk.broker('王工', { wecom: 'wang' })
})
afterAll(() => desk.close())

test.each([
  ['2026-11-27T08:00:00Z', '2026-11-30T01:00:00.000Z'],
  ['2026-11-30T00:59:59Z', '2026-11-30T01:00:00.000Z'],
  ['2026-11-30T01:00:00Z', '2026-12-07T01:00:00.000Z'],
  ['2026-11-29T15:59:59Z', '2026-11-30T01:00:00.000Z'],
  ['2026-12-31T23:00:00Z', '2027-01-04T01:00:00.000Z'],
])('after %s the list is told at %s', (at, told) => {
  expect(nextTelling(new Date(at)).at.toISOString()).toBe(told)
})

const lists = async (userid: string) => (await desk.said(`wecom:${userid}`)).filter((text) => text.startsWith('上周'))

test('what could not be answered is told to every lead on Monday, once, whatever plans, restarts and processes there are', async () => {
  for (const [chat, words] of [
    ['web:1', '有没有低温脱氮成果？'],
    ['web:2', '有没有低温脱氮的成果'],
    ['web:3', '园区有没有中试车间可以租？'],
  ] as const)
    await desk.write(chat, words)
  await desk.settle()
  await desk.database.pool.query(`update answer set at = '2026-11-25T02:00:00Z'`)
  expect((await Promise.all([plan(), plan(), plan()])).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(2)
  expect(await plan()).toBe(0)
  await desk.settle()
  expect(await lists('zhao')).toEqual([])

  now = new Date('2026-11-30T03:20:00Z') // nobody was alive at nine
  const workers = [desk.worker(), desk.worker(), desk.worker()]
  await Promise.all(
    workers.map(async (step) => {
      while (await step());
    }),
  )
  for (const userid of ['zhao', 'qian']) {
    const [list, ...more] = await lists(userid)
    expect(more).toEqual([])
    expect(list).toContain('上周（2026-11-23 至 2026-11-29）有 3 个问题没有答上来，归为 2 类')
    expect(list).toMatch(/低温脱氮.*（2 次）\n· 园区有没有中试车间可以租？（1 次）/)
  }
  expect(await lists('wang')).toEqual([])
  await plan()
  await desk.settle()
  expect(await lists('zhao')).toHaveLength(1)

  // Whoever is no lead any more is told nothing; a week without gaps is said to be one.
  const zhao = (await desk.deps.people.list()).find((each) => each.name === '赵主任')
  await desk.deps.people.remove(zhao?.id ?? '', 'test')
  now = new Date('2026-12-07T01:00:00Z')
  await desk.settle()
  expect(await lists('zhao')).toHaveLength(1)
  expect((await lists('qian')).at(-1)).toBe('上周（2026-11-30 至 2026-12-06）没有答不上来的问题。')
})
