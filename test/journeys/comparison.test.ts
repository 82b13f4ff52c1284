import { afterAll, beforeAll, expect, test } from 'vitest'
import { comparisonIn } from '../../bot/answer/compare/wanted.ts'
import type { Answered } from '../../bot/answer.ts'
import { type Incoming, ingest } from '../../ingest/ingest.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

let demo: TestPark
let fresh: TestPark
beforeAll(async () => {
  demo = await openTestPark()
  fresh = await openTestPark({ PARK_REGION: '*' })
  const files: Incoming[] = Object.entries(documents).map(([name, text]) => ({
    source: `own/${name}`,
    name,
    bytes: async () => new TextEncoder().encode(text),
  }))
  for await (const outcome of ingest(files, { library: fresh.park.library, log: silentLog, publish: true }))
    expect(outcome.error).toBeNull()
})
afterAll(async () => {
  await demo.close()
  await fresh.close()
})

/** Written for this test; nothing of it stands anywhere else. */
const documents = {
  '场地.md':
    '青禾湾管委会文件\n青湾管〔2026〕4号\n青禾湾孵化场地租金补贴办法\n第一条 为降低初创企业成本，制定本办法。\n第二条 本办法适用于入驻青禾湾孵化器未满三年的企业。\n第三条 按实际租金的45%给予补贴，每家企业每年最高18万元。\n第四条 每年5月1日至5月31日受理申请。\n第五条 申请材料包括租赁合同、租金发票和营业执照。\n第六条 本办法自2026年3月1日起施行，有效期至2029年2月28日。《青禾湾孵化场地租金补贴暂行办法》（青湾管〔2023〕9号）同时废止。\n青禾湾管委会\n2026年2月10日\n',
  '场地旧.md':
    '青禾湾管委会文件\n青湾管〔2023〕9号\n青禾湾孵化场地租金补贴暂行办法\n第一条 为降低初创企业成本，制定本办法。\n第二条 按实际租金的30%给予补贴，每家企业每年最高10万元。\n第三条 每年9月1日至9月20日受理申请。\n第四条 本办法自2023年3月1日起施行。\n青禾湾管委会\n2023年2月1日\n',
  '仪器.md':
    '青禾湾管委会文件\n青湾管〔2026〕6号\n青禾湾大型仪器共享补助细则\n第一条 为促进仪器开放，制定本细则。\n第二条 企业使用共享仪器的，按服务费的60%给予补助，单家企业每年最高25万元。\n第三条 本细则自2026年4月1日起施行，有效期三年。\n青禾湾管委会\n2026年3月5日\n',
  '成果.csv':
    '成果编号,成果名称,成熟度,合作方式,意向价格,所属单位,简介,应用场景\nQ-1,低温固化导电胶,6,技术转让,55万元,青禾大学,采用银包铜粉体系；体积电阻率低于0.5毫欧·厘米,柔性电路封装\nQ-2,水下声学通信机,8,普通许可,,青禾海洋所,采用多载波调制；通信距离12公里,海洋观测浮标\n',
}

const ask = (world: TestPark, question: string): Promise<Answered> =>
  world.park.answer({ question, history: [], language: 'zh', visibility: 1, clarified: 0 })

/** Every cell stands in what it cites, word for word; what no side says is said to be missing. */
function cellsHold({ draft, citations }: Answered): void {
  const rows = (draft?.text ?? '')
    .split('\n')
    .slice(2)
    .filter((line) => !line.startsWith('· 有效期'))
  expect(rows.length).toBeGreaterThan(0)
  for (const cell of rows.flatMap((line) => line.replace(/^· [^：]+：/, '').split(' ｜ ')))
    for (const [, words = '', n = ''] of cell.matchAll(/([^[\]]+)\[(\d+)\]/g)) {
      const quote = citations[Number(n) - 1]?.quote.replace(/[\s、；;]/g, '') ?? ''
      expect(quote).toContain(words.replace(/^；/, '').replace(/[\s、；;]/g, ''))
    }
  for (const cell of rows.flatMap((line) => line.replace(/^· [^：]+：/, '').split(' ｜ ')))
    expect(cell).toMatch(/未载明|\[\d+\]$/)
}

