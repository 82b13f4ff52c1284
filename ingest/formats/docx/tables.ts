import type { Grid } from '../grid.ts'
import type { Attributes } from './xml.ts'

export type Cell = { readonly lines: string[]; span: number; continues: boolean }
export type Table = { readonly rows: Cell[][] }

export function newCell(): Cell {
  return { lines: [], span: 1, continues: false }
}

export function describeCell(cell: Cell, name: string, attributes: Attributes): void {
  if (name === 'w:gridSpan') cell.span = Math.max(1, Math.min(Number(attributes['w:val']) || 1, 50))
  else if (name === 'w:vMerge') cell.continues = (attributes['w:val'] ?? 'continue') === 'continue'
}

/** Merged cells are filled, so that every row can be read alone. */
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
