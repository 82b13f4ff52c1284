import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeStep } from '../../bot/chain/steps.ts'
import { expire } from '../../bot/control/retention.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { report } from '../../bot/report/report.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** A demand walks the whole chain: by an enterprise, a broker and a lead in their chats, and somebody who can solve it. */
let desk: TestDesk
let wang: Person
let li: Person

beforeAll(async () => {
  desk = await openTestDesk({ desk: null, directChat: (person) => (person.wecom === null ? null : `wecom:${person.wecom}`) })
  wang = await desk.broker('王工', { wecom: 'wang' })
  li = await desk.broker('李工', { wecom: 'li' })
  await desk.broker('周主任', { wecom: 'zhou', role: 'lead' })
  await desk.broker('钱老师', { wecom: 'qian', role: 'staff' })
})
afterAll(() => desk.close())

/** Writes and @returns what was answered in that chat since. */
async function tell(chat: string, ...lines: string[]): Promise<string> {
  const before = (await desk.said(chat)).length
  for (const text of lines) {
    await desk.write(chat, text, { from: { id: chat, name: names[chat] ?? null } })
    await desk.settle()
  }
  return (await desk.said(chat)).slice(before).join('\n')
}
const names: Record<string, string> = { 'web:firm': '沈建国' }
const need = '我们是苏州恒力环保科技有限公司，三号线废水冬天氨氮降不下来，电话13812345678，保密：三号线'