test.each([
  ['比较技术合同登记奖励办法和知识产权促进办法', ['云园管〔2025〕3号', '云园管〔2023〕19号']],
  ['技术合同登记奖励和揭榜挂帅资助有什么区别？', ['云园管〔2025〕3号', '云园管〔2025〕15号']],
  ['云园管〔2025〕3号和云园管〔2023〕19号有什么不同', ['云园管〔2025〕3号', '云园管〔2023〕19号']],
  ['概念验证项目资助和中试平台费用补助有什么区别？', ['云园管〔2025〕8号']],
])('the demo park: %s', async (question, numbers) => {
  const answered = await ask(demo, question)
  expect(answered.decision).toBe('answer')
  expect([...new Set(answered.citations.map((each) => each.doc_no))].sort()).toEqual([...numbers].sort())
  expect(new Set(answered.citations.map((each) => each.status)).has('superseded')).toBe(false)
  cellsHold(answered)
})

test.each([
  '技术合同登记奖励办法新旧有什么不同',
  '技术合同登记奖励这个办法跟以前比改了什么',
  '新的技术合同登记奖励办法和2022年的暂行办法有什么变化',
])('old and new: %s', async (question) => {
  const answered = await ask(demo, question)
  expect(answered.decision).toBe('answer')
  const numbers = new Map(answered.citations.map((each) => [each.doc_no, each.status]))
  expect(Object.fromEntries(numbers)).toEqual({ '云园管〔2025〕3号': 'effective', '云园管〔2022〕5号': 'superseded' })
  cellsHold(answered)
})

test('two achievements: what one does not tell is not told for it', async () => {
  const answered = await ask(demo, '对比一下谐波减速器与磁悬浮真空泵')
  expect(answered.draft?.text).toMatch(/成熟度：8\[1\] ｜ 7\[2\]/)
  cellsHold(answered)
  const own = await ask(fresh, '低温固化导电胶和水下声学通信机有什么差别')
  expect(own.draft?.text).toMatch(/意向价格：55万元\[1\] ｜ 未载明/)
  expect(own.draft?.text).toMatch(/应用：柔性电路封装\[1\] ｜ 海洋观测浮标\[2\]/)
  cellsHold(own)
})

test('documents nobody has seen: side by side, and new beside old, with the clauses of both', async () => {
  const beside = await ask(fresh, '孵化场地租金补贴和大型仪器共享补助有什么不同？')
  expect(beside.decision).toBe('answer')
  expect(beside.draft?.text).toMatch(/比例：按实际租金的45%.*\[\d+\] ｜ .*服务费的60%.*\[\d+\]/)
  expect(beside.draft?.text).toMatch(/时间：每年5月1日至5月31日受理申请\[\d+\] ｜ 未载明/)
  cellsHold(beside)
  const changed = await ask(fresh, '孵化场地租金补贴办法改了什么？')
  expect(changed.draft?.text).toMatch(/上限：.*18万元\[\d+\] ｜ .*10万元\[\d+\]/)
  expect(new Set(changed.citations.map((each) => each.status))).toEqual(new Set(['effective', 'superseded']))
  cellsHold(changed)
})

test('half a comparison is none: what only one side is known of goes to a person, what is not public is not known', async () => {
  expect(await ask(demo, '耐酸碱复合纳滤膜和质子交换膜有什么不同？')).toMatchObject({
    decision: 'hand_off',
    reason: 'missing_fact',
  })
  expect(await ask(fresh, '孵化场地租金补贴和海外引才计划有什么区别')).toMatchObject({ decision: 'hand_off' })
  expect((await ask(fresh, '大型仪器共享补助细则新旧有什么不同')).decision).toBe('hand_off')
})

test.each([
  ['请帮我比较一下A办法和B细则', ['A办法', 'B细则']],
  ['研发补助与设备贴息的区别是什么？', ['研发补助', '设备贴息']],
  ['《甲办法》和《乙办法》对比', ['甲办法', '乙办法']],
  ['甲项目跟乙项目哪个奖励更高', ['甲项目', '乙项目']],
  ['What is the difference between the lab grant and the rent subsidy?', ['lab grant', 'rent subsidy']],
  ['lab grant vs rent subsidy', ['lab grant', 'rent subsidy']],
])('%s compares two things', (question, sides) => {
  const wanted = comparisonIn(question)
  expect(wanted !== null && 'splits' in wanted ? wanted.splits : []).toContainEqual(sides)
})

test.each([
  '技术合同登记怎么申请？',
  '合同和发票要提交吗？',
  '我和同事能一起参加吗',
  '最高补贴多少',
  'How do I apply for the rent subsidy?',
])('%s compares nothing', (question) => {
  expect(comparisonIn(question)).toBeNull()
})
