import { type Area, areaOf, boxOf, holds, type Matrix, matrixOf, overlap, placed, ringsOf, square, strokesOf } from './areas.ts'
import { type Codes, type Colour, clipTo, code, type Paint, type Painter, type Step, type Steps } from './painter.ts'

/** Thinner shapes are lines of a table, not covers. */
const thinnest = 3
/** Drawings with more corners are not followed; a person is told. */
const longestPath = 40_000

/** Operators that fill, stroke or place pictures. */
export function paintSteps(codes: Codes): Steps {
  const fills = new Map([
    [codes['fill'], 'nonzero'],
    [codes['fillStroke'], 'nonzero'],
    [codes['closeFillStroke'], 'nonzero'],
    [codes['eoFill'], 'evenodd'],
    [codes['eoFillStroke'], 'evenodd'],
    [codes['closeEOFillStroke'], 'evenodd'],
  ])
  const strokes = new Set([
    codes['stroke'],
    codes['closeStroke'],
    codes['fillStroke'],
    codes['eoFillStroke'],
    codes['closeFillStroke'],
    codes['closeEOFillStroke'],
  ])
  const stencil: Step = (painter) => picture(painter, null, painter.state.matrix, false)
  return [
    [
      code(codes, 'constructPath'),
      (painter, [how, data]) => {
        const path: unknown = Array.isArray(data) ? data[0] : null
        const corners = ArrayBuffer.isView(path) ? (path as Float32Array) : new Float32Array() // as pdf.js returns it
        painter.isUnclear ||= corners.length > longestPath && painter.letters.length > 0
        const rings = corners.length > longestPath ? [] : ringsOf(corners, painter.state.matrix)
        const fill = fills.get(Number(how))
        if (fill !== undefined) paint(painter, areaOf(rings, fill === 'evenodd'), painter.state.fill)
        if (strokes.has(Number(how))) strokeAlong(painter, rings)
        if (painter.clip !== 'none' && rings.length > 0) clipTo(painter.state, areaOf(rings, painter.clip === 'evenodd'))
        painter.clip = 'none'
      },
    ],
    [
      code(codes, 'shadingFill'),
      (painter) => {
        if (painter.state.bounds !== null) paint(painter, painter.state.bounds, null)
      },
    ],
    [code(codes, 'paintSolidColorImageMask'), (painter) => fillSquare(painter)],
    [code(codes, 'paintImageXObject'), (painter, [name]) => picture(painter, name, painter.state.matrix, true)],
    [code(codes, 'paintInlineImageXObject'), (painter, [data]) => picture(painter, data, painter.state.matrix, true)],
    [code(codes, 'paintImageXObjectRepeat'), repeat],
    [code(codes, 'paintInlineImageXObjectGroup'), inlineGroup],
    [code(codes, 'paintImageMaskXObject'), stencil],
    [code(codes, 'paintImageMaskXObjectGroup'), stencil],
    [code(codes, 'paintImageMaskXObjectRepeat'), stencil],
  ]
}

function strokeAlong(painter: Painter, rings: Parameters<typeof strokesOf>[0]): void {
  const [a, b, c, d] = painter.state.matrix
  const width = painter.state.lineWidth * Math.sqrt(Math.abs(a * d - b * c))
  if (width >= thinnest) for (const area of strokesOf(rings, width)) paint(painter, area, painter.state.stroke)
}

function fillSquare(painter: Painter): void {
  const area = boxOf(square, painter.state.matrix)
  if (area !== null) paint(painter, area, painter.state.fill)
}

function picture(painter: Painter, of: unknown, matrix: Matrix, opaque: boolean): void {
  painter.pictures += 1
  const area = boxOf(square, matrix)
  if (area !== null) paint(painter, area, null, { of, matrix }, opaque)
}

function repeat(painter: Painter, [name, wide, tall, places]: readonly unknown[]): void {
  const list = ArrayBuffer.isView(places) ? (places as Float32Array) : []
  for (let index = 0; index < list.length; index += 2) {
    const own: Matrix = [Number(wide), 0, 0, Number(tall), Number(list[index]), Number(list[index + 1])]
    picture(painter, name, placed(painter.state.matrix, own), true)
  }
}

function inlineGroup(painter: Painter, [, places]: readonly unknown[]): void {
  for (const each of Array.isArray(places) ? places : []) {
    const own = matrixOf((each as { transform?: unknown }).transform)
    if (own !== null) picture(painter, null, placed(painter.state.matrix, own), true)
  }
}

function paint(painter: Painter, whole: Area, colour: Colour, of: Paint['picture'] = null, opaque = true): void {
  const { state, letters, paints, off, masks } = painter
  const area = state.bounds === null ? whole : overlap(whole, state.bounds)
  const thin = !(area.right - area.left >= thinnest && area.top - area.bottom >= thinnest)
  if (thin || off.includes(true) || masks.includes(true)) return
  const seenThrough = state.alpha * state.groupAlpha < 0.95 || state.blended || state.masked
  paints.push({ area, clips: state.clips, before: letters.length, colour, opaque: opaque && !seenThrough, picture: of })
}

/** @returns whether a paint covers a point, its clips included */
export function covers({ area, clips }: Paint, point: readonly [number, number]): boolean {
  return holds(area, point) && clips.every((clip) => holds(clip, point))
}
