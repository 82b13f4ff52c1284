import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answered, Citation } from '../../bot/answer.ts'
import { expire } from '../../bot/control/retention.ts'
import { verifiedAccounts } from '../../bot/control/verified.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { setTimer } from '../../bot/inbox.ts'
import { announceRecalls } from '../../bot/recall/announce.ts'
import { causeOf, type Standing } from '../../bot/recall/detect.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { handsOver, openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let desk: TestDesk
let library: TestLibrary
let now = new Date('2026-11-26T02:00:00Z')

beforeAll(async () => {
  desk = await openTestDesk({ clock: () => now, answer: async (asking) => cited(asking) })
  library = await openTestLibrary({}, desk.database)
})
afterAll(async () => {
  await library.close()
  await desk.close()
})

/** The bot answers from the clause the question names, as the road stores it. */
async function cited(asking: { question: string; language: 'zh' | 'en' }): Promise<Answered> {
  const { evidence } = await library.ask(asking.question)
  const passage = evidence[0]?.passage
  if (passage === undefined) return handsOver(asking)
  const citation: Citation = {
    ...{ n: 1, kind: passage.kind, document_id: passage.documentId, title: passage.title, doc_no: null, clause: passage.clause },
    ...{
      status: passage.status,
      effective_from: null,
      effective_to: null,
      quote: passage.text,
      source: '',
      passage_id: passage.id,
    },
  }
  const draft = { text: passage.text, cited: [], quotes: [], generated: false, prompt: null, model: null }
  return { ...handsOver(asking), decision: 'answer', reason: null, confidence: 0.9, draft, citations: [citation] }
}
async function asked(chat: string, words: string): Promise<void> {
  await desk.write(chat, words)
  await desk.settle()
}
const corrections = async (chat: string) => (await desk.said(chat)).filter((line) => line.startsWith('更正'))

test('a clause that changes, expires or is found wrong is told to everybody who was answered from it, once, after a person confirmed it', async () => {
  const { recalls } = desk.deps
  const first = { source: 'rent.md', sha256: '1', passages: ['租金补贴每平方米每月十元。', '申请材料一式三份。'] }
  await library.documents.replace(policy('孵化器租金补贴办法', first))
  await asked('web:a', '孵化器租金补贴每平方米多少元？')
  await asked('web:b', '租金补贴每平方米每月多少？')
  await asked('web:c', '租金补贴的申请材料一式几份？')
  expect(await recalls.look()).toBe(0)

  await library.documents.replace(
    policy('孵化器租金补贴办法', { ...first, sha256: '2', passages: ['租金补贴每平方米每月八元。', '申请材料 一式三份。'] }),
  )
  expect(await recalls.look()).toBe(1)
  const [recall] = await recalls.list()
  expect(recall).toMatchObject({ cause: 'changed', clause: '第1条', people: 2, told: 0 })
  expect(recall?.clauses.map((each) => each.nowSays)).toEqual(['租金补贴每平方米每月八元。'])
  await desk.settle()
  expect(await corrections('web:a')).toEqual([])

  expect(await recalls.confirm(recall?.id ?? '', 'person:1')).toBe(2)
  await desk.settle()
  for (const chat of ['web:a', 'web:b']) {
    const [told, ...more] = await corrections(chat)
    expect(told).toContain('这一条已经修改')
    expect(told).toContain('现行内容：“租金补贴每平方米每月八元。”')
    expect(more).toEqual([])
  }
  expect(await corrections('web:c')).toEqual([])
  await expect(recalls.confirm(recall?.id ?? '', 'person:1')).rejects.toMatchObject({ code: 'unknown_recall' })
  expect(await recalls.look()).toBe(0)

  // A process that died in between, and one that tries again: the same words are not said twice.
  const { rows } = await desk.database.pool.query<{ id: string }>(`select id::text from conversation where chat = 'web:a'`)
  const conversation = rows[0]?.id ?? ''
  const timer = { kind: 'timer', name: 'recall', ticket: recall?.id ?? '', round: 1 } as const
  await transaction(desk.database.pool, async (tx) => {
    await setTimer(tx, conversation, `recall:${recall?.id}:${conversation}`, new Date(0), timer)
    await setTimer(tx, conversation, 'recall:again', new Date(0), timer)
  })
  await desk.settle()
  expect(await corrections('web:a')).toHaveLength(1)
})

