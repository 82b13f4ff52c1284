import type { Texts } from '../../../prompts/load.ts'
import type { Outgoing } from '../../channels/outgoing.ts'
import { said, saidAt } from '../../render.ts'

/** One tap each; the report averages the numbers. */
const taps = [
  ['button_satisfied', 5],
  ['button_soso', 3],
  ['button_unsatisfied', 1],
] as const

/** Tells the person that the hand-off has ended, with one tap for satisfaction. */
export function askSatisfaction(texts: Texts, ticket: string): Outgoing {
  const buttons = taps.map(([label, value]) => ({ label: texts(label), data: `s:${ticket}:${value}` }))
  return saidAt('hand_back', said(texts('closed_rate', { number: ticket }), [buttons]))
}

/** @returns the value of a tap, or null when it is not one of ours */
export function satisfactionOf(value: string): number | null {
  return taps.map(([, figure]) => figure).find((figure) => String(figure) === value) ?? null
}
