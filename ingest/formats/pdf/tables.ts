import type { Grid } from '../base/grid.ts'
import type { Cell, Row } from './rows.ts'

export type Table = { readonly rows: readonly Row[]; readonly grid: Grid; readonly columns: readonly Column[] }
export type Block = { readonly kind: 'row'; readonly row: Row } | { readonly kind: 'table'; readonly table: Table }

type Column = { readonly x: number; readonly right: number }

/** Ruling lines are not looked at: a table is rows whose words keep to the same columns with an empty strip between them. */
export function blocksOf(rows: readonly Row[]): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < rows.length; ) {
    const found = tableAt(rows, at)
    const table = found !== null && isTorn(found, rows, at) ? null : found
    const row = rows[at]
    if (table !== null) {
      blocks.push({ kind: 'table', table: withHeader(table, blocks) })
      at += table.rows.length
    } else {
      if (row !== undefined) blocks.push({ kind: 'row', row })
      at += 1
    }
  }
  return blocks
}

/** A centred column heading need not stand over the words below it, but it stands between those of its neighbours. */
function isHeaderOf({ rows, columns }: Table, row: Row): boolean {
  const first = rows[0]
  if (first === undefined || row.page !== first.page || row.column !== first.column || row.cells.length !== columns.length)
    return false
  if (row.y - first.y > Math.max(row.size * 3, (first.y - (rows[1]?.y ?? first.y)) * 1.6)) return false
  return row.cells.every(({ text, x, right }, index) => {
    const isName = text.length <= 12 && !/[。；：:]/.test(text) && /[^\d.%,，\s]/.test(text)
    const isBetween =
      x > (columns[index - 1]?.right ?? Number.NEGATIVE_INFINITY) && right < (columns[index + 1]?.x ?? Number.POSITIVE_INFINITY)
    return isName && isBetween
  })
}

/** Two rows from the middle of a table: where cells are wrapped and centred in their rows, they may fit each other by chance. */
function isTorn(table: Table, rows: readonly Row[], at: number): boolean {
  const [first, last] = [table.rows[0], table.rows.at(-1)]
  const [before, after] = [rows[at - 1], rows[at + table.rows.length]]
  const isNear = (one: Row | undefined, other: Row | undefined) =>
    one !== undefined &&
    other !== undefined &&
    one.page === other.page &&
    one.cells.length > 1 &&
    other.cells.length > 1 &&
    one.y - other.y < one.size * 1.2
  if (table.rows.length > 2) return false
  return isNear(last, after) || (isNear(before, first) && before !== undefined && !isHeaderOf(table, before))
}

/** Takes the header from the end of `blocks` when there is one. */
function withHeader(table: Table, blocks: Block[]): Table {
  const above = blocks.at(-1)
  if (above?.kind !== 'row' || !isHeaderOf(table, above.row)) return table
  blocks.pop()
  const names = above.row.cells.map((cell) => cell.text)
  return { ...table, rows: [above.row, ...table.rows], grid: [names, ...table.grid] }
}

function tableAt(rows: readonly Row[], start: number): Table | null {
  const first = rows[start]
  if (first === undefined || first.cells.length < 2) return null
  let columns: readonly Column[] = first.cells
  const taken: Row[] = [first]
  for (const row of rows.slice(start + 1)) {
    const before = taken.at(-1) ?? first
    const next = row.page === before.page && row.column === before.column ? widened(columns, row, before) : null
    if (next === null) break
    columns = next
    taken.push(row)
  }
  while (taken.length > 1 && taken.at(-1)?.cells.length === 1 && !isWrapped(taken)) taken.pop()
  const full = taken.filter((row) => row.cells.length >= 2).length
  if (columns.length !== first.cells.length || full < (columns.length >= 3 ? 2 : 3) || isProse(taken, columns)) return null
  return { rows: taken, columns, grid: gridOf(taken, columns) }
}