async function demandOf(chat: string): Promise<string> {
  const { rows } = await desk.database.pool.query<{ id: string }>(
    'select d.id::text from demand d join conversation c on c.id = d.conversation where c.chat = $1 order by d.id desc',
    [chat],
  )
  return rows[0]?.id ?? ''
}
async function ticketOf(chat: string): Promise<string> {
  return (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
}

const tellTale = /恒力|沈建国|13812345678|三号线|web:firm/

test('from collecting to a redeemed policy, each step by whoever may, and the report counts what was done', async () => {
  const done = await tell('web:firm', '提需求', need, '氨氮降到5mg/L以下', '跳过', '就这些')
  const d = await demandOf('web:firm')
  expect(done).toContain(`D${d}`)
  const ticket = await ticketOf('web:firm')
  expect(await tell('web:nobody', '我的需求到哪一步了？')).toContain('没有您登记过的需求')
  expect(await tell('web:firm', '我的需求到哪一步了？')).toMatch(new RegExp(`D${d} .*已征集.*下一步是：甄别`))

  // Nobody can skip, and an enterprise's own /vet does nothing.
  expect(await tell('wecom:wang', `/publish D${d}`)).toContain('前面要先有：已甄别')
  await tell('web:firm', `/vet D${d}`)
  expect(await tell('wecom:wang', `/claim`, `T${ticket} /claim`)).not.toBe('')
  expect(await tell('wecom:li', `/vet D${d} 我看可以`)).toContain('没有记下')
  expect(await tell('wecom:qian', `/vet D${d} 指标可量化`)).toContain(`D${d} 已记：已甄别`)
  expect(await tell('wecom:qian', `/vet D${d}`)).toContain('已经记过')

  // Published anonymously: the enterprise reads exactly what everybody may.
  expect(await tell('wecom:wang', `/publish D${d} 匿名：恒 力的废水氨氮要降`)).toContain('没有发布')
  expect(await tell('wecom:wang', '/preview')).not.toMatch(tellTale)
  const told = await tell('wecom:wang', '/publish 匿名 揭榜 至2027-03-31')
  expect(told).toMatch(new RegExp(`D${d} 已记：已发布[\\s\\S]*大家看到的是：[\\s\\S]*氨氮`))
  expect((await desk.said('web:firm')).at(-1)).toMatch(/已匿名发布，大家能看到的只有：[\s\S]*氨氮/)

  const list = await tell('web:solver', '有哪些需求？')
  expect(list).toMatch(new RegExp(`【${d}号】〔揭榜·企业榜〕[\\s\\S]*氨氮[\\s\\S]*2027-03-31`))
  const solved = await tell('web:solver', `揭榜 ${d}，我们有低温反硝化菌剂`)
  expect(solved).toContain('我记下了')
  expect(solved).toContain('技术经纪人')
  expect(await tell('web:solver', `我能做${d}号`)).toContain('已经表示')
  for (const line of await desk.said('web:solver')) expect(line).not.toMatch(tellTale)
  const offered = await ticketOf('web:solver')
  // Both sides for the broker, nothing about the solver for the enterprise.
  expect((await desk.said('wecom:wang')).join('\n')).toContain(`T${offered}`)
  await tell('wecom:wang', `T${offered} /claim`)
  expect((await desk.said('wecom:wang')).join('\n')).toMatch(/只给您看双方[\s\S]*恒力/)
  expect((await desk.said('web:firm')).join('\n')).not.toMatch(/反硝化|web:solver/)

  expect(await tell('wecom:wang', `/introduce D${d} T99999`)).toContain('没有这个编号')
  expect(await tell('wecom:wang', `/introduce D${d} T${offered}`)).toContain('已记：已对接')
  expect(await tell('wecom:wang', `/agree D${d} 已签意向`)).toContain('已记')
  expect(await tell('wecom:wang', `/register D${d} 成交额300万`)).toContain('还缺：登记号')
  expect(await tell('wecom:wang', `/sign D${d} 合同额280万`)).toContain('已记')
  expect(await tell('wecom:wang', `/register D${d} 登记号2026320500001234 成交额300万 技术交易额360万`)).toContain(
    '技术交易额不能大于',
  )
  expect(await tell('wecom:wang', `/register D${d} 登记号2026320500001234 成交额300万 技术交易额260万`)).toContain(
    '已记：合同已登记',
  )
  expect(await tell('wecom:wang', `/paid D${d} 301万`)).toContain('不能大于合同成交额')
  expect(await tell('wecom:wang', `/paid D${d} 100万`, `/paid D${d} 50万`)).toContain('已记：有到账')
  expect(await tell('wecom:wang', `/paid D${d} 151万`)).toContain('不能大于合同成交额')
  expect(await tell('wecom:wang', `/redeem D${d} 技术合同奖励 12万`)).toContain('已记：政策已兑现')
  expect(await tell('web:firm', '撤回我的需求')).toContain('已经签了合同')
  expect(await tell('web:other', '有哪些需求')).toContain('没有公开征集')

  const figures = await report(
    desk.database.pool,
    { from: new Date('2026-01-01'), to: new Date('2100-01-01') },
    { from: '2026-01-01', to: '2099-12-31' },
  )
  expect(figures).toMatchObject({
    demands: { collected: 1, vetted: 1, published: 1, introduced: 1, agreed: 1, open: 0 },
    agreements: 1,
    contracts: { count: 1, contract_amount: 3_000_000, technology_amount: 2_600_000, received_amount: 1_500_000 },
    policies_redeemed: { count: 1, amount: 120_000 },
  })

  // A wrong step is taken back, the last first, with a reason.
  expect(await tell('wecom:wang', `/undo D${d} 登记 登记号错了`)).toContain('请先收回后面的')
  expect(await tell('wecom:wang', `/undo D${d} 兑现`)).toContain('要写理由')
  expect(await tell('wecom:wang', `/undo D${d} 兑现 金额错了`)).toContain('已收回')
  expect(await tell('wecom:wang', `/chain D${d}`)).toMatch(/王工[\s\S]*已收回：金额错了/)
  expect(await tell('wecom:li', `/chain D${d}`)).toContain('没有找到')
})

test('closing with an outcome is the same steps: nothing counts twice, and a corrected outcome replaces the first', async () => {
  await tell('web:firm2', '提需求', '想找高强铝合金焊接工艺，预算50万元', '完成')
  const d = await demandOf('web:firm2')
  const ticket = await ticketOf('web:firm2')
  const act = async (action: Parameters<TestDesk['post']>[2]) => {
    const result = desk.post(wang, ticket, action)
    await expect.poll(() => desk.worker()(), { timeout: 20_000 }).toBe(true)
    expect((await result).code).toBe('done')
  }
  await act({ do: 'claim' })
  await act({ do: 'close', outcome: 'contract_signed', detail: { amount: 400_000, received: 100_000 } })
  await act({ do: 'record', outcome: 'registered', detail: { amount: 500_000, technology_amount: 450_000, reg_no: 'R-1' } })
  const { rows } = await desk.database.pool.query(
    'select stage, source, taken_back_at is null as stands from chain_step where demand = $1 order by id',
    [d],
  )
  expect(rows.filter((each) => each.stands).map((each) => `${each.stage}:${each.source}`)).toEqual([
    'collected:step',
    'vetted:implied',
    'introduced:implied',
    'registered:outcome',
  ])
  const period = { from: new Date('2026-01-01'), to: new Date('2100-01-01') }
  expect(await report(desk.database.pool, period, { from: '', to: '' })).toMatchObject({
    contracts: { count: 2, contract_amount: 3_500_000, technology_amount: 3_050_000 },
    demands: { collected: 2, agreed: 2 },
  })
  expect(await tell('wecom:wang', `/redeem D${d} 3万`)).toContain('已记')
})

/** Closes a case or records its outcome, by the desk's own door. */
async function closed(ticket: string, action: Parameters<TestDesk['post']>[2], by = wang): Promise<string> {
  let code = ''
  const result = desk.post(by, ticket, action).then((done) => (code = done.code))
  await expect.poll(() => desk.settle().then(() => code), { timeout: 20_000 }).not.toBe('')
  return result
}

test('no door takes sums larger than their contract, and only whose case it was says what came of it', async () => {
  await tell('web:firm8', '提需求', '想找耐高温密封材料', '完成')
  const [d, ticket] = [await demandOf('web:firm8'), await ticketOf('web:firm8')]
  await tell('wecom:wang', `T${ticket} /claim`, `/vet D${d}`, `/introduce D${d}`, `/sign D${d} 合同额50万 已付20万`)
  const over = { amount: 500_000, technology_amount: 600_000, reg_no: 'R-8' }
  expect(await closed(ticket, { do: 'close', outcome: 'registered', detail: over })).toBe('technology_over')
  expect(await closed(ticket, { do: 'close', outcome: 'contract_signed', detail: { received: 600_000 } })).toBe('done')
  const { rows } = await desk.database.pool.query('select outcome from ticket where id = $1', [ticket])
  expect(rows).toEqual([{ outcome: 'contract_signed' }])
  expect(await closed(ticket, { do: 'record', outcome: 'registered', detail: over })).toBe('technology_over')
  expect(await tell('wecom:wang', `/paid D${d} 31万`)).toContain('不能大于合同成交额')
})

test('one number is one contract, and what had arrived by signing counts once', async () => {
  const period = { from: new Date('2026-01-01'), to: new Date('2100-01-01') }
  const contracts = async () =>
    (await report(desk.database.pool, period, { from: '', to: '' }))['contracts'] as Record<string, number>
  const before = await contracts()
  for (const [index, chat] of ['web:firm12', 'web:firm13'].entries()) {
    await tell(chat, '提需求', '想找低温烧结银浆', '完成')
    const d = await demandOf(chat)
    await tell('wecom:wang', `T${await ticketOf(chat)} /claim`, `/vet D${d}`, `/introduce D${d}`)
    if (index === 0) await tell('wecom:wang', `/sign D${d} 合同额90万 已付30万`)
    await tell(
      'wecom:wang',
      `/register D${d} 登记号${index === 0 ? 'Reg-77' : 'REG-77'} 成交额90万 到账${index === 0 ? 40 : 0}万`,
    )
  }
  const after = await contracts()
  const grown = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]))
  expect(grown).toEqual({ count: 1, contract_amount: 900_000, technology_amount: 0, received_amount: 400_000 })
})

