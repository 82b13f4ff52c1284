import { percentile } from '../../retrieval/base/percentile.ts'
import { aurc, auroc, coverageAt, curve, ece, type Judged, ranking } from './metrics.ts'
import type { Trial } from './run.ts'

/** The object of `eval --json`: key names and order are fixed by the contract. */
export type EvalReport = Readonly<Record<string, number | string>>

/** Trials → figures. @param mix share of the mass that answerable questions get, whatever the counts of the two files */
export function reportOf(data: string, passages: number, trials: readonly Trial[], threshold: number, mix: number): EvalReport {
  const judged = judgedOf(trials, threshold, mix)
  const points = curve(judged)
  const answerable = trials.filter((each) => each.answerable)
  const answered = judged.filter((each) => each.answered)
  const answeredMass = answered.reduce((sum, each) => sum + each.mass, 0)
  const wrongMass = answered.reduce((sum, each) => sum + (each.right ? 0 : each.mass), 0)
  const answerableMass = judged.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) || 1
  const shown = trials.filter((each, index) => judged[index]?.answered === true && each.answerable && each.holdsGold !== null)
  const rounded = (value: number) => Math.round(value * 10_000) / 10_000
  const ms = trials.map((each) => each.ms)
  const figures = {
    ...ranking(answerable),
    auroc: auroc(judged),
    aurc: aurc(points),
    coverage_at_5: coverageAt(points, 0.05),
    coverage_at_10: coverageAt(points, 0.1),
    threshold,
    coverage: answered.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) / answerableMass,
    wrong_rate: answeredMass === 0 ? 0 : wrongMass / answeredMass,
    ece: ece(judged),
    answer_contains_gold: shown.filter((each) => each.holdsGold).length / Math.max(1, shown.length),
    ms_p50: percentile(ms, 0.5) ?? 0,
    ms_p95: percentile(ms, 0.95) ?? 0,
  }
  return {
    data,
    passages,
    queries: answerable.length,
    unanswerable: trials.length - answerable.length,
    ...Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)])),
  }
}

/** A draft refused for a reason no confidence can lift counts with confidence 0: it is never answered. */
export function judgedOf(trials: readonly Trial[], threshold: number, mix: number): Judged[] {
  const answerable = trials.filter((each) => each.answerable).length
  const rest = trials.length - answerable
  const share = rest === 0 ? 1 : mix
  return trials.map((each) => ({
    confidence: each.mayAnswer ? each.confidence : 0,
    right: each.right,
    answerable: each.answerable,
    mass: each.answerable ? share / Math.max(1, answerable) : (1 - share) / Math.max(1, rest),
    answered: each.mayAnswer && each.confidence >= threshold,
  }))
}

const meanings: Readonly<Record<string, string>> = {
  hit1: 'the first passage is relevant',
  recall5: 'relevant passages among the first five',
  recall10: 'relevant passages among the first ten',
  mrr10: 'one over the rank of the first relevant one',
  ndcg10: 'order of the first ten',
  auroc: 'a right answer is rated above a wrong one',
  aurc: 'mean share wrong over the curve, less is better',
  coverage_at_5: 'answerable questions answered with at most 5 % of answers wrong, at the best threshold',
  coverage_at_10: 'the same with 10 %',
  threshold: 'least confidence that is answered',
  coverage: 'answerable questions answered at this threshold',
  wrong_rate: 'answers that are wrong at this threshold',
  ece: 'distance of confidence from what came true',
  answer_contains_gold: 'answers shown that hold the gold answer',
  ms_p50: 'milliseconds a question, half are faster',
  ms_p95: 'milliseconds a question, 95 % are faster',
}

/** @returns tables for a person: the figures with their meaning, and the answers by type of question */
export function table(report: EvalReport, trials: readonly Trial[], mix: number): string {
  const figures = Object.entries(report).map(([name, value]) =>
    `${name.padEnd(22)} ${String(value).padEnd(12)} ${meanings[name] ?? ''}`.trimEnd(),
  )
  const judged = judgedOf(trials, Number(report['threshold']), mix)
  const types = [...new Set(trials.map(({ type }) => type))].map((type) => {
    const own = judged.filter((_, index) => trials[index]?.type === type)
    const answered = own.filter((each) => each.answered)
    const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`
    const wrong = answered.filter((each) => !each.right).length
    return `${type.padEnd(22)} ${String(own.length).padStart(6)} asked ${share(answered.length, own.length).padStart(8)} answered ${share(wrong, answered.length).padStart(8)} of these wrong`
  })
  return [...figures, '', ...types].join('\n')
}
