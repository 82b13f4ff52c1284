import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Incoming, ingest } from '../../ingest/ingest.ts'
import type { Outcome } from '../../ingest/report.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

let world: TestPark
beforeAll(async () => {
  world = await openTestPark({ PARK_REGION: '测试园区' })
})
afterAll(() => world.close())

const file = (name: string, text: string | Uint8Array): Incoming => ({
  source: `policies/${name}`,
  name,
  bytes: async () => (typeof text === 'string' ? new TextEncoder().encode(text) : text),
})

async function put(...files: Incoming[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of ingest(files, { library: world.park.library, log: silentLog })) outcomes.push(outcome)
  return outcomes
}

const policy = (cap: string) =>
  `测试园区管理委员会文件\n测园管〔2025〕7号\n测试园区首版次软件奖励办法\n第一条 为鼓励软件创新，制定本办法。\n第二条 首版次软件产品按销售额的12%奖励，每家企业每年最高${cap}。\n第三条 本办法自2025年2月1日起施行，有效期至2029年1月31日。\n测试园区管理委员会\n2025年1月10日\n`
const ask = (question: string) => world.park.answer({ question, history: [], language: 'zh', visibility: 1, clarified: 0 })

test('a file becomes searchable, retires the demo park, is left alone when unchanged and replaced when changed', async () => {
  expect((await put(file('软件.txt', policy('45万元'))))[0]).toMatchObject({
    outcome: 'added',
    doc_no: '测园管〔2025〕7号',
    issuers: ['测试园区管理委员会'],
    genre: '办法',
    status: 'effective',
    issued_on: '2025-01-10',
    effective_from: '2025-02-01',
    effective_to: '2029-01-31',
    clauses: 3,
    error: null,
  })
  expect((await world.park.library.documents.hasDocuments()).demo).toBe(0)
  const answered = await ask('首版次软件每家企业每年最高奖励多少？')
  expect(answered.evidence[0]).toMatchObject({ title: '测试园区首版次软件奖励办法', clause: '第二条' })

  expect((await put(file('软件.txt', policy('45万元'))))[0]?.outcome).toBe('unchanged')
  expect((await put(file('软件.txt', policy('60万元'))))[0]?.outcome).toBe('updated')
  const found = await world.park.library.search({
    text: '首版次软件最高奖励',
    asOf: '2026-01-01',
    regions: '*',
    visibility: 1,
    validity: 'in_force',
  })
  expect(found.evidence.map((each) => each.passage.text).join()).toContain('60万元')
  expect(found.evidence.map((each) => each.passage.text).join()).not.toContain('45万元')
})

test('doubtful, secret, empty and unknown files each get their reason, and none stops the others', async () => {
  const [undated, secret, empty, picture, masked, good] = await put(
    file('无日期.txt', '测试园区租金办法\n第一条 租金减半。\n第二条 每年申请一次，逾期不再受理，由园区资产公司负责办理。'),
    file('密件.txt', '机密★5年\n测试园区规划方案\n第一条 内容。\n第二条 内容。'),
    file('空.pdf', ''),
    file('图.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])),
    file(
      '打码.txt',
      '测园管〔2025〕8号\n测试园区补贴办法\n第一条 最高**万元。\n第二条 本办法自2025年1月1日起施行。\n2024年12月1日',
    ),
    file(
      '好.md',
      '# 测试园区活动通知\n\n测园办〔2025〕9号\n\n各企业：\n\n一、每月举办一次技术对接会，欢迎参加。\n\n二、报名电话0599-5550000，请提前三天报名。\n\n2025年3月1日\n',
    ),
  )
  expect([undated?.outcome, undated?.doubts.map((doubt) => doubt.code)]).toEqual(['needs_review', ['missing_date']])
  expect([secret?.outcome, secret?.error?.code]).toEqual(['refused', 'secret_marking'])
  expect([empty?.outcome, empty?.error?.code]).toEqual(['refused', 'empty'])
  expect([picture?.outcome, picture?.error?.code]).toEqual(['refused', 'damaged'])
  expect(masked?.doubts.map((doubt) => doubt.code)).toContain('masked_characters')
  expect(good?.outcome).toBe('added')
})

test('a table of achievements: good rows go in, bad rows are named, what is not public stays out of open chats', async () => {
  const table =
    '编号,成果名称,领域,成熟度,合作方式,公开级别\nA1,超疏水涂层,新材料,7,普通许可,L1\nA2,,环保,5,转让,L1\nA3,保密配方,医药,4,面议,L3\nA1,重复行,新材料,6,许可,L1\n'
  const [outcome] = await put(file('成果.csv', table))
  expect(outcome).toMatchObject({ outcome: 'added', kind: 'achievement', records: 2 })
  expect(outcome?.doubts.map((doubt) => doubt.code)).toEqual(['row_without_name', 'row_duplicate'])
  const look = (text: string) =>
    world.park.library.search({
      text,
      asOf: '2026-01-01',
      regions: '*',
      visibility: 1,
      validity: 'in_force',
      kinds: ['achievement'],
    })
  expect((await look('超疏水涂层')).evidence[0]?.passage.clause).toBe('A1')
  expect((await look('保密配方')).evidence.map((each) => each.passage.clause)).not.toContain('A3')
})
