import { openCompound } from '../base/compound.ts'
import { black, type Cells, cellsOf, isUnseen, white } from './colours.ts'

const mostRecords = 3_000_000

/** Record numbers of a BIFF file (MS-XLS 2.3), for the records we read. */
const codes = { end: 0x0a, font: 0x31, sheet: 0x85, palette: 0x92, format: 0xe0, begin: 0x0809, manyNumbers: 0xbd }
const cellCodes = new Set([0x06, 0xd6, 0xfd, 0x0203, 0x0204, 0x0205, 0x027e])
const conditions: ReadonlyMap<number, number> = new Map([
  [0x01b0, 4],
  [0x0879, 16],
])

type Found = {
  /** Names of sheets by the offset of their records. */
  readonly names: Map<number, string>
  readonly fonts: number[]
  readonly formats: { font: number; pattern: number; ink: number }[]
  palette: readonly string[]
  /** Where conditions may colour a cell: first row, last row, first column, last column. */
  painted: number[][]
  styled: { y: number; x: number; format: number }[]
  sheet: string | null
  readonly sheets: Map<string, Cells>
}

/** Cells of an XLS whose letters have the colour of their ground. Cells whose ground a condition may paint count as seen. */
export function unseenInBiff(bytes: Uint8Array): ReadonlyMap<string, Cells> {
  const book = openCompound(bytes)
  const stream = book.stream('Workbook') ?? book.stream('Book')
  const found: Found = {
    names: new Map(),
    fonts: [],
    formats: [],
    palette: [],
    painted: [],
    styled: [],
    sheet: null,
    sheets: new Map(),
  }
  if (stream === undefined) return found.sheets
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  const old = stream.length > 6 && view.getUint16(4, true) < 0x0600
  for (let at = 0, patience = mostRecords; at + 4 <= view.byteLength && patience > 0; patience -= 1) {
    const [code, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    if (at + 4 + length > view.byteLength) break
    take(found, { code, at, old, data: new DataView(stream.buffer, stream.byteOffset + at + 4, length) })
    at += 4 + length
  }
  return found.sheets
}

type Row = { readonly code: number; readonly at: number; readonly old: boolean; readonly data: DataView }

function take(found: Found, { code, at, old, data }: Row): void {
  const long = (size: number) => data.byteLength >= size
  if (code === codes.begin) Object.assign(found, { sheet: found.names.get(at) ?? null, painted: [], styled: [] })
  else if (code === codes.end) close(found)
  else if (code === codes.sheet && long(8)) found.names.set(data.getUint32(0, true), nameOf(data, old))
  else if (code === codes.font && long(6)) found.fonts.push(data.getUint16(4, true))
  else if (code === codes.palette) found.palette = paletteOf(data)
  else if (code === codes.format && long(old ? 16 : 20)) found.formats.push(formatOf(data, old))
  else if (found.sheet !== null) takeCell(found, code, data)
}

function takeCell(found: Found, code: number, data: DataView): void {
  const start = conditions.get(code)
  const long = (size: number) => data.byteLength >= size
  if (start !== undefined && long(start + 8)) found.painted.push([0, 2, 4, 6].map((more) => data.getUint16(start + more, true)))
  else if (code === codes.manyNumbers && long(12))
    for (let from = 4, x = data.getUint16(2, true); from + 8 <= data.byteLength; from += 6, x += 1)
      found.styled.push({ y: data.getUint16(0, true), x, format: data.getUint16(from, true) })
  else if (cellCodes.has(code) && long(6))
    found.styled.push({ y: data.getUint16(0, true), x: data.getUint16(2, true), format: data.getUint16(4, true) })
}

function close(found: Found): void {
  const isPainted = ({ y, x }: { y: number; x: number }) =>
    found.painted.some(([top = 0, bottom = 0, left = 0, right = 0]) => y >= top && y <= bottom && x >= left && x <= right)
  const unseen = new Set(found.formats.flatMap((format, index) => (isUnseenFormat(found, format) ? [index] : [])))
  const cells = found.styled.filter((each) => unseen.has(each.format) && !isPainted(each))
  if (found.sheet !== null && cells.length > 0) found.sheets.set(found.sheet, cellsOf(cells))
  found.sheet = null
}

function nameOf(data: DataView, old: boolean): string {
  const wide = !old && (data.getUint8(7) & 1) === 1
  const from = old ? 7 : 8
  const letters = new Uint8Array(
    data.buffer,
    data.byteOffset + from,
    Math.min(data.byteLength - from, data.getUint8(6) * (wide ? 2 : 1)),
  )
  return new TextDecoder(wide ? 'utf-16le' : old ? 'gb18030' : 'latin1').decode(letters)
}

function paletteOf(data: DataView): string[] {
  const count = data.byteLength < 2 ? 0 : Math.min(data.getUint16(0, true), (data.byteLength - 2) >> 2)
  const hex = (at: number) => data.getUint8(at).toString(16).padStart(2, '0')
  return Array.from({ length: count }, (_, index) => [2, 3, 4].map((more) => hex(index * 4 + more)).join(''))
}

/** A cell format: its font, its fill pattern (0 none, 1 solid) and fill colour. */
function formatOf(data: DataView, old: boolean): Found['formats'][number] {
  const font = data.getUint16(0, true)
  if (old) {
    const filling = data.getUint32(8, true)
    return { font, pattern: (filling >> 16) & 0x3f, ink: filling & 0x7f }
  }
  return { font, pattern: data.getUint32(14, true) >>> 26, ink: data.getUint16(18, true) & 0x7f }
}

function isUnseenFormat(found: Found, { font, pattern, ink }: Found['formats'][number]): boolean {
  if (pattern > 1) return false
  const letters = found.fonts[font > 4 ? font - 1 : font] // number 4 does not exist
  return isUnseen(colourOf(found, letters ?? 8), pattern === 0 ? white : colourOf(found, ink))
}

/** Numbers below 8 are fixed, 8 to 63 are the palette's, higher ones the system's: black letters on white. */
function colourOf({ palette }: Found, number: number): string {
  const place = number < 8 ? number : number - 8
  const own = number >= 8 ? palette[place] : undefined
  if (own !== undefined) return own
  if (number === 65 || place === 1) return white
  return number >= 64 || place === 0 ? black : `colour ${place}`
}
