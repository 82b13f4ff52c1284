/** [a b c d x y] of PDF: maps a point (u, v) to (a·u + c·v + x, b·u + d·v + y). */
export type Matrix = readonly [number, number, number, number, number, number]
export type Point = readonly [number, number]

export const unmoved: Matrix = [1, 0, 0, 1, 0, 0]

/** What a painter fills, on the page. Without rings it is the whole of its bounds. */
export type Area = {
  readonly left: number
  readonly bottom: number
  readonly right: number
  readonly top: number
  readonly rings: readonly (readonly Point[])[] | null
  readonly evenOdd: boolean
}

/** @returns the matrix of what is drawn in `inner`, which itself is placed in `outer` */
export function placed(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d] = inner
  const [x, y] = at(outer, [inner[4], inner[5]])
  return [
    outer[0] * a + outer[2] * b,
    outer[1] * a + outer[3] * b,
    outer[0] * c + outer[2] * d,
    outer[1] * c + outer[3] * d,
    x,
    y,
  ]
}

/** @returns where a point of the inner space lies in the outer one */
export function at([a, b, c, d, x, y]: Matrix, [u, v]: Point): Point {
  return [a * u + c * v + x, b * u + d * v + y]
}

/** @returns null when the matrix collapses everything to a line */
export function within([a, b, c, d, x, y]: Matrix, [u, v]: Point): Point | null {
  const size = a * d - b * c
  return size === 0 ? null : [(d * (u - x) - c * (v - y)) / size, (a * (v - y) - b * (u - x)) / size]
}

/** @returns the matrix in what pdf.js hands over, or null when it is not one */
export function matrixOf(value: unknown): Matrix | null {
  const numbers = isList(value) ? Array.from(value, Number) : []
  return numbers.length >= 6 && numbers.every(Number.isFinite) ? (numbers as unknown as Matrix) : null // checked: six numbers
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value)
}

/** @param corners left, bottom, right, top in the given matrix */
export function boxOf(corners: unknown, matrix: Matrix): Area | null {
  const [left, bottom, right, top] = isList(corners) ? Array.from(corners, Number) : []
  if (left === undefined || bottom === undefined || right === undefined || top === undefined) return null
  const ring = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ] as const
  return areaOf([ring.map((point) => at(matrix, point))], false)
}

export const square = [0, 0, 1, 1] as const

/** The area inside rings, by the even–odd or the non-zero rule. */
export function areaOf(rings: readonly (readonly Point[])[], evenOdd: boolean): Area {
  const bounds = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity }
  for (const ring of rings)
    for (const [x, y] of ring) {
      bounds.left = Math.min(bounds.left, x)
      bounds.bottom = Math.min(bounds.bottom, y)
      bounds.right = Math.max(bounds.right, x)
      bounds.top = Math.max(bounds.top, y)
    }
  return { ...bounds, rings: rings.length === 1 && isUpright(rings[0] ?? []) ? null : rings, evenOdd }
}

/** Four sides parallel to the page: the area is its bounds. */
function isUpright(ring: readonly Point[]): boolean {
  const corners = ring.length === 5 && ring[0]?.join() === ring[4]?.join() ? ring.slice(0, 4) : ring
  if (corners.length !== 4) return false
  return corners.every(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % 4] ?? [x, y]
    return Math.abs(x - nextX) < 0.01 !== Math.abs(y - nextY) < 0.01
  })
}

/** @returns whether a point lies inside */
export function holds(area: Area, point: Point): boolean {
  const [x, y] = point
  if (x < area.left || x > area.right || y < area.bottom || y > area.top) return false
  if (area.rings === null) return true
  const passed = area.rings.flatMap((ring) => crossings(ring, point))
  return area.evenOdd ? passed.length % 2 === 1 : passed.reduce((sum, each) => sum + each, 0) !== 0
}

/** The sides of the ring that a ray to the right of the point crosses: whether each goes up or down. */
function crossings(ring: readonly Point[], [x, y]: Point): number[] {
  const found: number[] = []
  let [fromX, fromY] = ring.at(-1) ?? [0, 0]
  for (const [toX, toY] of ring) {
    const meets = fromY > y !== toY > y && x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX
    if (meets) found.push(toY > fromY ? 1 : -1)
    ;[fromX, fromY] = [toX, toY]
  }
  return found
}

/** Points at which a curve is approximated. */
const steps = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]

/** A path as pdf.js returns it: 0 begins, 1 draws a line, 2 and 3 a curve, 4 closes. @returns its rings on the page */
export function ringsOf(path: ArrayLike<number>, matrix: Matrix): Point[][] {
  const rings: Point[][] = []
  let now: Point = [0, 0]
  for (let index = 0; index < path.length; ) {
    const step = Number(path[index])
    const count = pointsOfStep[step] ?? 0
    const points = Array.from(
      { length: count },
      (_, nth): Point => [Number(path[index + 1 + nth * 2]), Number(path[index + 2 + nth * 2])],
    )
    if (step === 0) rings.push([])
    const way = count > 1 ? steps.map((t) => bent([now, ...points], t)) : points
    rings.at(-1)?.push(...way.map((point) => at(matrix, point)))
    now = points.at(-1) ?? now
    index += 1 + count * 2
  }
  return rings
}

const pointsOfStep: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 2 }

function bent(points: readonly Point[], t: number): Point {
  if (points.length <= 1) return points[0] ?? [0, 0]
  return bent(
    points.slice(1).map(([x, y], index) => {
      const [beforeX, beforeY] = points[index] ?? [x, y]
      return [beforeX + (x - beforeX) * t, beforeY + (y - beforeY) * t]
    }),
    t,
  )
}

/** Lines as thick as a row of letters cover what they are drawn over. */
export function strokesOf(rings: readonly (readonly Point[])[], width: number): Area[] {
  return rings.flatMap((ring) =>
    ring.slice(1).flatMap(([toX, toY], index) => {
      const [fromX, fromY] = ring[index] ?? [toX, toY]
      const length = Math.hypot(toX - fromX, toY - fromY)
      if (length === 0) return []
      const [acrossX, acrossY] = [((fromY - toY) / length) * (width / 2), ((toX - fromX) / length) * (width / 2)]
      const corners: Point[] = [
        [fromX + acrossX, fromY + acrossY],
        [toX + acrossX, toY + acrossY],
        [toX - acrossX, toY - acrossY],
        [fromX - acrossX, fromY - acrossY],
      ]
      return [areaOf([corners], false)]
    }),
  )
}

/** @returns the bounds two areas have in common */
export function overlap(area: Area, other: Area): Area {
  const bounds = {
    left: Math.max(area.left, other.left),
    bottom: Math.max(area.bottom, other.bottom),
    right: Math.min(area.right, other.right),
    top: Math.min(area.top, other.top),
  }
  return { ...area, ...bounds }
}