test("the outcome of a case is its demand's that goes on, and an achievement is transferred as long as the contract stands", async () => {
  await tell('web:firm9', '提需求', '想找超声波焊缝检测装置', '完成')
  const [first, ticket] = [await demandOf('web:firm9'), await ticketOf('web:firm9')]
  await desk.database.pool.query("insert into achievement (key, title) values ('k9', '超声检测') on conflict do nothing")
  const { rows } = await desk.database.pool.query<{ id: string }>("select id::text from achievement where key = 'k9'")
  const a = rows[0]?.id ?? ''
  await desk.database.pool.query(
    "insert into chain_step (key, achievement, stage, actor, source) select 'k9' || stage, $1, stage, 'ingest', 'rule' from unnest(array['collected', 'reviewed', 'published']) stage",
    [a],
  )
  await tell('wecom:wang', `T${ticket} /claim`, `T${ticket} /collect 另外要一台打磨机器人`)
  const second = `${Number(first) + 1}`
  await tell('web:firm9', `撤回需求${first}`)
  await tell('wecom:wang', `/vet D${second}`, `/introduce D${second} A${a}`)
  const stageOf = async (subject: string, id: string) =>
    (
      await desk.database.pool.query(
        `select stage from chain_step where ${subject} = $1 and taken_back_at is null order by id desc limit 1`,
        [id],
      )
    ).rows[0]?.stage
  expect(await closed(ticket, { do: 'close', outcome: 'registered', detail: { amount: 5, reg_no: 'R-9' } })).toBe('done')
  expect(await stageOf('demand', second)).toBe('registered')
  expect(await stageOf('achievement', a)).toBe('transferred')
  expect(await closed(ticket, { do: 'record', outcome: 'price' })).toBe('done')
  expect(await stageOf('demand', second)).toBe('failed')
  expect(await stageOf('achievement', a)).toBe('published')
})

