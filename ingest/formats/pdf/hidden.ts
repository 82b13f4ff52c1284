import { type Area, type Point, within } from './painted/areas.ts'
import { covers } from './painted/fills.ts'
import { followed } from './painted/follow.ts'
import { type Colour, type Letter, mostLetters, type Paint, type Painted } from './painted/painter.ts'
import { type Font, plainFont } from './painted/pen.ts'
import { colourAt, type Decoded, decoded, objectOf, type Page } from './pictures.ts'

/** The letters of a page that nobody sees, in the order they are shown; blanks are left out, as programs differ in them. */
export type Shown = {
  readonly letters: readonly Letter[]
  readonly hidden: readonly boolean[]
  /** The hidden text is under a scan, or is recognised text laid over it: a person sees the picture. */
  readonly isRecognised: boolean
  /** More was painted or written than can be followed. */
  readonly isUnclear: boolean
}

/**
 * A letter is hidden when it is not painted, its layer is off, it has the colour of its ground, or something painted later covers it.
 * @param isShown whether a layer is shown when the document is opened
 */
export async function shownOn(page: Page, isShown: (layer: unknown) => boolean): Promise<Shown> {
  const painted = await followed(await page.getOperatorList(), isShown, (name) => fontOf(page, name))
  const { letters, pictures } = painted
  const isUnclear = painted.isUnclear || letters.length > mostLetters
  const ground = await groundOf(page, painted)
  const reasons = letters.map((letter, index) => whyHidden(letter, index, ground))
  const isRecognised = pictures > 0 && letters.length > 0 && isScan(reasons, painted, ground, page.view)
  const hidden = reasons.map((reason) => reason !== null && !(isRecognised && isOfScan(reason)))
  return { letters, hidden, isRecognised, isUnclear }
}

/** `under_picture` and `unpainted` letters may be the recognised text of a scan. */
type Reason = 'covered' | 'off' | 'like_ground' | 'under_picture' | 'unpainted' | null

/** On a scan hardly anything but the picture is seen: a stamp, a page number. */
const mostSeenOnScan = 0.2

/** Recognised words stand where their picture is; white words beside a small picture do not. */
function isScan(reasons: readonly Reason[], { paints, letters }: Painted, ground: Ground, view: readonly number[]): boolean {
  const seen = reasons.filter((reason) => reason === null).length
  if (seen === 0) {
    const onPicture = letters.filter((letter, index) => isOfScan(reasons[index] ?? null) && isOnPicture(letter, ground))
    return onPicture.length >= letters.length * (1 - mostSeenOnScan)
  }
  const [left = 0, bottom = 0, right = 0, top = 0] = view
  const half = ((right - left) * (top - bottom)) / 2
  const isLarge = ({ picture, area }: Paint) => picture !== null && (area.right - area.left) * (area.top - area.bottom) > half
  const recognised = reasons.every((reason) => reason === null || isOfScan(reason))
  return seen <= reasons.length * mostSeenOnScan && recognised && paints.some(isLarge)
}

function isOfScan(reason: Reason): boolean {
  return reason === 'under_picture' || reason === 'unpainted'
}

function isOnPicture(letter: Letter, ground: Ground): boolean {
  return pointsOf(letter).some((point) => ground.at(point).some((paint) => paint.picture !== null && covers(paint, point)))
}

function fontOf(page: Page, name: string): Font | null {
  if (!page.commonObjs.has(name)) return null
  const font = page.commonObjs.get(name) as { vertical?: unknown; fontMatrix?: unknown } | null
  const unit = Array.isArray(font?.fontMatrix) ? Number(font.fontMatrix[0]) : plainFont.unit
  return { vertical: font?.vertical === true, unit: Number.isFinite(unit) ? unit : plainFont.unit }
}

type Ground = {
  readonly at: (point: Point) => readonly Paint[]
  readonly pictures: ReadonlyMap<unknown, Decoded | null>
}

/** Paints are indexed by the strips of the page they lie in. */
const strip = 16
const mostStrips = 2_000

