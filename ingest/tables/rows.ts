import type { Doubt } from '../../retrieval/store/document.ts'
import { type Header, headerOf } from './header.ts'
import type { ColumnMapping, Vocabulary } from './vocabulary.ts'

export type Sheet = {
  readonly name: string
  readonly rows: readonly (readonly string[])[]
  /** Numbers of the rows in their sheet, from 1; absent when none was left out. */
  readonly numbers?: readonly number[]
}

/** Finds the header by rule, then asks what a person said about these columns; that may also find a header the rules missed. */
export async function mappedHeader(
  sheet: Sheet,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
  vocabulary: Vocabulary,
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

/** What a row says, by the key of its field; an empty cell says nothing. */
export type Row = Readonly<Record<string, string | undefined>>

/** @param read what the words of a cell mean beside the key and the name of their column */
export function recordOf(
  row: readonly string[],
  { keys, labels }: Header,
  read: (cell: string, key: string, label: string) => string = (cell) => cell,
): Row {
  return Object.fromEntries(
    keys.flatMap((key, index) => {
      const cell = row[index] ?? ''
      return key === null || cell === '' ? [] : [[key, read(cell, key, labels[index] ?? '')]]
    }),
  )
}

/** What a row says in columns without a known meaning, with the names of these. */
export function unknownIn(row: readonly string[], { keys, labels }: Header): { readonly label: string; readonly cell: string }[] {
  return labels.flatMap((label, index) => {
    const cell = row[index] ?? ''
    return keys[index] === null && label !== '' && cell !== '' ? [{ label, cell }] : []
  })
}
