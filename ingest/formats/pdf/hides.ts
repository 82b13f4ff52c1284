import { at, type Matrix, type Point, placed, unmoved } from './painted/areas.ts'

/** How likely a page description hides text: certainly; or only if the file has spot colours, forms, or pages in several parts. */
export const surely = 1
export const inSpotColour = 2
export const amongForms = 4
export const amongParts = 8

const tokens = /\((?:[^()\\]|\\[\s\S])*\)|<[0-9A-Fa-f\s]*>|[^\s()<>[\]/]+|\/[^\s()<>[\]/]*/g

type Ink = readonly [number, number, number]
type State = { white: number; mode: string; ink: Ink; matrix: Matrix; thickness: number }

/** What a run through a page description has seen so far. */
type Run = {
  state: State
  readonly saved: State[]
  words: boolean
  parts: boolean
  /** Bounds, on the page, of the path being drawn. */
  path: { left: number; bottom: number; right: number; top: number } | null
  /** Colours in which something as large as words was painted. */
  readonly grounds: Ink[]
}

/**
 * Runs through the operators of a page description without painting. Looks for text in white, in the invisible mode or in a colour that
 * something was painted in; for anything as large as words painted after words; and for state that another part inherits. Layers can be
 * switched off.
 * @returns the sum of {@link surely} and the others
 */
export function hides(content: string): number {
  if (!showsText(content) && !/\bDo\b|\bre\b|\bl\b|\bsh\b/.test(content)) return 0
  const state: State = { white: 0, mode: '0', ink: [0, 0, 0], matrix: unmoved, thickness: 1 }
  const run: Run = { state, saved: [], words: false, parts: false, path: null, grounds: [] }
  let found = 0
  let operands: string[] = []
  for (const [token] of content.matchAll(tokens)) {
    if (/^[(<[/\d.+-]/.test(token)) {
      operands.push(token)
      continue
    }
    found |= step(run, token, operands)
    if (found & surely) return found
    operands = []
  }
  return found | unseen(run.state)
}

function step(run: Run, operator: string, operands: readonly string[]): number {
  if (operator === 'q') run.saved.push(run.state)
  else if (operator === 'Q') run.state = run.saved.pop() ?? run.state
  else if (operator === 'BDC') return operands[0] === '/OC' ? surely : 0
  else if (/^(?:T[jJ]|['"])$/.test(operator)) return words(run)
  else if (/^(?:Do|EI|sh)$/.test(operator)) return part(run)
  else if (operator in corners || operator === 're') draw(run, operator, operands.map(Number))
  else if (/^(?:[fFbB]\*?|[sSn])$/.test(operator)) return painted(run, operator)
  else run.state = after(operator, operands, run.state)
  return 0
}

function words(run: Run): number {
  run.words = true
  const { ink } = run.state
  const onIts = run.grounds.some((ground) => ground.every((value, index) => Math.abs(value - (ink[index] ?? 0)) < 0.04))
  return unseen(run.state) | (onIts ? surely : 0) | (run.parts ? amongForms : 0)
}

/** A picture or a form: neither its place nor its content is known here. */
function part(run: Run): number {
  const found = unseen(run.state) | amongParts | (run.words ? surely : 0) | (run.parts ? amongForms : 0)
  run.parts = true
  return found
}

/** How many numbers of each path step are points on it. */
const corners: Readonly<Record<string, number>> = { m: 1, l: 1, c: 3, v: 2, y: 2 }

function draw(run: Run, operator: string, numbers: readonly number[]): void {
  const [x = 0, y = 0, wide = 0, tall = 0] = numbers
  const points: Point[] =
    operator === 're'
      ? [
          [x, y],
          [x + wide, y],
          [x + wide, y + tall],
          [x, y + tall],
        ]
      : Array.from({ length: corners[operator] ?? 0 }, (_, index) => [numbers[index * 2] ?? 0, numbers[index * 2 + 1] ?? 0])
  for (const point of points) {
    const [u, v] = at(run.state.matrix, point)
    const { left, bottom, right, top } = run.path ?? { left: u, bottom: v, right: u, top: v }
    run.path = { left: Math.min(left, u), bottom: Math.min(bottom, v), right: Math.max(right, u), top: Math.max(top, v) }
  }
}

/** Thinner shapes are lines; one as high and wide as a letter may cover one. */
const thinnest = 3

function painted(run: Run, operator: string): number {
  const { path, state } = run
  run.path = null
  if (path === null || operator === 'n') return 0
  const [a, b, c, d] = state.matrix
  const isThick = state.thickness * Math.sqrt(Math.abs(a * d - b * c)) >= thinnest && /[sSbB]/.test(operator)
  const isLarge = path.right - path.left >= thinnest && path.top - path.bottom >= thinnest && !/[sS]/.test(operator)
  if (!isThick && !isLarge) return 0
  if (isLarge && run.grounds.length < 50 && !run.grounds.some((ground) => ground.join() === state.ink.join()))
    run.grounds.push(state.ink)
  return run.words ? surely : amongParts
}

/** Outlines (modes 1 and 5) have a colour of their own. */
function unseen({ white, mode }: State): number {
  return /^[1357]$/.test(mode) ? surely : white
}

/** @returns whether a page description shows any text */
export function showsText(content: string): boolean {
  return /\bT[jJ]\b/.test(content)
}

function after(operator: string, operands: readonly string[], state: State): State {
  const numbers = operands.map(Number)
  if (operator === 'Tr') return { ...state, mode: operands.at(-1) ?? '0' }
  if (operator === 'w') return { ...state, thickness: numbers.at(-1) ?? 1 }
  if (operator === 'cm' && numbers.length >= 6)
    return { ...state, matrix: placed(state.matrix, numbers.slice(-6) as unknown as Matrix) } // six numbers
  if (!/^(?:g|rg|k|scn?)$/.test(operator)) return state
  return { ...state, white: whiteAfter(operator, numbers), ink: inkOf(operator, numbers) ?? state.ink }
}

/** Near white counts as white: on paper 0.97 of full light is not seen. */
function whiteAfter(operator: string, operands: readonly number[]): number {
  const none = (values: readonly number[]) => values.every((value) => value <= 0.03)
  const full = (values: readonly number[]) => values.every((value) => value >= 0.97)
  const white = (is: boolean) => (is ? surely : 0)
  if (operator === 'g') return white(full(operands.slice(-1)))
  if (operator === 'rg') return white(full(operands.slice(-3)))
  if (operator === 'k') return white(none(operands.slice(-4)))
  if (operands.length === 4) return white(none(operands))
  return full(operands) ? surely : operands.length === 1 && none(operands) ? inSpotColour : 0
}

/** Red, green and blue of a colour; null when it is not a plain one. */
function inkOf(operator: string, operands: readonly number[]): Ink | null {
  const count = { g: 1, rg: 3, k: 4 }[operator] ?? operands.length
  const [first = 0, second = 0, third = 0, black = 0] = operands.slice(-count)
  if (operands.some((value) => !Number.isFinite(value))) return null
  if (count === 1) return [first, first, first]
  if (count === 3) return [first, second, third]
  return count === 4 ? [(1 - first) * (1 - black), (1 - second) * (1 - black), (1 - third) * (1 - black)] : null
}
