import * as xlsx from '@e965/xlsx'
import { isCompound, openCompound } from './base/compound.ts'
import { decodeText } from './base/encoding.ts'
import { fillCells, type Grid } from './base/grid.ts'
import { has, isZip, unzip } from './base/zip.ts'
import { type Format, FormatError } from './format.ts'
import { unseenInBiff } from './sheet/biff.ts'
import type { Cells } from './sheet/colours.ts'
import { unseenInOpenDocument } from './sheet/open-document.ts'
import { unseenCells } from './sheet/unseen.ts'

/** Twenty thousand records and the rows above them. */
const mostRows = 21_000
const mostColumns = 200
const mostMerges = 5_000
const largestText = 20 * 1024 * 1024

/**
 * Tables: XLSX, XLS, ODS, CSV. What a person sees on visible sheets, merged cells filled; hidden sheets, rows, columns and text are left
 * out and reported.
 */
export const sheet: Format = {
  name: 'sheet',
  matches: (bytes, name) => (isZip(bytes) || isCompound(bytes) ? isBook(bytes) : /\.(csv|tsv)$/.test(name)),
  async read(bytes) {
    const isBookFile = isZip(bytes) || isCompound(bytes)
    const { workbook, warnings: told } = isBookFile ? { workbook: await readBook(bytes), warnings: [] } : readCsv(bytes)
    const { sheets: hidden, cells: unseen } = await unseenIn(bytes, workbook)
    const visible = workbook.SheetNames.filter((each) => !hidden.has(each))
    const sheets = visible.map((each) => ({ name: each, ...rowsOf(workbook.Sheets[each], unseen.get(each)) }))
    const warnings = [
      ...told,
      ...(sheets.some((each) => each.failed) ? ['cell_errors_left_out'] : []),
      ...(sheets.some((each) => each.cut) ? ['too_many_rows'] : []),
      ...(hidden.size > 0 ? ['hidden_sheets_left_out'] : []),
      ...(visible.some((each) => unseen.has(each) || hidesCells(workbook.Sheets[each])) ? ['hidden_cells_left_out'] : []),
    ]
    return {
      kind: 'table',
      sheets: sheets.filter((each) => each.rows.length > 0).map(({ failed: _, cut: __, ...each }) => each),
      warnings,
    }
  },
}

type Unseen = { readonly sheets: ReadonlySet<string>; readonly cells: ReadonlyMap<string, Cells> }

async function unseenIn(bytes: Uint8Array, workbook: xlsx.WorkBook): Promise<Unseen> {
  if (isZip(bytes) && has(bytes, 'opendocument.spreadsheet')) return await unseenInOpenDocument(bytes)
  const sheets = new Set((workbook.Workbook?.Sheets ?? []).flatMap((each) => (each.Hidden ? [each.name ?? ''] : [])))
  if (isCompound(bytes)) return { sheets, cells: unseenInBiff(bytes) }
  return { sheets, cells: isZip(bytes) && has(bytes, 'xl/workbook.xml') ? await unseenCells(bytes) : new Map() }
}

function isBook(bytes: Uint8Array): boolean {
  if (isZip(bytes)) return has(bytes, 'xl/workbook.') || has(bytes, 'opendocument.spreadsheet')
  return openCompound(bytes).paths.some((path) => path === 'workbook' || path === 'book')
}

/** Hidden, or too narrow to show anything. */
function isUnseen(strip: xlsx.RowInfo | xlsx.ColInfo | undefined): boolean {
  if (strip === undefined) return false
  return strip.hidden === true || ('hpt' in strip && strip.hpt === 0) || ('width' in strip && strip.width === 0)
}

function hidesCells(of: xlsx.WorkSheet | undefined): boolean {
  return (of?.['!rows'] ?? []).some(isUnseen) || (of?.['!cols'] ?? []).some(isUnseen)
}

function readCsv(bytes: Uint8Array): { workbook: xlsx.WorkBook; warnings: string[] } {
  if (bytes.length > largestText) throw new FormatError('too_large', 'The table is larger than 20 MB', { hint: 'Split it.' })
  const text = decodeText(bytes)
  if (text === null) throw new FormatError('damaged', 'The table has no encoding that fits', { hint: 'Save it as UTF-8 CSV.' })
  const unclosed = (text.match(/"/g)?.length ?? 0) % 2 === 1
  // An unclosed quotation mark would swallow every row after it.
  const workbook = xlsx.read(unclosed ? text.replaceAll('"', '') : text, { type: 'string', raw: true, sheetRows: mostRows + 1 })
  return { workbook, warnings: unclosed ? ['broken_quotes'] : [] }
}

async function readBook(bytes: Uint8Array): Promise<xlsx.WorkBook> {
  if (isZip(bytes)) await unzip(bytes, () => false) // checks sizes only, before the library inflates anything
  try {
    return xlsx.read(bytes, {
      type: 'array',
      dense: true,
      sheetRows: mostRows + 1,
      cellFormula: false,
      cellHTML: false,
      cellStyles: true, // without it hidden rows and columns are not reported
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

type Cell = { t?: string; v?: unknown; w?: string }
type Dense = Cell[][]

/** The cells that hold something, whatever size the sheet claims. */
function rowsOf(
  of: xlsx.WorkSheet | undefined,
  unseen: Cells = () => false,
): { rows: string[][]; numbers: number[]; failed: boolean; cut: boolean } {
  if (of === undefined) return { rows: [], numbers: [], failed: false, cut: false }
  const data = (of as { '!data'?: Dense })['!data'] ?? sparse(of)
  const hiddenRows = new Set((of['!rows'] ?? []).flatMap((row, index) => (isUnseen(row) ? [index] : [])))
  const hiddenColumns = new Set((of['!cols'] ?? []).flatMap((column, index) => (isUnseen(column) ? [index] : [])))
  const grid: Grid = data
    .slice(0, mostRows)
    .map((row, y) =>
      Array.from((row ?? []).slice(0, mostColumns), (cell, x) => (cell === undefined || unseen(y, x) ? '' : shownValue(cell))),
    )
  fillMerges(grid, of['!merges'] ?? [])
  const kept = grid.flatMap((row, y) => {
    const cells = row === undefined ? [] : Array.from(row, (cell) => cell ?? '').filter((_, x) => !hiddenColumns.has(x))
    return hiddenRows.has(y) || cells.every((cell) => cell === '') ? [] : [{ cells, number: y + 1 }]
  })
  const failed = data.slice(0, mostRows).some((row) => (row ?? []).some((cell) => cell !== undefined && isFailed(cell)))
  return { rows: kept.map((each) => each.cells), numbers: kept.map((each) => each.number), failed, cut: data.length > mostRows }
}

function sparse(of: xlsx.WorkSheet): Dense {
  return xlsx.utils
    .sheet_to_json<unknown[]>(of, { header: 1, raw: false, defval: '' })
    .map((row) => row.map((value) => ({ v: value })))
}

/** The error a formula without a value shows. */
function isFailed({ t, w, v }: Cell): boolean {
  return t === 'e' || /^#(?:DIV\/0!|N\/A|REF!|VALUE!|NAME\?|NUM!|NULL!)$/.test(String(w ?? v ?? ''))
}

function shownValue(cell: Cell): string {
  if (isFailed(cell)) return ''
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
