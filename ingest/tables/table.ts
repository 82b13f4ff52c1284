import type { Kind } from '../../retrieval/evidence.ts'
import type { Doubt, NewPassage } from '../../retrieval/store/document.ts'
import type { Header } from './header.ts'
import { isHeaderAgain, isRemark, mappedHeader, mappingOf, type Sheet, told } from './rows.ts'
import type { ColumnMapping, Vocabulary } from './vocabulary.ts'

/** The records of a table. */
export type Table = {
  readonly passages: readonly NewPassage[]
  /** Rows that were left out, each with its reason; `field` says where, `phrase` what stands there. */
  readonly doubts: readonly Doubt[]
  /** Header → field as the columns were understood; null: kept as text only. */
  readonly mapping: ColumnMapping
}

export type TableKind = {
  readonly kind: Kind
  /** What its columns may be called. */
  readonly vocabulary: Vocabulary
  /** Keys of its fields, for whoever says what a column means. */
  readonly fields: readonly string[]
  /** Whether columns are those of such a table; `headerOf` asks for a name and three known columns of any. */
  readonly isOne: (keys: readonly (string | null)[], labels: readonly string[]) => boolean
  /** Reads one sheet's rows in their order. `seen` is what no second row of the sheet may say: numbers begin anew on the next. */
  readonly reader: (sheet: Sheet, header: Header, about: About) => RowReader
}

export type About = { readonly title: string; readonly seen: Set<string> }
/** @returns the record, or the code of why the row cannot go in; `where` names the row */
export type RowReader = (row: readonly string[], where: string) => NewPassage | string

/**
 * @param title of the table
 * @param mappingFor what people have said about columns under these headers
 * @returns the records of a table of one kind, or null when no sheet has the columns of one
 */
export async function tableOf(
  { vocabulary, isOne, reader }: TableKind,
  sheets: readonly Sheet[],
  title: string,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
): Promise<Table | null> {
  const read: Table[] = []
  for (const sheet of sheets) {
    const header = await mappedHeader(sheet, mappingFor, vocabulary)
    if (header !== null && isOne(header.keys, header.labels))
      read.push(records(sheet, header, reader(sheet, header, { title, seen: new Set() })))
  }
  if (read.length === 0) return null
  return {
    passages: read.flatMap((each) => each.passages),
    doubts: read.flatMap((each) => each.doubts),
    mapping: Object.assign({}, ...read.map((each) => each.mapping)) as ColumnMapping, // merged maps of one type
  }
}

function records(sheet: Sheet, header: Header, read: RowReader): Table {
  const passages: NewPassage[] = []
  const doubts: Doubt[] = []
  for (const [index, row] of sheet.rows.entries()) {
    if (index <= header.at || isRemark(row, header) || isHeaderAgain(row, header)) continue
    const where = `${sheet.name} 第${sheet.numbers?.[index] ?? index + 1}行`
    const made = read(row, where)
    if (typeof made !== 'string') {
      passages.push(made)
      continue
    }
    doubts.push({ code: made, field: where, phrase: row.filter(Boolean).join(' ').slice(0, 80) })
  }
  return { passages, doubts: told(doubts, sheet.name), mapping: mappingOf(header) }
}
