import { boxOf, matrixOf, placed, unmoved } from './areas.ts'
import { type Codes, clipTo, code, move, type Painter, restore, type Steps, save } from './painter.ts'

/** Operators that open and close forms, groups and marked parts. */
export function partSteps(codes: Codes, isShown: (layer: unknown) => boolean): Steps {
  return [
    [code(codes, 'beginMarkedContent'), ({ off }) => off.push(false)],
    [code(codes, 'beginMarkedContentProps'), ({ off }, [tag, layer]) => off.push(tag === 'OC' && !isShown(layer ?? null))],
    [code(codes, 'endMarkedContent'), ({ off }) => off.pop()],
    [
      code(codes, 'paintFormXObjectBegin'),
      (painter, [matrix, box]) => {
        save(painter, [])
        move(painter.state, matrix)
        clipTo(painter.state, boxOf(box, painter.state.matrix))
      },
    ],
    [code(codes, 'paintFormXObjectEnd'), restore], // what a form sets ends with it
    [code(codes, 'beginGroup'), beginGroup],
    [
      code(codes, 'endGroup'),
      (painter) => {
        painter.masks.pop()
        restore(painter, [])
      },
    ],
    [
      code(codes, 'beginAnnotation'),
      (painter, [, rect, transform, matrix]) => {
        save(painter, [])
        const first = painter.saved[0] ?? painter.state
        painter.state = { ...first, matrix: unmoved, bounds: boxOf(rect, unmoved), clips: [], fill: '#000000', stroke: '#000000' }
        move(painter.state, transform)
        move(painter.state, matrix)
      },
    ],
    [code(codes, 'endAnnotation'), restore],
  ]
}

function beginGroup(painter: Painter, [group]: readonly unknown[]): void {
  save(painter, [])
  const { smask, bbox, matrix } = (group ?? {}) as { smask?: unknown; bbox?: unknown; matrix?: unknown }
  painter.masks.push(smask !== null && smask !== undefined)
  const { state } = painter
  const own = matrixOf(matrix)
  clipTo(state, boxOf(bbox, own === null ? state.matrix : placed(state.matrix, own)))
  Object.assign(state, { groupAlpha: state.groupAlpha * state.alpha, alpha: 1 })
}
