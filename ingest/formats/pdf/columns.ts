import type { Cell, Row } from './rows.ts'

/** Two columns of text need this many rows with the same gap, filled with text: a table's cells are short. */
const fewestRows = 8
const fills = 0.6

/** @returns rows in reading order: on a two-column page the left column first, between rows that span both */
export function inReadingOrder(rows: readonly Row[]): Row[] {
  const gutter = gutterOf(rows) ?? staggeredGutterOf(rows)
  if (gutter === null) return [...rows]
  const result: Row[] = []
  let band: { left: Row[]; right: Row[] } = { left: [], right: [] }
  const flush = () => {
    result.push(...band.left, ...band.right)
    band = { left: [], right: [] }
  }
  for (const row of rows) {
    if (row.cells.some((cell) => cell.x < gutter && cell.right > gutter)) {
      flush()
      result.push(row)
      continue
    }
    const left = part(
      row,
      row.cells.filter((cell) => cell.right <= gutter),
      1,
    )
    const right = part(
      row,
      row.cells.filter((cell) => cell.x >= gutter),
      2,
    )
    if (left !== null) band.left.push(left)
    if (right !== null) band.right.push(right)
  }
  flush()
  return result
}

function part(row: Row, cells: readonly Cell[], column: number): Row | null {
  const [first, last] = [cells[0], cells.at(-1)]
  if (first === undefined || last === undefined) return null
  return { ...row, cells, text: cells.map((cell) => cell.text).join('　'), x: first.x, right: last.right, column }
}

/** The middle of the gap that most rows share, when both sides are text. */
function gutterOf(rows: readonly Row[]): number | null {
  const [left, right] = [Math.min(...rows.map((row) => row.x)), Math.max(...rows.map((row) => row.right))]
  const middle = (left + right) / 2
  const reach = (right - left) * 0.12
  const split = rows.filter((row) => row.cells.some((cell) => cell.right < middle + reach && cell.right > middle - reach * 3))
  const candidates = split.flatMap((row) => gapsOf(row, middle, reach))
  const best = candidates
    .map((at) => ({ at, rows: rows.filter((row) => hasGapAt(row, at)) }))
    .sort((a, b) => b.rows.length - a.rows.length)[0]
  if (best === undefined || best.rows.length < fewestRows) return null
  const across = rows.filter((row) => row.cells.some((cell) => cell.x < best.at && cell.right > best.at)).length
  const filled = best.rows.filter((row) => isText(row, best.at, left, right)).length
  return across < best.rows.length && filled > best.rows.length * fills ? best.at : null
}

function gapsOf(row: Row, middle: number, reach: number): number[] {
  return row.cells.slice(1).flatMap((cell, index) => {
    const at = ((row.cells[index]?.right ?? 0) + cell.x) / 2
    return Math.abs(at - middle) < reach ? [at] : []
  })
}

function hasGapAt(row: Row, at: number): boolean {
  return row.x < at && row.right > at && row.cells.every((cell) => cell.right <= at || cell.x >= at)
}

/** Whether each side is one run of words over most of its width. */
function isText(row: Row, at: number, left: number, right: number): boolean {
  return row.cells.length === 2 && row.cells.every((cell) => cell.right - cell.x > (cell.x < at ? at - left : right - at) * 0.6)
}

/** Columns whose rows stand at different heights share no row: rows of the left and of the right column alternate. */
function staggeredGutterOf(rows: readonly Row[]): number | null {
  const [left, right] = [Math.min(...rows.map((row) => row.x)), Math.max(...rows.map((row) => row.right))]
  const middle = (left + right) / 2
  const reach = (right - left) * 0.12
  const sideOf = ({ cells, x, right: end }: Row): 0 | 1 | null => {
    if (cells.length !== 1) return null
    if (end < middle + reach) return 0
    return x > middle - reach ? 1 : null
  }
  const sides = rows.map(sideOf)
  const of = (side: number) => rows.filter((_, index) => sides[index] === side)
  const [start, end] = [Math.max(...of(0).map((row) => row.right)), Math.min(...of(1).map((row) => row.x))]
  const turns = sides.filter((side, index) => side !== null && sides[index - 1] === 1 - side).length
  const isFilled = (side: readonly Row[], width: number) =>
    side.length >= fewestRows && side.filter((row) => row.right - row.x > width * 0.6).length > side.length * fills
  if (!(start < end) || turns < fewestRows || !isFilled(of(0), start - left) || !isFilled(of(1), right - end)) return null
  return (start + end) / 2
}
