/** A run of characters at its position on the page; points, y grows upwards. */
export type Piece = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
}
export type Sheet = { readonly width: number; readonly height: number; readonly pieces: readonly Piece[] }

/** Words that stand together; a wide gap begins the next cell. */
export type Cell = { text: string; readonly x: number; right: number }
export type Row = {
  readonly cells: readonly Cell[]
  readonly text: string
  readonly x: number
  readonly right: number
  readonly y: number
  readonly size: number
  readonly page: number
  /** The column of the page it stands in; rows of one column share their edges. */
  column: number
}

type Open = { readonly pieces: Piece[]; y: number; size: number }

/** Gaps in units of the letters' size: between words, between cells, and between columns. */
const gaps = { latin: 0.15, word: 0.6, cell: 0.9, column: 1.8 }

/** Pieces at one height form a row, read from left to right; a raised small figure belongs to the row it is raised above. */
export function rowsOf(sheet: Sheet, page: number): Row[] {
  const open: Open[] = []
  const pieces = sheet.pieces.filter((piece) => piece.text.trim() !== '').sort((a, b) => b.y - a.y || a.x - b.x)
  for (const piece of pieces) {
    const row = open.at(-1)
    if (row !== undefined && Math.abs(row.y - piece.y) < Math.max(row.size, piece.size) * 0.5) {
      row.pieces.push(piece)
      if (piece.size > row.size * 1.2) Object.assign(row, { y: piece.y, size: piece.size })
    } else open.push({ pieces: [piece], y: piece.y, size: piece.size })
  }
  return open.map((row) => closed(row, page)).filter((row) => row.text !== '')
}

function closed({ pieces, y, size }: Open, page: number): Row {
  const cells: Cell[] = []
  let text = ''
  for (const piece of [...pieces].sort((a, b) => a.x - b.x)) {
    const cell = cells.at(-1)
    const gap = cell === undefined ? 0 : piece.x - cell.right
    const words = raised(piece, { y, size }, cell?.text.at(-1) ?? '')
    const blank = blankFor(gap, piece, cell?.text ?? '', words)
    text += (gap > piece.size * gaps.column ? '　' : blank) + words
    if (cell === undefined || gap > piece.size * gaps.cell) cells.push({ text: words, x: piece.x, right: piece.x + piece.width })
    else {
      cell.text += blank + words
      cell.right = Math.max(cell.right, piece.x + piece.width)
    }
  }
  for (const cell of cells) cell.text = tidy(cell.text)
  const right = Math.max(...cells.map((cell) => cell.right))
  return { cells, text: tidy(text), x: cells[0]?.x ?? 0, right, y, size, page, column: 0 }
}

function tidy(text: string): string {
  return text.replace(/[\u00A0 ]+/g, ' ').trim()
}

function blankFor(gap: number, piece: Piece, before: string, words: string): string {
  const latin = /[\w,.;:)]$/.test(before) && /^[\w(]/.test(words)
  return gap > piece.size * gaps.word || (latin && gap > piece.size * gaps.latin) ? ' ' : ''
}

/** The number of a note, small and raised, must not run into the figure before it: 奖励100¹万 is not 1001. */
function raised(piece: Piece, row: { readonly y: number; readonly size: number }, before: string): string {
  const isRaised = piece.size < row.size * 0.78 && piece.y > row.y + row.size * 0.12
  return isRaised && /^\s*\d{1,3}\s*$/.test(piece.text) && !/[A-Za-z]/.test(before) ? `[${piece.text.trim()}]` : piece.text
}
