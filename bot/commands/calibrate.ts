import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { accountName } from '../../retrieval/base/account.ts'
import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Library } from '../../retrieval/library.ts'
import { calibrate, enough, leastAtAll, leastToLoosen, type Made } from '../calibrate/calibrate.ts'
import { weightsOf } from '../calibrate/fusion.ts'
import { askAll, fusionFor, labelled, verdictTrials } from '../calibrate/labels.ts'
import { type Judging, judgingWith } from '../calibrate/live.ts'
import { type Calibrations, calibrations, type Kept } from '../calibrate/store.ts'
import { type Dataset, readDataset } from '../eval/dataset.ts'
import { load, type Trial } from '../eval/run.ts'
import { inParkDatabase, inThrowAwayDatabase, parkCalibration } from '../eval/throw-away.ts'
import type { Fusion } from '../judge/calibration.ts'
import { shippedModel } from '../judge/judge.ts'
import { openPark, readEnv } from '../open.ts'

const how = 'npm run calibrate -- --data DIR [--verdicts] [--json] | --verdicts | --show | --rollback'
const holder = 'npm run calibrate'
const options = {
  data: { type: 'string' },
  verdicts: { type: 'boolean' },
  show: { type: 'boolean' },
  rollback: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
const env = readEnv()

/** Refits confidence on the park's own labelled questions and chooses the thresholds for its error budgets. */
async function main(): Promise<void> {
  const { values } = parsed({ options }, how)
  const wanted = [values.data !== undefined || values.verdicts === true, values.show === true, values.rollback === true].filter(
    Boolean,
  )
  if (wanted.length !== 1)
    throw usage('要写标注好的问题文件，或 --show、--rollback · Calibrate needs labelled questions, or one of these.', how)
  if (values.show === true) return inBook(async (book) => printAll(await book.list(), values.json === true))
  if (values.rollback === true) return inBook((book) => rollback(book, values.json === true))
  const held: Held = { fusion: (await parkCalibration(env, holder))?.fusion }
  const trials = [
    ...(values.data === undefined ? [] : await fromFolder(values.data, held)),
    ...(values.verdicts === true ? await fromVerdicts(held) : []),
  ]
  const source = [values.data === undefined ? [] : basename(resolve(values.data)), values.verdicts === true ? 'verdicts' : []]
    .flat()
    .join(' + ')
  await inBook((book) => keep(book, trials, { source, held, json: values.json === true }))
}

function inBook(work: (book: Calibrations) => Promise<void>): Promise<void> {
  return inParkDatabase(env, holder, ({ pool }) => work(calibrations(pool)))
}

/** How much vectors count while the questions are asked: at first what the park learned before. */
type Held = { fusion: Fusion | undefined }

const judgingBy = (held: Held): Judging => ({ ...judgingWith(null, 1), weights: (model) => weightsOf(held.fusion, model) })

/** With a corpus of its own the questions are asked of that, in a throw-away database; without one, of the park's library. */
async function fromFolder(folder: string, held: Held): Promise<Trial[]> {
  const own = !existsSync(join(folder, 'corpus.jsonl'))
  const data = noticed(readDataset(folder, own ? 'questions' : 'all'))
  const judging = judgingBy(held)
  const asked = async ({ search }: Pick<Library, 'search'>) => {
    held.fusion = (await fusionFor(search, data, own)) ?? held.fusion
    return askAll(search, judging, data, own)
  }
  if (own) return inPark(held, ({ library }) => asked(library))
  return inThrowAwayDatabase(env, holder, async (database) => {
    const library = await load(database, data.corpus, { weights: async (model) => judging.weights(model) })
    return asked(library).finally(() => library.close())
  })
}

function noticed(data: Dataset): Dataset {
  for (const notice of data.notices) process.stderr.write(`${notice}\n`)
  return data
}

function fromVerdicts(held: Held): Promise<Trial[]> {
  return inPark(held, ({ library, database, regions, today }) =>
    verdictTrials(
      database.pool,
      (text) => library.search({ text, asOf: today, regions, visibility: 1, validity: 'in_force' }),
      judgingBy(held),
    ),
  )
}

async function inPark<T>(
  held: Held,
  work: (park: Awaited<ReturnType<typeof openPark>> & { regions: readonly string[] | '*'; today: string }) => Promise<T>,
): Promise<T> {
  const park = await openPark(env, { holder, exclusive: false, log: silentLog, judging: async () => judgingBy(held) })
  const today = park.clock().toISOString().slice(0, 10)
  return work({ ...park, regions: park.library.regions, today }).finally(() => park.close())
}

async function keep(
  book: Calibrations,
  trials: readonly Trial[],
  { source, held, json }: { readonly source: string; readonly held: Held; readonly json: boolean },
): Promise<void> {
  const rows = labelled(trials)
  if (!enough(rows))
    throw new AppError(
      'too_few_questions',
      `${rows.length} labelled questions, ${rows.filter((each) => each.answerable).length} with an answer, say nothing about how often the bot is wrong`,
      {
        hint: `Label at least ${leastAtAll.questions}, ${leastAtAll.answerable} of them with an answer in the library; from ${leastToLoosen.questions}, with ${leastToLoosen.unanswerable} the library cannot answer, the threshold may fall.`,
      },
    )
  const before = await book.current(shippedModel.version)
  const made = calibrate(rows, {
    thresholds: (before?.content ?? shippedModel).thresholds,
    understood: before?.content.understood ?? before?.content.thresholds ?? shippedModel.understood.thresholds,
  })
  const { model, ...content } = made.calibration
  const kept = await book.keep({
    madeBy: accountName(),
    data: source,
    sha256: createHash('sha256')
      .update(trials.map(({ id, right }) => `${id}\t${right}`).join('\n'))
      .digest('hex'),
    questions: trials.filter((each) => each.answerable).length,
    unanswerable: trials.filter((each) => !each.answerable).length,
    model,
    content: { ...content, ...(held.fusion ? { fusion: held.fusion } : {}) },
    figures: { tightened_only: made.tightenedOnly, expected: made.expected },
  })
  print(kept, json)
}

async function rollback(book: Calibrations, json: boolean): Promise<void> {
  const taken = await book.takeBack(accountName())
  if (taken === null)
    throw new AppError('nothing_to_take_back', 'There is no calibration to take back', {
      hint: 'The shipped threshold holds already.',
    })
  print(taken, json)
}

function print(kept: Kept, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify(asJson(kept)) : inWords(kept)}\n`)
}

/** Always a list, so that a script reads one shape. */
function printAll(kept: readonly Kept[], json: boolean): void {
  const words = kept.length === 0 ? ['没有校准，使用出厂阈值。No calibration; the shipped threshold holds.'] : kept.map(inWords)
  process.stdout.write(`${json ? JSON.stringify(kept.map(asJson)) : words.join('\n\n')}\n`)
}

function asJson(kept: Kept) {
  const { content, sha256, madeAt, madeBy, takenBackAt, takenBackBy, ...rest } = kept
  return {
    ...rest,
    data_sha256: sha256,
    made_at: madeAt,
    made_by: madeBy,
    taken_back_at: takenBackAt,
    taken_back_by: takenBackBy,
    thresholds: content.thresholds,
    fusion: content.fusion ?? null,
  }
}

function inWords(kept: Kept): string {
  const { tightened_only: tightened, expected = [] } = kept.figures as { tightened_only?: boolean; expected?: Made['expected'] } // written by keep
  return [
    `#${kept.id}  ${kept.madeAt.toISOString()}  ${kept.madeBy}  ${kept.data}: ${kept.questions} 个可答问题 answerable, ${kept.unanswerable} 个不可答 unanswerable${kept.takenBackAt === null ? '' : `  — 已撤回 taken back ${kept.takenBackAt.toISOString()} ${kept.takenBackBy}`}`,
    ...(kept.content.fusion === undefined ? [] : [fusionLine(kept.content.fusion)]),
    ...(tightened === true ? ['问题太少：阈值只许收紧。Too few questions: thresholds may only rise.'] : []),
    '错误预算 budget   阈值 threshold   可答问题作答 answered   其中答错 wrong',
    ...kept.content.thresholds.map(({ budget, threshold }) => {
      const own = expected.find((each) => each.budget === budget)
      return own === undefined || own.coverage === 0
        ? `${String(budget).padEnd(17)} 不作答 answers nothing`
        : `${String(budget).padEnd(17)} ${String(threshold).padEnd(16)} ${`${(own.coverage * 100).toFixed(1)} %`.padEnd(30)} ${(own.wrong_rate * 100).toFixed(1)} %`
    }),
  ].join('\n')
}

function fusionLine({ model, vector }: Fusion): string {
  return `向量与词语的权重 weights: vector × ${vector} + words × ${Math.round((1 - vector) * 10) / 10}  (${model})`
}

await main().then(() => process.exit(0), fail)
