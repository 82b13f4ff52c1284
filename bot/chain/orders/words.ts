import type { Texts } from '../../../prompts/load.ts'
import { dayInChina } from '../../../retrieval/base/clock.ts'
import { shorten } from '../../render.ts'
import type { StepResult } from '../perform.ts'
import { stageNow } from '../stages.ts'
import { type Step, standingOf, type TakenBack } from '../steps.ts'

type Kind = 'demand' | 'achievement'

export const numberOf = (kind: Kind, id: string) => `${kind === 'demand' ? 'D' : 'A'}${id}`
export const stageWord = (texts: Texts, stage: string) => texts(`chain_stage_${stage}`)
const several = (texts: Texts, stages: readonly string[]) => stages.map((each) => stageWord(texts, each)).join('、')

/** Pure: why a step was not taken, or that it was, for whoever ordered it. */
export function stepWords(texts: Texts, number: string, stage: string, result: StepResult, next: readonly string[]): string {
  const values = { number, stage: stageWord(texts, stage) }
  switch (result.code) {
    case 'done':
      return `${texts('chain_done', values)}${next.length === 0 ? '' : texts('chain_next', { stages: next.map((each) => texts(`chain_act_${each}`)).join('、') })}`
    case 'not_yet':
      return texts('chain_refused_not_yet', { ...values, after: several(texts, result.after) })
    case 'lacks':
      return texts('chain_refused_lacks', {
        ...values,
        lacks: result.lacks.map((each) => texts(`chain_lacks_${each}`)).join('、'),
      })
    case 'leaks':
      return texts('chain_refused_leaks', { number, words: result.words.join('、') })
    case 'not_found':
    case 'needs_text':
    case 'asked_anonymous':
      return texts(`chain_refused_${result.code}`, { number })
    case 'bad_day':
    case 'day_over':
    case 'unknown_side':
    case 'technology_over':
    case 'received_over':
      return texts(`chain_refused_${result.code}`)
    default:
      return texts(`chain_refused_${result.code}`, values)
  }
}

export function undoWords(
  texts: Texts,
  number: string,
  stage: string,
  result: TakenBack | { readonly code: 'not_found' },
): string {
  const values = { number, stage: stageWord(texts, stage) }
  if (result.code === 'done') return texts('chain_undone', values)
  if (result.code === 'rested_on') return texts('chain_refused_rested_on', { ...values, by: several(texts, result.by) })
  if (result.code === 'not_found' || result.code === 'no_reason') return texts(`chain_refused_${result.code}`, { number })
  return texts(`chain_refused_${result.code}`, values)
}

/** Pure: all that happened, oldest first. */
export function historyWords(texts: Texts, of: { kind: Kind; id: string; about: string }, steps: readonly Step[]): string {
  const now = stageNow(of.kind, standingOf(steps))
  const head = texts('chain_shown', {
    ...{ number: numberOf(of.kind, of.id), about: shorten(of.about, 80) },
    stage: now === null ? '—' : stageWord(texts, now),
  })
  return [head, ...steps.map((each) => stepLine(texts, each))].join('\n')
}

function stepLine(texts: Texts, { stage, at, personName, actor, evidence, takenBackAt, takenBackWhy }: Step): string {
  const day = dayInChina(at)
  if (takenBackAt !== null) {
    const [, code] = /^why:(outcome_again|confidential|withdrawn)$/.exec(takenBackWhy ?? '') ?? []
    const why = code === undefined ? (takenBackWhy ?? '—') : texts(`chain_why_${code}`)
    return texts('chain_line_back', { day, stage: stageWord(texts, stage), why })
  }
  const who = personName ?? texts(actor === 'enterprise' || actor === 'erasure' ? 'chain_by_enterprise' : 'chain_by_rule')
  const money = (['amount', 'technology_amount', 'received'] as const).flatMap((name) =>
    evidence[name] === undefined ? [] : [texts(`chain_${name}`, { yuan: evidence[name].toLocaleString('en-US') })],
  )
  const form = evidence.form === undefined ? [] : [texts(`chain_form_${evidence.form}`)]
  const more = [...form, ...money, evidence.reg_no, evidence.round, evidence.with, evidence.demand, evidence.note].filter(Boolean)
  return texts('chain_line', { day, stage: stageWord(texts, stage), who, more: more.map((each) => `；${each}`).join('') })
}
