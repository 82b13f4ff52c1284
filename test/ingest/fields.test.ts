import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countOf, dayOf, daysIn, lastDayOf } from '../../ingest/fields/dates.ts'
import { identityOf } from '../../ingest/fields/identity.ts'
import { issuedBy, regionOf } from '../../ingest/fields/issuer.ts'
import { supersededBy } from '../../ingest/fields/relations/supersedes.ts'
import { validityOf } from '../../ingest/fields/validity.ts'
import { line } from '../../ingest/formats/format.ts'

describe('dates', () => {
  test.each([
    ['2025年3月1日', '2025-03-01'],
    ['二〇二五年三月一日', '2025-03-01'],
    ['二○二五年十二月三十一日', '2025-12-31'],
    ['2025-03-01', '2025-03-01'],
    ['2025.3.1', '2025-03-01'],
    ['２０２５年３月１日', '2025-03-01'],
    ['2025年2月30日', null],
    ['2025年13月1日', null],
  ])('%s → %s', (phrase, day) => {
    expect(dayOf(phrase)).toBe(day)
  })

  test('property: every day of the calendar is read back from both spellings', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
        const day = date.toISOString().slice(0, 10)
        const [year, month, of] = day.split('-').map(Number)
        expect(dayOf(`${year}年${month}月${of}日`)).toBe(day)
        expect(daysIn(`自${year}年${month}月${of}日起`)[0]?.day).toBe(day)
      }),
    )
  })

  test('a period ends on the day before its anniversary', () => {
    expect(lastDayOf('2025-04-01', 36)).toBe('2028-03-31')
    expect(lastDayOf('2025-01-01', 6)).toBe('2025-06-30')
    expect([countOf('三'), countOf('两'), countOf('12'), countOf('十五'), countOf('若干')]).toEqual([3, 2, 12, 15, null])
  })
})