test('a document that is withdrawn is one correction, with the clauses each person was quoted', async () => {
  const { recalls } = desk.deps
  const passages = ['会议室每半天收费三百元。', '会议室提前两天预订。', '会议室取消须提前一天。']
  const { documentId } = await library.documents.replace(policy('会议室管理办法', { source: 'room.md', sha256: '1', passages }))
  await asked('web:r', '会议室每半天收费多少元？')
  await asked('web:r', '会议室取消须提前几天？')
  await asked('web:s', '会议室提前几天预订？')
  await library.reviews.withdraw(documentId, 'person:1')
  expect(await recalls.look()).toBe(1)
  const [one, ...more] = await recalls.list()
  expect(more).toEqual([])
  expect(one).toMatchObject({ cause: 'withdrawn', clause: '第1条、第2条、第3条', people: 2 })
  await recalls.confirm(one?.id ?? '', 'person:1')
  await desk.settle()
  expect(await corrections('web:r')).toEqual([expect.stringContaining('《会议室管理办法》第1条、第3条。')])
  expect(await corrections('web:s')).toEqual([expect.stringContaining('《会议室管理办法》第2条。')])
})

test('a proposal that no longer holds before anybody decided is dropped, and made again when it holds again', async () => {
  const { recalls } = desk.deps
  const { documentId } = await library.documents.replace(
    policy('食堂订餐办法', { source: 'food.md', sha256: '1', passages: ['食堂订餐截止上午十点。', '食堂午餐每份十五元。'] }),
  )
  await asked('web:v', '食堂订餐截止几点？')
  await asked('web:v', '食堂午餐每份多少元？')
  const mark = (n: number, wrong: boolean) => library.reviews.markWrong(`${documentId}.${n}`, wrong, 'person:1')
  for (const n of [1, 2]) await mark(n, true)
  expect(await recalls.look()).toBe(1)
  const waiting = async () => (await recalls.list()).filter((each) => each.title === '食堂订餐办法').map((each) => each.clause)
  expect(await waiting()).toEqual(['第1条、第2条'])
  await mark(1, false)
  expect(await recalls.look()).toBe(0)
  expect(await waiting()).toEqual(['第2条'])
  await mark(2, false)
  await recalls.look()
  expect(await waiting()).toEqual([])
  await mark(1, true)
  expect(await recalls.look()).toBe(1)
  expect(await waiting()).toEqual(['第1条'])
  await recalls.dismiss((await recalls.list()).at(-1)?.id ?? '', 'person:1')
})

test('a clause that changes again before anybody decided is told as it reads then', async () => {
  const { recalls } = desk.deps
  const version = (sha256: string, text: string) =>
    library.documents.replace(policy('储物柜办法', { source: 'locker.md', sha256, passages: [text] }))
  await version('1', '储物柜每月租金十元。')
  await asked('web:w', '储物柜每月租金多少元？')
  await version('2', '储物柜每月租金十二元。')
  await recalls.look()
  await version('3', '储物柜每月租金二十元。')
  await recalls.look()
  const [one, ...more] = (await recalls.list()).filter((each) => each.title === '储物柜办法')
  expect(more).toEqual([])
  expect(one?.clauses.map((each) => each.nowSays)).toEqual(['储物柜每月租金二十元。'])
  await recalls.dismiss(one?.id ?? '', 'person:1')
})

test('what a person decided not to tell for one cause is found again for another', async () => {
  const { recalls } = desk.deps
  const { documentId } = await library.documents.replace(
    policy('停车收费办法', { source: 'park.md', sha256: '1', passages: ['停车每小时收费五元。'] }),
  )
  await asked('web:u', '停车每小时收费多少元？')
  await desk.database.pool.query(`update document set effective_to = '2026-11-01' where id = $1`, [documentId])
  expect(await recalls.look()).toBe(1)
  const [expired] = await recalls.list()
  // It goes on, as they know.
  await recalls.dismiss(expired?.id ?? '', 'person:1')
  expect(await recalls.look()).toBe(0)
  await desk.database.pool.query('update document set effective_to = null where id = $1', [documentId])
  expect(await recalls.look()).toBe(0)
  await library.reviews.withdraw(documentId, 'person:1')
  expect(await recalls.look()).toBe(1)
  const [gone] = await recalls.list()
  expect(gone).toMatchObject({ cause: 'withdrawn', people: 1 })
  await recalls.confirm(gone?.id ?? '', 'person:1')
  expect(await recalls.look()).toBe(0)
})

