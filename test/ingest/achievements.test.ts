import { describe, expect, test } from 'vitest'
import { achievements } from '../../ingest/tables/achievements/columns.ts'
import { achievementTable } from '../../ingest/tables/achievements/table.ts'
import { cooperationOf, priceOf, rightsOf, trlOf, visibilityOf } from '../../ingest/tables/achievements/values.ts'
import { fieldNames } from '../../ingest/tables/index.ts'
import { tableOf } from '../../ingest/tables/table.ts'
import { keysOf, parseMapping } from '../../ingest/tables/vocabulary.ts'

const read = (rows: readonly (readonly string[])[], mapping = {}) =>
  tableOf(achievementTable, [{ name: '成果', rows }], '成果', async () => mapping)
const header = ['编号', '成果名称', '领域', '成熟度', '合作方式', '公开级别', '简介', '保密详情']

describe('columns', () => {
  test.each([
    [
      ['序号', '科技成果', '技术领域', 'TRL', '转化方式', '意向价格（万元）'],
      ['id', 'name', 'field', 'trl', 'cooperation', 'price'],
    ],
    [
      ['No.', 'Title', 'Sector', 'Readiness level', 'Licence', 'Asking price'],
      ['id', 'name', 'field', 'trl', 'cooperation', 'price'],
    ],
    [
      ['成果名称', '拟转让价格（万元）', '完成日期', '完成人', '研发投入金额（万元）', '合作企业', '转让方式', '联系人'],
      ['name', 'price', null, null, null, null, 'cooperation', 'contact'],
    ],
    [
      ['成果名称', '合作单位', '完成单位', '合作方式'],
      ['name', null, 'owner', 'cooperation'],
    ],
    [
      ['成果名称', '成果转化单位', '应用单位', '合作高校', '许可方', '单位', '双方合作方式', '应用领域', '应用情况'],
      ['name', null, null, null, null, 'owner', 'cooperation', 'field', 'summary'],
    ],
    [
      ['成果名称', '合作完成单位', '完成单位及合作单位'],
      ['name', null, 'owner'],
    ],
    [
      ['Title', 'Partner institution', 'Institution', 'TRL'],
      ['name', null, 'owner', 'trl'],
    ],
    [
      ['Technology name', 'License fee', 'Cooperation mode', 'Contact'],
      ['name', 'price', 'cooperation', 'contact'],
    ],
    [
      ['项目 名称', '完成单位', '联系电话', '知识产权情况', '备注'],
      ['name', 'owner', 'contact', 'ip', null],
    ],
  ])('%j means %j', (labels, keys) => {
    expect(keysOf(labels, {}, achievements)).toEqual(keys)
  })

  test('what a person says of a column wins, and may say that it means nothing', () => {
    expect(keysOf(['名称', '阶段', '联系'], { 阶段: 'summary', 联系: null }, achievements)).toEqual(['name', 'summary', null])
    expect(parseMapping(['阶段=trl', '备注=none'], fieldNames)).toEqual({ 阶段: 'trl', 备注: null })
    expect(() => parseMapping(['阶段=nonsense'], fieldNames)).toThrow(/no field/)
  })
})