describe('validity', () => {
  const read = (...lines: string[]) => {
    const { issuedOn, effectiveFrom, effectiveTo } = validityOf(lines, null)
    return [issuedOn?.value ?? null, effectiveFrom?.value ?? null, effectiveTo?.value ?? null]
  }

  test.each([
    [
      ['本办法自2025年4月1日起施行，有效期至2028年3月31日。', '2025年3月18日'],
      ['2025-03-18', '2025-04-01', '2028-03-31'],
    ],
    [
      ['本办法自2025年7月1日起施行，有效期三年。', '2025年6月10日'],
      ['2025-06-10', '2025-07-01', '2028-06-30'],
    ],
    [
      ['本通知自印发之日起施行，有效期至2024年3月31日。', '2023年4月3日'],
      ['2023-04-03', '2023-04-03', '2024-03-31'],
    ],
    [
      ['本办法自发布之日起30日后施行。', '2025年1月1日'],
      ['2025-01-01', '2025-01-31', null],
    ],
    [
      ['（2020年10月17日第十三届全国人民代表大会常务委员会第二十二次会议通过）', '第一条 为了保护专利权。'],
      ['2020-10-17', null, null],
    ],
    [
      ['申报单位的资质证书有效期至2026年12月31日。', '2025年3月18日'],
      ['2025-03-18', null, null],
    ],
    [
      ['Issued on 2025-09-01.', 'This guide is effective from 2025-09-01 to 2027-12-31.'],
      ['2025-09-01', '2025-09-01', '2027-12-31'],
    ],
    [['没有日期的文字。'], [null, null, null]],
    [
      ['第九条 本细则自印发之日起施行，试行两年。', '云汀市科学技术局', '2025年5月6日', '附件：申请表', '填表日期：2026年1月1日'],
      ['2025-05-06', '2025-05-06', '2027-05-05'],
    ],
    [
      ['本政策自2025年1月1日起实施，有效期至2026年底。', '2024年12月20日'],
      ['2024-12-20', '2025-01-01', '2026-12-31'],
    ],
    [
      ['本办法有效期为2025年1月1日至2027年12月31日。', '2024年12月20日'],
      ['2024-12-20', '2025-01-01', '2027-12-31'],
    ],
    [
      ['十、本措施由科技局负责解释，自发布之日起30日后施行。有效期5年。', '二〇二五年三月一日'],
      ['2025-03-01', '2025-03-31', '2030-03-30'],
    ],
    [
      ['本通知自印发之日起执行至2025年12月31日止。', '云汀市财政局 云汀市科学技术局', '2025年2月3日'],
      ['2025-02-03', '2025-02-03', '2025-12-31'],
    ],
    [
      ['（一）贷款贴息政策执行期限至2025年12月31日。', '（二）其他支持。', '十一、本意见自2025年3月1日起施行。', '2025年2月3日'],
      ['2025-02-03', '2025-03-01', null],
    ],
    [
      ['本办法自2025年3月1日起施行。《旧办法》自2025年3月1日起废止。', '2025年2月3日'],
      ['2025-02-03', '2025-03-01', null],
    ],
    [
      ['关于转发《某通知》的通知', '现转发给你们。', '云汀市科学技术局', '2025年6月2日', '云江省科学技术厅', '2025年5月1日'],
      ['2025-06-02', null, null],
    ],
    [
      [
        '（2001年10月28日云江省人大常委会第二次会议通过 2017年12月1日云江省人大常委会第三次会议修订）',
        '第一条 为了。',
        '第二条 本条例自2018年1月1日起施行。',
      ],
      ['2017-12-01', '2018-01-01', null],
    ],
    [
      ['申报时间自2025年3月1日起至3月31日止。', '2025年2月3日'],
      ['2025-02-03', null, null],
    ],
    [
      ['成文日期：2025-02-03', '发布日期：2025-02-10', '关于某事的通知', '本通知自公布之日起施行。'],
      ['2025-02-03', '2025-02-03', null],
    ],
  ])('%j → %j', (lines, days) => {
    expect(read(...lines)).toEqual(days)
  })

  test.each([
    ['本通告自发布之日起执行，有效期至一级响应解除之日止。'],
    ['本政策自2025年1月1日起实施，截止日期另行公告。'],
    ['上述措施自公布之日起生效，自疫情防控工作结束之日起停止执行。'],
  ])('%s ends with an event: no day, and a doubt', (sentence) => {
    const found = validityOf([sentence, '2025年1月1日'], null)
    expect(found.effectiveTo).toBeNull()
    expect(found.endsWithEvent).not.toBeNull()
  })

  test('every value keeps the words it came from', () => {
    const found = validityOf(['本办法自2025年7月1日起施行，有效期三年。', '2025年6月10日'], null)
    expect(found.effectiveTo?.phrase).toContain('有效期三年')
    expect(found.effectiveFrom?.phrase).toContain('自2025年7月1日起施行')
  })
})

describe('what a document ends', () => {
  test.each([
    ['《技术交易奖励暂行办法》（云园管〔2022〕5号）同时废止。', ['《技术交易奖励暂行办法》（云园管〔2022〕5号）']],
    ['原《甲办法》《乙细则》同时废止。', ['《甲办法》', '《乙细则》']],
    ['《反倾销条例》中关于反补贴的规定同时废止。', []],
    ['《甲办法》第三条同时废止。', []],
    ['根据《甲条例》（云园管〔2022〕5号）、《乙条例》有关规定，决定废止《丙办法》。', ['《丙办法》']],
    ['按照《甲通知》要求，《乙细则》同时废止。', ['《乙细则》']],
    ['根据《甲条例》决定废止《丙办法》。', ['《丙办法》']],
    ['自本通知施行之日起执行《乙办法》（云园管〔2025〕5号）和《丁办法》，《甲办法》同时废止。', ['《甲办法》']],
    ['不再执行《甲办法》，《丙办法》连同《戊办法》同时废止。', ['《甲办法》', '《丙办法》', '《戊办法》']],
    ['现印发《乙办法》，《甲办法》与《丙办法》同时废止。', ['《甲办法》', '《丙办法》']],
    ['《甲办法》被《乙办法》取代。', []],
    ['《乙办法》施行之日起，2020年印发的《甲办法》同时废止。', ['《甲办法》']],
    ['《甲办法》继续有效。', []],
    ['根据《甲办法》制定本细则。', []],
  ])('%s → %j', (sentence, names) => {
    expect(supersededBy([sentence], '本办法').names).toEqual(names)
  })
})

