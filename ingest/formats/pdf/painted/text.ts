import { matrixOf, unmoved } from './areas.ts'
import { type Codes, code, mostLetters, type Painter, type Step, type Steps, set } from './painter.ts'
import { moveLine, penAtRest, write } from './pen.ts'

/** Operators that move the pen and show text. */
export function textSteps(codes: Codes): Steps {
  const nextLine: Step = ({ pen, state }) => moveLine(pen, 0, state.leading)
  return [
    [
      code(codes, 'beginText'),
      (painter) => {
        painter.pen = penAtRest()
      },
    ],
    [
      code(codes, 'setTextMatrix'),
      (painter, [matrix]) => {
        painter.pen = { ...penAtRest(), line: matrixOf(matrix) ?? unmoved }
      },
    ],
    [code(codes, 'moveText'), ({ pen }, [x, y]) => moveLine(pen, Number(x), Number(y))],
    [
      code(codes, 'setLeadingMoveText'),
      ({ pen, state }, [x, y]) => {
        state.leading = Number(y)
        moveLine(pen, Number(x), Number(y))
      },
    ],
    [code(codes, 'nextLine'), nextLine],
    [code(codes, 'setLeading'), set((leading) => ({ leading: -Number(leading) }))],
    [code(codes, 'setCharSpacing'), set((gap) => ({ letterGap: Number(gap) }))],
    [code(codes, 'setWordSpacing'), set((gap) => ({ wordGap: Number(gap) }))],
    [code(codes, 'setHScale'), set((wide) => ({ wide: Number(wide) / 100 }))],
    [code(codes, 'setTextRise'), set((rise) => ({ rise: Number(rise) }))],
    [code(codes, 'setTextRenderingMode'), set((mode) => ({ mode: Number(mode) }))],
    [
      code(codes, 'setFont'),
      ({ state, fontOf }, [name, size]) => Object.assign(state, { font: fontOf(String(name)), size: Number(size) }),
    ],
    [code(codes, 'showText'), show],
  ]
}

function show({ state, pen, off, masks, letters }: Painter, [shown]: readonly unknown[]): void {
  const written = write(pen, shown, state, state.matrix)
  if (masks.includes(true) || letters.length > mostLetters) return
  const gone = off.includes(true) || state.alpha * state.groupAlpha <= 0.03
  const fate = gone ? 'off' : state.mode === 3 || state.mode === 7 ? 'unpainted' : 'painted'
  const inks = [[state.fill], [state.stroke], [state.fill, state.stroke]]
  for (const each of written) letters.push({ ...each, colours: inks[state.mode % 4] ?? [], fate })
}
