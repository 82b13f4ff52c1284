import type { parseHTML } from 'linkedom'
import { fillCells, type Grid, tableToLines } from '../base/grid.ts'
import { type Line, line } from '../format.ts'

export type Page = ReturnType<typeof parseHTML>['document']
export type Element = NonNullable<ReturnType<Page['querySelector']>>
type Node = Element['childNodes'][number]

const blocks = new Set(
  'P DIV LI TR TD TH H1 H2 H3 H4 H5 H6 SECTION ARTICLE BLOCKQUOTE DD DT UL OL MAIN HEADER PRE FIGURE BR TABLE TBODY CAPTION'.split(
    ' ',
  ),
)
const unread = new Set('SCRIPT STYLE NOSCRIPT TEMPLATE IFRAME SVG TEXTAREA SELECT BUTTON'.split(' '))
/** A cell with more characters is a frame around text. */
const longestCell = 300

type Reading = { readonly lines: Line[]; open: string }

/** Block elements and `<br>` end a line; runs of blanks fold; a heading keeps its level. */
export function linesOf(article: Element): Line[] {
  const now: Reading = { lines: [], open: '' }
  walk(now, article)
  close(now)
  return now.lines
}

function close(now: Reading, level: number | null = null): void {
  const text = flat(now.open)
  if (text !== '') now.lines.push(line(text, null, level))
  now.open = ''
}

function walk(now: Reading, node: Node): void {
  if (node.nodeType === 3) now.open += node.textContent ?? ''
  else if (node.nodeType === 1) visit(now, node as Element) // node type 1 is an element
}

function visit(now: Reading, element: Element): void {
  const name = element.tagName.toUpperCase()
  if (unread.has(name)) return
  if (blocks.has(name)) close(now)
  inside(now, element, name)
  if (blocks.has(name)) close(now, /^H[1-6]$/.test(name) ? Number(name[1]) : null)
}

function inside(now: Reading, element: Element, name: string): void {
  if (name === 'TABLE' && !isFrame(element)) now.lines.push(...tableLines(element))
  else if (name === 'PRE') now.lines.push(...(element.textContent ?? '').split('\n').map((each: string) => line(flat(each))))
  else for (const child of element.childNodes) walk(now, child)
}

/** Older sites lay out the page with tables: tables in tables, or a cell that holds the article. */
function isFrame(table: Element): boolean {
  if (table.querySelector('table') !== null) return true
  const cells = [...table.querySelectorAll('td, th')]
  return cells.length < 2 || cells.some((cell) => (cell.textContent ?? '').length > longestCell)
}

/** Cells that span rows or columns are repeated. */
function tableLines(table: Element): Line[] {
  return tableToLines(gridOf(table))
}

/** The real tables of a page, as rows of cells. */
export function gridsOf(article: Element): Grid[] {
  const tables: Element[] = [...article.querySelectorAll('table')]
  return tables.filter((table) => !isFrame(table)).map(gridOf)
}

function gridOf(table: Element): Grid {
  const grid: Grid = []
  for (const [y, row] of [...table.querySelectorAll('tr')].entries()) {
    let x = 0
    for (const cell of row.querySelectorAll('td, th')) {
      while (grid[y]?.[x] !== undefined) x += 1
      const size = { tall: spanOf(cell, 'rowspan', 200), wide: spanOf(cell, 'colspan', 50) }
      fillCells(grid, { y, x }, size, cellText(cell))
      x += size.wide
    }
  }
  return grid.filter((row) => row !== undefined)
}

function cellText(cell: Element): string {
  const own: Reading = { lines: [], open: '' }
  for (const child of cell.childNodes) walk(own, child)
  close(own)
  return own.lines.map((each) => each.text).join(' ')
}

function spanOf(cell: Element, name: string, most: number): number {
  return Math.max(1, Math.min(Number(cell.getAttribute(name)) || 1, most))
}

/** @returns the text with runs of blanks folded, trimmed */
export function flat(text: string): string {
  return text.replace(/[\s\u00A0]+/g, ' ').trim()
}
