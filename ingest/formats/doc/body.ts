import { type Cell, gridOf, newCell, type Table, tableToLines } from '../base/grid.ts'
import { counter } from '../base/numbering.ts'
import { type Line, line } from '../format.ts'
import type { Header } from './header.ts'
import { readLists } from './lists.ts'
import { readText, type Text } from './pieces.ts'
import { characterRuns, finder, paragraphRuns } from './properties.ts'
import { type CharacterTraits, characterTraits, type ParagraphTraits, paragraphTraits, readStyles, type Style } from './styles.ts'

/** State while the text is walked. */
type Reading = {
  readonly lines: Line[]
  table: (Table & { readonly columns: (DataView | null)[] }) | null
  cell: Cell
  row: Cell[]
  text: string
  /** One entry per open field; true while its instruction, which nobody sees, is read. */
  readonly fields: boolean[]
}

type Look = {
  readonly characters: (place: number) => CharacterTraits
  readonly paragraph: (place: number) => ParagraphTraits
  readonly next: (list: string, level: number) => string
}

/** What was left out, reported so that a person can look. */
export type LeftOut = { hidden: boolean; deleted: boolean }

/** The text of a Word 97–2003 document as Word shows it: numbers in front, tables row by row, deleted and hidden words left out. */
export function readBody(header: Header): { lines: Line[]; leftOut: LeftOut } {
  const text = readText(header)
  const look = lookOf(header)
  const leftOut = { hidden: false, deleted: false }
  const [body = 0, notes = 0, heads = 0, macros = 0, comments = 0, endnotes = 0, boxes = 0] = header.counts
  const afterNotes = body + notes + heads + macros + comments
  const parts = [
    [0, body],
    [body, body + notes],
    [afterNotes, afterNotes + endnotes + boxes],
  ] as const
  const lines = parts.flatMap(([from, to]) => (to > from ? walk(text, from, to, look, leftOut) : []))
  return { lines, leftOut }
}

function lookOf(header: Header): Look {
  const styles = readStyles(header)
  const paragraphAt = finder(paragraphRuns(header))
  const charactersAt = finder(characterRuns(header))
  const known = new Map<Uint8Array, CharacterTraits>()
  return {
    next: counter(readLists(header)),
    paragraph(place) {
      const run = paragraphAt(place)
      const own = paragraphTraits(run?.properties ?? new Uint8Array())
      return withStyle(own, styles[run?.style ?? 0] ?? null)
    },
    characters(place) {
      const properties = charactersAt(place)?.properties ?? new Uint8Array()
      const before = known.get(properties)
      if (before !== undefined) return before
      const own = characterTraits(properties)
      const traits = { ...own, hidden: own.hidden || (own.style !== null && styles[own.style]?.hidden === true) }
      known.set(properties, traits)
      return traits
    },
  }
}

function withStyle(own: ParagraphTraits, style: Style | null): ParagraphTraits {
  const from = style?.paragraph
  return {
    ...own,
    list: own.list ?? from?.list ?? null,
    depth: own.depth ?? from?.depth ?? null,
    level: own.level ?? from?.level ?? null,
  }
}

function walk(text: Text, from: number, to: number, look: Look, leftOut: LeftOut): Line[] {
  const now: Reading = { lines: [], table: null, cell: newCell(), row: [], text: '', fields: [] }
  const struck = deletedPieces(text)
  for (let at = from; at < Math.min(to, text.characters.length); at += 1) {
    const code = text.characters.charCodeAt(at)
    const place = text.places[at] ?? 0
    if (code === 0x0d || code === 0x07 || code === 0x0c) endParagraph(now, code, look.paragraph(place), look)
    else if (isSeen(look.characters(place), struck(at), leftOut, code)) now.text += shown(now, code, text.characters[at] ?? '')
  }
  endParagraph(now, 0x0d, look.paragraph(text.places[to - 1] ?? 0), look)
  endTable(now)
  return now.lines
}

