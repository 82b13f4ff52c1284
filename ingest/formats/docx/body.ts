import { type Cell, gridOf, newCell, type Table, tableToLines } from '../base/grid.ts'
import { counter, type Numbering } from '../base/numbering.ts'
import { type Attributes, visit } from '../base/xml.ts'
import { type Line, line } from '../format.ts'
import type { Style } from './parts.ts'
import { describeCell } from './tables.ts'

type Paragraph = { text: string; style: string | null; list: string | null; depth: number; level: number | null }

/** Words nobody sees or that were struck out are no part of the document. */
const skipped = new Set([
  'w:del',
  'w:moveFrom',
  'w:instrText',
  'w:delText',
  'mc:Fallback',
  'w:footnoteReference',
  'w:commentReference',
  'w:rt',
])

/** What is open while the body is read; tables and text boxes nest, hence stacks. */
type Reading = {
  readonly lines: Line[]
  readonly tables: Table[]
  readonly paragraphs: Paragraph[]
  /** Depth inside elements that are left out. */
  skip: number
  hidden: boolean
  inRunProperties: boolean
  inText: boolean
}

type Context = { readonly styles: ReadonlyMap<string, Style>; readonly next: (list: string, level: number) => string }

/** document.xml → lines as Word shows them: automatic numbers in front, tables row by row, deleted and hidden text left out. */
export function readBody(bytes: Uint8Array, styles: ReadonlyMap<string, Style>, numbering: Numbering): Line[] {
  const now: Reading = { lines: [], tables: [], paragraphs: [], skip: 0, hidden: false, inRunProperties: false, inText: false }
  const context = { styles, next: counter(numbering) }
  visit(bytes, {
    open(name, attributes) {
      if (skipped.has(name)) now.skip += 1
      if (now.skip === 0) open(now, name, attributes)
    },
    close(name) {
      if (skipped.has(name)) now.skip -= 1
      else if (now.skip === 0) closing[name]?.(now, context)
    },
    text(text) {
      const paragraph = now.paragraphs.at(-1)
      if (now.inText && now.skip === 0 && !now.hidden && paragraph !== undefined) paragraph.text += text
    },
  })
  return now.lines
}

const opening: Readonly<Record<string, (now: Reading, attributes: Attributes) => unknown>> = {
  'w:p': (now) => now.paragraphs.push({ text: '', style: null, list: null, depth: 0, level: null }),
  'w:tbl': (now) => now.tables.push({ rows: [] }),
  'w:tr': (now) => now.tables.at(-1)?.rows.push([]),
  'w:tc': (now) => now.tables.at(-1)?.rows.at(-1)?.push(newCell()),
  'w:r': (now) => Object.assign(now, { hidden: false }),
  'w:rPr': (now) => Object.assign(now, { inRunProperties: true }),
  'w:vanish': (now, attributes) => Object.assign(now, { hidden: now.inRunProperties && isOn(attributes) }),
  'w:webHidden': (now, attributes) => Object.assign(now, { hidden: now.inRunProperties && isOn(attributes) }),
  'w:t': (now) => Object.assign(now, { inText: true }),
}

function open(now: Reading, name: string, attributes: Attributes): void {
  const paragraph = now.paragraphs.at(-1)
  const cell = openCell(now)
  opening[name]?.(now, attributes)
  if (cell !== undefined) describeCell(cell, name, attributes)
  if (paragraph === undefined) return
  describe(paragraph, name, attributes['w:val'] ?? '')
  if (!now.hidden) paragraph.text += breakOf(name, attributes)
}

const closing: Readonly<Record<string, (now: Reading, context: Context) => unknown>> = {
  'w:t': (now) => Object.assign(now, { inText: false }),
  'w:rPr': (now) => Object.assign(now, { inRunProperties: false }),
  'w:r': (now) => Object.assign(now, { hidden: false }),
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

/** A list number is counted even in front of an empty paragraph, as Word does. */
function endParagraph(now: Reading, { styles, next }: Context): void {
  const paragraph = now.paragraphs.pop()
  if (paragraph === undefined) return
  const style = paragraph.style === null ? undefined : styles.get(paragraph.style)
  const list = paragraph.list ?? style?.list ?? '0'
  const number = list === '0' ? '' : next(list, paragraph.list === null ? (style?.depth ?? 0) : paragraph.depth)
  const text = paragraph.text.trim()
  if (text !== '') emit(now, `${number}${/[\w)]$/.test(number) ? ' ' : ''}${text}`, paragraph.level ?? style?.level ?? null)
}

function endTable(now: Reading): void {
  const table = now.tables.pop()
  if (table === undefined) return
  for (const each of tableToLines(gridOf(table))) emit(now, each.text, null)
}

function isOn(attributes: Attributes): boolean {
  return !['0', 'false', 'off'].includes(attributes['w:val'] ?? '1')
}

function describe(paragraph: Paragraph, name: string, value: string): void {
  if (name === 'w:pStyle') paragraph.style = value
  else if (name === 'w:numId') paragraph.list = value
  else if (name === 'w:ilvl') paragraph.depth = Number(value)
  else if (name === 'w:outlineLvl') paragraph.level = Number(value) < 9 ? Number(value) + 1 : null
}

function breakOf(name: string, attributes: Attributes): string {
  if (name === 'w:tab') return '　'
  if (name === 'w:br' || name === 'w:cr') return '\n'
  if (name === 'w:noBreakHyphen') return '-'
  const character = name === 'w:sym' ? Number.parseInt(attributes['w:char'] ?? '20', 16) : 0
  return character > 0 && character < 0x110000 ? String.fromCodePoint(character) : ''
}
