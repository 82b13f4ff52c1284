import { type Cell, gridOf, newCell, type Table, tableToLines } from './base/grid.ts'
import { type Attributes, visit } from './base/xml.ts'
import { has, isZip, unzip } from './base/zip.ts'
import { type Format, FormatError, type Line, line } from './format.ts'

const wanted = /^ppt\/(?:presentation\.xml|_rels\/presentation\.xml\.rels|slides\/slide\d+\.xml)$/

/** Slides in the order they are shown; titles as headings, tables row by row, hidden slides and speakers' notes left out. */
export const pptx: Format = {
  name: 'pptx',
  matches: (bytes) => isZip(bytes) && has(bytes, 'ppt/presentation.xml'),
  async read(bytes) {
    const names: string[] = []
    const parts = await unzip(bytes, (name) => names.push(name) > 0 && wanted.test(name))
    const slides = orderOf(parts).map((name) => parts.get(name))
    if (slides.length === 0)
      throw new FormatError('damaged', 'The file holds no slides', { hint: 'Open it in PowerPoint or WPS and save it again.' })
    const size = sizeOf(parts.get('ppt/presentation.xml'))
    const read = slides.map((slide, index) => (slide === undefined ? noSlide : readSlide(slide, index + 1, size)))
    const warnings = [
      ...(read.some((slide) => slide.hidden) ? ['hidden_text'] : []),
      ...(names.some((name) => name.endsWith('vbaProject.bin')) ? ['active_content'] : []),
    ]
    return { kind: 'text', lines: read.flatMap((slide) => slide.lines), meta: {}, warnings }
  },
}

/** The size of a slide in the file's own units. */
function sizeOf(presentation: Uint8Array | undefined): Size {
  let size: Size = { wide: Number.POSITIVE_INFINITY, tall: Number.POSITIVE_INFINITY }
  if (presentation !== undefined)
    visit(presentation, {
      open(name, { cx, cy }) {
        if (name === 'p:sldSz') size = { wide: Number(cx) || size.wide, tall: Number(cy) || size.tall }
      },
    })
  return size
}

type Slide = { readonly lines: readonly Line[]; readonly hidden: boolean }
const noSlide: Slide = { lines: [], hidden: false }

/** The presentation lists its slides by relation; without a list their numbers decide. */
function orderOf(parts: ReadonlyMap<string, Uint8Array>): string[] {
  const targets = new Map<string, string>()
  const ids: string[] = []
  const relations = parts.get('ppt/_rels/presentation.xml.rels')
  const presentation = parts.get('ppt/presentation.xml')
  if (relations !== undefined)
    visit(relations, {
      open: (name, attributes) =>
        name === 'Relationship' &&
        targets.set(attributes['Id'] ?? '', `ppt/${(attributes['Target'] ?? '').replace(/^\/?(?:ppt\/)?/, '')}`),
    })
  if (presentation !== undefined)
    visit(presentation, { open: (name, attributes) => name === 'p:sldId' && ids.push(attributes['r:id'] ?? '') })
  const listed = ids.flatMap((id) => targets.get(id) ?? []).filter((name) => parts.has(name))
  if (listed.length > 0) return listed
  const number = (name: string) => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0)
  return [...parts.keys()].filter((name) => name.startsWith('ppt/slides/')).sort((a, b) => number(a) - number(b))
}

type Reading = {
  readonly lines: Line[]
  text: string
  title: boolean
  inText: boolean
  table: Table | null
  hidden: boolean
  group: number
  unseen: boolean
  left: boolean
  readonly size: Size
}
type Size = { readonly wide: number; readonly tall: number }

function readSlide(bytes: Uint8Array, page: number, size: Size): Slide {
  const now: Reading = {
    ...{ lines: [], text: '', title: false, inText: false, table: null, hidden: false },
    ...{ group: 0, unseen: false, left: false, size },
  }
  visit(bytes, {
    open: (name, attributes) => begin(now, name, attributes),
    close: (name) => end(now, name, page),
    text(text) {
      if (now.inText && !now.unseen) now.text += text
      if (now.inText && now.unseen) now.left = true
    },
  })
  return now.hidden ? { lines: [], hidden: true } : { lines: now.lines, hidden: now.left }
}

function begin(now: Reading, name: string, attributes: Attributes): void {
  if (name === 'p:sld') now.hidden = attributes['show'] === '0'
  else if (name === 'p:grpSp') now.group += 1
  else if (name === 'p:sp') Object.assign(now, { title: false, unseen: false })
  else if (name === 'p:cNvPr') now.unseen = attributes['hidden'] === '1'
  else if (name === 'a:off') now.unseen ||= now.group === 0 && isBeside(attributes, now.size)
  else if (name === 'p:ph') now.title = attributes['type'] === 'title' || attributes['type'] === 'ctrTitle'
  else if (name === 'a:t') now.inText = true
  else if (name === 'a:br') now.text += '\n'
  else if (name === 'a:tbl') now.table = { rows: [] }
  else if (name === 'a:tr') now.table?.rows.push([])
  else if (name === 'a:tc') now.table?.rows.at(-1)?.push(cellOf(attributes))
}

/** It begins beyond the edge of the slide. */
function isBeside(at: Attributes, { wide, tall }: Size): boolean {
  return Number(at['x']) >= wide || Number(at['y']) >= tall
}

/** A cell merged into the one on its left is covered by that one's span. */
function cellOf(attributes: Attributes): Cell {
  const cell = newCell()
  cell.span = attributes['hMerge'] === '1' ? 0 : Math.max(1, Math.min(Number(attributes['gridSpan']) || 1, 50))
  cell.continues = attributes['vMerge'] === '1'
  return cell
}

function end(now: Reading, name: string, page: number): void {
  if (name === 'a:t') now.inText = false
  else if (name === 'p:grpSp') now.group -= 1
  else if (name === 'a:p') endParagraph(now, page)
  else if (name === 'a:tbl' && now.table !== null) {
    now.lines.push(...tableToLines(gridOf(now.table)).map((each) => ({ ...each, page })))
    now.table = null
  }
}

function endParagraph(now: Reading, page: number): void {
  const texts = now.text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  now.text = ''
  const cell = now.table?.rows.at(-1)?.at(-1)
  if (now.table === null) now.lines.push(...texts.map((each) => line(each, page, now.title ? 2 : null)))
  else cell?.lines.push(...texts)
}