/** A fast save marks whole pieces as deleted. */
function deletedPieces(text: Text): (at: number) => boolean {
  const deleted = text.changes.filter(({ properties }) => characterTraits(properties).deleted)
  return deleted.length === 0 ? () => false : (at) => deleted.some(({ from, to }) => from <= at && at < to)
}

function isSeen(traits: CharacterTraits, struck: boolean, leftOut: LeftOut, code: number): boolean {
  const deleted = traits.deleted || struck
  const hidden = traits.hidden || traits.white || (traits.halfPoints !== null && traits.halfPoints <= 4)
  if (deleted) leftOut.deleted = true
  else if (hidden && code > 0x20) leftOut.hidden = true
  return !deleted && !hidden
}

/** Fields show their result, not their instruction; placeholders of pictures, notes and comments are not text. */
function shown(now: Reading, code: number, character: string): string {
  if (code === 0x13) now.fields.push(true)
  else if (code === 0x14 && now.fields.length > 0) now.fields[now.fields.length - 1] = false
  else if (code === 0x15) now.fields.pop()
  else if (now.fields.includes(true)) return ''
  else if (code === 0x0b || code === 0x0e) return '\n'
  else if (code === 0x09) return '　'
  else if (code === 0x1e) return '-'
  else if (code >= 0x20) return character
  return ''
}

function endParagraph(now: Reading, code: number, traits: ParagraphTraits, look: Look): void {
  const text = now.text.trim()
  now.text = ''
  const list = traits.list ?? 0
  const number = list > 0 && (text !== '' || code === 0x0d) ? look.next(String(list), traits.depth ?? 0) : ''
  const whole = text === '' ? '' : `${number}${/[\w)]$/.test(number) ? ' ' : ''}${text}`
  if (!traits.inTable) {
    endTable(now)
    if (whole !== '') now.lines.push(...whole.split('\n').map((each) => line(each, null, traits.level)))
    return
  }
  now.table ??= { rows: [], columns: [] }
  if (whole !== '') now.cell.lines.push(whole)
  if (traits.endsRow) endRow(now, traits.columns)
  else if (code === 0x07) {
    now.row.push(now.cell)
    now.cell = newCell()
  }
}

function endRow(now: Reading, columns: DataView | null): void {
  now.table?.rows.push(now.row)
  now.table?.columns.push(columns)
  now.row = []
  now.cell = newCell()
}

function endTable(now: Reading): void {
  if (now.table === null) return
  if (now.row.length > 0) endRow(now, null)
  const { rows, columns } = now.table
  now.table = null
  spread(rows, columns)
  now.lines.push(...tableToLines(gridOf({ rows })))
}

/** Aligns cells of different rows in one column when their edges agree; each row states its edges and merged cells (TDefTableOperand). */
function spread(rows: readonly Cell[][], columns: readonly (DataView | null)[]): void {
  const edges = columns.map((each) => (each === null ? [] : edgesOf(each)))
  const all = [...new Set(edges.flat())].sort((a, b) => a - b)
  if (all.length < 2 || all.length > 200) return
  for (const [y, row] of rows.entries()) {
    const own = edges[y] ?? []
    for (const [x, cell] of row.entries()) {
      const [left, right] = [own[x], own[x + 1]]
      if (left !== undefined && right !== undefined) cell.span = Math.max(1, all.indexOf(right) - all.indexOf(left))
      cell.continues = isMergedDown(columns[y] ?? null, own.length - 1, x)
    }
  }
}

/** Edges closer than a tenth of an inch are one: rows are seldom drawn to the twip. */
function edgesOf(columns: DataView): number[] {
  const count = columns.byteLength > 0 ? Math.min(columns.getUint8(0), 63) : 0
  if (columns.byteLength < 1 + (count + 1) * 2) return []
  return Array.from({ length: count + 1 }, (_, index) => Math.round(columns.getInt16(1 + index * 2, true) / 144) * 144)
}

function isMergedDown(columns: DataView | null, count: number, x: number): boolean {
  const at = 1 + (count + 1) * 2 + x * 20
  return columns !== null && count > 0 && at + 2 <= columns.byteLength && ((columns.getUint16(at, true) >> 5) & 3) === 1
}
