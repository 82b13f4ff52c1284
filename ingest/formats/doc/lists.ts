import type { Level, List, Numbering } from '../base/numbering.ts'
import { type Header, tables } from './header.ts'

/** Number formats by code (MS-OSHARED 2.2.1.3), named as in DOCX; others count in digits. */
const formats: Readonly<Record<number, string>> = {
  1: 'upperRoman',
  2: 'lowerRoman',
  3: 'upperLetter',
  4: 'lowerLetter',
  10: 'ideographDigital',
  11: 'japaneseCounting',
  14: 'decimalFullWidth',
  16: 'chineseLegalSimplified',
  18: 'decimalEnclosedCircle',
  22: 'decimalZero',
  23: 'bullet',
  26: 'decimalEnclosedFullstop',
  27: 'decimalEnclosedParen',
  28: 'decimalEnclosedCircleChinese',
  30: 'ideographTraditional',
  31: 'ideographZodiac',
  33: 'taiwaneseCounting',
  34: 'ideographLegalTraditional',
  35: 'taiwaneseCountingThousand',
  37: 'chineseCounting',
  38: 'chineseLegalSimplified',
  39: 'chineseCountingThousand',
  255: 'none',
}

const mostLists = 4_000

/** Reads bytes in sequence; beyond the end everything is 0. */
function cursor(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (size: number, read: (offset: number) => number) => {
    const value = at + size <= bytes.length ? read(at) : 0
    at += size
    return value
  }
  return {
    byte: () => take(1, (offset) => view.getUint8(offset)),
    short: () => take(2, (offset) => view.getUint16(offset, true)),
    long: () => take(4, (offset) => view.getUint32(offset, true)),
    skip: (size: number) => {
      at += size
    },
    ended: () => at >= bytes.length,
  }
}

type Cursor = ReturnType<typeof cursor>

/** List definitions and their uses → numbering; the key of a use is its number in the paragraph's properties. */
export function readLists(header: Header): Numbering {
  // The levels directly follow the list table and are not counted in its size.
  const definitions = definitionsOf(header.table(tables.lists), header.tableOnward(tables.lists))
  const uses = cursor(header.table(tables.overrides))
  const count = Math.min(uses.long(), mostLists)
  const heads = Array.from({ length: count }, () => {
    const id = uses.long()
    uses.skip(8)
    const changed = uses.byte()
    uses.skip(3)
    return { id, changed }
  })
  const lists = new Map<string, List>()
  for (const [index, { id, changed }] of heads.entries()) {
    uses.skip(4)
    const levels = [...(definitions.get(id) ?? [])]
    const restarts = new Set<number>()
    for (let each = 0; each < changed && !uses.ended(); each += 1) override(uses, levels, restarts)
    lists.set(String(index + 1), { levels, counter: String(id), restarts })
  }
  return lists
}

function override(uses: Cursor, levels: Level[], restarts: Set<number>): void {
  const start = uses.long()
  const flags = uses.long()
  const at = flags & 0xf
  if (flags & 0x20) levels[at] = level(uses, at)
  const own = levels[at]
  if (flags & 0x10 && own !== undefined) {
    levels[at] = { ...own, start: flags & 0x20 ? own.start : start }
    restarts.add(at)
  }
}

function definitionsOf(bytes: Uint8Array, onward: Uint8Array): Map<number, Level[]> {
  const definitions = new Map<number, Level[]>()
  if (bytes.length < 2) return definitions
  const from = cursor(onward)
  const count = Math.min(from.short(), mostLists)
  const heads = Array.from({ length: count }, () => {
    const id = from.long()
    from.skip(4 + 18)
    const simple = (from.byte() & 1) === 1
    from.skip(1)
    return { id, simple }
  })
  for (const { id, simple } of heads) {
    if (from.ended()) break
    definitions.set(
      id,
      Array.from({ length: simple ? 1 : 9 }, (_, at) => level(from, at)),
    )
  }
  return definitions
}

function level(from: Cursor, at: number): Level {
  const start = from.long()
  const format = formats[from.byte()] ?? 'decimal'
  const flags = from.byte()
  from.skip(9 + 1 + 8)
  const characters = from.byte()
  const paragraphs = from.byte()
  const limit = from.byte()
  from.skip(1 + characters + paragraphs)
  let text = ''
  for (let left = Math.min(from.short(), 255); left > 0; left -= 1) {
    const code = from.short()
    text += code < 9 ? `%${code + 1}` : String.fromCharCode(code)
  }
  return { format, text, start, restart: flags & 0x08 ? limit : at }
}