/** A last line of one cell is the rest of a wrapped cell only when lines stand close. */
function isWrapped(taken: readonly Row[]): boolean {
  const [before, last] = [taken.at(-2), taken.at(-1)]
  return before !== undefined && last !== undefined && before.y - last.y < last.size * 1.7
}

/** @returns the columns with the row's words in them, or null when the row does not keep to them */
function widened(columns: readonly Column[], row: Row, before: Row): readonly Column[] | null {
  if (before.y - row.y > row.size * 5) return null
  if (row.cells.length === 1 && before.y - row.y > row.size * 2.4) return null
  const next = columns.map((column) => ({ ...column }))
  for (const cell of row.cells) {
    const own = next.filter((column) => cell.x < column.right && cell.right > column.x)
    const [column] = own
    if (own.length !== 1 || column === undefined) return null
    column.x = Math.min(column.x, cell.x)
    column.right = Math.max(column.right, cell.right)
  }
  const apart = next.every((column, index) => index === 0 || column.x - (next[index - 1]?.right ?? 0) > row.size * 0.3)
  return apart ? next : null
}

/** Two strips of long words are text in columns, or a label and its text, not a table. */
function isProse(rows: readonly Row[], columns: readonly Column[]): boolean {
  if (columns.length > 2) return false
  const lengths = columns.map((column) => {
    const cells = rows.flatMap((row) => row.cells.filter((cell) => isIn(cell, column)))
    return cells.reduce((sum, cell) => sum + cell.text.length, 0) / Math.max(1, cells.length)
  })
  return lengths.every((length) => length > 14) || rows.some((row) => /[:：]$/.test(row.cells[0]?.text ?? ''))
}

function isIn(cell: Cell, column: Column): boolean {
  return cell.x < column.right && cell.right > column.x
}

/** Lines of one table row stand closer together than to the next row; where all distances are equal, a first cell begins a row. */
function gridOf(rows: readonly Row[], columns: readonly Column[]): Grid {
  const distances = rows.slice(1).map((row, index) => (rows[index]?.y ?? 0) - row.y)
  const [least, most] = [Math.min(...distances), Math.max(...distances)]
  const limit = most > least * 1.25 ? (least + most) / 2 : null
  const grid: Grid = []
  for (const [index, row] of rows.entries()) {
    const distance = index === 0 ? Number.POSITIVE_INFINITY : (distances[index - 1] ?? 0)
    const begins = limit === null ? row.cells.some((cell) => isIn(cell, columns[0] ?? cell)) : distance > limit
    if (begins || grid.length === 0) grid.push(columns.map(() => ''))
    fill(grid.at(-1) ?? [], row, columns)
  }
  return grid
}

function fill(open: string[], row: Row, columns: readonly Column[]): void {
  for (const cell of row.cells) {
    const at = columns.findIndex((column) => isIn(cell, column))
    const before = open[at] ?? ''
    open[at] = before + (/[\w,.;]$/.test(before) && /^\w/.test(cell.text) ? ' ' : '') + cell.text
  }
}

/** A table that continues after a page break is one table; a repeated header is kept once. */
export function joinedTables(blocks: readonly Block[]): Block[] {
  const result: Block[] = []
  for (const block of blocks) {
    const before = result.at(-1)
    if (block.kind !== 'table' || before?.kind !== 'table' || !goesOn(before.table, block.table)) {
      result.push(block)
      continue
    }
    const again = String(block.table.grid[0]) === String(before.table.grid[0])
    result[result.length - 1] = {
      kind: 'table',
      table: { ...block.table, rows: before.table.rows, grid: [...before.table.grid, ...block.table.grid.slice(again ? 1 : 0)] },
    }
  }
  return result
}

function goesOn(before: Table, next: Table): boolean {
  const nextPage = (next.rows[0]?.page ?? 0) > (before.rows.at(-1)?.page ?? 0)
  return (
    nextPage &&
    before.columns.length === next.columns.length &&
    before.columns.every((column, index) => {
      const other = next.columns[index]
      return other !== undefined && column.x < other.right && column.right > other.x
    })
  )
}