async function groundOf(page: Page, { paints, letters }: Painted): Promise<Ground> {
  const strips = new Map<number, Paint[]>()
  for (const paint of paints)
    for (const each of stripsOf(paint.area)) {
      const found = strips.get(each)
      if (found === undefined) strips.set(each, [paint])
      else found.push(paint)
    }
  const pictures = new Map<unknown, Decoded | null>()
  const holdsLetter = ({ area }: Paint) =>
    letters.some(({ place: { start } }) => start[0] < area.right && start[0] > area.left - 20)
  for (const { picture, area, opaque, ...rest } of paints)
    if (opaque && typeof picture?.of === 'string' && !pictures.has(picture.of) && holdsLetter({ picture, area, opaque, ...rest }))
      pictures.set(picture.of, await objectOf(page, picture.of))
  return { at: ([, y]) => strips.get(Math.floor(y / strip)) ?? [], pictures }
}

function stripsOf({ bottom, top }: Area): number[] {
  const [first, last] = [Math.floor(bottom / strip), Math.floor(top / strip)]
  return Array.from({ length: Math.min(last - first + 1, mostStrips) }, (_, index) => first + index)
}

function whyHidden(letter: Letter, index: number, ground: Ground): Reason {
  if (letter.fate !== 'painted') return letter.fate
  const points = pointsOf(letter)
  const over = points.map((point) =>
    ground.at(point).findLast((paint) => paint.before > index && covers(paint, point) && opaqueAt(paint, point, ground)),
  )
  if (over.every((paint) => paint !== undefined)) return over.some((paint) => paint?.picture) ? 'under_picture' : 'covered'
  return points.every((point) => isLike(letter.colours, groundAt(point, index, ground))) ? 'like_ground' : null
}

/** A letter is hidden when its middle, foot, head and both sides are. */
function pointsOf({ place: { start, end, up } }: Letter): Point[] {
  const on = (along: number, high: number): Point => [
    start[0] + (end[0] - start[0]) * along + up[0] * high,
    start[1] + (end[1] - start[1]) * along + up[1] * high,
  ]
  return [on(0.5, 0.45), on(0.5, 0.1), on(0.5, 0.85), on(0.2, 0.45), on(0.8, 0.45)]
}

function opaqueAt({ opaque, picture }: Paint, point: Point, ground: Ground): boolean {
  if (!opaque || picture === null) return opaque
  const inside = within(picture.matrix, point)
  return inside !== null && (colourAt(dataOf(picture.of, ground), inside)?.alpha ?? 255) > 240
}

/** @returns null when it is unknown what the letter stands on */
function groundAt(point: Point, index: number, ground: Ground): Colour {
  const below = ground.at(point).findLast((paint) => paint.before <= index && covers(paint, point))
  if (below === undefined) return '#ffffff'
  if (below.picture === null) return below.opaque ? below.colour : null
  const inside = within(below.picture.matrix, point)
  const found = inside === null ? null : colourAt(dataOf(below.picture.of, ground), inside)
  return found !== null && found.alpha > 240 && below.opaque ? found.colour : null
}

function dataOf(of: unknown, ground: Ground): Decoded | null {
  return typeof of === 'string' ? (ground.pictures.get(of) ?? null) : decoded(of)
}

/** Near white counts as white: on paper 0.97 of full light is not seen. */
const nearest = 8

function isLike(colours: readonly Colour[], ground: Colour): boolean {
  return ground !== null && colours.every((colour) => colour !== null && distance(colour, ground) <= nearest)
}

function distance(one: string, other: string): number {
  const parts = (colour: string) =>
    /^#(..)(..)(..)$/
      .exec(colour)
      ?.slice(1)
      .map((part) => Number.parseInt(part, 16)) ?? []
  const [a, b] = [parts(one), parts(other)]
  if (a.length !== 3 || b.length !== 3) return 255
  return Math.max(...a.map((part, index) => Math.abs(part - (b[index] ?? 0))))
}