test('nothing is published for a day that is over, and an erased demand is nobody’s', async () => {
  await tell('web:firm10', '提需求', '想找陶瓷基板钎焊工艺', '完成')
  const d = await demandOf('web:firm10')
  await tell('wecom:wang', `T${await ticketOf('web:firm10')} /claim`, `/vet D${d}`)
  // Without a stage the one recorded last is taken back, though it had happened before the others.
  await desk.database.pool.query("update demand set created_at = '2026-11-25' where id = $1", [d])
  await tell('wecom:wang', `/introduce D${d} 日期2026-11-25`)
  expect(await tell('wecom:wang', `/undo D${d} why:nobody`, `/chain D${d}`)).toContain('why:nobody')
  await tell('wecom:wang', `/introduce D${d} 日期2026-11-25`)
  expect(await tell('wecom:wang', `/undo D${d} 约错了人`)).toContain('“已对接”已收回')
  expect(await tell('wecom:wang', `/publish D${d} 至2026-11-25`)).toContain('没有发布')
  expect(await tell('wecom:wang', `/publish D${d} 至2026-11-26`)).toContain('已记')
  await tell('web:firm10', '/close', '删除我的数据', '确定清除')
  expect(await tell('wecom:zhou', `/undo D${d} 撤回 误删了`)).toContain('没有找到')
})

test('words of a demand are kept no longer than others once it is over, even if it had been published', async () => {
  const { pool } = desk.database
  await tell('web:firm11', '提需求', '想找耐磨涂层工艺，标记戊己庚', '完成')
  const [d, ticket] = [await demandOf('web:firm11'), await ticketOf('web:firm11')]
  await tell('wecom:wang', `T${ticket} /claim`, `/vet D${d}`, `/publish D${d}`)
  const kept = async () => (await pool.query("select 1 from demand where id = $1 and need <> ''", [d])).rowCount
  await closed(ticket, { do: 'close', outcome: 'answered' })
  const later = () => new Date(Date.now() + 86_400_000)
  // Whatever else was said is gone by then; it is still listed.
  await expire(pool, desk.deps, later())
  expect(await kept()).toBe(1)
  await tell('wecom:wang', `/introduce D${d}`, `/sign D${d} 30万`)
  await expire(pool, desk.deps, later())
  expect(await kept()).toBe(0)
})

