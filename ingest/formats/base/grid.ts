import { type Line, line } from '../format.ts'

/** Rows of cells as shown; a cell that spans several is repeated in each, so that every row stands alone. */
export type Grid = string[][]

/** A cell while its table is read; `continues`: merged with the cell above. */
export type Cell = { readonly lines: string[]; span: number; continues: boolean }
export type Table = { readonly rows: Cell[][] }

export function newCell(): Cell {
  return { lines: [], span: 1, continues: false }
}

/** Writes one value into a rectangle of cells. */
export function fillCells(grid: Grid, at: { y: number; x: number }, size: { tall: number; wide: number }, value: string): void {
  for (let y = at.y; y < at.y + size.tall; y += 1) {
    const row = grid[y] ?? []
    grid[y] = row
    for (let x = at.x; x < at.x + size.wide; x += 1) row[x] = value
  }
}

/** @returns a table row that can be read without its table: `档次：A；金额：5万元` */
export function labelled(header: readonly string[], cells: readonly string[]): string {
  return cells.flatMap((cell, index) => (cell === '' ? [] : [header[index] ? `${header[index]}：${cell}` : cell])).join('；')
}

/** @returns rows as lines with the names of their columns; a table of one column is only layout and stays as it is */
export function tableToLines(grid: Grid): Line[] {
  const [header, ...rows] = grid.map((row) => Array.from(row ?? [], (cell) => cell ?? ''))
  if (header === undefined) return []
  const isLayout = rows.length === 0 || header.length < 2 || header.some((cell) => cell === '' || cell.length > 20)
  const texts = isLayout
    ? [header, ...rows].map((row) => [...new Set(row)].filter(Boolean).join('　'))
    : rows.map((row) => labelled(header, row))
  return texts.filter((text) => text !== '').map((text) => line(text))
}

/** Fills merged cells, so that every row can be read alone. */
export function gridOf(table: Table): Grid {
  const grid: Grid = []
  for (const [y, row] of table.rows.entries()) {
    const filled: string[] = []
    for (const cell of row) {
      const text = cell.continues ? (grid[y - 1]?.[filled.length] ?? '') : cell.lines.join(' ').trim()
      for (let wide = 0; wide < cell.span; wide += 1) filled.push(text)
    }
    grid.push(filled)
  }
  return grid
}
