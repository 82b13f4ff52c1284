import { at, type Matrix, type Point, placed, unmoved } from './areas.ts'

/** Text state of a page; saved and restored with the colours. */
export type Setting = {
  size: number
  letterGap: number
  wordGap: number
  wide: number
  leading: number
  rise: number
  font: Font
}
/** `unit`: the unit of a letter's width; a vertical font runs downwards. */
export type Font = { readonly vertical: boolean; readonly unit: number }
export const plainFont: Font = { vertical: false, unit: 0.001 }
export const plainSetting: Setting = { size: 0, letterGap: 0, wordGap: 0, wide: 1, leading: 0, rise: 0, font: plainFont }

/** One letter on the page: from its start to where the next begins, and as high as a capital. */
export type Place = { readonly start: Point; readonly end: Point; readonly up: Point }

/** The position of the next letter, counted as pdf.js does. */
export type Pen = { line: Matrix; x: number; y: number; lineX: number; lineY: number }
export const penAtRest = (): Pen => ({ line: unmoved, x: 0, y: 0, lineX: 0, lineY: 0 })

export function moveLine(pen: Pen, x: number, y: number): void {
  pen.lineX += x
  pen.lineY += y
  Object.assign(pen, { x: pen.lineX, y: pen.lineY })
}

type Glyph = { readonly unicode: string; readonly width: number; readonly isSpace: boolean; readonly down: number | null }

/** Moves the pen over shown text. @returns the letters (UTF-16 units) that are not blanks */
export function write(pen: Pen, shown: unknown, setting: Setting, page: Matrix): { letter: string; place: Place }[] {
  const list: readonly unknown[] = Array.isArray(shown) ? shown : []
  return list.flatMap((each) => {
    if (typeof each === 'number') {
      advance(pen, ((setting.font.vertical ? 1 : -1) * each * setting.size) / 1000, setting)
      return []
    }
    const glyph = glyphOf(each)
    if (glyph === null) return []
    const place = placeOf(pen, glyph, setting, page)
    const gap = (glyph.isSpace ? setting.wordGap : 0) + setting.letterGap
    const step = stepOf(glyph, setting)
    advance(pen, setting.font.vertical ? step - gap : step + gap, setting)
    return glyph.unicode
      .replace(/\s/g, '')
      .split('')
      .map((letter) => ({ letter, place }))
  })
}

function glyphOf(value: unknown): Glyph | null {
  if (value === null || typeof value !== 'object' || !('unicode' in value)) return null
  const { unicode, width, isSpace, vmetric } = value as {
    unicode: unknown
    width?: unknown
    isSpace?: unknown
    vmetric?: unknown
  }
  const down = Array.isArray(vmetric) ? Number(vmetric[0]) : null
  return { unicode: String(unicode), width: Number(width ?? 0) || 0, isSpace: isSpace === true, down }
}

function stepOf({ width, down }: Glyph, { font, size }: Setting): number {
  return (font.vertical ? (down ?? -1000) : width) * font.unit * size
}

function advance(pen: Pen, step: number, { font, wide }: Setting): void {
  if (font.vertical) pen.y += step
  else pen.x += step * wide
}

function placeOf(pen: Pen, glyph: Glyph, setting: Setting, page: Matrix): Place {
  const { font, size, rise, wide } = setting
  const matrix = placed(page, pen.line)
  const step = stepOf(glyph, setting)
  const on = (x: number, y: number) => at(matrix, [x, y])
  const half = size / 2
  // A letter of a vertical line hangs below the pen, centred on it.
  const [start, end] = font.vertical
    ? [on(pen.x - half, pen.y + step), on(pen.x + half, pen.y + step)]
    : [on(pen.x, pen.y + rise), on(pen.x + step * wide, pen.y + rise)]
  const origin = at(matrix, [0, 0])
  const top = at(matrix, [0, size * 0.75])
  return { start, end, up: [top[0] - origin[0], top[1] - origin[1]] }
}
