import * as xlsx from '@e965/xlsx'
import { decodeText } from './base/encoding.ts'
import { fillCells, type Grid } from './base/grid.ts'
import { has, isZip, unzip } from './base/zip.ts'
import { type Format, FormatError } from './format.ts'

const mostRows = 20_000
const mostColumns = 200
const mostMerges = 5_000
const largestText = 20 * 1024 * 1024

/** Tables: XLSX, XLS, ODS, CSV. What a person sees on visible sheets, merged cells filled. */
export const sheet: Format = {
  name: 'sheet',
  matches: (bytes, name) =>
    /\.(csv|tsv)$/.test(name) ||
    (isZip(bytes) && (has(bytes, 'xl/workbook.xml') || has(bytes, 'content.xml') || /\.(xlsx|xlsm|xlsb|ods)$/.test(name))) ||
    (isCompound(bytes) && /\.(xls|et)$/.test(name)),
  async read(bytes, name) {
    const workbook = /\.(csv|tsv)$/.test(name) ? readCsv(bytes) : await readBook(bytes)
    const hidden = new Set((workbook.Workbook?.Sheets ?? []).flatMap((each) => (each.Hidden ? [each.name ?? ''] : [])))
    const sheets = workbook.SheetNames.filter((each) => !hidden.has(each)).map((each) => ({
      name: each,
      ...rowsOf(workbook.Sheets[each]),
    }))
    return {
      kind: 'table',
      sheets: sheets.filter((each) => each.rows.length > 0),
      warnings: hidden.size > 0 ? ['hidden_sheets_left_out'] : [],
    }
  },
}

function isCompound(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0
}

function readCsv(bytes: Uint8Array): xlsx.WorkBook {
  if (bytes.length > largestText) throw new FormatError('too_large', 'The table is larger than 20 MB', { hint: 'Split it.' })
  const text = decodeText(bytes)
  if (text === null) throw new FormatError('damaged', 'The table has no encoding that fits', { hint: 'Save it as UTF-8 CSV.' })
  return xlsx.read(text, { type: 'string', raw: true, sheetRows: mostRows + 1 })
}

async function readBook(bytes: Uint8Array): Promise<xlsx.WorkBook> {
  if (isZip(bytes)) await unzip(bytes, () => false) // sizes only, before the library inflates anything
  try {
    return xlsx.read(bytes, {
      type: 'array',
      dense: true,
      sheetRows: mostRows + 1,
      cellFormula: false,
      cellHTML: false,
      bookVBA: false,
    })
  } catch (cause) {
    const encrypted = /password|encrypt/i.test(String(cause))
    throw new FormatError(
      encrypted ? 'encrypted' : 'damaged',
      encrypted ? 'The table is encrypted' : 'The table cannot be read',
      { hint: 'Open it in Excel or WPS, remove any password, and save it as XLSX.', cause },
    )
  }
}

type Dense = { v?: unknown; w?: string }[][]

/** The cells that hold something, whatever the sheet claims its size to be. */
function rowsOf(of: xlsx.WorkSheet | undefined): { rows: string[][]; numbers: number[] } {
  if (of === undefined) return { rows: [], numbers: [] }
  const data = (of as { '!data'?: Dense })['!data'] ?? sparse(of)
  const hiddenRows = new Set((of['!rows'] ?? []).flatMap((row, index) => (row?.hidden ? [index] : [])))
  const hiddenColumns = new Set((of['!cols'] ?? []).flatMap((column, index) => (column?.hidden ? [index] : [])))
  const grid: Grid = data
    .slice(0, mostRows)
    .map((row) => Array.from((row ?? []).slice(0, mostColumns), (cell) => (cell === undefined ? '' : shownValue(cell))))
  fillMerges(grid, of['!merges'] ?? [])
  const kept = grid.flatMap((row, y) => {
    const cells = row === undefined ? [] : Array.from(row, (cell) => cell ?? '').filter((_, x) => !hiddenColumns.has(x))
    return hiddenRows.has(y) || cells.every((cell) => cell === '') ? [] : [{ cells, number: y + 1 }]
  })
  return { rows: kept.map((each) => each.cells), numbers: kept.map((each) => each.number) }
}

function sparse(of: xlsx.WorkSheet): Dense {
  return xlsx.utils
    .sheet_to_json<unknown[]>(of, { header: 1, raw: false, defval: '' })
    .map((row) => row.map((value) => ({ v: value })))
}

function shownValue(cell: { v?: unknown; w?: string }): string {
  return String(cell.w ?? cell.v ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

function fillMerges(grid: Grid, merges: readonly xlsx.Range[]): void {
  for (const { s, e } of merges.slice(0, mostMerges)) {
    const value = grid[s.r]?.[s.c] ?? ''
    const tall = Math.min(e.r, grid.length - 1) - s.r + 1
    const wide = Math.min(e.c, mostColumns - 1) - s.c + 1
    if (value !== '') fillCells(grid, { y: s.r, x: s.c }, { tall, wide }, value)
  }
}
