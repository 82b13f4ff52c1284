import { type Cell, gridOf, newCell, type Table, tableToLines } from '../base/grid.ts'
import { counter, type Numbering } from '../base/numbering.ts'
import { type Attributes, visit } from '../base/xml.ts'
import { type Line, line } from '../format.ts'
import { hides, type Style } from './parts.ts'
import { describeCell } from './tables.ts'

type Paragraph = {
  text: string
  style: string | null
  list: string | null
  depth: number
  level: number | null
  shaded: boolean
  readonly notes: string[]
}

/** Struck-out words, and what is not a word: neither is part of the document. */
const struck = new Set(['w:del', 'w:moveFrom'])
const skipped = new Set([...struck, 'w:instrText', 'w:delText', 'mc:Fallback', 'w:commentReference', 'w:rt'])

/** State while the body is read; tables and text boxes nest, hence stacks. */
type Reading = {
  readonly lines: Line[]
  readonly tables: Table[]
  readonly paragraphs: Paragraph[]
  /** Depth inside elements that are left out. */
  skip: number
  struck: number
  hidden: boolean
  white: boolean
  inRunProperties: boolean
  inText: boolean
  readonly leftOut: LeftOut
}

/** What was left out, reported so that a person can look. */
export type LeftOut = { hidden: boolean; deleted: boolean }

export type Context = {
  readonly styles: ReadonlyMap<string, Style>
  readonly numbering: Numbering
  /** Texts of footnotes and endnotes, by kind and number. */
  readonly notes: ReadonlyMap<string, string>
}
type Open = Context & { readonly next: (list: string, level: number) => string }

/** document.xml → lines as Word shows them: automatic numbers in front, tables row by row, notes below their paragraph. */
export function readBody(bytes: Uint8Array, context: Context): { lines: Line[]; leftOut: LeftOut } {
  const now: Reading = {
    lines: [],
    tables: [],
    paragraphs: [],
    skip: 0,
    struck: 0,
    hidden: false,
    white: false,
    inRunProperties: false,
    inText: false,
    leftOut: { hidden: false, deleted: false },
  }
  const open: Open = { ...context, next: counter(context.numbering) }
  visit(bytes, {
    open(name, attributes) {
      if (skipped.has(name)) now.skip += 1
      if (struck.has(name)) now.struck += 1
      if (now.skip === 0) begin(now, open, name, attributes)
    },
    close(name) {
      if (struck.has(name)) now.struck -= 1
      if (skipped.has(name)) now.skip -= 1
      else if (now.skip === 0) closing[name]?.(now, open)
    },
    text: (text) => hear(now, text),
  })
  return { lines: now.lines, leftOut: now.leftOut }
}

function hear(now: Reading, text: string): void {
  const paragraph = now.paragraphs.at(-1)
  if (now.struck > 0 && text.trim() !== '') now.leftOut.deleted = true
  if (!now.inText || now.skip > 0 || paragraph === undefined) return
  // White letters on a coloured bar are a heading; on bare paper nobody sees them.
  const hidden = now.hidden || (now.white && !paragraph.shaded && now.tables.length === 0)
  if ((hidden || now.white) && text.trim() !== '') now.leftOut.hidden = hidden || now.leftOut.hidden
  if (!hidden) paragraph.text += text
}

const opening: Readonly<Record<string, (now: Reading) => unknown>> = {
  'w:p': (now) => now.paragraphs.push({ text: '', style: null, list: null, depth: 0, level: null, shaded: false, notes: [] }),
  'w:tbl': (now) => now.tables.push({ rows: [] }),
  'w:tr': (now) => now.tables.at(-1)?.rows.push([]),
  'w:tc': (now) => now.tables.at(-1)?.rows.at(-1)?.push(newCell()),
  'w:r': (now) => Object.assign(now, { hidden: false, white: false }),
  'w:rPr': (now) => Object.assign(now, { inRunProperties: true }),
  'w:t': (now) => Object.assign(now, { inText: true }),
}

