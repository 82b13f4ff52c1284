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
