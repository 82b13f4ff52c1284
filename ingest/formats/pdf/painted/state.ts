import { type Codes, code, move, restore, type State, type Steps, save, set } from './painter.ts'

/** Operators that set colours, opacity, clips and the matrix. */
export function stateSteps(codes: Codes): Steps {
  return [
    [code(codes, 'save'), save],
    [code(codes, 'restore'), restore],
    [code(codes, 'transform'), ({ state }, operands) => move(state, operands)],
    [code(codes, 'setFillRGBColor'), set((colour) => ({ fill: String(colour) }))],
    [code(codes, 'setFillColorN'), set(() => ({ fill: null }))],
    [code(codes, 'setStrokeRGBColor'), set((colour) => ({ stroke: String(colour) }))],
    [code(codes, 'setStrokeColorN'), set(() => ({ stroke: null }))],
    [code(codes, 'setLineWidth'), set((width) => ({ lineWidth: Number(width) }))],
    [code(codes, 'setGState'), ({ state }, [settings]) => Object.assign(state, graphics(settings))],
    [
      code(codes, 'clip'),
      (painter) => {
        painter.clip = 'nonzero'
      },
    ],
    [
      code(codes, 'eoClip'),
      (painter) => {
        painter.clip = 'evenodd'
      },
    ],
  ]
}

function graphics(settings: unknown): Partial<State> {
  const pairs: readonly unknown[] = Array.isArray(settings) ? settings : []
  const last = (name: string): unknown => {
    const pair = pairs.findLast((each) => Array.isArray(each) && each[0] === name)
    return Array.isArray(pair) ? pair[1] : undefined
  }
  const [alpha, blend, mask, width] = [last('ca'), last('BM'), last('SMask'), last('LW')]
  return {
    ...(alpha === undefined ? {} : { alpha: Number(alpha) }),
    ...(width === undefined ? {} : { lineWidth: Number(width) }),
    ...(blend === undefined ? {} : { blended: blend !== 'source-over' }),
    ...(mask === undefined ? {} : { masked: mask === true }),
  }
}