describe('values', () => {
  test.each([
    ['7', 7],
    ['TRL 7', 7],
    ['7级', 7],
    ['TRL5-6', 5],
    ['中试阶段', 7],
    ['已产业化', 9],
    ['', null],
    ['良好', null],
    ['12', 'bad'],
    ['技术成熟度 8 级', 8],
    ['第6级', 6],
    ['2023年完成中试', 7],
    ['小试完成，拟中试', 5],
    ['尚未产业化', null],
    ['应用研究', 4],
    ['0', 'bad'],
  ])('maturity %s → %s', (cell, level) => {
    expect(trlOf(cell)).toBe(level)
  })

  test.each([
    ['', 1],
    ['L1', 1],
    ['公开', 1],
    ['L2 登录企业', 2],
    ['内部', 2],
    ['3', 3],
    ['双方同意后', 3],
    ['不公开', 3],
    ['看情况', null],
    ['Public', 1],
    ['向社会公开', 1],
    // What restricts counts, whatever else is said.
    ['non-public', 3],
    ['not public', 3],
    ['private (open on request)', 3],
    ['semi-public', 2],
    ['不对外公开', 3],
    ['公开（限园区企业）', 2],
  ])('visibility %s → %s', (cell, level) => {
    expect(visibilityOf(cell)).toBe(level)
  })

  test('ways of cooperation, rights and prices are read from their cells', () => {
    expect(cooperationOf('许可（普通）、转让；作价入股')).toEqual(['普通许可', '转让', '作价投资'])
    expect(cooperationOf('技术许可')).toEqual(['许可'])
    expect(rightsOf('发明专利（已授权）')).toEqual({ kinds: ['发明专利'], granted: true })
    expect([priceOf('50', '价格（万元）'), priceOf('120万元', ''), priceOf('面议', ''), priceOf('8000元', '')]).toEqual([
      ...[500_000, 1_200_000, null, 8000],
    ])
    expect([priceOf('10%', '价格（万元）'), priceOf('3%提成+20万', '')]).toEqual([null, 200_000])
  })
})

describe('a table', () => {
  test('under a title and a header of two rows, with merged cells filled, is read record by record', async () => {
    const found = await read([
      ['科技成果汇总表', '科技成果汇总表', '科技成果汇总表', '科技成果汇总表'],
      ['编号', '基本信息', '基本信息', '转化'],
      ['编号', '成果名称', '技术领域', '成熟度'],
      ['A1', '光伏银浆', '新材料', 'TRL 7'],
      ['A2', '纳滤膜', '新材料', '中试'],
    ])
    expect(found?.passages.map((each) => [each.clause, each.heading, each.fields?.['trl']])).toEqual([
      ['A1', '光伏银浆', 7],
      ['A2', '纳滤膜', 7],
    ])
    expect(found?.mapping).toEqual({ 编号: 'id', 成果名称: 'name', 技术领域: 'field', 成熟度: 'trl' })
  })

  test('bad rows are told by number and reason, good ones go in', async () => {
    const found = await read([
      header,
      ['A1', '光伏银浆', '新材料', '7', '许可', '', '银浆', ''],
      ['A2', '', '新材料', '7', '许可', '', '', ''],
      ['A1', '重复的', '新材料', '7', '许可', '', '', ''],
      ['A4', '怪级别', '新材料', '7', '许可', '看情况', '', ''],
      ['A5', '怪成熟度', '新材料', '12', '许可', '', '', ''],
      ['A6', '涉密项目', '新材料', '7', '许可', '机密', '', ''],
      ['A7', '纳滤膜', '新材料', '5', '转让', '公开', '膜', ''],
    ])
    expect(found?.passages.map((each) => each.clause)).toEqual(['A1', 'A7'])
    expect(found?.doubts.map((each) => [each.field, each.code])).toEqual([
      ['成果 第3行', 'row_without_name'],
      ['成果 第4行', 'row_duplicate'],
      ['成果 第5行', 'row_bad_visibility'],
      ['成果 第6行', 'row_bad_trl'],
      ['成果 第7行', 'row_secret'],
    ])
  })

  test('confidential words never stand in what is searched; of a closed record only its public part does', async () => {
    const found = await read([
      header,
      ['A1', '光伏银浆', '新材料', '7', '许可', '公开', '低温银浆', '银含量八成二'],
      ['A2', '纳滤膜', '新材料', '5', '转让', 'L3', '界面聚合配方', '单体浓度'],
    ])
    const [open, closed] = found?.passages ?? []
    expect(open?.text).toContain('低温银浆')
    expect(open?.protected).toMatchObject({ visibility: 3, text: '保密详情：银含量八成二' })
    expect(closed).toMatchObject({ visibility: 3, protected: { visibility: 3 } })
    expect(closed?.text).not.toMatch(/界面聚合|单体浓度/)
    expect(JSON.stringify([open, closed].map((each) => ({ ...each, protected: null })))).not.toMatch(/银含量|界面聚合|单体浓度/)
  })

  test('whose a closed record is, its rights and its price are read by whoever may see it, and searched by nobody', async () => {
    const row = ['B1', '纳滤膜', '新材料', '某研究所', 'ZL202110000001', '80万元', '膜;脱盐', 'L2']
    const found = await read([['编号', '成果名称', '领域', '完成单位', '专利号', '意向价格', '关键词', '公开级别'], row])
    const [closed] = found?.passages ?? []
    expect(closed?.text).toBe('成果名称：纳滤膜；领域：新材料')
    expect(JSON.stringify(closed?.fields)).not.toMatch(/研究所|ZL|80|脱盐/)
    expect(closed?.protected?.text).toMatch(/80万元[\s\S]*某研究所/)
  })

  test('a table without columns of achievements is none, until a person says what they mean', async () => {
    const rows = [
      ['甲', '乙', '丙'],
      ['银浆', '7', '许可'],
    ]
    expect(await read(rows)).toBeNull()
    expect((await read(rows, { 甲: 'name', 乙: 'trl', 丙: 'cooperation' }))?.passages).toHaveLength(1)
  })
})