test('clauses changed by one new version are told together, each with what it says now', async () => {
  const { recalls } = desk.deps
  const first = { source: 'print.md', sha256: '1', passages: ['打印黑白每页两角。', '打印彩色每页一元。'] }
  await library.documents.replace(policy('打印收费办法', first))
  await asked('web:t', '打印黑白每页多少钱？')
  await asked('web:t', '打印彩色每页多少钱？')
  const passages = ['打印黑白每页三角。', '打印彩色每页两元。']
  await library.documents.replace(policy('打印收费办法', { ...first, sha256: '2', passages }))
  expect(await recalls.look()).toBe(1)
  await recalls.confirm((await recalls.list())[0]?.id ?? '', 'person:1')
  await desk.settle()
  const [told, ...more] = await corrections('web:t')
  expect(more).toEqual([])
  expect(told).toContain('《打印收费办法》第1条、第2条。这几条已经修改')
  expect(told).toContain('第1条现行内容：“打印黑白每页三角。”\n第2条现行内容：“打印彩色每页两元。”')
})

test('that a correction waits for a person is told to the desk and each lead, once, however many processes look', async () => {
  const { recalls, people, outbox, texts } = desk.deps
  const lead = await desk.broker('钱主任', { role: 'lead', wecom: 'qian' })
  const chatOf = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)
  const needs = { recalls, people, outbox, desk: 'telegram:-100', chatOf, texts: texts.zh }
  const { documentId } = await library.documents.replace(policy('停车管理办法', { passages: ['访客停车两小时内免费。'] }))
  await asked('web:p', '访客停车几小时内免费？')
  await library.reviews.markWrong(`${documentId}.1`, true, 'person:1')
  await recalls.look()
  await Promise.all([1, 2, 3].map(() => announceRecalls(desk.database.pool, needs)))
  for (const chat of ['telegram:-100', 'wecom:qian'])
    expect((await desk.said(chat)).filter((text) => text.includes('停车管理办法'))).toEqual([
      expect.stringContaining('有 1 位提问者得到过以它为依据的答复'),
    ])
  const [waiting] = await recalls.list()
  await recalls.dismiss(waiting?.id ?? '', 'person:1')
  await people.remove(lead.id, 'test')
})

test('a clause marked wrong is told in the words of whoever confirmed it; a dismissed recall is told to nobody', async () => {
  const { recalls } = desk.deps
  const { documentId } = await library.documents.replace(policy('设备共享管理办法', { passages: ['共享设备使用费减半。'] }))
  await asked('web:d', '共享设备使用费怎么收？')
  await library.reviews.markWrong(`${documentId}.1`, true, 'person:1')
  await recalls.look()
  const wrong = (await recalls.list()).find((each) => each.cause === 'wrong')
  await recalls.confirm(wrong?.id ?? '', 'person:1', '更正：使用费没有减半，请以现场公示为准。')
  await desk.settle()
  expect(await corrections('web:d')).toEqual(['更正：使用费没有减半，请以现场公示为准。'])

  await library.documents.replace(policy('班车时刻办法', { effectiveTo: '2026-11-30', passages: ['班车早七点半发车。'] }))
  await asked('web:e', '班车几点发车？')
  now = new Date('2026-12-01T02:00:00Z')
  await recalls.look()
  const expired = (await recalls.list()).find((each) => each.cause === 'expired')
  await recalls.dismiss(expired?.id ?? '', 'person:1')
  await desk.settle()
  expect(await corrections('web:e')).toEqual([])
})

const standing: Standing = {
  ...{ passage: 'x.1', document: 'x', title: '办法', clause: '第一条', text: '补贴 10 元', wrong: false, state: 'live' },
  ...{ effectiveTo: null, dismissed: [], proposed: [], proposedNow: null, endedOn: null, now: null },
}
test('what another document prolongs has not expired: nobody is told so', async () => {
  const { recalls } = desk.deps
  const old = {
    source: 'clean.md',
    sha256: '1',
    issuedOn: '2024-01-01',
    effectiveTo: '2026-12-31',
    passages: ['洁净室每小时收费五十元。'],
  }
  await library.documents.replace(policy('洁净室收费办法', old))
  await asked('web:clean', '洁净室每小时收费多少？')
  await library.documents.replace(
    policy('关于延长洁净室收费办法有效期的通知', { issuedOn: '2026-11-01', prolongs: ['《洁净室收费办法》'] }),
  )
  const before = now
  now = new Date('2027-01-02T02:00:00Z')
  await recalls.look()
  expect((await recalls.list()).map((each) => each.title)).not.toContain('洁净室收费办法')
  now = before
})

