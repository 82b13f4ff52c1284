import { achievementTable } from './achievements/table.ts'
import { eventTable } from './events/table.ts'
import { organisationTable } from './organisations/table.ts'
import type { Sheet } from './rows.ts'
import { type Table, type TableKind, tableOf } from './table.ts'
import type { ColumnMapping } from './vocabulary.ts'

/** A kind of table is a folder and a line here. The most particular first: the first that finds records has the table. */
const kinds: readonly TableKind[] = [eventTable, organisationTable, achievementTable]

/** Fields that `--map 列名=field` may name. */
export const fieldNames: readonly string[] = [...new Set(kinds.flatMap(({ fields }) => fields))]

/** @returns the records of a table with its kind, or null when its columns say of no kind what they are */
export async function recordsOf(
  sheets: readonly Sheet[],
  title: string,
  mappingFor: (headers: readonly string[]) => Promise<ColumnMapping>,
): Promise<(Table & Pick<TableKind, 'kind'>) | null> {
  for (const each of kinds) {
    const table = await tableOf(each, sheets, title, mappingFor)
    if (table !== null && table.passages.length > 0) return { kind: each.kind, ...table }
  }
  return null
}
