import { codeOf } from '../../retrieval/base/errors.ts'
import { passagesOf } from '../../ingest/chunk.ts'
import { clausesOf } from '../../ingest/clauses.ts'
import { formatFor } from '../../ingest/formats/index.ts'
import { readWhole } from '../../ingest/reader/whole.ts'

/** What a case expects of its file: how it is read and cut, or why it is refused. */
export type Expected =
  | { readonly format: string; readonly warnings: readonly string[]; readonly passages: readonly (readonly (string | null)[])[] }
  | { readonly format: string; readonly warnings: readonly string[]; readonly sheets: Readonly<Record<string, readonly (readonly string[])[]>> }
  | { readonly error: string }

/** @returns what the product makes of a file today; passages as [clause, heading, text] */
export async function caseOf(bytes: Uint8Array, name: string): Promise<Expected> {
  try {
    const format = formatFor(bytes, name).name
    const reading = await readWhole(bytes, name)
    const { warnings } = reading
    if (reading.kind === 'table')
      return { format, warnings, sheets: Object.fromEntries(reading.sheets.map((sheet) => [sheet.name, sheet.rows])) }
    const passages = await passagesOf(clausesOf(reading.lines))
    return { format, warnings, passages: passages.map(({ clause, heading, text }) => [clause, heading, text]) }
  } catch (error) {
    return { error: codeOf(error) }
  }
}
