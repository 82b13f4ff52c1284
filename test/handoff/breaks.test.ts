import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../bot/handoff/people.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** Ways to break a hand-off, each with what happens now. */
let desk: TestDesk
let wang: Person
let now = new Date('2026-11-26T02:00:00Z')

beforeAll(async () => {
  desk = await openTestDesk({ clock: () => now })
  wang = await desk.broker('王工', { telegram: '77' })
})
afterAll(() => desk.close())

async function act(who: Person, id: string, action: Parameters<TestDesk['post']>[2]): Promise<string> {
  const result = desk.post(who, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  await desk.settle()
  return (await result).code
}
async function handedOver(chat: string, words: string, change = {}): Promise<string> {
  await desk.write(chat, words, change)
  await desk.settle()
  return (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
}
const last = async (chat: string) => (await desk.said(chat)).at(-1) ?? ''

test('given back and left for days, a case brings its person one apology, not one for each promise', async () => {
  const other = await desk.broker('李工', { telegram: '79' })
  const id = await handedOver('web:twice', '有没有低温脱氮成果？')
  await act(other, id, { do: 'claim' })
  now = new Date(now.getTime() + 600_000)
  await act(other, id, { do: 'return' })
  await desk.database.pool.query(`update inbox set run_at = '2000-01-01' where channel = 'timer' and payload->>'ticket' = $1`, [
    id,
  ])
  await desk.settle()
  expect((await desk.said('web:twice')).filter((line) => line.includes('还没有人答复'))).toHaveLength(1)
  await desk.deps.people.remove(other.id, 'test')
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close' })
})

test('the only broker gives a case back: nobody is promised who does not exist', async () => {
  const id = await handedOver('web:only', '有没有低温脱氮成果？')
  expect(await act(wang, id, { do: 'claim' })).toBe('done')
  expect(await act(wang, id, { do: 'return' })).toBe('done')
  expect(await last('web:only')).toContain('目前没有别的同事可以接手，我不能承诺时间')
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close' })
})

test('somebody registered later with a conflict of interest neither sees nor gets the cases that are open', async () => {
  const from = { id: 'web:conflict', name: '绿源环保 李工' }
  const id = await handedOver('web:conflict', '有没有膜材料成果？', { from })
  const other = await handedOver('web:free', '有没有膜材料成果？')
  const rival = await desk.broker('钱工', { conflicts: ['绿源环保'], telegram: '78' })
  expect((await desk.view.queue(rival)).map((each) => each.id)).toEqual([other])
  await desk.write('telegram:78', `T${id} 我来`, { from: { id: 'telegram:78', name: '钱' } })
  await desk.settle()
  expect((await desk.view.queue(wang)).map((each) => each.id)).toContain(id)
  await act(wang, id, { do: 'claim' })
  expect(await act(wang, id, { do: 'transfer', to: rival.id })).toBe('excluded')
  await act(wang, id, { do: 'close' })
  await desk.deps.people.remove(rival.id, 'test')
})

test('a broker removed mid-case with nobody else there: the person hears the truth, not that a colleague is found', async () => {
  const id = await handedOver('web:removed', '有没有量子成果？')
  const gone = await desk.broker('孙工')
  expect(await act(gone, id, { do: 'claim' })).toBe('done')
  await desk.deps.people.setPresent(wang.id, false, 'test')
  await desk.deps.people.remove(gone.id, 'test')
  await desk.settle()
  expect(await last('web:removed')).toContain('目前没有别的同事可以接手')
  await desk.deps.people.setPresent(wang.id, true, 'test')
  await desk.settle()
  expect((await desk.view.queue(wang)).map((each) => each.id)).toContain(id)
  // What the removed broker had still requested changes nothing.
  expect(await act(gone, id, { do: 'reply', text: '迟到' })).toBe('not_found')
  expect((await desk.said('web:removed')).join()).not.toContain('迟到')
})

test('however many notes stand after their words, a person who waits is seen to wait', async () => {
  const id = await handedOver('web:notes', '有没有钙钛矿成果？')
  await act(wang, id, { do: 'claim' })
  await desk.write('web:notes', '我还在等')
  await desk.settle()
  const { rows } = await desk.database.pool.query<{ id: string }>(`select id::text from conversation where chat = 'web:notes'`)
  await desk.database.pool.query(
    `insert into message (conversation, author, text) select $1, 'note', 'n' || n from generate_series(1, 40) n`,
    [rows[0]?.id],
  )
  await desk.deps.people.setPresent(wang.id, false, 'test')
  await desk.settle()
  expect((await desk.view.queue(await desk.broker('周工'))).map((each) => each.id)).toContain(id)
})

const later = async (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
  await desk.settle()
}
/** Everybody but 王工 is away. */
async function alone(): Promise<void> {
  for (const { id } of await desk.deps.people.list()) await desk.deps.people.setPresent(id, id === wang.id, 'test')
  await desk.settle()
}

test('given back after a first word: whoever takes it next owes a word too, and nobody waits for ever', async () => {
  await alone()
  for (const claimedAgain of [false, true]) {
    const chat = `web:again-${claimedAgain}`
    const id = await handedOver(chat, '有没有防腐涂料成果？')
    const zhao = await desk.broker('赵工')
    await act(zhao, id, { do: 'claim' })
    await act(zhao, id, { do: 'reply', text: '请稍等，我转给同事' })
    await act(zhao, id, { do: 'return' })
    if (claimedAgain) await act(wang, id, { do: 'claim' })
    await later(61)
    expect(await last(chat)).toContain('原定时间内还没有人答复')
    for (let each = 0; each < 4; each += 1) await later(61)
    expect(await last(chat)).toContain('一直没有同事接手')
    await desk.deps.people.remove(zhao.id, 'test')
  }
})

test('given back after a first word and taken up with one: no apology', async () => {
  const id = await handedOver('web:kept', '有没有防腐涂料成果？')
  const zhao = await desk.broker('赵工')
  await act(zhao, id, { do: 'reply', text: '请稍等，我转给同事' })
  await act(zhao, id, { do: 'return' })
  await act(wang, id, { do: 'reply', text: '我来办，有两项' })
  await later(61)
  expect((await desk.said('web:kept')).join()).not.toContain('抱歉')
  await act(wang, id, { do: 'close' })
  await desk.deps.people.remove(zhao.id, 'test')
})

test('where no time could be promised none is told, and the question comes back to its person after a day', async () => {
  const given = await handedOver('web:untold', '有没有磁性材料成果？')
  await act(wang, given, { do: 'claim' })
  await act(wang, given, { do: 'return' })
  await desk.deps.people.setPresent(wang.id, false, 'test')
  await desk.settle()
  const zhao = await desk.broker('赵工')
  await act(zhao, given, { do: 'claim' })
  await desk.deps.people.remove(zhao.id, 'test')
  await desk.settle()
  await desk.write('web:untold', '转人工')
  await desk.settle()
  expect(await last('web:untold')).toContain('有人接手后会在这里回复您')
  expect(await last('web:untold')).not.toMatch(/\d\d:\d\d/)

  await handedOver('web:nobody', '转人工')
  expect((await desk.said('web:nobody')).join()).toContain('无法承诺答复时间')
  await later(24 * 60 + 1)
  expect(await last('web:nobody')).toContain('一直没有同事接手')
  await desk.deps.people.setPresent(wang.id, true, 'test')
  await desk.settle()
})

test('who hands back what nobody has yet moves no time that its person was told', async () => {
  const id = await handedOver('web:queued', '有没有润滑材料成果？')
  await later(29)
  await act(wang, id, { do: 'return' })
  await later(2)
  expect(await last('web:queued')).toContain('原定时间内还没有人答复')
})
