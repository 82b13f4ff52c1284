import { describe, expect, test } from 'vitest'
import { eventNoticed } from '../../ingest/tables/events/notice.ts'
import { eventTable } from '../../ingest/tables/events/table.ts'
import { asksOf, capacityOf, stateOf, titleOf, typeOf, yearIn } from '../../ingest/tables/events/values.ts'
import { closesAt, whenOf } from '../../ingest/tables/events/when.ts'
import { tableOf } from '../../ingest/tables/table.ts'

const read = (rows: readonly (readonly string[])[], title = '活动安排', mapping = {}) =>
  tableOf(eventTable, [{ name: '活动', rows }], title, async () => mapping)
const span = (startsAt: string, endsAt: string | null = null) => ({
  startsAt: `${startsAt}+08:00`,
  endsAt: endsAt && `${endsAt}+08:00`,
  dayOnly: false,
})

describe('when', () => {
  test.each([
    ['2026-12-03 14:00', null, span('2026-12-03T14:00')],
    ['2026-12-03 14:00-16:30', null, span('2026-12-03T14:00', '2026-12-03T16:30')],
    ['2026/12/3 9:30—11:30', null, span('2026-12-03T09:30', '2026-12-03T11:30')],
    ['2026.12.3（周四）下午2:00-4:30', null, span('2026-12-03T14:00', '2026-12-03T16:30')],
    ['2026年12月3日 星期四 下午2点半', null, span('2026-12-03T14:30')],
    ['12月3日（周四）14：00', 2026, span('2026-12-03T14:00')],
    ['2026-12-03T14:00:00', null, span('2026-12-03T14:00')],
    ['12/3/26 14:00', null, span('2026-12-03T14:00')],
    ['2026年12月3日9时至12月5日17时', null, span('2026-12-03T09:00', '2026-12-05T17:00')],
    ['12月30日上午9点至2027年1月2日', 2026, span('2026-12-30T09:00', '2027-01-02T23:59')],
    ['3 December 2026 2 pm - 4:30 pm', null, span('2026-12-03T14:00', '2026-12-03T16:30')],
    ['Dec 3, 2026, 10:00 am', null, span('2026-12-03T10:00')],
    ['46359.5833333', null, span('2026-12-03T14:00')],
    ['晚上7点30分', 2026, null],
    ['2026-12-03', null, { ...span('2026-12-03T00:00'), dayOnly: true }],
    ['2026年12月3日-5日', null, { ...span('2026-12-03T00:00', '2026-12-05T23:59'), dayOnly: true }],
    ['12月3日 14:00', null, 'no_year'],
    ['2026-02-30 14:00', null, null],
    ['2026-12-03 25:00', null, null],
    ['2026-12-03 16:00-14:00', null, null],
    ['12月3日、10日、17日', 2026, null],
    ['12月3日、5日', 2026, null],
    // The midnight a day ends with.
    ['2026-12-03 14:00-24:00', null, span('2026-12-03T14:00', '2026-12-03T23:59')],
    ['12月3日晚上12点', 2026, span('2026-12-03T23:59')],
    ['12月3日中午12点', 2026, span('2026-12-03T12:00')],
    ['12月3日凌晨12点', 2026, span('2026-12-03T00:00')],
    ['2026-12-03 24:30', null, null],
    ['时间待定', 2026, null],
    ['', 2026, null],
  ])('%s (%s)', (text, year, when) => expect(whenOf(text, year)).toEqual(when))

  test.each([
    ['2026-12-01', '2026-12-01T23:59+08:00'],
    ['12月1日17:00前', '2026-12-01T17:00+08:00'],
    ['活动前3天', '2026-11-30T23:59+08:00'],
    ['提前两天报名', '2026-12-01T23:59+08:00'],
    ['额满为止', null],
    ['不限', null],
    ['', null],
    ['请尽快', 'bad'],
    ['12月1日24:00', '2026-12-01T23:59+08:00'],
    ['12月1日晚12点前', '2026-12-01T23:59+08:00'],
    ['活动开始前2小时', '2026-12-03T12:00+08:00'],
    ['名额有限，先到先得', null],
  ])('signing up ends: %s', (text, at) => expect(closesAt(text, '2026-12-03T14:00+08:00', 2026)).toBe(at))
})

