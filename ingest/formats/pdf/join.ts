import { tableToLines } from '../base/grid.ts'
import { type Line, line } from '../format.ts'
import { inReadingOrder } from './columns.ts'
import { withoutFurniture } from './furniture.ts'
import { type Row, rowsOf, type Sheet } from './rows.ts'
import { type Block, blocksOf, joinedTables } from './tables.ts'

/** Pages → lines as they were written: furniture dropped, columns in order, wrapped lines joined, table rows with their header. */
export function joinLines(sheets: readonly Sheet[]): Line[] {
  const pages = withoutFurniture(
    sheets.map((sheet, index) => rowsOf(sheet, index + 1)),
    sheets,
  )
  const body = bodySize(pages.flat())
  const notes = pages.map((page) => notesOf(page, body))
  const rows = pages.flatMap((page, index) => inReadingOrder(page.filter((row) => !notes[index]?.includes(row))))
  return paragraphs(joinedTables(blocksOf(rows)), notes.flat(), Math.max(...sheets.map((sheet) => sheet.width)))
}

/** @returns the size most characters have */
function bodySize(rows: readonly Row[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const size = Math.round(row.size * 2) / 2
    counts.set(size, (counts.get(size) ?? 0) + row.text.length)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

const noteMark = /^(?:[①-⑳]|\[\d{1,3}\]|［\d{1,3}］|\d{1,2}(?=[\s\p{Script=Han}A-Z]))/u

/** Notes at the foot of a page: small letters below the text, the first with a number. They must not end up inside a sentence. */
function notesOf(page: readonly Row[], body: number): Row[] {
  const small: Row[] = []
  for (const row of [...page].reverse()) {
    if (row.size > body * 0.88 || row.cells.length > 2) break
    small.unshift(row)
  }
  const first = small.findIndex((row) => noteMark.test(row.text))
  return first < 0 || small.length === page.length ? [] : small.slice(first)
}

const startsAnew =
  /^(?:第[一二三四五六七八九十百零〇\d]{1,6}[编章节](?=[\s　]|$|[^的和与、，])|第[一二三四五六七八九十百零〇\d]{1,6}条(?![第规定款项的、，和与至及所中])|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|[（(](?:此件|联系人|征求意见)|\d{1,2}[.．、](?!\d)|[①-⑳]|附件?\s*[\d一二三四五六七八九十]*\s*[:：.]|附\s*则|[·•●◆]|Article\s+\d|Section\s+\d)/

type Edges = { readonly left: number; readonly right: number }
const noEdges: Edges = { left: 0, right: 0 }

type Open = { text: string; readonly page: number }

/** Joins rows that continue in the next one into lines; tables and notes may stand between them. */
function paragraphs(blocks: readonly Block[], notes: readonly Row[], paper: number): Line[] {
  const edges = columnEdges(blocks, paper)
  const lines: Open[] = []
  const waiting = [...notes]
  let before: Row | null = null
  for (const block of blocks) {
    const row = block.kind === 'row' ? block.row : null
    const open = lines.at(-1)
    if (open !== undefined && row !== null && goesOn(before, row, edges[row.column] ?? noEdges))
      open.text = joined(open.text, row.text)
    else {
      const next = row === null ? tableLines(block) : [{ text: row.text, page: row.page }]
      lines.push(...notesBefore(next[0]?.page ?? 1, waiting), ...next)
    }
    before = row
  }
  lines.push(...notesBefore(Number.POSITIVE_INFINITY, waiting))
  return lines.map((each) => line(each.text, each.page))
}

function columnEdges(blocks: readonly Block[], paper: number): Edges[] {
  const rows = blocks.flatMap((block) => (block.kind === 'row' ? [block.row] : []))
  return [0, 1, 2].map((column) =>
    edgesOf(
      rows.filter((row) => row.column === column),
      paper,
    ),
  )
}

/** The notes of a page follow the paragraph of its last row. */
function notesBefore(page: number, waiting: Row[]): Open[] {
  const lines: Open[] = []
  while (waiting[0] !== undefined && waiting[0].page < page) lines.push(...noteLine(waiting))
  return lines
}

function tableLines(block: Block): Open[] {
  if (block.kind === 'row') return []
  const page = block.table.rows[0]?.page ?? 1
  return tableToLines(block.table.grid).map((each) => ({ text: each.text, page }))
}

/** Takes one note with its wrapped rows from the waiting ones. */
function noteLine(waiting: Row[]): Open[] {
  const first = waiting.shift()
  if (first === undefined) return []
  let text = first.text
  while (waiting[0] !== undefined && waiting[0].page === first.page && !noteMark.test(waiting[0].text))
    text = joined(text, waiting.shift()?.text ?? '')
  return [{ text: `注${text}`, page: first.page }]
}

/** A figure at the end of a row has its unit in the next. */
const unit = /^(?:[万亿]?元|[%％]|个?(?:工作日|月)|[年日天项家件倍台人](?!\p{Script=Han}{0,2}[、.．]))/u

/** A row continues in the next when it reaches the right edge of its column and the next does not begin something. */
function goesOn(before: Row | null, row: Row, { left, right }: Edges): boolean {
  if (before === null || startsAnew.test(row.text) || Math.abs(before.size - row.size) > 1.5) return false
  if (before.column !== row.column && before.page === row.page && row.column === 0) return false
  if (/\d$/.test(before.text) && unit.test(row.text)) return true
  if (before.text.includes('　') || row.text.includes('　')) return false
  const width = right - left
  const indented = row.x > left + row.size * 1.2
  if (isCentred(before, row, width) && before.page === row.page) return true
  const full = before.right > right - before.size * 2.2
  // A date or signature reaches the right edge too, but begins far from the left one.
  const isSignature = before.x > left + width * 0.4
  const latin = /[a-z,-]$/.test(before.text) && /^[a-z]/.test(row.text) && before.right > left + width * 0.6
  return (full || latin) && !indented && !isSignature
}

/** A title over two rows: both centred alike, the upper one long enough to have been broken, or in large letters. */
function isCentred(before: Row, row: Row, width: number): boolean {
  if (Math.abs(before.size - row.size) > 0.5 || /[。；：:]$/.test(before.text)) return false
  const middle = (of: Row) => (of.x + of.right) / 2
  const narrow = row.right - row.x < width - row.size * 4
  const long = before.right - before.x > width * 0.72
  return Math.abs(middle(before) - middle(row)) < row.size * 0.8 && narrow && (long || before.size > 17)
}

/**
 * The edges most rows keep to: the 10th and the 90th percentile. When hardly any row reaches the right one, the page has no full rows, and
 * the right margin is assumed to equal the left.
 */
function edgesOf(rows: readonly Row[], paper: number): Edges {
  const at = (values: readonly number[], share: number) =>
    [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0
  const left = at(
    rows.map((row) => row.x),
    0.1,
  )
  const right = at(
    rows.map((row) => row.right),
    0.9,
  )
  const full = rows.filter((row) => Math.abs(row.right - right) < row.size * 2.2).length
  return { left, right: full >= Math.max(3, rows.length * 0.25) ? right : Math.max(right, paper - left) }
}

/** Chinese continues without a blank, Latin words with one; a hyphen at the end of a row divides a word. */
function joined(open: string, next: string): string {
  if (/[a-z]{2}-$/.test(open) && /^[a-z]/.test(next)) return open.slice(0, -1) + next
  return open + (/[\w,.;:)]$/.test(open) && /^[\w(]/.test(next) ? ' ' : '') + next
}