test('sums, notes and headings across a table are no records; a bare figure is said with the unit of its column', async () => {
  const found = await read([
    ['编号', '成果名称', '领域', '意向价格（万元）'],
    ['一、环保领域', '一、环保领域', '一、环保领域', '一、环保领域'],
    ['1', '低温脱氮', '环保', '80'],
    ['2', '小计量装置', '仪器', '50-60'],
    ['3', '银浆', '新材料', '面议'],
    ['合计', '合计', '合计', '130'],
    ['注：价格为意向价。', '注：价格为意向价。', '注：价格为意向价。', '注：价格为意向价。'],
    ['审核人：李工', '', '', ''],
  ])
  expect(found?.doubts).toEqual([])
  expect(found?.passages.map(({ text, fields }) => [text, fields?.['price_yuan']])).toEqual([
    ['成果名称：低温脱氮；意向价格：80万元；领域：环保', 800_000],
    ['成果名称：小计量装置；意向价格：50-60万元；领域：仪器', 500_000],
    ['成果名称：银浆；意向价格：面议；领域：新材料', null],
  ])
})

test('a record whose name is its field is one; the same words in three columns, or as its number, are told', async () => {
  const found = await read([
    ['编号', '成果名称', '领域', '成熟度', '关键词'],
    ['', '量子计算', '量子计算', '', ''],
    ['新材料', '新材料', '', '', ''],
    ['', '钙钛矿', '钙钛矿', '', '钙钛矿'],
    ['二、环保领域', '二、环保领域', '二、环保领域', '', ''],
    ['注：均为意向。', '注：均为意向。', '', '', ''],
    ['某某大学', '某某大学', '某某大学', '某某大学', '某某大学'],
  ])
  expect(found?.passages.map((each) => each.heading)).toEqual(['量子计算'])
  expect(found?.doubts.map((each) => [each.field, each.code, each.phrase])).toEqual([
    ['成果 第3行', 'row_across', '新材料 新材料'],
    ['成果 第4行', 'row_across', '钙钛矿 钙钛矿 钙钛矿'],
  ])
})

test('a header over two rows of merged cells is both of them', async () => {
  const title = Array<string>(6).fill('某高校科技成果汇总表')
  const found = await read([
    title,
    ['序号', '成果名称', '负责人信息', '负责人信息', '技术领域', '拟转让价格（万元）'],
    ['序号', '成果名称', '姓名', '联系电话', '技术领域', '拟转让价格（万元）'],
    ['序号', '成果名称', '负责人信息', '负责人信息', '技术领域', '拟转让价格（万元）'],
    ['1', '石墨烯传感器', '张三', '0512-61000000', '新材料', '150.00'],
  ])
  expect(found?.passages.map((each) => each.text)).toEqual([
    '成果名称：石墨烯传感器；意向价格：150.00万元；领域：新材料；联系人：张三；负责人信息联系电话：0512-61000000',
  ])
})