test('what a decision ends line by line, or in a list, is ended; a part and what stays is not', () => {
  const ended = (...lines: string[]) => supersededBy(lines, '关于废止部分文件的决定').names
  expect(
    ended(
      '经研究，决定废止下列规范性文件：',
      '一、《甲办法》（云园管〔2022〕5号）',
      '二、《乙细则》第三条',
      '（三）《丙规定》。',
      '本决定自公布之日起施行。',
      '《丁办法》',
    ),
  ).toEqual(['《甲办法》（云园管〔2022〕5号）', '《丙规定》'])
  expect(ended('下列文件自本决定公布之日起废止：', '1.《甲办法》', '2.《乙细则》')).toEqual(['《甲办法》', '《乙细则》'])
  expect(ended('下列文件继续有效：', '1.《甲办法》')).toEqual([])
  expect(ended('下列文件的部分条款予以废止：', '1.《甲办法》')).toEqual([])
  const proposed = (line: string) => ended(line, '《壬办法》（示发〔2025〕3号）').length
  for (const line of [
    '现将以下文件予以废止：',
    '一、废止下列文件：',
    '本办法自2025年1月1日起施行，下列文件同时废止：',
    '决定废止以下12件规范性文件（目录附后）：',
    '经市政府常务会议研究，废止下列政策文件，具体如下：',
    '根据《规章制定程序条例》，决定废止下列规章和政策措施：',
    '现将决定废止的规范性文件目录公布如下：',
    '市政府决定废止和宣布失效的文件目录（共12件）',
  ])
    expect([line, proposed(line)]).toEqual([line, 1])
  for (const line of [
    '原办法废止后，执行下列文件：',
    '被废止前已受理的，按照以下文件执行：',
    '本办法废止后，企业申请材料应包括下列内容：',
    '原办法已废止，现予以公布下列办法：',
    '旧办法同时废止，参照下列文件：',
    '下列文件废止后的衔接事项：',
    '以下文件所依据的办法废止：',
    '现将原办法废止后适用的文件公布如下：',
    '拟废止下列文件：',
    '废止文件的替代文件目录',
  ])
    expect([line, proposed(line)]).toEqual([line, 0])
  const listed = ['序号　文件名称　文号', '序号：1；文件名称：甲办法；文号：云园管〔2022〕5号']
  expect(ended('附件1 继续有效的规范性文件目录', ...listed)).toEqual([])
  expect(ended('附件2 废止的规范性文件目录', ...listed)).toEqual(['《甲办法》（云园管〔2022〕5号）'])
})

