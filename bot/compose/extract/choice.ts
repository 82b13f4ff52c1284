import type { Evidence } from '../../../retrieval/evidence.ts'
import { isUnderstood } from '../../judge/rules.ts'
import type { AnswerType } from '../answer-type.ts'
import { isSpecialCase } from './special.ts'

/** Share of the question a clause on all cases must say, of what one on a special case does; more where clauses are known apart. */
const generalCovers = 0.3
const generalSays = 0.6

export type Choice = {
  readonly from: Evidence
  readonly text: string
  readonly leads: boolean
  readonly worth: number
  readonly told: Told
}
/** How much of the question it says, and whether it holds a new figure, day … of the kind that is asked for. */
type Told = { readonly covered: number; readonly type: boolean }

/** Asked for a day, a sum or a number to call, words of the same clause that hold one are better than words that do not. */
export function typed(best: Choice, own: () => readonly Choice[], type: AnswerType): Choice {
  if (best.told.type || !exact.has(type)) return best
  return worthiest(own().filter(({ told }) => told.type && told.covered >= generalCovers * best.told.covered)) ?? best
}

/** Asked for the most (最高多少), the words of the same clause that say so, not its first rate. */
export function limited(best: Choice, own: () => readonly Choice[], question: string): Choice {
  if (!isUnderstood(best.from.passage) || !asksMost.test(question) || saysMost.test(best.text)) return best
  return worthiest(own().filter(({ told, text }) => told.type && saysMost.test(text) && /\d/.test(text))) ?? best
}
const asksMost = /最[高多]|上限|封顶|\b(?:maximum|at most|cap)\b/i
const saysMost = /最[高多]|不(?:得)?超过|不高于|上限|封顶|以内|以下|\b(?:maximum|up to|at most|capped|no more than|not exceed)/i

/** A day or term that its clause lacks may stand in another of the same rule; the last articles tell only since when the rule holds. */
export function timed(best: Choice, all: () => readonly Choice[], question: string, type: AnswerType): Choice {
  // An English “when” may begin a subordinate clause.
  if (best.told.type || (type !== 'date' && type !== 'duration') || !/\p{Script=Han}|^\W*(?:when|how long)/iu.test(question))
    return best
  return (
    worthiest(
      all().filter(({ told, text }) => told.type && told.covered >= timeCovers * best.told.covered && !ofForce.test(text)),
    ) ?? best
  )
}

const timeCovers = 0.5
const ofForce = /起(?:施行|实施|执行|生效)|有效期|同时废止/
const exact: ReadonlySet<AnswerType> = new Set(['date', 'duration', 'amount', 'share', 'phone', 'link'])

/** Of a clause on a case of its own and one on all cases, wherever in its document, the latter answers who names none. */
export function general(best: Choice, all: () => readonly Choice[], question: string): Choice {
  if (!best.told.type || !asksFigure.test(question) || !isSpecialCase(best.text, best.from.passage.text, question)) return best
  const least = isUnderstood(best.from.passage) ? generalSays : generalCovers
  const others = all().filter(
    ({ from, text, told }) =>
      told.type &&
      /\d/.test(text) &&
      told.covered >= least * best.told.covered &&
      !text.includes(best.text) &&
      !isSpecialCase(text, from.passage.text, question),
  )
  return worthiest(others) ?? best
}

const asksFigure = /多少|几|多[大长高久]|比例|标准|额度|金额|期限|时限|how (?:much|many|long)|maximum|rate|share/i

export function worthiest(choices: readonly Choice[]): Choice | undefined {
  return choices.reduce<Choice | undefined>(
    (most, each) => (most === undefined || each.worth > most.worth ? each : most),
    undefined,
  )
}

/** Pure: the best choice that `sound` lets through among the first few, when the best itself is none. */
export function soundest(best: Choice, all: () => readonly Choice[], sound: (choice: Choice) => boolean): Choice {
  if (sound(best)) return best
  return (
    all()
      .toSorted((a, b) => b.worth - a.worth)
      .slice(0, mostTried)
      .find(sound) ?? best
  )
}
const mostTried = 24
