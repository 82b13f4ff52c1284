import { expect, test } from 'vitest'
import { contactsIn } from '../../ingest/fields/contacts.ts'
import { basedOn } from '../../ingest/fields/relations/based-on.ts'
import { validityOf } from '../../ingest/fields/validity.ts'
import { line } from '../../ingest/formats/format.ts'
import { gate } from '../../ingest/gate.ts'

const clean = ['云汀科技园奖励办法', '第一条 为了鼓励技术交易，制定本办法，本办法适用于在园区登记的企业和机构。', '2025年3月18日']
const verdict = (lines: readonly string[], clauses: readonly string[] = [], warnings: readonly string[] = []) =>
  gate({
    lines: lines.map((each) => line(each)),
    validity: validityOf(lines, null),
    binding: true,
    docNo: null,
    clauses,
    warnings,
  })
const codes = (...extra: string[]) => verdict([...clean.slice(0, 2), ...extra, '2025年3月18日']).doubts.map((each) => each.code)

test('a clean document has no doubt', () => {
  expect(verdict(clean)).toEqual({ refused: null, doubts: [] })
})

test.each([
  ['对企业给予*高20万元奖励。', 'masked_characters'],
  ['对企业给予最高**万元奖励。', 'masked_characters'],
  ['按成交额的2*%奖励。', 'masked_characters'],
  ['奖励20万元30万元。', 'glued_numbers'],
  ['咨询电话：652460552、联系地址：某路。', 'glued_numbers'],
  ['云园管（2025]3号', 'broken_doc_no'],
  ['云园管〔25〕3号', 'broken_doc_no'],
  ['本办法自2025年4月1日起施行，有效期至2024年3月31日。', 'contradicting_dates'],
  ['本办法自2025年4月1日起施行，有效期至疫情结束。', 'ends_with_event'],
])('%s → %s', (words, code) => {
  expect(codes(words)).toContain(code)
})

test.each([
  ['咨询电话：0512-65246055；13812345678。'],
  ['统一社会信用代码位数为18位，例如示范用123456789012345678。'],
  ['云园管〔2025〕3号'],
  ['平台建设　30%　500万元'],
  ['项目总投资1000000元，按2%奖励，最高20万元。'],
])('%s is no doubt', (words) => {
  expect(codes(words)).toEqual([])
})

test('a document without any date waits, and so does a report that quotes a start without number or articles', () => {
  expect(verdict(clean.slice(0, 2)).doubts.map((each) => each.code)).toEqual(['missing_date'])
  const report = ['税收优惠指引', '上述公告自2020年1月1日起施行，企业可以按规定享受相关的各项税收优惠政策，请及时办理。']
  expect(verdict(report).doubts.map((each) => each.code)).toEqual(['missing_date'])
  expect(verdict(report, ['第一条', '第二条', '第三条']).doubts).toEqual([])
})

test('two documents in one file wait for a person; a notice and what it issues are one', () => {
  const first = '第三条 本办法自2024年2月1日起施行，有效期至2026年1月31日。'
  expect(codes(first, '第三条 本办法自2025年5月1日起施行，有效期三年。')).toContain('several_documents')
  expect(codes('本通知自2024年1月10日起执行。', first)).toEqual([])
})

test('a decision that amends another document waits; the amended text, which tells of it, does not', () => {
  expect(codes('云澄园区管理委员会关于修改《云澄园区人才公寓管理办法》的决定')).toEqual(['amends_another'])
  expect(codes('管委会决定对《人才公寓管理办法》（云澄管规〔2023〕6号）作如下修改：')).toEqual(['amends_another'])
  expect(codes('（2023年5月20日公布 根据2026年1月15日《关于修改〈人才公寓管理办法〉的决定》修正）')).toEqual([])
  expect(codes('根据《关于修改〈人才公寓管理办法〉的决定》，租金标准按新规定执行。')).toEqual([])
  const corrected = '第二条中“奖励10万元”应为“奖励15万元”。特此更正。'
  expect(codes('关于更正《青湖园区高新技术企业培育奖励办法》有关内容的通知', corrected)).toEqual(['amends_another'])
  expect(codes('云澄园区关于调整《人才公寓管理办法》部分条款的通知', '第三条修改为：租金为市场价的七折。')).toEqual([
    'amends_another',
  ])
  expect(codes('勘误表', '第3页“二十”应为“三十”')).toEqual(['amends_another'])
  expect(codes('关于修订印发《人才公寓管理办法》的通知', '现将修订后的办法印发给你们。')).toEqual([])
})

test.each([['机密★5年'], ['秘密'], ['绝密★长期'], ['密级：机密'], ['【秘密】']])('%s is refused', (mark) => {
  expect(verdict([mark, ...clean]).refused).toEqual({ code: 'secret_marking', phrase: mark })
})

test('words about secrets are no classification mark', () => {
  expect(verdict([...clean, '国家秘密的保护按照有关规定执行。', '商业秘密由当事人约定。']).refused).toBeNull()
})

test('a gap in the articles is doubted; 之一 and an attachment that starts again are none', () => {
  expect(verdict(clean, ['第一条', '第二条', '第四条']).doubts).toMatchObject([
    { code: 'clause_missing', phrase: '第2条 → 第四条' },
  ])
  expect(verdict(clean, ['第九条', '第十条', '第十条之一', '第十一条', '第一条', '第二条']).doubts).toEqual([])
  expect(verdict(clean, ['第九十九条', '第一百条', '第一百零一条', '第一百一十条'].slice(0, 3)).doubts).toEqual([])
})

test('what the reader warned of is a doubt, hidden sheets are not', () => {
  expect(verdict(clean, [], ['ocr', 'hidden_sheets_left_out']).doubts.map((each) => each.code)).toEqual(['ocr'])
})

test('contacts are found under the purpose that stands before them', () => {
  expect(
    contactsIn([
      '五、联系方式',
      '申报受理：园区科技局 0512-65246055',
      '业务咨询',
      '联系人：王工，电话 13812345678',
      '按照第12345678号文件执行',
    ]),
  ).toMatchObject([
    { purpose: '申报受理', phone: '0512-65246055' },
    { purpose: '联系人', name: '王工', phone: '13812345678' },
  ])
})

test('what a document is made under is named in its first sentences; itself and later mentions are not', () => {
  const lines = [
    '第一条 根据《云汀市促进技术转移若干措施》（云府办〔2024〕8号），结合园区实际，制定本办法。',
    '第二条 本办法所称技术合同见《民法典》。',
  ]
  expect(basedOn(lines, '奖励办法').names).toEqual(['《云汀市促进技术转移若干措施》（云府办〔2024〕8号）'])
})
