import type { Doubt, NewPassage } from '../../retrieval/store/document.ts'
import type { ColumnMapping, Vocabulary } from './columns.ts'
import { type Header, headerOf } from './header.ts'

export type Sheet = {
  readonly name: string
  readonly rows: readonly (readonly string[])[]
  /** Numbers of the rows in their sheet, from 1; absent when none was left out. */
  readonly numbers?: readonly number[]
}

/** The records of a table. */
export type Table = {
  readonly passages: readonly NewPassage[]
  /** Rows that were left out, each with its reason; `field` says where, `phrase` what stands there. */
  readonly doubts: readonly Doubt[]
  /** Header → field as the columns were understood; null: kept as text only. */
  readonly mapping: ColumnMapping
}

export type TableKind = {
  readonly vocabulary: Vocabulary
  readonly isOne: (keys: readonly (string | null)[], labels: readonly string[]) => boolean
  /** @returns the record, or the code of why the row cannot go in */
  readonly passageOf: (row: readonly string[], header: Header) => NewPassage | string
}

/**
 * @param mappingFor what people have said about columns under these headers
 * @returns the records of a table of one kind, or null when no sheet has the columns of one
 */
export async function tableOf(
  sheets: readonly Sheet[],
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
  { vocabulary, isOne, passageOf }: TableKind,
): Promise<Table | null> {
  const read: Table[] = []
  for (const sheet of sheets) {
    const header = await mappedHeader(sheet, mappingFor, vocabulary)
    if (header !== null && isOne(header.keys, header.labels)) read.push(records(sheet, header, passageOf))
  }
  if (read.length === 0) return null
  return {
    passages: read.flatMap((each) => each.passages),
    doubts: read.flatMap((each) => each.doubts),
    mapping: Object.assign({}, ...read.map((each) => each.mapping)) as ColumnMapping, // merged maps of one type
  }
}

function records(sheet: Sheet, header: Header, passageOf: TableKind['passageOf']): Table {
  const passages: NewPassage[] = []
  const doubts: Doubt[] = []
  for (const [index, row] of sheet.rows.entries()) {
    if (index <= header.at || isRemark(row, header) || isHeaderAgain(row, header)) continue
    const made = passageOf(row, header)
    if (typeof made !== 'string') {
      passages.push(made)
      continue
    }
    const where = `${sheet.name} 第${sheet.numbers?.[index] ?? index + 1}行`
    doubts.push({ code: made, field: where, phrase: row.filter(Boolean).join(' ').slice(0, 80) })
  }
  return { passages, doubts: told(doubts, sheet.name), mapping: mappingOf(header) }
}

/** Finds the header by rule, then asks what a person said about these columns; that may also find a header the rules missed. */
export async function mappedHeader(
  sheet: Sheet,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
  vocabulary?: Vocabulary,
): Promise<Header | null> {
  const found = headerOf(sheet.rows, {}, vocabulary)
  if (found !== null) {
    const mapping = await mappingFor(found.labels)
    return Object.keys(mapping).length === 0 ? found : (headerOf(sheet.rows, mapping, vocabulary) ?? found)
  }
  for (const row of sheet.rows.slice(0, 3)) {
    const mapping = await mappingFor(row)
    const told = Object.keys(mapping).length === 0 ? null : headerOf(sheet.rows, mapping, vocabulary)
    if (told !== null) return told
  }
  return null
}

/** Header → field as the columns were understood. */
export function mappingOf(header: Header): ColumnMapping {
  return Object.fromEntries(header.labels.flatMap((label, index) => (label === '' ? [] : [[label, header.keys[index] ?? null]])))
}

/** The most bad rows named one by one; beyond, the table is wrong as a whole and the count says enough. */
const mostTold = 500

export function told(doubts: readonly Doubt[], sheet: string): readonly Doubt[] {
  const more = doubts.length - mostTold
  return more <= 0 ? doubts : [...doubts.slice(0, mostTold), { code: 'row_more', field: sheet, phrase: `${more}` }]
}

/** Sums, notes below a table and headings across it are not records. A merged cell is repeated in each column it spans. */
export function isRemark(row: readonly string[], { labels }: Header): boolean {
  const cells = row.filter((cell) => cell !== '')
  const first = cells[0] ?? ''
  if (/^(?:[合总小共]\s*计)\s*(?:[:：（(].*)?$/.test(first)) return true
  if (new Set(cells).size !== 1) return false
  if (/^(?:附?注|备注|说明|填表说明|审核人|填[报表]人|制表人|联系人|填报单位)\s*[:：]/.test(first)) return true
  const isHeading = /^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])/.test(first)
  return cells.length > 1 && (isHeading || labels.every((label, index) => label === '' || (row[index] ?? '') !== ''))
}

/** The same words in several columns: a name may equal its field, but hardly its number or three columns. */
export function isPartlyAcross(row: readonly string[], numbered: boolean): boolean {
  const cells = row.filter((cell) => cell !== '')
  return new Set(cells).size === 1 && (cells.length > 2 || (cells.length === 2 && numbered))
}

/** Printed tables repeat their header on every page. */
export function isHeaderAgain(row: readonly string[], { labels }: Header): boolean {
  const cells = row.filter((cell) => cell !== '')
  return cells.length > 1 && row.filter((cell, index) => cell !== '' && cell === labels[index]).length > cells.length / 2
}