function begin(now: Reading, context: Open, name: string, attributes: Attributes): void {
  const paragraph = now.paragraphs.at(-1)
  const cell = openCell(now)
  opening[name]?.(now)
  if (cell !== undefined) describeCell(cell, name, attributes)
  if (now.inRunProperties) describeRun(now, context, name, attributes)
  if (paragraph === undefined) return
  describe(paragraph, name, attributes)
  if (!now.hidden) paragraph.text += breakOf(name, attributes)
  const note = context.notes.get(`${name} ${attributes['w:id']}`)
  if (note !== undefined) paragraph.notes.push(note)
}

function describeRun(now: Reading, { styles }: Context, name: string, attributes: Attributes): void {
  if (name === 'w:color') now.white = hides(name, attributes)
  else if (name === 'w:rStyle') now.hidden ||= styles.get(attributes['w:val'] ?? '')?.hidden === true
  else if (hides(name, attributes)) now.hidden = true
  else if (name === 'w:shd' || name === 'w:highlight') now.white = false
}

const closing: Readonly<Record<string, (now: Reading, context: Open) => unknown>> = {
  'w:t': (now) => Object.assign(now, { inText: false }),
  'w:rPr': (now) => Object.assign(now, { inRunProperties: false }),
  'w:r': (now) => Object.assign(now, { hidden: false, white: false }),
  'w:p': endParagraph,
  'w:tbl': endTable,
}

function openCell(now: Reading): Cell | undefined {
  return now.tables.at(-1)?.rows.at(-1)?.at(-1)
}

function emit(now: Reading, text: string, level: number | null): void {
  const cell = openCell(now)
  if (cell === undefined) now.lines.push(...text.split('\n').map((each) => line(each, null, level)))
  else cell.lines.push(text)
}

/** A list number counts even before an empty paragraph, as in Word. */
function endParagraph(now: Reading, { styles, next }: Open): void {
  const paragraph = now.paragraphs.pop()
  if (paragraph === undefined) return
  const style = paragraph.style === null ? undefined : styles.get(paragraph.style)
  const text = paragraph.text.trim()
  if (style?.hidden === true) {
    if (text !== '') now.leftOut.hidden = true
    return
  }
  const list = paragraph.list ?? style?.list ?? '0'
  const number = list === '0' ? '' : next(list, paragraph.list === null ? (style?.depth ?? 0) : paragraph.depth)
  if (text !== '') emit(now, `${number}${/[\w)]$/.test(number) ? ' ' : ''}${text}`, paragraph.level ?? style?.level ?? null)
  for (const note of paragraph.notes) emit(now, `注：${note}`, null)
}

function endTable(now: Reading): void {
  const table = now.tables.pop()
  if (table === undefined) return
  for (const each of tableToLines(gridOf(table))) emit(now, each.text, null)
}

function describe(paragraph: Paragraph, name: string, attributes: Attributes): void {
  const value = attributes['w:val'] ?? ''
  if (name === 'w:pStyle') paragraph.style = value
  else if (name === 'w:numId') paragraph.list = value
  else if (name === 'w:ilvl') paragraph.depth = Number(value)
  else if (name === 'w:outlineLvl') paragraph.level = Number(value) < 9 ? Number(value) + 1 : null
  else if (name === 'w:shd') paragraph.shaded ||= !/^(?:auto|f{6})$/i.test(attributes['w:fill'] ?? 'auto')
}

function breakOf(name: string, attributes: Attributes): string {
  if (name === 'w:tab') return '　'
  if (name === 'w:br' || name === 'w:cr') return '\n'
  if (name === 'w:noBreakHyphen') return '-'
  const character = name === 'w:sym' ? Number.parseInt(attributes['w:char'] ?? '20', 16) : 0
  return character > 0 && character < 0x110000 ? String.fromCodePoint(character) : ''
}
