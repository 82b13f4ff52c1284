import { afterAll, beforeAll, expect, test } from 'vitest'
import { ticketAction } from '../../bot/handoff/desk/action.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

let desk: TestDesk
let wang: Person
let li: Person
let lead: Person
let staff: Person

beforeAll(async () => {
  desk = await openTestDesk()
  wang = await desk.broker('王工')
  li = await desk.broker('李工')
  lead = await desk.broker('赵主任', { role: 'lead' })
  staff = await desk.broker('钱老师', { role: 'staff' })
})
afterAll(() => desk.close())

let chats = 0
/** A person who has been handed over. */
async function waiting(words = '氨氮脱除有没有成果'): Promise<{ chat: string; id: string }> {
  chats += 1
  const chat = `web:${chats}`
  await desk.write(chat, words)
  await desk.settle()
  const row = (await desk.view.queue(lead)).find((each) => each.chat === chat)
  return { chat, id: row?.id ?? '' }
}
const act = async (person: Person, id: string, action: Parameters<TestDesk['post']>[2]) => {
  const result = desk.post(person, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  return result
}

test('claim, reply, note, transfer, return, close with outcome and reopen each report their result', async () => {
  const { chat, id } = await waiting()
  expect(await act(wang, id, { do: 'claim' })).toEqual({ code: 'done', ticket: id, owner: { id: wang.id, name: '王工' } })
  expect(await act(li, id, { do: 'claim' })).toEqual({ code: 'taken', ticket: id, owner: { id: wang.id, name: '王工' } })
  expect((await act(wang, id, { do: 'reply', text: '您好，请问水量多大？' })).code).toBe('done')
  expect((await desk.said(chat)).at(-1)).toBe('【人工 · 王工】\n您好，请问水量多大？')
  await act(wang, id, { do: 'note', text: '老客户' })
  expect((await desk.said(chat)).join()).not.toContain('老客户')
  expect((await act(wang, id, { do: 'transfer', to: li.id })).owner).toEqual({ id: li.id, name: '李工' })
  expect((await act(wang, id, { do: 'reply', text: '还是我来' })).code).toBe('taken')
  expect((await act(li, id, { do: 'return' })).owner).toBeNull()
  expect((await desk.view.queue(wang)).map((each) => each.id)).toContain(id)
  expect((await act(li, id, { do: 'reply', text: '我先看看' })).code).toBe('done')
  const closed = await act(li, id, { do: 'close', outcome: 'contract_signed', detail: { amount: 2_000_000, received: 500_000 } })
  expect(closed).toEqual({ code: 'done', ticket: id, owner: null })
  expect((await desk.said(chat)).at(-1)).toContain('满意吗')
  expect((await act(li, id, { do: 'reply', text: '还有一句' })).code).toBe('closed')
  expect((await act(li, id, { do: 'reopen' })).code).toBe('done')
  const seen = await desk.view.open(li, id)
  expect(seen?.ticket).toMatchObject({ state: 'claimed', owner: li.id, outcome: 'contract_signed' })
  expect(seen?.transcript.map((line) => `${line.author}:${line.text}`)).toContain('note:老客户')
  await act(li, id, { do: 'close', outcome: 'contract_signed' })
})

test('what somebody may not see does not exist for them, whatever they ask for', async () => {
  const { id } = await waiting()
  await act(wang, id, { do: 'claim' })
  for (const [person, ticket] of [
    [staff, id],
    [li, id],
    [wang, '999999'],
    [wang, "1' or 1=1"],
    [wang, '-1'],
  ] as const) {
    expect(await desk.view.open(person, ticket)).toBeNull()
    expect(await desk.view.transcriptAfter(person, ticket, '0')).toBeNull()
    expect((await desk.post(person, ticket, { do: 'reply', text: '我' })).code).toBe('not_found')
    expect((await desk.post(person, ticket, { do: 'close' })).code).toBe('not_found')
  }
  expect(await desk.view.queue(staff)).toEqual([])
  expect((await desk.view.open(lead, id))?.ticket.ownerName).toBe('王工')
  await act(wang, id, { do: 'close' })
})

test('a conflict of interest gives the ticket back and hides it for good', async () => {
  const { id } = await waiting()
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'return', conflict: true })
  expect(await desk.view.open(wang, id)).toBeNull()
  expect((await desk.post(wang, id, { do: 'claim' })).code).toBe('not_found')
  expect((await desk.view.queue(li)).map((each) => each.id)).toContain(id)
  expect((await act(lead, id, { do: 'transfer', to: wang.id })).code).toBe('excluded')
  await act(lead, id, { do: 'transfer', to: li.id })
  expect((await desk.view.mine(li)).map((each) => each.id)).toEqual([id])
  await act(li, id, { do: 'close' })
})

test('events are read in order from wherever one has got to, and the audit names every step', async () => {
  const cursor = await desk.deps.events.latest()
  const { id } = await waiting()
  await act(wang, id, { do: 'claim' })
  await act(wang, id, { do: 'close', outcome: 'answered' })
  const events = (await desk.deps.events.since(cursor)).filter((event) => event.ticket === id)
  expect(events.map((event) => event.kind).filter((kind) => kind !== 'message')).toEqual(['opened', 'claimed', 'closed'])
  expect(events.map((event) => BigInt(event.id))).toEqual(
    events.map((event) => BigInt(event.id)).toSorted((a, b) => (a < b ? -1 : 1)),
  )
  const { rows } = await desk.database.pool.query('select action from audit where about = $1 order by id', [`ticket:${id}`])
  expect(rows.map((row) => row.action)).toEqual(['ticket_claimed', 'ticket_closed'])
})

test('an action from outside is refused unless it has exactly the known shape', () => {
  expect(ticketAction.safeParse({ do: 'claim', role: 'lead' }).success).toBe(false)
  expect(ticketAction.safeParse({ do: 'reply', text: '   ' }).success).toBe(false)
  expect(ticketAction.safeParse({ do: 'close', outcome: 'won' }).success).toBe(false)
  expect(ticketAction.safeParse({ do: 'close', outcome: 'answered', detail: { amount: -1 } }).success).toBe(false)
  expect(ticketAction.safeParse({ do: 'transfer', to: '1; drop' }).success).toBe(false)
})