test('an enterprise withdraws: no longer listed, its broker is told, and others learn nothing by its number', async () => {
  await tell('web:firm3', '提需求', '想找耐酸碱的纳滤膜', '完成')
  const d = await demandOf('web:firm3')
  await tell('wecom:wang', `T${await ticketOf('web:firm3')} /claim`, `/vet D${d}`, `/publish D${d} 公开`)
  expect(await tell('web:other', '有哪些需求')).toContain('纳滤膜')
  expect(await tell('web:other', `需求${d}到哪一步了`)).not.toContain('纳滤膜')
  expect(await tell('web:other', `撤回需求${d}`)).not.toContain('已撤回')
  expect(await tell('web:firm3', `揭榜${d}`)).toContain('您自己提的')
  expect(await tell('web:firm3', '撤回需求')).toContain('已撤回')
  expect((await desk.said('wecom:wang')).at(-1)).toContain(`企业撤回了需求 D${d}`)
  expect(await tell('web:other', '榜单')).not.toContain('纳滤膜')
  expect(await tell('web:other', `揭榜 ${d}`)).toContain('现在没有')
  expect(await tell('web:firm3', '我的需求')).not.toContain('发布着')
  expect(await tell('wecom:wang', `/introduce D${d}`)).toContain('已经结束')
  expect(await tell('wecom:zhou', `/undo D${d} 撤回 企业又要了`)).toContain('已收回')
  expect(await tell('wecom:zhou', `/chain D${d}`)).toContain('已收回：企业撤回过')
  // What somebody else's step hides, or shows again, the enterprise is told.
  await tell('wecom:wang', `/publish D${d} 公开`, `/fail D${d} price 谈不拢`)
  expect((await desk.said('web:firm3')).at(-1)).toContain('没有对外发布')
  await tell('wecom:wang', `/undo D${d} 未成 又谈了`)
  expect((await desk.said('web:firm3')).at(-1)).toMatch(/已公开发布[\s\S]*纳滤膜/)
})

test('whoever has a conflict of interest learns and takes nothing, and words in a lost demand are erased, its figures stay', async () => {
  await tell('web:firm4', '提需求', '想找印染污泥减量技术，标记甲乙丙', '完成')
  const d = await demandOf('web:firm4')
  const ticket = await ticketOf('web:firm4')
  await desk.database.pool.query('update ticket set excluded = array[$2::bigint] where id = $1', [ticket, li.id])
  expect(await tell('wecom:li', `/vet D${d}`)).toContain('利益冲突')
  expect(await tell('wecom:li', `/chain D${d}`)).toContain('没有找到')
  await tell('wecom:wang', `T${ticket} /claim`, `/vet D${d} 标记甲乙丙可行`, `/publish D${d} 匿名：标记甲乙丙减量`)
  await tell('web:firm4', '/close', '删除我的数据', '确定清除')
  const { rows } = await desk.database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const found: string[] = []
  for (const { name } of rows)
    if ((await desk.database.pool.query(`select 1 from "${name}" x where x::text like '%标记甲乙丙%'`)).rowCount !== 0)
      found.push(name)
  expect(found).toEqual([])
  const steps = await desk.database.pool.query('select stage from chain_step where demand = $1 order by id', [d])
  expect(steps.rows.map((row) => row.stage)).toEqual(['collected', 'vetted', 'published', 'withdrawn'])
})

