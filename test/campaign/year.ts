import type { Person } from '../../bot/handoff/people.ts'
import { report } from '../../bot/report/report.ts'
import { midnightInChina } from '../../retrieval/base/clock.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'
import { type Random, seeded } from '../fakes/random.ts'

export type YearFigures = {
  readonly demands: number
  /** Steps that were taken, and orders that had to be refused. */
  readonly steps: number
  readonly refused: number
  /** Figures of the report that are not what was done. */
  readonly lost: number
  /** Public texts or words to a solver in which the enterprise could be recognised. */
  readonly astray: number
  readonly differences: readonly string[]
}

/** Figures of the report that this year is about, by month of 2026, as they were done. */
type Ledger = Record<string, number[]>
const counted = [
  ...['demands.collected', 'demands.vetted', 'demands.published', 'demands.introduced', 'demands.agreed', 'agreements'],
  ...['contracts.count', 'contracts.contract_amount', 'contracts.technology_amount', 'contracts.received_amount'],
  ...['policies_redeemed.count', 'policies_redeemed.amount'],
] as const
type Counted = (typeof counted)[number]

type Year = {
  readonly desk: TestDesk
  readonly ledger: Ledger
  readonly random: Random
  now: Date
  steps: number
  refused: number
  astray: number
  readonly differences: string[]
}

/**
 * A scripted year: enterprises submit demands, a broker and staff walk them along the chain or lose them, somebody offers to solve them, steps
 * are tried too early, repeated, recorded by closing a case or taken back; then the report of the year and of each quarter is compared with
 * what was done. On the embedded database, whose one session has the scripted clock.
 */
export async function runYear({ demands, seed }: { readonly demands: number; readonly seed: number }): Promise<YearFigures> {
  const clock = () => year.now
  const directChat = ({ wecom }: Person) => (wecom === null ? null : `wecom:${wecom}`)
  const desk = await openTestDesk({ desk: null, clock, directChat })
  const ledger: Ledger = Object.fromEntries(counted.map((name) => [name, Array.from({ length: 12 }, () => 0)]))
  const year: Year = { desk, ledger, random: seeded(seed), now: new Date(), steps: 0, refused: 0, astray: 0, differences: [] }
  try {
    await desk.broker('王工', { wecom: 'wang' })
    await desk.broker('钱老师', { wecom: 'qian', role: 'staff' })
    for (let index = 0; index < demands; index += 1) await oneDemand(year, index)
    await compare(year)
    const { steps, refused, astray, differences } = year
    return { demands, steps, refused, lost: differences.length, astray, differences }
  } finally {
    await desk.close()
  }
}

/** Moves the park's clock on by some days, to the year's end at the latest. */
async function later(year: Year, from: Date | null = null): Promise<void> {
  const dayMs = 86_400_000
  const next = (from ?? year.now).getTime() + Math.ceil(year.random() * 20) * dayMs
  year.now = new Date(Math.min(next, Date.parse('2026-12-30T10:00:00+08:00')))
  await year.desk.database.pool.query(`select set_config('yuanqiao.clock', $1, false)`, [`${year.now.getTime()},0,${Date.now()}`])
}

const month = (year: Year) => new Date(year.now.getTime() + 8 * 3_600_000).getUTCMonth()

function count(year: Year, name: Counted, by = 1, at = month(year)): void {
  const months = year.ledger[name]
  if (months !== undefined) months[at] = (months[at] ?? 0) + by
}

async function tell(year: Year, chat: string, ...lines: string[]): Promise<string> {
  const { desk } = year
  const before = (await desk.said(chat)).length
  for (const text of lines) {
    await desk.write(chat, text, { from: { id: chat, name: null }, sentAt: year.now.toISOString() })
    await desk.settle()
  }
  return (await desk.said(chat)).slice(before).join('\n')
}