describe('identity', () => {
  const read = (...texts: string[]) =>
    identityOf(
      texts.map((text) => line(text)),
      {},
      'file.txt',
    )

  test('a red-headed document gives its number, title and genre', () => {
    expect(
      read('云汀科技园管理委员会文件', '云园管〔2025〕3号', '云汀科技园技术合同认定登记奖励办法', '第一条 为鼓励。'),
    ).toEqual({
      title: '云汀科技园技术合同认定登记奖励办法',
      docNo: { value: '云园管〔2025〕3号', phrase: '云园管〔2025〕3号' },
      genre: '办法',
      binding: true,
    })
  })

  test.each([
    [['云汀市科学技术局', '关于贯彻落实技术转移办法的通知', '云科〔2025〕12号', '各区：'], '云科〔2025〕12号'],
    [['云汀市财政局 云汀市税务局公告2025年第8号', '关于税收政策的公告'], '云汀市财政局 云汀市税务局公告2025年第8号'],
    [['关于印发《甲办法》的通知（云科规〔2025〕1号）', '各单位：'], '云科规〔2025〕1号'],
    [['索引号：1-2 发文字号：云府办〔2025〕7号 成文日期：2025-01-01', '关于甲的通知'], '云府办〔2025〕7号'],
    [['关于甲的通知', '按照《乙通知》（云府办〔2025〕7号）要求，现通知如下。'], null],
    [['关于甲的通知', '根据云府办〔2025〕7号文件精神，现通知如下。'], null],
    [['关于甲的通知', '各单位：', '现将有关事项通知如下。本办法按照云府〔2024〕1号执行。'], null],
  ])('%j is numbered %s', (lines, number) => {
    expect(read(...lines).docNo?.value ?? null).toBe(number)
  })

  test('the number in a reference is not the document’s own', () => {
    expect(read('关于申报奖励的通知', '根据《奖励办法》（云园管〔2025〕3号），现通知如下：').docNo).toBeNull()
  })

  test.each([
    ['关于《奖励办法（征求意见稿）》公开征求意见的公告', '征求意见稿'],
    ['《奖励办法》政策解读', '解读'],
    ['2025年度拟立项项目公示', '公示'],
  ])('%s never binds', (title, genre) => {
    expect(read(title, '正文。')).toMatchObject({ genre, binding: false })
  })

  test.each([
    [['云汀科技园奖励办法', '（征求意见稿）', '第一条 为了。']],
    [['云汀科技园奖励办法', '征求意见稿 2025年5月', '第一条 为了。']],
    [['云汀科技园奖励办法（修订草案）', '第一条 为了。']],
    [
      [
        '关于云汀科技园奖励办法的公告',
        '现将《云汀科技园奖励办法》向社会公开征求意见。请于2025年6月30日前将意见反馈至园区科技局。',
        '2025年5月30日',
      ],
    ],
  ])('%j is a draft', (lines) => {
    expect(read(...lines)).toMatchObject({ genre: '征求意见稿', binding: false })
  })

  test('a rule that was made after opinions were heard is a rule', () => {
    expect(
      read('云汀科技园奖励办法', '云园管〔2025〕3号', '第一条 本办法经公开征求意见后制定。', '第二条 自印发之日起施行。').binding,
    ).toBe(true)
  })

  test('a newspaper’s report on a rule is no rule', () => {
    expect(read('我市出台十条措施支持企业', '本报讯（记者 李明）昨日，市政府印发通知。').binding).toBe(false)
  })
})

describe('validity of a text in English', () => {
  test.each<[string, readonly string[], string | null, string | null, string | null]>([
    [
      'spelled days',
      ['Measures', '2 September 2025', 'These Measures take effect on 1 October 2025 and remain valid for three years.'],
      '2025-09-02',
      '2025-10-01',
      '2028-09-30',
    ],
    [
      'American days',
      [
        'Issued by the Committee on September 2nd, 2025',
        'This notice is effective from October 1, 2025 until September 30, 2027.',
      ],
      '2025-09-02',
      '2025-10-01',
      '2027-09-30',
    ],
    [
      'ISO days',
      ['Published 2025-03-01', 'It is in force from 2025-04-01 and valid until 2026-03-31.'],
      '2025-03-01',
      '2025-04-01',
      '2026-03-31',
    ],
    [
      'eighteen months',
      ['These rules shall enter into force as of 1 Jan 2026. They are valid for 18 months.'],
      null,
      '2026-01-01',
      '2027-06-30',
    ],
    [
      'a permit is not the rule',
      ['The rule takes effect on 1 May 2025.', 'A work permit is valid for five years.'],
      null,
      '2025-05-01',
      null,
    ],
    [
      'a window of applications is no validity',
      ['Effective from 1 May 2025.', 'Apply from 1 March 2026 to 31 May 2026.'],
      null,
      '2025-05-01',
      null,
    ],
    ['no day at all', ['A guide to the laboratory of the park.'], null, null, null],
  ])('%s', (_, lines, issuedOn, effectiveFrom, effectiveTo) => {
    const found = validityOf(lines, null)
    expect([found.issuedOn?.value ?? null, found.effectiveFrom?.value ?? null, found.effectiveTo?.value ?? null]).toEqual([
      issuedOn,
      effectiveFrom,
      effectiveTo,
    ])
  })
})

