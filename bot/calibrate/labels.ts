import type { Pool } from 'pg'
import type { Search } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import type { Dataset } from '../eval/dataset.ts'
import { judgedOf } from '../eval/report.ts'
import { type Asked, ask, lineOf, type NamesOf, requestFor, type Trial, trialOf } from '../eval/run.ts'
import type { Fusion } from '../judge/calibration.ts'
import type { Labelled } from './fit.ts'
import { fitFusion, type Ranked } from './fusion.ts'
import type { Judging } from './live.ts'

/** Share of the mass that answerable questions get, whatever the counts of the two files. */
const mix = 0.7

/**
 * Asks a data set's questions of a library, each once: a question repeated fifty times would weigh fifty times, and end up on both sides of
 * a split.
 * @param own the park's library, whose passages qrels name by passage or document id
 */
export async function askAll(search: Search, judging: Judging, data: Dataset, own: boolean): Promise<Trial[]> {
  const trials: Trial[] = []
  const each = { ...data, queries: distinct(data.queries), unanswerable: distinct(data.unanswerable) }
  for await (const trial of ask(search, judging, each, Number.POSITIVE_INFINITY, namesIn(own))) trials.push(trial)
  return trials
}

/** Ranks the answers of a data set's questions as the weights of now do. @returns weights that rank them better; null when none surely do */
export async function fusionFor(search: Search, data: Dataset, own: boolean): Promise<Fusion | null> {
  const names = namesIn(own)
  const ranked: Ranked[] = []
  let model: string | null = null
  for (const { id, text } of distinct(data.queries)) {
    const { evidence, embedder } = await search(requestFor(text))
    model ??= embedder
    if (model === null) return null
    // Vectors of another model, or none since their service was down for a moment, say nothing about these.
    if (embedder === model)
      ranked.push({ evidence, relevant: (each) => names(each).some((name) => data.relevant.get(id)?.has(name)) })
  }
  return model === null ? null : fitFusion(ranked, model)
}

const namesIn = (own: boolean): NamesOf => (own ? ({ passage }) => [passage.id, passage.documentId] : (each) => [lineOf(each)])

function distinct<T extends { readonly text: string }>(questions: readonly T[]): T[] {
  const seen = new Set<string>()
  return questions.filter(({ text }) => {
    const words = normalize(text).replace(/[\s\p{P}]/gu, '')
    return seen.size < seen.add(words).size
  })
}

/** Trials as calibration learns from them, both kinds weighted to their agreed shares. */
export function labelled(trials: readonly Trial[]): Labelled[] {
  const judged = judgedOf(trials, 0, mix)
  return trials.flatMap((trial, index) =>
    trial.features === null
      ? []
      : {
          id: trial.id,
          features: trial.features,
          odds: trial.odds,
          right: trial.right,
          answerable: trial.answerable,
          understood: trial.understood,
          foreign: trial.type === 'ood',
          mayAnswer: trial.mayAnswer,
          mass: judged[index]?.mass ?? 0,
        },
  )
}

type VerdictRow = { readonly question: string; readonly passage: string; readonly verdict: string }

/**
 * Brokers' verdicts as trials. A verdict is about one answer, so it counts only while the bot would still answer from the same passage; the
 * last verdict counts. Empty when the desk was never used.
 */
export async function verdictTrials(
  pool: Pool,
  search: (text: string) => ReturnType<Search>,
  judging: Judging,
): Promise<Trial[]> {
  const { rows: there } = await pool.query<{ there: boolean }>(`select to_regclass('verdict') is not null as there`)
  if (there[0]?.there !== true) return []
  const { rows } = await pool.query<VerdictRow>(
    `select distinct on (a.standalone) a.standalone as question, a.citations -> 0 ->> 'passage_id' as passage, v.verdict
       from verdict v join answer a on a.id = v.answer
      where a.decision = 'answer' and a.citations -> 0 ->> 'passage_id' is not null
      order by a.standalone, v.at desc, a.id desc`,
  )
  const trials: Trial[] = []
  for (const { question, passage, verdict } of rows) {
    const asked: Asked = { id: question, text: question, type: 'verdict', answers: [], relevant: new Set([passage]) }
    const trial = trialOf(asked, await search(question), judging, ({ passage: { id } }) => [id])
    if (trial.right) trials.push(verdict === 'right' ? trial : { ...trial, right: false })
  }
  return trials
}
