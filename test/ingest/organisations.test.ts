import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asksOrganisations } from '../../bot/judge/asked/records.ts'
import { type Incoming, ingest } from '../../ingest/ingest.ts'
import type { Outcome } from '../../ingest/report.ts'
import { organisationTable } from '../../ingest/tables/organisations/table.ts'
import { tableOf } from '../../ingest/tables/table.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

const read = (rows: readonly (readonly string[])[]) =>
  tableOf(organisationTable, [{ name: '名录', rows }], '名录', async () => ({}))
const head = ['序号', '机构名称', '类型', '服务内容', '收费标准', '联系人', '联系电话']
const lab = ['1', '示范检测有限公司', '检测机构', '力学性能检测、失效分析', '园区企业八折', '周工', '0512-00000001']

test('a row is an institution: its name first, columns without a meaning last, its number as its clause', async () => {
  const table = await read([['园区服务机构名录'], [...head, '开放日'], [...lab, '周三']])
  expect(table?.doubts).toEqual([])
  expect(table?.passages).toMatchObject([{ clause: '1', heading: '示范检测有限公司', visibility: 1 }])
  expect(table?.passages[0]?.text).toBe(
    '机构名称：示范检测有限公司；类型：检测机构；服务内容：力学性能检测、失效分析；收费：园区企业八折；联系人：周工；联系方式：0512-00000001；开放日：周三',
  )
})

test('rows that cannot go in are told, and the others go in', async () => {
  const table = await read([
    head,
    lab,
    lab,
    ['2', '', '检测机构', '水质检测', '', '', ''],
    ['3', '示范事务所', '', '专利代理', '', '', ''],
  ])
  expect(table?.passages.map((each) => each.clause)).toEqual(['1', '3'])
  expect(table?.doubts.map(({ code, field }) => `${code} ${field}`)).toEqual([
    'row_duplicate 名录 第3行',
    'row_without_name 名录 第4行',
  ])
})

test.each([
  ['achievements', ['编号', '成果名称', '领域', '成熟度', '所属单位', '合作方式']],
  ['achievements with services', ['成果名称', '服务内容', '专利号', '单位名称']],
  ['demands', ['企业名称', '技术需求', '服务内容', '联系人']],
  ['events', ['活动名称', '时间', '地点', '主办单位', '服务内容']],
  ['contracts', ['合同名称', '单位名称', '服务内容', '合同金额']],
  ['names without services', ['单位名称', '地址', '电话']],
])('a table of %s is none of institutions', async (_, header) => {
  expect(await read([header, header.map((each) => `${each}甲`)])).toBeNull()
})

test.each([
  ['园区有哪些检测机构', true],
  ['有没有做知识产权代理的机构？', true],
  ['推荐一家会计师事务所', true],
  ['哪些平台可以做水质检测', true],
  ['检测机构怎么认定', false],
  ['有哪些机构可以拿补贴', false],
  ['机构名称变更要什么材料', false],
  ['你们机构在哪', false],
])('asks for institutions: %s %s', (question, asks) => expect(asksOrganisations(question)).toBe(asks))

describe('asked in a park', () => {
  let world: TestPark
  let outcome: Outcome | undefined
  beforeAll(async () => {
    world = await openTestPark()
    const rows = [
      '序号,机构名称,类型,服务内容,收费标准,联系人,联系电话',
      '1,示范检测有限公司,检测机构,力学性能检测、失效分析,园区企业八折,周工,0512-00000001',
      '2,示范环境监测站,检测机构,水质检测、噪声监测,每项150元起,郑工,0512-00000003',
      '3,示范知识产权事务所,知识产权代理,专利申请、商标注册,发明专利代理费4000元起,吴律师,0512-00000002',
    ]
    const file: Incoming = {
      name: '服务机构名录.csv',
      source: 'lists/服务机构名录.csv',
      bytes: async () => new TextEncoder().encode(rows.join('\n')),
    }
    for await (const each of ingest([file], { library: world.park.library, log: silentLog })) outcome = each
  })
  afterAll(() => world.close())
  const ask = (question: string) => world.park.answer({ question, history: [], language: 'zh', visibility: 1, clarified: 0 })

  test('the table is one document of three records', () => {
    expect(outcome).toMatchObject({ outcome: 'added', kind: 'organisation', records: 3, doubts: [] })
  })

  test.each([
    ['想做水质检测找谁', '示范环境监测站'],
    ['示范检测有限公司电话多少', '0512-00000001'],
    ['做噪声监测多少钱', '每项150元起'],
    ['有没有做知识产权代理的机构', '示范知识产权事务所'],
  ])('%s: %s', async (question, words) => {
    const answered = await ask(question)
    expect(answered.decision).toBe('answer')
    expect(answered.draft?.text).toContain(words)
    expect(answered.citations[0]).toMatchObject({ kind: 'organisation' })
  })

  test('asked which there are, the names of those that offer it are shown; nothing else is passed off as one', async () => {
    expect(await ask('园区有哪些检测机构')).toMatchObject({
      decision: 'clarify',
      options: expect.arrayContaining(['示范检测有限公司', '示范环境监测站']),
    })
    expect((await ask('园区有哪些投资机构')).options).toEqual([])
    expect((await ask('示范知识产权事务所能贷款吗')).decision).not.toBe('answer')
  })
})
