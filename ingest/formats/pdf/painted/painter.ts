import { type Area, type Matrix, matrixOf, overlap, placed } from './areas.ts'
import type { Font, Pen, Place, Setting } from './pen.ts'

/** Six hexadecimal digits behind #; null for patterns and pictures. */
export type Colour = string | null

/** One painted thing, and how many letters were shown before it. `picture` is the name or data of what fills a unit square. */
export type Paint = {
  readonly area: Area
  readonly clips: readonly Area[]
  readonly before: number
  readonly colour: Colour
  /** Nothing below shows through. */
  readonly opaque: boolean
  readonly picture: { readonly of: unknown; readonly matrix: Matrix } | null
}

export type Letter = {
  readonly letter: string
  readonly place: Place
  readonly colours: readonly Colour[]
  /** `unpainted`: not painted at all (like recognised text under a scan); `off`: not shown for another reason. */
  readonly fate: 'painted' | 'unpainted' | 'off'
}

export type Painted = {
  readonly letters: readonly Letter[]
  readonly paints: readonly Paint[]
  readonly pictures: number
  /** Something was painted that cannot be followed. */
  readonly isUnclear: boolean
}

export type State = Setting & {
  matrix: Matrix
  fill: Colour
  stroke: Colour
  mode: number
  lineWidth: number
  /** Opacity from 0 to 1, of the enclosing group and of its own. */
  groupAlpha: number
  alpha: number
  /** Blended with what lies below, or seen through a mask: it covers nothing. */
  blended: boolean
  masked: boolean
  bounds: Area | null
  clips: readonly Area[]
}

export type Painter = {
  state: State
  readonly saved: State[]
  pen: Pen
  /** Open marked parts, and whether each belongs to a layer that is off. */
  readonly off: boolean[]
  /** Open groups whose content only masks something else. */
  readonly masks: boolean[]
  clip: 'none' | 'nonzero' | 'evenodd'
  readonly letters: Letter[]
  readonly paints: Paint[]
  pictures: number
  isUnclear: boolean
  readonly fontOf: (name: string) => Font
}

/** Letters beyond this are not followed: no real page has so many. */
export const mostLetters = 300_000

export type Step = (painter: Painter, operands: readonly unknown[]) => void
/** Numbers of operators by name. */
export type Codes = Readonly<Record<string, number>>
export type Steps = readonly (readonly [number, Step])[]
export const code = (codes: Codes, name: string) => codes[name] ?? -1

const mostSaved = 5_000

export const save: Step = ({ saved, state }) => saved.length < mostSaved && saved.push({ ...state })

export const restore: Step = (painter) => {
  painter.state = painter.saved.pop() ?? painter.state
}

export const set =
  (change: (operand: unknown) => Partial<State>): Step =>
  ({ state }, [operand]) =>
    Object.assign(state, change(operand))

export function move(state: State, operands: unknown): void {
  const matrix = matrixOf(operands)
  if (matrix !== null) state.matrix = placed(state.matrix, matrix)
}

export function clipTo(state: State, area: Area | null): void {
  if (area === null) return
  const bounds = { ...area, rings: null }
  state.bounds = state.bounds === null ? bounds : overlap(bounds, state.bounds)
  if (area.rings !== null) state.clips = [...state.clips, area]
}