describe('values', () => {
  test.each([
    ['60', 60],
    ['约60人', 60],
    ['60人（每家企业限2人）', 60],
    ['不限', null],
    ['', null],
    ['30-50人', 'bad'],
    ['每家2人', 'bad'],
    ['2场，各30人', 'bad'],
    ['0', 'bad'],
  ])('places: %s', (text, seats) => expect(capacityOf(text)).toBe(seats))

  test.each([
    ['路演', '金鸡湖科创会', 'roadshow'],
    [undefined, '技术合同认定登记业务培训', 'contract_training'],
    ['培训', '初级技术经纪人培训班', 'broker_training'],
    ['培训', '财务讲座', 'training'],
    [undefined, '大院大所开放日', 'open_day'],
    [undefined, '惠企政策宣讲会', 'briefing'],
    ['Workshop', 'IP basics', 'training'],
    [undefined, '科创下午茶', 'other'],
  ])('type: %s %s', (said, name, type) => expect(typeOf(said, name)).toBe(type))

  test.each([
    ['已取消', '路演', 'cancelled'],
    ['未取消', '路演', 'on'],
    [undefined, '路演（取消）', 'cancelled'],
    ['延期，时间另行通知', '路演', 'postponed'],
    ['延期至12月10日', '路演', 'on'],
    ['报名中', '路演', 'on'],
    [undefined, '取消限制政策宣讲会', 'on'],
    [undefined, '【已取消】路演', 'cancelled'],
    [undefined, '取消：路演', 'cancelled'],
    [undefined, '路演 延期', 'postponed'],
    [undefined, '路演（改期至12月9日）', 'on'],
  ])('state: %s %s', (said, name, state) => expect(stateOf(said, name)).toBe(state))

  test.each([
    '早餐会（取消）',
    '早餐会(已取消)',
    '【取消】早餐会',
    '早餐会（因疫情延期）',
    '早餐会（改期至12月9日）',
    '取消：早餐会',
    '已延期 早餐会',
    '早餐会-取消',
    '早餐会已取消',
    '早餐会',
  ])('the title of %s', (name) => expect(titleOf(name)).toBe('早餐会'))
  test.each(['取消限制政策宣讲会', '延期申报辅导会', '（取消）'])('%s is a title', (name) => expect(titleOf(name)).toBe(name))

  test('a yes or no says what its column asks', async () => {
    const stateIn = async (column: string, cell: string) =>
      (
        await read([
          ['活动名称', '时间', '地点', column],
          ['路演', '2026-12-03 14:00', '孵化楼', cell],
        ])
      )?.passages[0]?.fields?.['event_state']
    expect(await stateIn('是否取消', '是')).toBe('cancelled')
    expect(await stateIn('是否取消', '否')).toBe('on')
    expect(await stateIn('是否举办', '否')).toBe('cancelled')
    expect(await stateIn('是否举办', '是')).toBe('on')
  })

  test('what is asked of people, and the year a title names', () => {
    expect(asksOf('姓名、单位、手机')).toEqual(['name', 'company', 'phone'])
    expect(asksOf(undefined)).toEqual(['name', 'company', 'people'])
    expect(yearIn(['2026年12月活动安排', '2026 events'])).toBe(2026)
    expect(yearIn(['2026—2027年活动'])).toBeNull()
  })
})

describe('a table of events', () => {
  const header = ['序号', '活动名称', '活动时间', '活动地点', '类型', '名额', '报名截止', '主办', '联系人']
  const row = (name: string, time: string, more: readonly string[] = []) => ['', name, time, '会议中心', '路演', ...more]

  test('a record has its typed values, a bad row is told with its place', async () => {
    const found = await read([
      ['云汀科技园2026年12月活动安排', '', '', '', '', '', '', '', ''],
      header,
      [
        '1',
        '新材料路演',
        '12月3日（周四）14:00-16:30',
        '孵化楼二楼',
        '路演',
        '60人',
        '12月1日',
        '园区活动中心',
        '陈工 0599-5550141',
      ],
      ['2', '', '12月4日 14:00', '', '', '', '', '', ''],
      ['3', '半导体路演', '待定', '孵化楼', '路演', '', '', '', ''],
      ['4', '生物医药路演', '12月5日 14:00', '孵化楼', '路演', '每家2人', '', '', ''],
      ['5', '新材料路演', '12月3日 14:00', '孵化楼', '路演', '', '', '', ''],
      ['6', '合同培训', '12月9日 9:30', '孵化楼', '培训', '', '看通知', '', ''],
      ['备注：以现场通知为准', '', '', '', '', '', '', '', ''],
    ])
    expect(found?.passages.map((each) => each.heading)).toEqual(['新材料路演'])
    expect(found?.passages[0]?.text).toMatch(
      /^活动名称：新材料路演；时间：12月3日（周四）14:00-16:30；地点：孵化楼二楼；类型：路演；名额：60人；/,
    )
    expect(found?.passages[0]?.fields).toMatchObject({
      event_type: 'roadshow',
      starts_at: '2026-12-03T14:00+08:00',
      ends_at: '2026-12-03T16:30+08:00',
      closes_at: '2026-12-01T23:59+08:00',
      seats: 60,
      contact: '陈工 0599-5550141',
    })
    expect(found?.doubts.map((each) => [each.field, each.code])).toEqual([
      ['活动 第4行', 'row_without_name'],
      ['活动 第5行', 'row_bad_time'],
      ['活动 第6行', 'row_bad_capacity'],
      ['活动 第7行', 'row_duplicate'],
      ['活动 第8行', 'row_bad_deadline'],
    ])
  })

  test('days without a year take that of the sheet or file; where nothing names one, the row is told', async () => {
    const rows = [header, row('路演', '12月3日 14:00')]
    expect((await read(rows, '2026年活动'))?.passages[0]?.fields).toMatchObject({ starts_at: '2026-12-03T14:00+08:00' })
    expect((await read(rows))?.doubts.map((each) => each.code)).toEqual(['row_without_year'])
  })

  test.each([
    [
      ['名称', '日期', '时间', '地点'],
      ['开放日', '2026-12-03', '14:00-16:00', '一号楼'],
    ],
    [
      ['主题', '开始时间', '结束时间', '会场', '人数上限'],
      ['开放日', '2026-12-03 14:00', '16:00', '一号楼', '30'],
    ],
    [
      ['培训名称', '起始时间', '终止时间', '地点'],
      ['开放日', '2026/12/3 14:00', '2026/12/3 16:00', '一号楼'],
    ],
    [
      ['Event', 'Date', 'Time', 'Venue'],
      ['Open day', '2026-12-03', '2 pm - 4 pm', 'Hall 1'],
    ],
  ])('its columns may be called %j', async (labels, cells) => {
    expect((await read([labels, cells]))?.passages[0]?.fields).toMatchObject(span2)
  })
  const span2 = { starts_at: '2026-12-03T14:00+08:00', ends_at: '2026-12-03T16:00+08:00' }

  test.each([
    [['成果名称', '完成时间', '完成单位', '联系人', '领域']],
    [['名称', '时间', '单位', '领域', '联系人']],
    [['项目名称', '立项时间', '地点', '负责人', '经费']],
    [['姓名', '开始时间', '结束时间', '部门']],
  ])('%j are no events', async (labels) => {
    expect(await read([labels, labels.map((each) => `${each}1`)])).toBeNull()
  })

  test('two of one name on two days are two events; one that is off needs no time', async () => {
    const off = ['9', '创新大赛', '另行通知', '', '', '', '', '', '']
    const found = await read([
      [...header, '状态'],
      [...row('路演', '2026-12-03 14:00'), '', '', '', ''],
      [...row('路演', '2026-12-10 14:00'), '', '', '', ''],
      [...off, '延期'],
    ])
    expect(found?.passages.map((each) => each.fields?.['starts_at'])).toEqual([
      '2026-12-03T14:00+08:00',
      '2026-12-10T14:00+08:00',
      null,
    ])
    expect(found?.passages[2]?.fields?.['event_state']).toBe('postponed')
  })
})

