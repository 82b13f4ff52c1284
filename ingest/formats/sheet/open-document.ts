import { type Attributes, visit } from '../base/xml.ts'
import { unzip } from '../base/zip.ts'
import { type Cells, isUnseen, white } from './colours.ts'

/**
 * What the table library does not report of an OpenDocument: hidden sheets, and cells in hidden rows or columns or in the colour of their
 * ground.
 */
export type Unseen = { readonly sheets: ReadonlySet<string>; readonly cells: ReadonlyMap<string, Cells> }

type Style = { parent: string; ink?: string; ground?: string; conditional: boolean; hidden: boolean }

/** Nothing further to the right or below is read. */
const mostRows = 21_001
const mostColumns = 200

/** @returns hidden sheets and unseen cells of an ODS */
export async function unseenInOpenDocument(bytes: Uint8Array): Promise<Unseen> {
  const parts = await unzip(bytes, (name) => /^(?:content|styles)\.xml$/.test(name))
  const styles = new Map<string, Style>()
  for (const name of ['styles.xml', 'content.xml']) readStyles(parts.get(name), styles)
  const walk: Walk = {
    styles,
    sheets: new Set(),
    cells: new Map(),
    strips: [],
    columns: [],
    row: { y: 0, count: 0, style: '', hidden: false },
    x: 0,
    sheet: '',
    cell: null,
  }
  const content = parts.get('content.xml')
  if (content !== undefined)
    visit(content, {
      open: (name, attributes) => opened[name]?.(walk, attributes),
      close: (name) => name === 'table:table-row' && Object.assign(walk.row, { y: walk.row.y + walk.row.count, count: 0 }),
      text: (text) => text.trim() !== '' && mark(walk),
    })
  return walk
}

/** Formats of numbers and lists have letter properties too; they belong to no cell. */
function readStyles(part: Uint8Array | undefined, styles: Map<string, Style>): void {
  const none = (): Style => ({ parent: '', conditional: false, hidden: false })
  let open = none()
  const read: Readonly<Record<string, (attributes: Attributes) => void>> = {
    'style:default-style': (attributes) => {
      open = none()
      if (attributes['style:family'] === 'table-cell') styles.set('', open)
    },
    'style:style': (attributes) => {
      open = { ...none(), parent: attributes['style:parent-style-name'] ?? '' }
      styles.set(attributes['style:name'] ?? '', open)
    },
    'style:map': () => {
      open.conditional = true
    },
    'style:table-properties': (attributes) => {
      open.hidden = attributes['table:display'] === 'false'
    },
    'style:table-cell-properties': (attributes) => Object.assign(open, named('ground', attributes['fo:background-color'])),
    'style:text-properties': (attributes) =>
      Object.assign(open, named('ink', attributes['style:use-window-font-color'] === 'true' ? 'auto' : attributes['fo:color'])),
  }
  if (part === undefined) return
  visit(part, {
    open: (name, attributes) => read[name]?.(attributes),
    close(name) {
      if (name === 'style:style' || name === 'style:default-style') open = none()
    },
  })
}

function named(key: string, colour: string | undefined): Record<string, string> {
  return colour === undefined ? {} : { [key]: colour.replace('#', '').toLowerCase() }
}

/** The rows of one element, and the columns left out in them. Repeated rows are kept once. */
type Strip = { readonly top: number; readonly bottom: number; readonly spans: (readonly [left: number, right: number])[] }

type Walk = {
  readonly styles: ReadonlyMap<string, Style>
  readonly sheets: Set<string>
  readonly cells: Map<string, Cells>
  /** Of the open sheet, from top to bottom. */
  strips: Strip[]
  /** Of the open sheet: its name, its columns, the current position. */
  sheet: string
  columns: { style: string; hidden: boolean }[]
  readonly row: { y: number; count: number; style: string; hidden: boolean }
  x: number
  cell: { x: number; count: number; unseen: boolean } | null
}

const opened: Readonly<Record<string, (walk: Walk, attributes: Attributes) => void>> = {
  'table:table'(walk, attributes) {
    Object.assign(walk, { sheet: attributes['table:name'] ?? '', columns: [], strips: [], cell: null })
    Object.assign(walk.row, { y: 0, count: 0 })
    if (walk.styles.get(attributes['table:style-name'] ?? '')?.hidden) walk.sheets.add(walk.sheet)
  },
  'table:table-column'(walk, attributes) {
    const column = { style: attributes['table:default-cell-style-name'] ?? '', hidden: isCollapsed(attributes) }
    const count = Math.min(timesOf(attributes, 'columns'), mostColumns - walk.columns.length)
    for (let nth = 0; nth < count; nth += 1) walk.columns.push(column)
  },
  'table:table-row'(walk, attributes) {
    const style = attributes['table:default-cell-style-name'] ?? ''
    Object.assign(walk.row, { count: timesOf(attributes, 'rows'), style, hidden: isCollapsed(attributes) })
    Object.assign(walk, { x: 0, cell: null })
  },
  'table:table-cell': openCell,
  'table:covered-table-cell': openCell,
}

function openCell(walk: Walk, attributes: Attributes): void {
  const count = timesOf(attributes, 'columns')
  const column = walk.columns[walk.x]
  const style = attributes['table:style-name'] ?? (walk.row.style || column?.style) ?? ''
  const unseen = walk.row.hidden || column?.hidden === true || isUnseenStyle(walk.styles, style)
  walk.cell = { x: walk.x, count, unseen }
  walk.x += count
  if (attributes['office:value-type'] !== undefined) mark(walk)
}

/** Notes beside the open cell hold words too; whatever it holds, it is counted once. */
function mark(walk: Walk): void {
  const { cell, row, cells, sheet, strips } = walk
  walk.cell = null
  if (cell === null || !cell.unseen || cell.x >= mostColumns || row.y >= mostRows) return
  if (strips.length === 0) cells.set(sheet, within(strips, cells.get(sheet)))
  if (strips.at(-1)?.top !== row.y) strips.push({ top: row.y, bottom: row.y + row.count, spans: [] })
  strips.at(-1)?.spans.push([cell.x, cell.x + cell.count])
}

/** @param before what an earlier sheet of the same name left out */
function within(strips: readonly Strip[], before: Cells = () => false): Cells {
  return (y, x) => before(y, x) || stripAt(strips, y)?.spans.some(([left, right]) => x >= left && x < right) === true
}

function stripAt(strips: readonly Strip[], y: number): Strip | undefined {
  let [from, to] = [0, strips.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((strips[middle]?.bottom ?? 0) <= y) from = middle + 1
    else to = middle
  }
  const found = strips[from]
  return found !== undefined && found.top <= y ? found : undefined
}

function isUnseenStyle(styles: ReadonlyMap<string, Style>, name: string): boolean {
  let [ink, ground]: [string | undefined, string | undefined] = [undefined, undefined]
  let style = styles.get(name)
  for (let patience = 20; style !== undefined && patience > 0; patience -= 1) {
    if (style.conditional) return false
    ink ??= style.ink
    ground ??= style.ground
    const next = styles.get(style.parent)
    style = next === style ? undefined : next
  }
  // Letters without a colour of their own are black on a light ground and white on a dark one.
  return isUnseen(ink ?? 'auto', ground === undefined || ground === 'transparent' ? white : ground)
}

function isCollapsed(attributes: Attributes): boolean {
  return /^(?:collapse|filter)$/.test(attributes['table:visibility'] ?? '')
}

function timesOf(attributes: Attributes, what: 'rows' | 'columns'): number {
  return Math.max(1, Number(attributes[`table:number-${what}-repeated`] ?? 1) || 1)
}
