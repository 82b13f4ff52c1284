import { writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { judgingWith } from '../calibrate/live.ts'
import { parkSettings, readEnv } from '../open.ts'
import { reliability, riskCoverage } from './charts.ts'
import { readDataset } from './dataset.ts'
import { writableFile, writableFolder } from './places.ts'
import { judgedOf, reportOf, table } from './report.ts'
import { ask, load, type Trial } from './run.ts'
import { inThrowAwayDatabase, parkCalibration } from './throw-away.ts'

const how = 'npm run eval -- --data DIR [--json] [--report DIR] [--mix 0.7] [--shipped] [--limit N] [--trials FILE]'
const options = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  mix: { type: 'string' },
  shipped: { type: 'boolean' },
  limit: { type: 'string' },
  trials: { type: 'string' },
} as const

/**
 * Measures retrieval and confidence on a data set, in a throw-away database, with the product's own search, answer and decision. A
 * calibrated park is judged by its calibration, as in chat; `--shipped` measures what ships.
 */
async function main(): Promise<void> {
  const { values } = parsed({ options }, how)
  if (values.data === undefined) throw usage('要用 --data 写明数据集文件夹 · Eval needs a data set folder.', how)
  const mix = Number(values.mix ?? 0.7)
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit)
  if (!(mix > 0 && mix <= 1) || !(limit > 0))
    throw usage('--mix 是比例，--limit 是个数 · --mix is a share and --limit a count.', how)
  const env = readEnv()
  const data = readDataset(values.data)
  for (const notice of data.notices) process.stderr.write(`${notice}\n`)
  if (values.report !== undefined) writableFolder(values.report)
  if (values.trials !== undefined) writableFile(values.trials)
  const calibration = values.shipped === true ? null : await parkCalibration(env, 'npm run eval')
  const judging = judgingWith(calibration, parkSettings(env).ERROR_BUDGET)
  const trials: Trial[] = []
  await inThrowAwayDatabase(env, 'npm run eval', async (database) => {
    const library = await load(database, data.corpus, { weights: async (model) => judging.weights(model) })
    for await (const trial of ask(library.search, judging, data, limit)) {
      trials.push(trial)
      if (process.stderr.isTTY && trials.length % 20 === 0) process.stderr.write(`\r${trials.length} questions `)
    }
    await library.close()
  })
  if (values.trials !== undefined) writeFileSync(values.trials, trials.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const name = basename(resolve(values.data))
  const report = reportOf(name, data.corpus.length, trials, judging.threshold, mix)
  const by = calibration === null ? 'the shipped threshold, no calibration' : "the park's calibration"
  process.stdout.write(
    values.json === true ? `${JSON.stringify(report)}\n` : `${table(report, trials, mix)}\n\nJudged with ${by}.\n`,
  )
  if (values.report !== undefined) draw(values.report, name, trials, judging.threshold, mix)
}

/** Draws the two charts to look at before choosing a budget. */
function draw(folder: string, name: string, trials: readonly Trial[], threshold: number, mix: number): void {
  const judged = judgedOf(trials, threshold, mix)
  writeFileSync(join(folder, `${name}-risk-coverage.svg`), riskCoverage(name, judged, threshold))
  writeFileSync(join(folder, `${name}-reliability.svg`), reliability(name, judged))
}

await main().then(() => process.exit(0), fail)
