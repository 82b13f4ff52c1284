import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../bot/handoff/people.ts'
import { csvOf } from '../../bot/report/csv.ts'
import { exported } from '../../bot/report/export.ts'
import { nameOfFigure } from '../../bot/report/names.ts'
import { listRows, report, rowsNames, rowsOfName } from '../../bot/report/report.ts'
import { percentile } from '../../retrieval/base/percentile.ts'
import { documentStore } from '../../retrieval/store/documents.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { policy } from '../fakes/library.ts'

let desk: TestDesk
let wang: Person
const days = { from: '2026-01-01', to: '2099-12-31' }
const period = { from: new Date('2026-01-01T00:00:00+08:00'), to: new Date('2100-01-01T00:00:00+08:00') }

beforeAll(async () => {
  desk = await openTestDesk()
  wang = await desk.broker('王工', { telegram: '77' })
})
afterAll(() => desk.close())

async function act(id: string, action: Parameters<TestDesk['post']>[2]): Promise<void> {
  const result = desk.post(wang, id, action)
  await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
  expect((await result).code).toBe('done')
}
async function handedOver(chat: string, words: string): Promise<string> {
  await desk.write(chat, words)
  await desk.settle()
  return (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
}

test('an empty park is all zeros, and nothing is made up where nothing was measured', async () => {
  const figures = await report(desk.database.pool, period, days)
  expect(figures).toMatchObject({
    ...days,
    enterprises: { served: 0, new: 0 },
    demands: { collected: 0, vetted: 0, published: 0, introduced: 0, agreed: 0, open: 0 },
    hand_offs: { by_reason: {}, first_response_p50_s: null, first_response_p90_s: null, satisfaction: null, outcomes: {} },
    recalls: 0,
    gaps: 0,
  })
  expect(Object.keys(figures)).toEqual(
    'from to enterprises demands achievements events brokers agreements financing contracts policies_redeemed questions hand_offs recalls gaps'.split(
      ' ',
    ),
  )
})

test('hand-offs by reason, first response, outcome and satisfaction; every figure is the count or sum of rows it lists', async () => {
  const first = await handedOver('web:1', '有没有低温脱氮成果？')
  const second = await handedOver('web:2', '投诉')
  await handedOver('telegram:77', '有没有量子成果？') // a broker who tries it out is not an enterprise
  await act(first, { do: 'reply', text: '有两项，我约您面谈。' })
  await act(first, {
    do: 'close',
    outcome: 'contract_signed',
    detail: { amount: 2_000_000, technology_amount: 1_500_000, received: 500_000 },
  })
  await act(second, { do: 'reply', text: '已核实并改正。' })
  await act(second, { do: 'close', outcome: 'answered' })
  await desk.write('web:1', '', { kind: 'button', button: `s:${first}:5` })
  await desk.write('web:2', '', { kind: 'button', button: `s:${second}:3` })
  await desk.write('web:2', '', { kind: 'button', button: `s:${first}:1` }) // not theirs to judge
  await desk.settle()
  await desk.database.pool.query(
    `update ticket set first_reply_at = opened_at + case id when $1 then interval '60 s' else interval '600 s' end where first_reply_at is not null`,
    [first],
  )

  const figures = await report(desk.database.pool, period, days)
  expect(figures).toMatchObject({
    enterprises: { served: 1 },
    brokers: { active: 1 },
    demands: { agreed: 1 },
    contracts: { count: 1, contract_amount: 2_000_000, technology_amount: 1_500_000, received_amount: 500_000 },
    questions: { asked: 2, handed_off: 2 },
    hand_offs: {
      by_reason: { nothing_found: 2, complaint: 1 },
      first_response_p50_s: 60,
      first_response_p90_s: 600,
      satisfaction: 4,
      outcomes: { contract_signed: 1, answered: 1 },
    },
    gaps: 2,
  })
  const listed = new Map<string, number>()
  for (const name of rowsNames) listed.set(name, (await listRows(desk.database.pool, name, period)).length)
  expect(listed.get('hand_offs')).toBe(3)
  expect(listed.get('hand_offs.satisfaction')).toBe(2)
  expect(listed.get('contracts.count')).toBe(1)
  expect(listed.get('gaps')).toBe(2)
  expect(await listRows(desk.database.pool, 'hand_offs', { from: new Date(0), to: period.from })).toEqual([])
})

/** Every figure by its path, as `report --json` holds it. */
function figures(of: object, path = ''): [string, unknown][] {
  return Object.entries(of).flatMap(([key, value]) =>
    value !== null && typeof value === 'object'
      ? figures(value, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, unknown]],
  )
}