test("in a case's own topic the number may be left out; staff may take their steps there, strangers none", async () => {
  const topics = await openTestDesk({ database: desk.database })
  const zhao = await topics.broker('赵工', { telegram: '88' })
  await topics.broker('孙老师', { telegram: '89', role: 'staff' })
  await tell('web:firm5', '提需求', '想找铝合金搅拌摩擦焊接技术', '完成')
  const [d, ticket] = [await demandOf('web:firm5'), await ticketOf('web:firm5')]
  const topic = 'telegram:-100#55'
  await topics.deps.tickets.setDeskChat(desk.database.pool, ticket, topic)
  const says = async (from: string, text: string) => {
    await topics.write(topic, text, { from: { id: `telegram:${from}`, name: null }, group: true, addressed: false })
    await topics.settle()
    return (await topics.said(topic)).at(-1) ?? ''
  }
  expect(await says('99', '/vet')).not.toContain('已记')
  expect(await says('89', '/甄别 真实')).toContain(`D${d} 已记：已甄别`)
  expect(await says('88', '/preview')).toContain('搅拌摩擦焊接')
  expect(await says('88', '/publish')).toContain(`D${d} 已记：已发布`)
  expect(await says('88', '/collect 另外还要焊缝检测设备')).toContain('需求已记下')
  expect(await says('88', '/introduce')).toContain('几件需求')
  expect(await says('88', `/introduce D${d} A99`)).toContain('没有这个编号的成果')
  expect(await says('88', `/introduce D${d} 日期2031-01-01`)).toContain('日期要在')
  // Nothing of it went to the enterprise but what is public.
  const told = (await desk.said('web:firm5')).join('\n')
  expect(told).toContain('已匿名发布')
  expect(told).not.toMatch(/真实|焊缝检测|没有这个编号/)
  // What came of a case is said by whose it was; others in the group read so.
  const wu = await topics.broker('吴工', { telegram: '90' })
  await says('88', '/claim')
  await says('88', '/close')
  expect(await says('90', '/outcome contract_signed')).toContain('赵工负责')
  // Nor does anybody else write down a demand in it, or hide a word that is in every text.
  expect(await says('90', '/collect 再要一台检测仪')).toContain('由您办理')
  expect(await says('88', `/hide D${d} 的`)).toContain('至少两个字')
  expect(await says('88', `/preview D${d} 公开`)).toContain('公开发布时')
  expect(wu.name).toBe('吴工')
  expect(zhao.name).toBe('赵工')
})

test('whoever asks to stay anonymous is never published by name; a word hidden later takes it down', async () => {
  await tell('web:firm7', '提需求', '我们是无锡华清光学有限公司，请匿名，想找镜片镀膜耐磨技术', '完成')
  const d = await demandOf('web:firm7')
  await tell('wecom:wang', `T${await ticketOf('web:firm7')} /claim`, `/vet D${d}`)
  expect(await tell('wecom:wang', `/publish D${d} 公开`)).toContain('要求匿名')
  expect(await tell('wecom:wang', `/publish D${d}`)).toContain('已记')
  expect(await tell('web:other', '有哪些需求')).toMatch(/镜片镀膜耐磨/)
  expect(await tell('web:firm7', '保密：耐磨')).toContain('先撤下了')
  expect(await tell('web:other', '有哪些需求')).not.toMatch(/镜片镀膜|华清/)
  expect((await desk.said('wecom:wang')).at(-1)).toContain('先撤下了：耐磨')
  expect(await tell('wecom:wang', `/publish D${d} 匿名：镜片镀膜耐 磨技术`)).toContain('没有发布')
  expect(await tell('wecom:wang', `/publish D${d} 匿名：镜片镀膜技术`)).toContain('已记')
  await tell('wecom:wang', `/hide D${d} 镀膜`)
  expect((await desk.said('web:firm7')).at(-1)).toContain('没有对外发布')
})

test('of many who take the same step at once one does; the same request twice is one step', async () => {
  await tell('web:firm6', '提需求', '想找焊缝无损检测设备', '完成')
  const id = await demandOf('web:firm6')
  const take = (key: string) =>
    transaction(desk.database.pool, (tx) =>
      takeStep(tx, {
        ...{ subject: { kind: 'demand', id }, stage: 'vetted', evidence: {}, key, person: wang.id, actor: `person:${wang.id}` },
        by: { is: 'person', role: 'broker', owns: true, excluded: false },
      }),
    )
  const codes = (await Promise.all(['a', 'b', 'a', 'c', 'b', 'd'].map((each) => take(`race:${each}`)))).map((each) => each.code)
  const done = codes.filter((code) => code === 'done').length
  expect([1, 2]).toContain(done) // twice when the winner asked twice
  expect(codes.filter((code) => code === 'already')).toHaveLength(6 - done)
  const { rows } = await desk.database.pool.query('select 1 from chain_step where demand = $1 and stage = $2', [id, 'vetted'])
  expect(rows).toHaveLength(1)
})