describe('issuer and region', () => {
  test.each([
    ['云汀科技园管理委员会', '云汀科技园'],
    ['苏州工业园区管理委员会', '苏州工业园区'],
    ['江苏省苏州市人民政府', '苏州市'],
    ['云江省科学技术厅', '云江省'],
    ['国家知识产权局', null],
    ['河南省技术市场条例', '河南省'],
    ['北京市技术市场条例', '北京市'],
    ['澜江高新技术产业开发区管理委员会', '澜江高新技术产业开发区'],
    ['澜江国家高新技术产业开发区管委会科技局', '澜江国家高新技术产业开发区'],
    ['武汉东湖新技术产业开发区管理委员会', '武汉东湖新技术产业开发区'],
    ['天津滨海高新技术产业开发区管理委员会', '天津滨海高新技术产业开发区'],
    ['澜江市高新区管委会', '澜江高新区'],
    ['湖北省澜江市经济技术开发区管委会', '澜江经济技术开发区'],
    ['澜江市工业园区管理委员会', '澜江工业园区'],
    ['中国（云江）自由贸易试验区管委会', '云江自由贸易试验区'],
    ['澜江市东城区人民政府', '东城区'],
    ['上海市浦东新区人民政府', '浦东新区'],
  ])('%s → %s', (name, region) => {
    expect(regionOf(name)).toBe(region)
  })

  test('who signed issued it, and national bodies apply everywhere', () => {
    expect(issuedBy(['正文。', '云汀市科学技术局', '2024年4月2日'], '若干措施', null)).toEqual({
      issuers: ['云汀市科学技术局'],
      level: '市',
      regions: ['云汀市'],
    })
    expect(issuedBy(['正文。', '财政部', '2024年4月2日'], '通知', null)).toMatchObject({ level: '国家', regions: [] })
  })
})

test('a row of a table or the end of a sentence above the date signs nothing; several who sign on one line do', () => {
  const signed = (...above: string[]) =>
    issuedBy(['云澄园区项目指南', ...above, '2026年2月10日'], '云澄园区项目指南', null).issuers
  const own = '云澄园区管理委员会'
  expect(signed('平台建设　科技发展局', '按一事一议确定，由评审会议研究后报人才服务中心', own)).toEqual([own])
  expect(signed('云澄园区科技发展局　云澄园区财政局')).toEqual(['云澄园区科技发展局', '云澄园区财政局'])
  expect(signed('云澄园区科技发展局、云澄园区财政局')).toEqual(['云澄园区科技发展局', '云澄园区财政局'])
  expect(signed('云 澄 园 区 财 政 局')).toEqual(['云澄园区财政局'])
})

test('a day that runs into the document number is no part of it', () => {
  const head = '（2023年5月20日云澄管规〔2023〕6号公布　根据2026年1月15日《决定》修正）'
  const { docNo } = identityOf(
    [line('云澄园区人才公寓管理办法'), line(head), line('第一条 为规范管理，制定本办法。')],
    {},
    'a.txt',
  )
  expect(docNo?.value).toBe('云澄管规〔2023〕6号')
})
