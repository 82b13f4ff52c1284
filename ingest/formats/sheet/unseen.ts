import { type Attributes, visit } from '../base/xml.ts'
import { unzip } from '../base/zip.ts'
import { black, type Cells, cellsOf, isUnseen, white } from './colours.ts'

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/**
 * Cells of an XLSX whose letters have the colour of their ground, so that a person sees nothing. Cells whose ground a table style or a
 * condition may paint count as seen.
 * @returns by sheet name; sheets without such cells are left out
 */
export async function unseenCells(bytes: Uint8Array): Promise<ReadonlyMap<string, Cells>> {
  const book = await unzip(bytes, (name) => /^xl\/(?:styles\.xml|workbook\.xml|_rels\/workbook\.xml\.rels)$/.test(name))
  const styles = unseenStyles(book.get('xl/styles.xml'))
  if (styles.size === 0) return new Map()
  const parts = await unzip(bytes, (name) => /^xl\/(?:worksheets|tables)\/.*\.(?:xml|rels)$/.test(name))
  const paths = targetsOf(book.get('xl/_rels/workbook.xml.rels'), 'xl')
  const found = new Map<string, Cells>()
  each(book.get('xl/workbook.xml'), 'sheet', (sheet) => {
    const path = paths.get(sheet['r:id'] ?? '') ?? ''
    const cells = unseenIn(parts, path, styles)
    if (cells.length > 0) found.set(sheet['name'] ?? '', cellsOf(cells))
  })
  return found
}

/** Every element of a name, wherever it stands. */
function each(part: Uint8Array | undefined, wanted: string, found: (attributes: Attributes) => void): void {
  if (part !== undefined) visit(part, { open: (name, attributes) => local(name) === wanted && found(attributes) })
}

/** @returns the targets of a part's relations, as paths in the container, by id */
function targetsOf(relations: Uint8Array | undefined, folder: string): Map<string, string> {
  const targets = new Map<string, string>()
  each(relations, 'Relationship', ({ Id = '', Target = '' }) => {
    targets.set(Id, new URL(Target, `file:///${folder}/`).pathname.slice(1))
  })
  return targets
}

type Place = { readonly y: number; readonly x: number }
type Range = { readonly from: Place; readonly to: Place }

/** `B7` */
function placeOf(address: string): Place {
  const [, letters = '', digits = '1'] = /^\$?([A-Z]+)\$?(\d*)$/.exec(address) ?? []
  const x = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { y: Number(digits) - 1, x }
}

/** `A1:C9 E2` */
function rangesOf(text = ''): Range[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((range) => {
      const [from = '', to = from] = range.split(':')
      return { from: placeOf(from), to: placeOf(to) }
    })
}

function unseenIn(parts: ReadonlyMap<string, Uint8Array>, path: string, styles: ReadonlySet<number>): Place[] {
  const relations = targetsOf(parts.get(path.replace(/([^/]+)$/, '_rels/$1.rels')), path.replace(/\/[^/]+$/, ''))
  const painted: Range[] = []
  for (const target of relations.values()) each(parts.get(target), 'table', ({ ref }) => painted.push(...rangesOf(ref)))
  each(parts.get(path), 'conditionalFormatting', ({ sqref }) => painted.push(...rangesOf(sqref)))
  const isPainted = ({ y, x }: Place) => painted.some(({ from, to }) => y >= from.y && y <= to.y && x >= from.x && x <= to.x)
  return styledIn(parts.get(path), styles).filter((place) => !isPainted(place))
}

/** A row or cell that does not state its position follows the last one. */
function styledIn(part: Uint8Array | undefined, styles: ReadonlySet<number>): Place[] {
  const places: Place[] = []
  let now: Place = { y: -1, x: -1 }
  const open: Readonly<Record<string, (attributes: Attributes) => void>> = {
    row({ r }) {
      now = { y: r === undefined ? now.y + 1 : Number(r) - 1, x: -1 }
    },
    c({ r, s }) {
      now = r === undefined ? { ...now, x: now.x + 1 } : placeOf(r)
      if (styles.has(Number(s ?? 0))) places.push(now)
    },
  }
  if (part !== undefined) visit(part, { open: (name, attributes) => open[local(name)]?.(attributes) })
  return places
}

/** @returns numbers of cell formats in which nothing can be read */
function unseenStyles(part: Uint8Array | undefined): ReadonlySet<number> {
  const fonts: string[] = []
  const fills: (string | null)[] = []
  const formats: { font: number; fill: number }[] = []
  const open: Readonly<Record<string, (attributes: Attributes) => void>> = {
    'fonts font': () => void fonts.push(black),
    'fonts color': (attributes) => {
      fonts[fonts.length - 1] = colourOf(attributes)
    },
    'fills patternFill': (attributes) => void fills.push(groundOf(attributes)),
    'fills gradientFill': () => void fills.push(null),
    'fills fgColor': (attributes) => {
      if (fills.at(-1) === '') fills[fills.length - 1] = colourOf(attributes)
    },
    'cellXfs xf': ({ fontId, fillId }) => void formats.push({ font: Number(fontId ?? 0), fill: Number(fillId ?? 0) }),
  }
  let within = ''
  if (part !== undefined)
    visit(part, {
      open(name, attributes) {
        const tag = local(name)
        if (/^(?:fonts|fills|cellXfs|cellStyleXfs|dxfs|borders)$/.test(tag)) within = tag
        else open[`${within} ${tag}`]?.(attributes)
      },
    })
  return new Set(
    formats.flatMap(({ font, fill }, index) =>
      isUnseen(fonts[font] ?? black, fill < fills.length ? (fills[fill] ?? null) : white) ? [index] : [],
    ),
  )
}

/** The ground of a fill: white without one, '' when its colour follows, null for patterns, which show what stands on them. */
function groundOf({ patternType = 'none' }: Attributes): string | null {
  if (patternType === 'none') return white
  return patternType === 'solid' ? '' : null
}

/** Six digits where known, else a name that is equal for equal colours. */
function colourOf({ rgb, theme, indexed, tint }: Attributes): string {
  if (rgb !== undefined) return rgb.slice(-6).toLowerCase()
  const shade = Math.abs(Number(tint ?? 0)) > 0.06 ? tint : ''
  if (theme !== undefined)
    return shade === '' && theme === '0' ? white : shade === '' && theme === '1' ? black : `theme ${theme} ${shade}`
  if (indexed === '1' || indexed === '9') return white
  return indexed === undefined || ['0', '8', '64'].includes(indexed) ? black : `indexed ${indexed}`
}
