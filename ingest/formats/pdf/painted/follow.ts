import { pdfLibrary } from '../library.ts'
import { unmoved } from './areas.ts'
import { paintSteps } from './fills.ts'
import type { Painted, Painter, Step } from './painter.ts'
import { partSteps } from './parts.ts'
import { type Font, penAtRest, plainFont, plainSetting } from './pen.ts'
import { stateSteps } from './state.ts'
import { textSteps } from './text.ts'

type Operators = { readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] }

/** Follows colours, positions, modes and layers through the operators of a page, as a painter would. */
export async function followed(
  operators: Operators,
  isShown: (layer: unknown) => boolean,
  fontOf: (name: string) => Font | null,
): Promise<Painted> {
  const steps = await stepsByOperator(isShown)
  const painter: Painter = {
    state: {
      ...plainSetting,
      matrix: unmoved,
      fill: '#000000',
      stroke: '#000000',
      mode: 0,
      lineWidth: 1,
      groupAlpha: 1,
      alpha: 1,
      blended: false,
      masked: false,
      bounds: null,
      clips: [],
    },
    saved: [],
    pen: penAtRest(),
    off: [],
    masks: [],
    clip: 'none',
    letters: [],
    paints: [],
    pictures: 0,
    isUnclear: false,
    fontOf: (name) => fontOf(name) ?? plainFont,
  }
  for (const [index, operator] of operators.fnArray.entries()) {
    const parts = operators.argsArray[index]
    steps.get(operator)?.(painter, Array.isArray(parts) ? parts : [])
  }
  return painter
}

async function stepsByOperator(isShown: (layer: unknown) => boolean): Promise<ReadonlyMap<number, Step>> {
  const { OPS } = await pdfLibrary()
  return new Map<number, Step>([...stateSteps(OPS), ...textSteps(OPS), ...partSteps(OPS, isShown), ...paintSteps(OPS)])
}