/** An order that must be done, or must be refused. */
async function order(year: Year, chat: 'wecom:wang' | 'wecom:qian', text: string, done = true): Promise<boolean> {
  const said = await tell(year, chat, text)
  const was = / 已记：|已收回。/.test(said)
  if (was !== done) year.differences.push(`${text}: ${said}`)
  year[was ? 'steps' : 'refused'] += 1
  return was
}

const secret = /恒光|三号窑|139\d{8}/

async function oneDemand(year: Year, index: number): Promise<void> {
  const { random } = year
  const firm = `web:firm${index}`
  await later(year, new Date(`2026-${String(1 + Math.floor(random() * 10)).padStart(2, '0')}-03T10:00:00+08:00`))
  await tell(
    year,
    firm,
    '提需求',
    `我们恒光${index}陶瓷有限公司三号窑能耗高，电话1390000${String(1000 + index)}，保密：三号窑`,
    '能耗降低20%以上',
    '就这些',
  )
  count(year, 'demands.collected')
  const d = await idOf(year, firm)
  if (random() < 0.3) await order(year, 'wecom:wang', `/publish D${d}`, false)
  await tell(year, 'wecom:wang', `T${await ticketOf(year, firm)} /claim`)
  await later(year)
  if (random() < 0.15) return void (await order(year, 'wecom:qian', `/reject D${d} 自己能解决`))
  await order(year, 'wecom:qian', `/vet D${d}`)
  count(year, 'demands.vetted')
  if (random() < 0.3) await order(year, 'wecom:qian', `/vet D${d}`, false)
  if (random() < 0.7) await publish(year, d, index)
  if (random() < 0.15) return void (await withdraw(year, firm, d))
  await later(year)
  await order(year, 'wecom:wang', `/introduce D${d}`)
  count(year, 'demands.introduced')
  if (random() < 0.2) return void (await order(year, 'wecom:wang', `/fail D${d} price`))
  if (random() < 0.3) return byClosing(year, firm)
  await contract(year, d)
}

async function publish(year: Year, d: string, index: number): Promise<void> {
  await later(year)
  await order(year, 'wecom:wang', `/publish D${d} 匿名 揭榜`)
  count(year, 'demands.published')
  const solver = `web:solver${index}`
  const list = await tell(year, solver, '有哪些需求')
  const told = await tell(year, solver, `揭榜 ${d}，我们有余热回收技术`)
  if (!list.includes(`【${d}号】`) || !told.includes('我记下了')) year.differences.push(`D${d} is not listed or not offered to`)
  if (secret.test(list + told)) year.astray += 1
}

async function withdraw(year: Year, firm: string, d: string): Promise<void> {
  const said = await tell(year, firm, '撤回我的需求')
  if (!said.includes('已撤回')) year.differences.push(`D${d} was not withdrawn: ${said}`)
  await order(year, 'wecom:wang', `/introduce D${d}`, false)
  if ((await tell(year, 'web:anybody', '榜单')).includes(`【${d}号】`)) year.differences.push(`D${d} is still listed`)
}

/** The broker records the outcome of the case instead of taking steps; where nobody wrote for long it is closed by now. */
async function byClosing(year: Year, firm: string): Promise<void> {
  await later(year)
  await year.desk.settle() // promises that fell due meanwhile
  const { rows } = await year.desk.database.pool.query<{ id: string; state: string }>(
    `select t.id::text, t.state from ticket t join conversation c on c.id = t.conversation where c.chat = $1`,
    [firm],
  )
  const { id: ticket = '', state = '' } = rows[0] ?? {}
  const wang = (await year.desk.deps.people.list()).find((each) => each.name === '王工')
  if (wang === undefined) return
  const amount = 100_000 * Math.ceil(year.random() * 30)
  const detail = { amount, technology_amount: amount / 2, reg_no: `R${ticket}` }
  const result = year.desk.post(wang, ticket, { do: state === 'closed' ? 'record' : 'close', outcome: 'registered', detail })
  let code: string | null = null
  void result.then((each) => {
    code = each.code
  })
  for (; code === null; await new Promise((resolve) => setTimeout(resolve, 5))) await year.desk.settle()
  if (code !== 'done') year.differences.push(`T${ticket}: the outcome was not recorded: ${code}`)
  year.steps += 1
  for (const [name, by] of [
    ['demands.agreed', 1],
    ['contracts.count', 1],
    ['contracts.contract_amount', amount],
    ['contracts.technology_amount', amount / 2],
  ] as const)
    count(year, name, by)
}

