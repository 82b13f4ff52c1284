import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { fitFusion, type Ranked, weightsOf } from '../../bot/calibrate/fusion.ts'
import { fusionFor } from '../../bot/calibrate/labels.ts'
import { liveJudging } from '../../bot/calibrate/live.ts'
import { calibrations } from '../../bot/calibrate/store.ts'
import { readDataset } from '../../bot/eval/dataset.ts'
import { load, requestFor } from '../../bot/eval/run.ts'
import { shippedModel } from '../../bot/judge/judge.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { defaultWeights } from '../../retrieval/fuse.ts'
import { openTestDatabase } from '../fakes/database.ts'
import { embeddingServer } from '../fakes/embedding-server.ts'
import { evidence } from '../fakes/evidence.ts'
import { seeded } from '../fakes/random.ts'

const questions = fileURLToPath(new URL('../cases/questions', import.meta.url))
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing.toReversed()) await close()
})

/** Ten passages a question, the first of which answers; a signal that knows gives it the best score, the other one says anything. */
function asked(count: number, knows: 'words' | 'vector' | 'both'): Ranked[] {
  const next = seeded(7)
  return Array.from({ length: count }, (_, n) => {
    const scores = Array.from({ length: 10 }, () => ({ words: next(), vector: next() }))
    const list = scores.map((signals, place) => {
      const known = place === 0 ? 1.1 : next()
      const said = knows === 'both' ? { words: known, vector: known } : { ...signals, [knows]: known }
      return { ...evidence(`第${n}问第${place}段`), signals: said }
    })
    return { evidence: list, relevant: (each) => each === undefined || each.passage.text.endsWith('第0段') }
  })
}

test('the signal that knows is weighed up, on enough questions; where both say the same nothing is learned', () => {
  expect(fitFusion(asked(150, 'vector'), 'm')?.vector).toBeGreaterThan(0.7)
  expect(fitFusion(asked(150, 'words'), 'm')?.vector).toBeLessThan(0.3)
  expect(fitFusion(asked(150, 'both'), 'm')).toBeNull()
  expect(fitFusion(asked(60, 'words'), 'm')).toBeNull()
})

test("what was learned of one model's vectors says nothing of another's", () => {
  expect(weightsOf({ model: 'm', vector: 0.2 }, 'm')).toEqual({ ...defaultWeights, words: 0.8, vector: 0.2 })
  expect(weightsOf({ model: 'm', vector: 0.2 }, 'n')).toEqual(defaultWeights)
  expect(weightsOf(undefined, 'm')).toEqual(defaultWeights)
})

test('vectors that know little of these questions are weighed down, and the running bot searches by that', async () => {
  const server = await embeddingServer([], 8)
  closing.push(() => server.close())
  const database = await openTestDatabase()
  closing.push(() => database.close())
  const { pool } = database
  const data = readDataset(questions)
  const live = () => liveJudging({ pool, budget: 0.1, log: silentLog })
  let judging = live()
  const env = { OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'weak', EMBEDDING_DIMENSIONS: '8' }
  const library = await load(database, data.corpus, { env, weights: async (model) => (await judging()).weights(model) })
  closing.push(() => library.close())

  const fusion = await fusionFor(library.search, data, false)
  expect(fusion).toMatchObject({ model: 'weak' })
  const by = fusion?.vector ?? 1
  expect(by).toBeLessThan(0.5)

  const none = { shift: 0, slope: 1, trees: [], thresholds: [] }
  const made = { madeBy: 'x', data: 'x', sha256: 'x', questions: 108, unanswerable: 0, model: shippedModel.version, figures: {} }
  await calibrations(pool).keep({ ...made, content: { ...none, ...(fusion && { fusion }) } })
  judging = live() // as twenty seconds later
  expect((await library.search(requestFor('首台套认定'))).weights).toEqual({ ...defaultWeights, words: 1 - by, vector: by })
  expect((await judging()).weights('another')).toEqual(defaultWeights)
})