describe('a notice of one event', () => {
  const notice = `各有关企业：
园区定于12月举办新材料产业专场路演。现通知如下：
一、活动时间
2026年12月3日（周四）14:00-16:30
二、活动地点：孵化楼二楼报告厅
三、参加对象：投资机构，每家限2人，名额60人
四、报名方式
请于12月1日17:00前报名。联系人：陈工，电话0599-5550123。
2026年11月20日`
  test('is a row of a table, which is read as any other', async () => {
    const event = eventNoticed('关于举办“新材料产业专场路演”活动的通知', notice, '2026-11-20')
    expect(event).toEqual({
      ...{ 活动名称: '新材料产业专场路演', 活动时间: '2026-12-03 14:00 至 2026-12-03 16:30', 活动地点: '孵化楼二楼报告厅' },
      ...{ 名额: '60', 报名截止: '2026-12-01 17:00', 参加对象: '投资机构，每家限2人，名额60人', 联系人: '陈工' },
    })
    const table = await read([Object.keys(event ?? {}), Object.values(event ?? {})])
    expect(table).toMatchObject({
      doubts: [],
      passages: [
        { heading: '新材料产业专场路演', fields: { event_type: 'roadshow', starts_at: '2026-12-03T14:00+08:00', seats: 60 } },
      ],
    })
  })

  test.each([
    ['技术合同登记培训通知', '活动时间：1月8日下午2点\n活动地点：政务中心三楼', '2027-01-08 14:00'],
    ['关于召开高企认定政策宣讲会的通知', '会议时间：12月8日至9日\n会议地点：一号会议室', '2026-12-08 至 2026-12-09'],
  ])('%s', (title, text, time) => expect(eventNoticed(title, text, '2026-12-01')?.['活动时间']).toBe(time))

  test('12月30日 before an event in January is of the year before', () => {
    const text = '活动时间：1月8日14:00\n活动地点：一楼\n报名截止：12月30日'
    expect(eventNoticed('关于举办成果对接会的通知', text, '2026-12-01')?.['报名截止']).toBe('2026-12-30 23:59')
  })

  test.each([
    ['关于组织申报2026年度技术合同奖励的通知', '申报时间：12月1日至20日\n申报地点：政务中心'],
    ['关于举办“新材料路演”的通知', '活动时间另行通知。\n活动地点：孵化楼'],
    ['关于举办“新材料路演”的通知', '活动时间：12月3日、5日\n活动地点：孵化楼'],
    ['关于举办“新材料路演”的通知', '活动时间：12月3日 14:00'],
    ['会展活动补助办法', '活动时间：12月3日 14:00\n活动地点：孵化楼'],
  ])('%s: %j is none', (title, text) => expect(eventNoticed(title, text, '2026-12-01')).toBeNull())
})
