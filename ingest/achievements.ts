import type { Visibility } from '../retrieval/evidence.ts'
import type { Doubt, NewPassage } from '../retrieval/store/document.ts'

/** What a table of achievements may call its columns; the first that fits a header decides. */
const columns: readonly (readonly [string, string, RegExp])[] = [
  ['id', '编号', /^(?:成果)?(?:编号|序号|ID|No\.?)$/i],
  ['name_en', '英文名称', /英文|english/i],
  ['name', '成果名称', /(?:成果|项目|技术|专利)?名称|^(?:成果|achievement|title|name)$/i],
  ['field', '领域', /领域|行业|方向|产业|field|sector/i],
  ['trl', '成熟度', /成熟度|TRL|阶段|maturity|stage/i],
  ['patent', '专利号', /专利号|申请号|patent\s*(?:no|number)/i],
  ['ip', '知识产权', /知识产权|专利|IP|intellectual/i],
  ['cooperation', '合作方式', /合作|转化方式|转让|许可|cooperation|licen[cs]/i],
  ['price', '意向价格', /价格|报价|费用|金额|price/i],
  ['owner', '所属单位', /单位|机构|院校|高校|完成|持有|权利人|owner|institution/i],
  ['contact', '联系人', /联系|经纪人|负责人|contact/i],
  ['visibility', '公开级别', /公开|密级|级别|可见|visibility|access/i],
  ['keywords', '关键词', /关键词|标签|keyword/i],
  ['summary', '简介', /简介|概述|内容|描述|介绍|摘要|应用|优势|指标|summary|abstract|description/i],
]

export type Achievements = {
  readonly passages: readonly NewPassage[]
  readonly doubts: readonly Doubt[]
  readonly mapping: Readonly<Record<string, string>>
}

type Sheet = { readonly name: string; readonly rows: readonly (readonly string[])[] }
type Header = { readonly at: number; readonly keys: readonly (string | null)[]; readonly labels: readonly string[] }

const headerWithin = 10
const fewestColumns = 3

/** @returns the records of an achievement table, or null when no sheet has the columns of one */
export function achievementsOf(sheets: readonly Sheet[]): Achievements | null {
  const read = sheets.flatMap((sheet) => {
    const header = headerOf(sheet.rows)
    return header === null ? [] : [records(sheet, header)]
  })
  if (read.length === 0) return null
  return {
    passages: read.flatMap((each) => each.passages),
    doubts: read.flatMap((each) => each.doubts),
    mapping: Object.assign({}, ...read.map((each) => each.mapping)) as Record<string, string>, // merged maps of strings
  }
}

/** The first rows may be a title and a header of two rows; the row (or pair) that names most columns wins. */
function headerOf(rows: readonly (readonly string[])[]): Header | null {
  let best: Header | null = null
  let most = 0
  for (let at = 0; at < Math.min(headerWithin, rows.length); at += 1) {
    for (const [end, labels] of [
      [at, rows[at] ?? []],
      [at + 1, joined(rows[at] ?? [], rows[at + 1] ?? [])],
    ] as const) {
      const keys = keysOf(labels)
      const known = keys.filter((key) => key !== null).length
      const named = keys.includes('name')
      if (named && known >= fewestColumns && known > most) {
        most = known
        best = { at: end, keys, labels }
      }
    }
  }
  return best
}

/** A header over two rows: the group above, the column below; merged cells repeat the same words. */
function joined(above: readonly string[], below: readonly string[]): string[] {
  return Array.from({ length: Math.max(above.length, below.length) }, (_, index) => {
    const [top = '', bottom = ''] = [above[index], below[index]]
    return bottom === '' || bottom === top ? top : bottom
  })
}

/** Each column gets one meaning and each meaning one column, in the order of the list above. */
function keysOf(labels: readonly string[]): (string | null)[] {
  const keys: (string | null)[] = labels.map(() => null)
  for (const [key, , pattern] of columns) {
    const at = labels.findIndex((label, index) => keys[index] === null && label.length <= 20 && pattern.test(label.trim()))
    if (at >= 0) keys[at] = key
  }
  return keys
}

function records(sheet: Sheet, header: Header): Achievements {
  const passages: NewPassage[] = []
  const doubts: Doubt[] = []
  const seen = new Set<string>()
  for (const [index, row] of sheet.rows.slice(header.at + 1).entries()) {
    const where = `${sheet.name} 第${header.at + 2 + index}行`
    const record = recordOf(row, header)
    const problem = problemOf(record, seen)
    if (problem !== null) {
      doubts.push({ code: problem, field: where, phrase: row.filter(Boolean).join(' ').slice(0, 80) })
      continue
    }
    const key = record['id'] ?? record['name'] ?? where
    seen.add(key)
    passages.push({
      clause: key,
      heading: record['name'] ?? null,
      text: inWords(record, row, header),
      visibility: visibilityOf(record['visibility']),
      fields: typed(record),
    })
  }
  const mapping = Object.fromEntries(
    header.keys.flatMap((key, index) => (key === null ? [] : [[key, header.labels[index] ?? '']])),
  )
  return { passages, doubts, mapping }
}

type Row = Readonly<Record<string, string | undefined>>

function recordOf(row: readonly string[], header: Header): Row {
  return Object.fromEntries(
    header.keys.flatMap((key, index) => (key === null || (row[index] ?? '') === '' ? [] : [[key, row[index]]])),
  )
}

function problemOf(record: Row, seen: ReadonlySet<string>): string | null {
  if ((record['name'] ?? '') === '') return 'row_without_name'
  const key = record['id'] ?? record['name'] ?? ''
  if (seen.has(key)) return 'row_duplicate'
  if (record['visibility'] !== undefined && !/[123一二三]|公开|内部|保密|public|confidential/i.test(record['visibility']))
    return 'row_bad_visibility'
  return null
}

/** What may be shown to whom; an open column that says nothing means public, anything else stays closed. */
function visibilityOf(text: string | undefined): Visibility {
  if (text === undefined || /1|一|^公开$|public/i.test(text)) return 1
  return /2|二|内部/.test(text) ? 2 : 3
}

/** A record as a person reads it, and as it is searched: every column with its name. */
function inWords(record: Row, row: readonly string[], header: Header): string {
  const known = columns.flatMap(([key, label]) =>
    record[key] === undefined || key === 'id' || key === 'visibility' ? [] : [`${label}：${record[key]}`],
  )
  const others = header.labels.flatMap((label, index) =>
    header.keys[index] === null && label !== '' && (row[index] ?? '') !== '' ? [`${label}：${row[index]}`] : [],
  )
  const order = (line: string) => (line.startsWith('成果名称') ? 0 : line.startsWith('英文') ? 2 : 1)
  return [...known, ...others].sort((a, b) => order(a) - order(b)).join('；')
}

function typed(record: Row): Record<string, unknown> {
  const trl = /\d/.exec(record['trl'] ?? '')?.[0]
  return { ...record, ...(trl === undefined ? {} : { trl: Number(trl) }) }
}
