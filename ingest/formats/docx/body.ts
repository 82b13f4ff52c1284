import { type Line, line } from '../format.ts'
import { tableToLines } from '../html.ts'
import { counter, type Numbering } from './numbering.ts'
import type { Style } from './parts.ts'
import { type Attributes, visit } from './xml.ts'

type Paragraph = {
  text: string
  style: string | null
  list: string | null
  depth: number
  level: number | null
  hiddenMark: boolean
}
type Cell = { lines: string[]; span: number; continues: boolean }
type Table = { rows: Cell[][] }

/** Words nobody sees or that were struck out are no part of the document. */
const skipped = new Set([
  'w:del',
  'w:moveFrom',
  'w:instrText',
  'w:delText',
  'mc:Fallback',
  'w:footnoteReference',
  'w:commentReference',
  'w:rubyBase.',
  'w:rt',
])

/** document.xml → lines as Word shows them: automatic numbers in front, tables row by row, deleted and hidden text left out. */
export function readBody(bytes: Uint8Array, styles: ReadonlyMap<string, Style>, numbering: Numbering): Line[] {
  const lines: Line[] = []
  const tables: Table[] = []
  const paragraphs: Paragraph[] = []
  const next = counter(numbering)
  let skip = 0
  let hidden = false
  let inRunProperties = false
  let inText = false

  const current = () => paragraphs.at(-1)
  const open = (name: string, attributes: Attributes): void => {
    if (skipped.has(name)) skip += 1
    if (skip > 0) return
    const paragraph = current()
    if (name === 'w:p') paragraphs.push({ text: '', style: null, list: null, depth: 0, level: null, hiddenMark: false })
    else if (name === 'w:tbl') tables.push({ rows: [] })
    else if (name === 'w:tr') tables.at(-1)?.rows.push([])
    else if (name === 'w:tc') tables.at(-1)?.rows.at(-1)?.push({ lines: [], span: 1, continues: false })
    else if (name === 'w:r') hidden = false
    else if (name === 'w:rPr') inRunProperties = true
    else if (name === 'w:vanish' || name === 'w:webHidden') hidden = inRunProperties && isOn(attributes)
    else if (name === 'w:t') inText = true
    else if (paragraph) properties(name, attributes, paragraph)
    cellProperties(name, attributes, tables.at(-1)?.rows.at(-1)?.at(-1))
    if (paragraph && !hidden) paragraph.text += breakOf(name, attributes)
  }
  const close = (name: string): void => {
    if (skipped.has(name)) skip -= 1
    if (skip > 0) return
    if (name === 'w:t') inText = false
    else if (name === 'w:rPr') inRunProperties = false
    else if (name === 'w:r') hidden = false
    else if (name === 'w:p') endParagraph()
    else if (name === 'w:tbl') endTable()
  }
  const emit = (text: string, level: number | null) => {
    const cell = tables.at(-1)?.rows.at(-1)?.at(-1)
    if (cell) cell.lines.push(text)
    else lines.push(...text.split('\n').map((each) => line(each, null, level)))
  }
  const endParagraph = () => {
    const paragraph = paragraphs.pop()
    if (paragraph === undefined) return
    const style = paragraph.style === null ? undefined : styles.get(paragraph.style)
    const list = paragraph.list ?? style?.list ?? null
    const depth = paragraph.list === null ? (style?.depth ?? 0) : paragraph.depth
    const text = paragraph.text.trim()
    // A list number is counted even in front of an empty paragraph, as Word does.
    const number = list === null || list === '0' ? '' : next(list, depth)
    if (text !== '')
      emit(`${number}${number !== '' && /[\w)]$/.test(number) ? ' ' : ''}${text}`, paragraph.level ?? style?.level ?? null)
  }
  const endTable = () => {
    const table = tables.pop()
    if (table === undefined) return
    for (const each of tableToLines(gridOf(table))) emit(each.text, null)
  }
  visit(bytes, { open, close, text: (text) => (inText && skip === 0 && !hidden ? append(current(), text) : undefined) })
  return lines
}

function append(paragraph: Paragraph | undefined, text: string): void {
  if (paragraph) paragraph.text += text
}

function isOn(attributes: Attributes): boolean {
  return !['0', 'false', 'off'].includes(attributes['w:val'] ?? '1')
}

function properties(name: string, attributes: Attributes, paragraph: Paragraph): void {
  const value = attributes['w:val'] ?? ''
  if (name === 'w:pStyle') paragraph.style = value
  else if (name === 'w:numId') paragraph.list = value
  else if (name === 'w:ilvl') paragraph.depth = Number(value)
  else if (name === 'w:outlineLvl') paragraph.level = Number(value) < 9 ? Number(value) + 1 : null
}

function cellProperties(name: string, attributes: Attributes, cell: Cell | undefined): void {
  if (!cell) return
  if (name === 'w:gridSpan') cell.span = Math.min(Number(attributes['w:val']) || 1, 50)
  else if (name === 'w:vMerge') cell.continues = (attributes['w:val'] ?? 'continue') === 'continue'
}

function breakOf(name: string, attributes: Attributes): string {
  if (name === 'w:tab') return '　'
  if (name === 'w:br' || name === 'w:cr') return '\n'
  if (name === 'w:noBreakHyphen') return '-'
  if (name === 'w:sym') return String.fromCodePoint(Number.parseInt(attributes['w:char'] ?? '20', 16) || 32)
  return ''
}

/** Merged cells are filled, so that every row can be read alone. */
function gridOf(table: Table): string[][] {
  const grid: string[][] = []
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
