import { afterAll, beforeAll, expect, test } from 'vitest'
import { topics } from '../../bot/control/topics.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { type Faqs, faqs } from '../../bot/learn/faq.ts'
import { cluster, openQuestions } from '../../bot/learn/gaps.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

let park: TestPark
let desk: TestDesk
let book: Faqs
let wang: Person

beforeAll(async () => {
  park = await openTestPark({ YUANQIAO_CLOCK: '2026-11-24T10:00:00+08:00' })
  desk = await openTestDesk({ database: park.database, answer: park.park.answer })
  book = faqs(park.database.pool, { documents: park.park.library.documents, clock: park.park.clock })
  wang = await desk.broker('王工')
})
afterAll(async () => {
  await park.close()
})

const act = async (id: string, action: Parameters<TestDesk['post']>[2]) => {
  const result = desk.post(wang, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  return (await result).code
}
async function asked(chat: string, words: string): Promise<string> {
  await desk.write(chat, words)
  await desk.settle()
  return (await desk.said(chat)).at(-1) ?? ''
}
const ticketOf = async (chat: string) => (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''

test('PandaWiki#362: a broker’s answer, approved, answers the next person with its author and its day', async () => {
  const question = '园区公共实验室怎么预约使用？'
  await asked('web:first', question)
  const id = await ticketOf('web:first')
  await act(id, {
    do: 'reply',
    text: '公共实验室由公共技术平台管理，请提前三个工作日在平台前台登记预约，首次使用须完成半天的安全培训。',
  })
  await act(id, { do: 'close', outcome: 'answered' })
  await asked('web:second', '园区公共实验室如何预约使用？')
  const again = await ticketOf('web:second')
  await act(again, { do: 'reply', text: '需要提前三个工作日登记，首次使用须培训。' })
  await act(again, { do: 'close', outcome: 'answered' })

  const [candidate, ...others] = await book.list()
  expect(others).toEqual([])
  expect(candidate).toMatchObject({ author: '王工', times: 2, ticket: id })
  expect(candidate?.answer).not.toContain('【')
  const approved = await book.approve(candidate?.id ?? '', 'person:9')
  expect(approved.state).toBe('approved')

  const said = await asked('web:third', question)
  expect(said).toContain('提前三个工作日')
  expect(said).toContain('王工 2026-11-24')
  await expect(book.approve(candidate?.id ?? '', 'person:9')).rejects.toMatchObject({ code: 'unknown_faq' })
  const { rows } = await park.database.pool.query(`select action from audit where about like 'faq:%'`)
  expect(rows).toEqual([{ action: 'faq_approved' }])
})

test('a topic that is switched off gets a person, from the next question on, and is answered again when it is switched on', async () => {
  const closing = topics(park.database.pool)
  const question = '园区公共实验室怎么预约使用？' // answered since the test above
  expect(await asked('web:topic', question)).toContain('提前三个工作日')
  await closing.close('公共实验室 预约', 'person:9')
  expect(await asked('web:topic2', question)).toContain('编号')
  await closing.open('公共实验室 预约', 'person:9')
  expect(await asked('web:topic4', question)).toContain('提前三个工作日')
  await expect(closing.close(' ', 'person:9')).rejects.toMatchObject({ code: 'bad_topic' })
})

test('what could not be answered is listed by what it is about, most asked first, always the same way', async () => {
  const all = await openQuestions(park.database.pool, new Date(0), new Date('2100-01-01'))
  expect(all.some((each) => each.question.includes('公共实验室'))).toBe(true)
  const at = new Date('2026-11-24T00:00:00Z')
  const questions = ['低温脱氮有没有成果', '冬季低温脱氮技术', '低温脱氮设备哪家有', '人才公寓怎么申请', '办公室能养狗吗'].map(
    (question, index) => ({ id: String(index + 1), question, at, reason: 'nothing_found' }),
  )
  const gaps = cluster(questions)
  expect(gaps[0]).toMatchObject({ count: 3 })
  expect(gaps[0]?.question).toContain('脱氮')
  expect(cluster(questions.toReversed())).toEqual(gaps)
})