async function contract(year: Year, d: string): Promise<void> {
  const { random } = year
  await later(year)
  const agreed = random() < 0.5
  if (agreed) {
    await order(year, 'wecom:wang', `/agree D${d} 意向`)
    count(year, 'agreements')
    count(year, 'demands.agreed')
    await later(year)
  }
  const amount = 10_000 * Math.ceil(random() * 500)
  await order(year, 'wecom:wang', `/sign D${d} 合同额${amount / 20_000}万`)
  const first = month(year)
  if (!agreed) count(year, 'demands.agreed')
  count(year, 'contracts.count', 1, first)
  await later(year)
  await order(year, 'wecom:wang', `/register D${d} 成交额${amount}`, false)
  await order(year, 'wecom:wang', `/register D${d} 登记号R-2026-${d} 成交额${amount / 10_000}万元 技术交易额${amount / 20_000}万`)
  count(year, 'contracts.contract_amount', amount, first)
  count(year, 'contracts.technology_amount', amount / 2, first)
  for (let paid = 0; paid < Math.floor(random() * 3); paid += 1) {
    await later(year)
    await order(year, 'wecom:wang', `/paid D${d} 3.5万`)
    count(year, 'contracts.received_amount', 35_000)
  }
  await redeem(year, d)
}

async function redeem(year: Year, d: string): Promise<void> {
  if (year.random() < 0.3) return
  await later(year)
  await order(year, 'wecom:wang', `/redeem D${d} 奖励 9万`)
  if (year.random() < 0.3) {
    await order(year, 'wecom:wang', `/undo D${d} 兑现`, false)
    await order(year, 'wecom:wang', `/undo D${d} 兑现 金额错了`)
    await order(year, 'wecom:wang', `/redeem D${d} 奖励 8万`)
    count(year, 'policies_redeemed.amount', -10_000)
  }
  count(year, 'policies_redeemed.count')
  count(year, 'policies_redeemed.amount', 90_000)
}

async function idOf({ desk }: Year, chat: string): Promise<string> {
  const { rows } = await desk.database.pool.query<{ id: string }>(
    'select d.id::text from demand d join conversation c on c.id = d.conversation where c.chat = $1',
    [chat],
  )
  return rows[0]?.id ?? ''
}

async function ticketOf({ desk }: Year, chat: string): Promise<string> {
  const { rows } = await desk.database.pool.query<{ id: string }>(
    `select t.id::text from ticket t join conversation c on c.id = t.conversation where c.chat = $1 and t.state <> 'closed'`,
    [chat],
  )
  return rows[0]?.id ?? ''
}

/** The year and its quarters, figure by figure. */
async function compare(year: Year): Promise<void> {
  for (const [from, to] of [
    [0, 12],
    [0, 3],
    [3, 6],
    [6, 9],
    [9, 12],
  ] as const) {
    const edge = (at: number) =>
      midnightInChina(at === 12 ? '2027-01-01' : `2026-${String(at + 1).padStart(2, '0')}-01`) ?? new Date(0)
    const figures = await report(year.desk.database.pool, { from: edge(from), to: edge(to) }, { from: `${from}`, to: `${to}` })
    for (const name of counted) {
      const done = (year.ledger[name] ?? []).slice(from, to).reduce((sum, each) => sum + each, 0)
      const said = name.split('.').reduce<unknown>((of, part) => (of as Record<string, unknown>)[part], figures) // the report is plain objects
      if (said !== done) year.differences.push(`months ${from + 1} to ${to}: ${name} is ${String(said)}, done was ${done}`)
    }
  }
}
