import { damaged, type Header, tables } from './header.ts'

/** The whole text, and for every character the file position its properties are stored under. */
export type Text = {
  readonly characters: string
  readonly places: Uint32Array
  /** Properties that a fast save put on whole pieces: characters from … to, and the changes. */
  readonly changes: readonly { readonly from: number; readonly to: number; readonly properties: Uint8Array }[]
}

const compressed = 0x40000000
const longest = 5_000_000

/**
 * Reads the piece table (MS-DOC 2.8.35): the text is scattered over the file in pieces of one or two bytes per character.
 * @throws FormatError
 */
export function readText(header: Header): Text {
  const { pieces, saved } = pieceTable(header.table(tables.pieces))
  const parts: string[] = []
  const places: number[] = []
  const changes: { from: number; to: number; properties: Uint8Array }[] = []
  for (const piece of pieces) {
    const narrow = (piece.place & compressed) !== 0
    const start = narrow ? (piece.place & ~compressed) >>> 1 : piece.place
    const width = narrow ? 1 : 2
    const bytes = header.text.subarray(start, start + piece.length * width)
    const text = new TextDecoder(narrow ? 'windows-1252' : 'utf-16le', { ignoreBOM: true }).decode(bytes)
    parts.push(text)
    const properties = piece.change & 1 ? saved[piece.change >> 1] : undefined
    if (properties !== undefined) changes.push({ from: places.length, to: places.length + text.length, properties })
    for (let at = 0; at < text.length; at += 1) places.push(start + at * width)
    if (places.length > longest) throw damaged()
  }
  return { characters: parts.join(''), places: Uint32Array.from(places), changes }
}

type Piece = { readonly length: number; readonly place: number; readonly change: number }

function pieceTable(bytes: Uint8Array): { pieces: Piece[]; saved: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const saved: Uint8Array[] = []
  let at = 0
  while (at + 3 <= bytes.length && bytes[at] === 1) {
    const size = view.getUint16(at + 1, true)
    saved.push(bytes.subarray(at + 3, at + 3 + size))
    at += 3 + size
  }
  if (bytes[at] !== 2 || at + 5 > bytes.length) throw damaged()
  const size = Math.min(view.getUint32(at + 1, true), bytes.length - at - 5)
  const start = at + 5
  const count = Math.floor((size - 4) / 12)
  const pieces = Array.from({ length: Math.max(0, count) }, (_, index) => {
    const [from, to] = [view.getUint32(start + index * 4, true), view.getUint32(start + index * 4 + 4, true)]
    const details = start + (count + 1) * 4 + index * 8
    return {
      length: Math.max(0, Math.min(to - from, longest)),
      place: view.getUint32(details + 2, true),
      change: view.getUint16(details + 6, true),
    }
  })
  return { pieces, saved }
}
