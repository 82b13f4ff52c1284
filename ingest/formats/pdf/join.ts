import { type Line, line } from '../format.ts'

/** A run of characters at its place on the page; points, y grows upwards. */
export type Piece = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
}
export type Sheet = { readonly width: number; readonly height: number; readonly pieces: readonly Piece[] }

type Row = { text: string; readonly x: number; right: number; readonly y: number; readonly size: number; readonly page: number }

/** Running heads and page numbers stand in the outer ninth of a page. */
const margin = 0.11
const pageNumber = /^[-—–－\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－\s]*$/

/** Pages → lines as they were written: furniture dropped, wrapped lines joined. */
export function joinLines(sheets: readonly Sheet[]): Line[] {
  const pages = sheets.map((sheet, index) => rowsOf(sheet, index + 1))
  const running = runningHeads(pages, sheets)
  const rows = pages.flatMap((page, index) => page.filter((row) => !isFurniture(row, sheets[index], running)))
  return paragraphs(rows)
}

/** Pieces at one height are one row; a wide gap inside it is a column of a table. */
function rowsOf(sheet: Sheet, page: number): Row[] {
  const rows: Row[] = []
  const pieces = [...sheet.pieces].filter((piece) => piece.text.trim() !== '').sort((a, b) => b.y - a.y || a.x - b.x)
  for (const piece of pieces) {
    const row = rows.at(-1)
    if (row !== undefined && Math.abs(row.y - piece.y) < Math.max(row.size, piece.size) * 0.5) addTo(row, piece)
    else rows.push({ text: piece.text, x: piece.x, right: piece.x + piece.width, y: piece.y, size: piece.size, page })
  }
  return rows.map((row) => ({ ...row, text: row.text.replace(/[\u00A0 ]+/g, ' ').trim() }))
}

function addTo(row: Row, piece: Piece): void {
  const gap = piece.x - row.right
  const latin = /[\w,.;:)]$/.test(row.text) && /^[\w(]/.test(piece.text)
  if (gap > piece.size * 1.8) row.text += '　'
  else if (gap > piece.size * 0.15 && latin) row.text += ' '
  row.text += piece.text
  row.right = Math.max(row.right, piece.x + piece.width)
}

/** The same words at the edge of half the pages or more. */
function runningHeads(pages: readonly (readonly Row[])[], sheets: readonly Sheet[]): ReadonlySet<string> {
  const seen = new Map<string, number>()
  for (const [index, page] of pages.entries()) {
    for (const text of new Set(page.filter((row) => atEdge(row, sheets[index])).map((row) => bare(row.text))))
      seen.set(text, (seen.get(text) ?? 0) + 1)
  }
  return new Set(
    [...seen].filter(([, count]) => pages.length >= 2 && count >= Math.max(2, pages.length / 2)).map(([text]) => text),
  )
}

function bare(text: string): string {
  return text.replace(/\d+/g, '').replace(/\s/g, '')
}

function atEdge(row: Row, sheet: Sheet | undefined): boolean {
  return sheet !== undefined && (row.y > sheet.height * (1 - margin) || row.y < sheet.height * margin)
}

function isFurniture(row: Row, sheet: Sheet | undefined, running: ReadonlySet<string>): boolean {
  return atEdge(row, sheet) && (pageNumber.test(row.text) || running.has(bare(row.text)))
}

const startsAnew =
  /^(?:第[一二三四五六七八九十百零〇\d]{1,6}[编章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|附件?\s*[\d一二三四五六七八九十]*\s*[:：.]|附\s*则|[·•●◆]|Article\s+\d|Section\s+\d)/

/** A row goes on in the next one when it reaches the right edge of the text and the next does not begin something. */
function paragraphs(rows: readonly Row[]): Line[] {
  const right = edge(rows.map((row) => row.right))
  const left = leftEdge(rows)
  const lines: { text: string; page: number }[] = []
  let before: Row | null = null
  for (const row of rows) {
    const open = lines.at(-1)
    if (open !== undefined && before !== null && goesOn(before, row, left, right))
      open.text += joint(open.text, row.text) + row.text
    else lines.push({ text: row.text, page: row.page })
    before = row
  }
  return lines.map((each) => line(each.text, each.page))
}

function goesOn(before: Row, row: Row, left: number, right: number): boolean {
  if (startsAnew.test(row.text)) return false
  if (Math.abs(before.size - row.size) > 1.5) return false
  if (before.text.includes('　') || row.text.includes('　')) return false
  const full = before.right > right - before.size * 2.2
  const indented = row.x > left + row.size * 1.2
  const centred = indented && row.right < right - row.size * 1.2 && before.x > left + before.size * 1.2
  // A title in the middle over two rows goes on although neither reaches the edge.
  if (centred && before.size > 14 && Math.abs(before.size - row.size) < 0.5 && before.page === row.page) return true
  return full && !indented
}

/** @returns the edge most rows reach: the 90th percentile */
function edge(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 0
}

function leftEdge(rows: readonly Row[]): number {
  const sorted = rows.map((row) => row.x).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * 0.1)] ?? 0
}

/** Chinese goes on without a blank, Latin words with one. */
function joint(open: string, next: string): string {
  return /[\w,.;]$/.test(open) && /^\w/.test(next) ? ' ' : ''
}
