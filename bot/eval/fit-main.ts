import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fail, usage } from '../commands/fail.ts'
import { type ConfidenceModel, probability } from '../judge/judge.ts'
import { type Example, logisticModel } from './fit.ts'
import { auroc, coverageAt, curve, ece } from './metrics.ts'
import { judgedOf } from './report.ts'
import type { Trial } from './run.ts'

/** Wrong answers a park that has not calibrated may expect at most, on any set that was fitted on; the margin is for sets that were not. */
const cautiousBudget = 0.08
const mix = 0.7

type Set = { readonly name: string; readonly trials: readonly Trial[] }

/** For maintainers: fits bot/judge/model.json on trials that `npm run eval -- --trials FILE` wrote, and shows what leaving each set out costs. */
function main(): void {
  const [target, ...files] = process.argv.slice(2)
  if (target === undefined || files.length < 2)
    throw usage(
      'Fit needs the model file and at least two files of trials.',
      'node bot/preflight.mjs bot/eval/fit-main.ts bot/judge/model.json trials-*.jsonl',
    )
  const sets = files.map((file) => ({ name: basename(file).replace(/^trials-|\.jsonl$/g, ''), trials: read(file) }))
  for (const left of sets) show(`without ${left.name}`, fitted(sets.filter((each) => each !== left)), [left])
  const model = withThreshold(fitted(sets), sets)
  show('all', model, sets)
  writeFileSync(target, `${JSON.stringify(model, null, 2)}\n`)
}

function read(file: string): Trial[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Trial) // our own file
}

function fitted(sets: readonly Set[]): ConfidenceModel {
  const examples = sets.flatMap(({ trials }): Example[] => {
    const judged = judgedOf(trials, 0, mix)
    return trials.flatMap((trial, index) =>
      trial.features === null || !trial.mayAnswer
        ? []
        : [{ features: trial.features, right: trial.right, mass: judged[index]?.mass ?? 0 }],
    )
  })
  return logisticModel(
    examples,
    sets.map((each) => each.name),
    new Date().toISOString().slice(0, 10),
  )
}

function rated(model: ConfidenceModel, { trials }: Set, threshold: number) {
  const again = trials.map((trial) => ({
    ...trial,
    confidence: trial.features === null ? 0 : probability(trial.features, model),
  }))
  return judgedOf(again, threshold, mix)
}

/** The lowest threshold at which no set gives more wrong answers than the cautious budget. */
function withThreshold(model: ConfidenceModel, sets: readonly Set[]): ConfidenceModel {
  const least = sets.map((set) => {
    const points = curve(rated(model, set, 0))
    const bad = points.filter((point) => point.risk > cautiousBudget && point.threshold > 0)
    const worst = Math.min(
      1,
      ...points.filter((point) => bad.every((each) => each.threshold < point.threshold)).map((point) => point.threshold),
    )
    return bad.length === 0 ? 0 : worst
  })
  return { ...model, threshold: Math.round(Math.max(...least) * 1000) / 1000 }
}

function show(title: string, model: ConfidenceModel, sets: readonly Set[]): void {
  for (const set of sets) {
    const judged = rated(model, set, model.threshold)
    const points = curve(judged)
    const answered = judged.filter((each) => each.answered)
    const mass = answered.reduce((sum, each) => sum + each.mass, 0)
    const wrong = answered.reduce((sum, each) => sum + (each.right ? 0 : each.mass), 0) / Math.max(mass, 1e-9)
    const coverage = answered.reduce((sum, each) => sum + (each.answerable ? each.mass : 0), 0) / mix
    const figures = {
      auroc: auroc(judged),
      ece: ece(judged),
      cov5: coverageAt(points, 0.05),
      cov10: coverageAt(points, 0.1),
      coverage,
      wrong,
    }
    process.stdout.write(
      `${title.padEnd(22)} ${set.name.padEnd(12)} ${Object.entries(figures)
        .map(([name, value]) => `${name} ${value.toFixed(3)}`)
        .join('  ')}\n`,
    )
  }
  if (sets.length > 1)
    process.stdout.write(
      `threshold ${model.threshold}\n${model.features.map(({ name, weight }) => `${name} ${weight.toFixed(2)}`).join('  ')}\n`,
    )
}

try {
  main()
} catch (error) {
  fail(error)
}