test.each([
  ['in force', standing, null],
  ['marked wrong', { ...standing, wrong: true }, 'wrong'],
  ['withdrawn', { ...standing, state: 'withdrawn' }, 'withdrawn'],
  ['its last day', { ...standing, effectiveTo: '2026-11-26' }, null],
  ['the day after', { ...standing, effectiveTo: '2026-11-25' }, 'expired'],
  ['ended by another from today', { ...standing, endedOn: '2026-11-26' }, 'superseded'],
  ['to be ended tomorrow', { ...standing, endedOn: '2026-11-27' }, null],
  ['a new version says the same', { ...standing, state: 'replaced', now: '补贴10元' }, null],
  ['a new version says something else', { ...standing, state: 'replaced', now: '补贴 8 元' }, 'changed'],
  ['a new version does not say it', { ...standing, state: 'replaced' }, 'changed'],
] as const)('recall: %s', (_, of, cause) => {
  expect(causeOf(of, '2026-11-26')).toBe(cause)
})

test('what is older than the park keeps goes, in every place, and what is open stays', async () => {
  const pool = desk.database.pool
  await asked('web:old', '/human 申请材料有哪些')
  await pool.query(
    `update message set at = at - interval '40 days' where conversation in (select id from conversation where chat in ('web:a', 'web:old'))`,
  )
  await pool.query(
    `update answer set at = at - interval '40 days' where conversation in (select id from conversation where chat = 'web:a')`,
  )
  const open = (await pool.query(`select 1 from ticket where state <> 'closed'`)).rowCount ?? 0
  expect(open).toBeGreaterThan(0) // nothing was found for web:old: it waits for a broker
  await expire(pool, desk.deps, new Date(Date.now() - 30 * 86_400_000))
  const left = await pool.query(
    `select c.chat, count(*)::int as n from message m join conversation c on c.id = m.conversation where m.at < now() - interval '30 days' group by 1`,
  )
  expect(left.rows.map((row) => row.chat)).toEqual(['web:old'])
  expect((await pool.query(`select 1 from audit where actor = 'retention' and action = 'data_erased'`)).rowCount).toBe(1)
})

test('an erased person leaves no word behind, and the audit keeps that it happened', async () => {
  const pool = desk.database.pool
  const { rows } = await pool.query<{ id: string }>(`select id::text from conversation where chat = 'web:old'`)
  await transaction(pool, (tx) =>
    setTimer(tx, rows[0]?.id ?? '', 'erase:1', new Date(0), { kind: 'timer', name: 'erase', ticket: '', round: 1 }),
  )
  await desk.settle()
  const { rows: places } = await pool.query<{ place: string }>(
    `select 'message' as place from message where text like '%申请材料有哪些%' union all
     select 'inbox' from inbox where payload::text like '%申请材料有哪些%' union all
     select 'ticket' from ticket where need like '%申请材料有哪些%' or packet::text like '%申请材料有哪些%' union all
     select 'answer' from answer where question like '%申请材料有哪些%'`,
  )
  expect(places).toEqual([])
  expect(
    (await pool.query(`select 1 from audit where action = 'data_erased' and about = $1`, [`conversation:${rows[0]?.id}`]))
      .rowCount,
  ).toBe(1)
})

test('an account that staff verified is known by its name in the packet', async () => {
  await verifiedAccounts(desk.database.pool).verify('web:v', '绿源环保有限公司', 'person:1')
  await asked('web:v', '转人工')
  const lead = await desk.broker('赵主任', { role: 'lead' })
  const row = (await desk.view.queue(lead)).find((each) => each.chat === 'web:v')
  const opened = await desk.view.open(lead, row?.id ?? '')
  expect(opened?.packet.facts).toEqual([{ name: '企业名称', value: '绿源环保有限公司', source: 'verified' }])
})

test('whoever was shown a rule as over, or as the rule of an earlier day, was told nothing wrong', async () => {
  const { recalls } = desk.deps
  await library.documents.replace(
    policy('老路演补助办法', { source: 'old.md', sha256: '9', passages: ['老路演每场补助七千元。'] }),
  )
  const before = await recalls.look()
  const shown =
    (change: Partial<Answered>, status?: 'superseded') => async (asking: { question: string; language: 'zh' | 'en' }) => {
      const answered = await cited(asking)
      return { ...answered, ...change, citations: answered.citations.map((each) => ({ ...each, status: status ?? each.status })) }
    }
  for (const [chat, answer] of [
    ['web:over', shown({}, 'superseded')],
    ['web:then', shown({ past: true })],
  ] as const) {
    await desk.write(chat, '老路演每场补助多少元？')
    while (await desk.worker(answer)());
  }
  const { rows } = await desk.database.pool.query<{ passage: string }>(
    `select ap.passage from answer_passage ap join answer a on a.id = ap.answer join conversation c on c.id = a.conversation
      where c.chat in ('web:over', 'web:then') and not ap.as_valid`,
  )
  expect(rows).toHaveLength(2)
  await desk.database.pool.query('update passage set wrong_since = now() where id = $1', [rows[0]?.passage])
  expect(await recalls.look()).toBe(before)
})