test('every figure the contract names is there and lists the rows it is the count or sum of, and each look at them is on record', async () => {
  const { pool } = desk.database
  const all = figures(await report(pool, period, days)).filter(([path]) => path !== 'from' && path !== 'to')
  const contract =
    'enterprises.served enterprises.new demands.collected demands.vetted demands.published demands.introduced demands.agreed demands.open achievements.collected achievements.published achievements.incubating achievements.transferred events.held events.training events.attendance brokers.active brokers.trained agreements financing.projects financing.amount contracts.count contracts.contract_amount contracts.technology_amount contracts.received_amount policies_redeemed.count policies_redeemed.amount questions.asked questions.answered questions.clarified questions.declined questions.handed_off hand_offs.by_reason.complaint hand_offs.first_response_p50_s hand_offs.first_response_p90_s hand_offs.satisfaction hand_offs.outcomes.answered recalls gaps'
  expect(all.map(([path]) => path)).toEqual(expect.arrayContaining(contract.split(' ')))
  expect(all.filter(([path]) => !/\p{Script=Han}/u.test(nameOfFigure(path) ?? ''))).toEqual([])
  const wanted = { period, days }
  for (const [path, value] of all) {
    const rows = await exported(pool, { ...wanted, name: path }, { actor: 'os:test', form: 'csv' })
    const sum = rows.reduce((total, row) => total + Number(row['amount'] ?? 0), 0)
    if (/amount$|attendance$/.test(path)) expect([path, sum]).toEqual([path, value])
    else if (!/_s$|satisfaction$/.test(path)) expect([path, rows.length]).toEqual([path, value])
    else expect([path, rows.length]).toEqual([path, 2])
  }
  await exported(pool, { ...wanted, name: null }, { actor: 'os:test', form: 'json' })
  const { rows } = await pool.query<{ about: string }>(`select about from audit where action = 'exported' order by id`)
  expect(rows.map((row) => row.about)).toEqual([...all.map(([path]) => `report:${path}`), 'report:summary'])
  expect(rowsOfName('contracts.nonsense')).toBeNull()
  expect(rowsOfName('constructor')).toBeNull()
})

test('percentiles are values that were measured', () => {
  expect(percentile([], 0.5)).toBeNull()
  expect(percentile([7], 0.9)).toBe(7)
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2)
  expect(
    percentile(
      Array.from({ length: 10 }, (_, index) => index + 1),
      0.9,
    ),
  ).toBe(9)
})

test('what a spreadsheet would run is text', () => {
  expect(
    csvOf([
      { name: '=1+1', n: -2 },
      { name: 'a,"b"', n: 3 },
    ]),
  ).toBe('name,n\r\n\'=1+1,-2\r\n"a,""b""",3\r\n')
})

test('the achievements of the fictional park are no figures', async () => {
  const documents = documentStore(desk.database.pool, { clock: () => new Date() })
  const collected = async () => (await listRows(desk.database.pool, 'achievements.collected', period)).length
  await documents.replace(policy('示例成果', { kind: 'achievement', demo: true }))
  expect(await collected()).toBe(0)
  await documents.replace(policy('自有成果', { kind: 'achievement' }))
  expect(await collected()).toBe(1)
})
