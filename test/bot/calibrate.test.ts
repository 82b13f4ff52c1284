import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upperBound } from '../../bot/calibrate/bound.ts'
import { calibrate, enough } from '../../bot/calibrate/calibrate.ts'
import { boundedThreshold, type Labelled } from '../../bot/calibrate/fit.ts'
import { askAll, labelled, verdictTrials } from '../../bot/calibrate/labels.ts'
import { judgingWith, liveJudging } from '../../bot/calibrate/live.ts'
import { calibrations } from '../../bot/calibrate/store.ts'
import { readDataset } from '../../bot/eval/dataset.ts'
import { reportOf } from '../../bot/eval/report.ts'
import { load, type Trial } from '../../bot/eval/run.ts'
import { never, thresholdOf } from '../../bot/judge/calibration.ts'
import { featureNames } from '../../bot/judge/features.ts'
import { shippedModel, thresholdFor } from '../../bot/judge/judge.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import type { Library } from '../../retrieval/library.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

const questions = fileURLToPath(new URL('../cases/questions', import.meta.url))

test.each([
  [0, 10, 0.1, 0.2057],
  [3, 50, 0.05, 0.1478],
  [10, 200, 0.1, 0.076],
  [5, 5, 0.1, 1],
  [0, 0, 0.1, 1],
])('%d wrong of %d: with doubt %d the rate is at most %d', (wrong, count, doubt, most) => {
  expect(upperBound(wrong, count, doubt)).toBeCloseTo(most, 3)
})

test('property: the bound is above what was seen and falls with more of the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 400 }), (wrong, right) => {
      const bound = upperBound(wrong, wrong + right, 0.1)
      expect(bound).toBeGreaterThanOrEqual(wrong / (wrong + right))
      expect(upperBound(wrong * 2, (wrong + right) * 2, 0.1)).toBeLessThanOrEqual(bound + 1e-9)
    }),
  )
})

test('property: at the chosen threshold the bound holds for what is answered', () => {
  const scored = fc.record({
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    right: fc.boolean(),
    mass: fc.constant(1),
    foreign: fc.constant(false),
    understood: fc.constant(false),
    answerable: fc.constant(true),
  })
  fc.assert(
    fc.property(fc.array(scored, { maxLength: 200 }), fc.constantFrom(0.05, 0.1, 0.3), (all, budget) => {
      const { threshold } = boundedThreshold(all, budget)
      const answered = all.filter((each) => each.confidence >= threshold)
      expect(answered.filter((each) => !each.right).length).toBeLessThanOrEqual(budget * answered.length)
    }),
  )
})

test.each([
  ['fewer than sixty answers prove nothing', 59, 0, 0.1, 0, false],
  ['sixty right ones do at a large budget', 60, 0, 0.1, 0, true],
  ['what few answers measure may not come near the budget', 400, 19, 0.05, 0, false],
  ['the same share of many may', 4000, 190, 0.05, 0, true],
  ['of a small budget no more than half is kept back', 600, 4, 0.01, 0, false],
  ['and the other half may be used', 600, 3, 0.01, 0, true],
  ['few answers have a wide bound, however good they look', 70, 2, 0.05, 0, false],
  ['a tip of the curve, less than a tenth of the questions, is luck', 90, 0, 0.1, 850, false],
  ['a tenth is not', 100, 0, 0.1, 850, true],
])('%s: %d answers, %d wrong, budget %d, and %d unsure ones', (_, count, wrong, budget, unsure, answers) => {
  const scored = Array.from({ length: count + unsure }, (_, index) => ({
    confidence: index < count ? 0.9 : 0.2,
    right: index >= wrong,
    mass: 1,
    foreign: false,
    understood: false,
    answerable: true,
  }))
  expect(boundedThreshold(scored, budget).threshold < never).toBe(answers)
})

const shipped = { thresholds: shippedModel.thresholds, understood: shippedModel.understood.thresholds }

/** Questions whose confidence is honest: of those rated p, a share p is right. */
function honest(count: number, shift: number): Labelled[] {
  const features = Object.fromEntries(featureNames.map((name) => [name, 0.5])) as Labelled['features'] // every name is there
  return Array.from({ length: count }, (_, index) => {
    const odds = ((index * 0.618034) % 1) * 8 - 3
    const right = (index * 0.7548777) % 1 < 1 / (1 + Math.exp(-odds - shift))
    return {
      id: `q${index}`,
      features,
      odds,
      right,
      answerable: right || index % 2 === 0,
      foreign: false,
      understood: false,
      mayAnswer: true,
      mass: 1,
    }
  })
}

describe('calibrating', () => {
  test('a few questions that went wrong raise the threshold, a few that went well leave it alone', () => {
    const of = (right: boolean) => honest(60, 0).map((each) => ({ ...each, understood: true, right: right || each.odds > 2.5 }))
    const well = calibrate(of(true), shipped).calibration
    expect(well.understood?.map(({ budget, threshold }) => [budget, threshold])).toContainEqual([
      0.05,
      thresholdFor(0.05, null, true),
    ])
    const badly = calibrate(of(false), shipped).calibration
    expect(thresholdFor(0.05, badly, true)).toBeGreaterThan(0.9)
    expect(thresholdFor(0.05, badly, false)).toBe(thresholdFor(0.05, null, false))
  })

  test.each([
    [29, 29, false],
    [30, 15, true],
    [300, 14, false],
    [300, 0, false],
  ])('%d questions, %d of them with an answer, are enough to learn from: %s', (count, answerable, expected) => {
    expect(enough(honest(count, 0).map((each, index) => ({ ...each, answerable: index < answerable })))).toBe(expected)
  })

  test('on enough questions an overconfident model is put right and thresholds keep their budgets', () => {
    const made = calibrate(honest(400, -1.5), shipped)
    expect(made.tightenedOnly).toBe(false)
    expect(made.calibration.shift).toBeLessThan(-0.5)
    for (const { budget, wrong_rate: wrong } of made.expected) expect(wrong).toBeLessThanOrEqual(budget)
    const rising = made.calibration.thresholds.map(({ threshold }) => threshold)
    expect(rising).toEqual([...rising].sort((a, b) => b - a))
    expect(made.expected.at(-1)?.coverage).toBeGreaterThan(0.3)
  })

  test('on too few questions no threshold falls and the model is left alone', () => {
    const made = calibrate(honest(80, 3), { ...shipped, thresholds: [{ budget: 0.05, threshold: 0.9 }] })
    expect(made).toMatchObject({ tightenedOnly: true, calibration: { shift: 0, slope: 1, trees: [] } })
    for (const { budget, threshold } of made.calibration.thresholds)
      expect(threshold).toBeGreaterThanOrEqual(thresholdOf([{ budget: 0.05, threshold: 0.9 }], budget))
  })
})

test('a budget between two has the threshold of the stricter, one below all of them answers nothing', () => {
  const kept = [0.05, 0.1].map((budget) => ({ budget, threshold: 1 - budget }))
  expect([0.01, 0.05, 0.07, 0.1, 0.4].map((budget) => thresholdOf(kept, budget))).toEqual([never, 0.95, 0.95, 0.9, 0.9])
})

describe('on questions of a park', () => {
  let database: TestDatabase
  let library: Library
  let trials: Trial[]
  beforeAll(async () => {
    database = await openTestDatabase()
    const data = readDataset(questions)
    library = await load(database, data.corpus)
    trials = await askAll(library.search, judgingWith(null, 0.1), data, false)
  })
  afterAll(async () => {
    await library.close()
    await database.close()
  })

  test('what is asked of a matter is found, quoted and told from what its form does not state', () => {
    const report = reportOf('questions', 49, trials, thresholdFor(0.1, null), 0.7)
    expect(report).toMatchObject({ data: 'questions', passages: 49, queries: 108, unanswerable: 67 })
    expect(report['hit1']).toBeGreaterThan(0.9)
    expect(report['auroc']).toBeGreaterThan(0.9)
    expect(report['wrong_rate']).toBeLessThan(0.1)
    expect(report['coverage']).toBeGreaterThan(0.3)
    const attribute = trials.filter(({ type }) => type === 'attribute')
    expect(attribute.filter(({ mayAnswer }) => mayAnswer).length / attribute.length).toBeLessThan(0.1)
    const gold = trials.filter(({ holdsGold }) => holdsGold !== null)
    expect(gold.filter(({ holdsGold }) => holdsGold).length / gold.length).toBeGreaterThan(0.8)
  })

  test('a question that stands there many times counts once', async () => {
    const asked = { id: 'a', text: '压电阀首台套认定每年最高多少钱？', answers: [] }
    const often = [asked, { ...asked, id: 'b' }, { ...asked, id: 'c', text: '压电阀首台套认定每年最高多少钱' }]
    const data = { corpus: [], queries: often, relevant: new Map(), unanswerable: [], notices: [] }
    expect(await askAll(library.search, judgingWith(null, 0.1), data, false)).toHaveLength(1)
  })

  test('a calibration is kept with who, when and on what, is heard of without restart, and can be taken back', async () => {
    const book = calibrations(database.pool)
    const judging = liveJudging({ pool: database.pool, budget: 0.1, log: silentLog })
    expect(await book.current(shippedModel.version)).toBeNull()
    expect((await judging()).threshold).toBe(thresholdFor(0.1, null))
    const { model, ...content } = calibrate(labelled(trials), shipped).calibration
    const made = {
      madeBy: 'somebody',
      data: 'questions',
      sha256: 'x',
      questions: 108,
      unanswerable: 67,
      model,
      content,
      figures: {},
    }
    await book.keep(made)
    const strict = { ...made, content: { ...content, thresholds: [{ budget: 0.1, threshold: 0.99 }] } }
    expect(await book.keep(strict)).toMatchObject({ madeBy: 'somebody', data: 'questions', takenBackAt: null })
    expect((await liveJudging({ pool: database.pool, budget: 0.1, log: silentLog })()).threshold).toBe(0.99)
    expect(await book.current(shippedModel.version + 1)).toBeNull()
    expect((await book.takeBack('another'))?.takenBackBy).toBe('another')
    expect((await book.current(shippedModel.version))?.content).toEqual(content)
    await book.takeBack('another')
    expect(await book.takeBack('another')).toBeNull()
    expect(await book.list()).toHaveLength(2)
  })

  test('a database that cannot be read leaves what held before', async () => {
    const pool = { query: () => Promise.reject(new Error('down')) } as unknown as TestDatabase['pool'] // only `query` is asked for
    expect((await liveJudging({ pool, budget: 0.1, log: silentLog })()).threshold).toBe(thresholdFor(0.1, null))
  })

  test('what brokers said of an answer counts while the bot would still answer from the same passage; the last word counts', async () => {
    const { pool } = database
    const search = (text: string) =>
      library.search({ text, asOf: '2026-01-01', regions: '*', visibility: 1, validity: 'in_force' })
    const judging = judgingWith(null, 0.1)
    expect(await verdictTrials(pool, search, judging)).toEqual([])
    const asked = ['压电阀首台套认定每年最高多少钱？', '光纤陀螺检测费补贴每年最高多少钱？', '园区班车首班几点从哪里发车？']
    const { rows } = await pool.query<{ id: string }>(
      `insert into person (role, name) values ('broker', '王工') returning id::text`,
    )
    const say = async (question: string, passage: string | undefined, verdict: string) => {
      const cited = JSON.stringify([{ passage_id: passage }])
      const answer = await pool.query<{ id: string }>(
        `insert into answer (question, standalone, as_of, decision, citations) values ($1, $1, '2026-01-01', 'answer', $2) returning id::text`,
        [question, cited],
      )
      await pool.query('insert into verdict (answer, person, verdict) values ($1, $2, $3)', [
        answer.rows[0]?.id,
        rows[0]?.id,
        verdict,
      ])
    }
    const passages = await Promise.all(asked.map(async (each) => (await search(each)).evidence[0]?.passage.id))
    await say(asked[0] ?? '', passages[0], 'wrong')
    await say(asked[0] ?? '', passages[0], 'right')
    await say(asked[1] ?? '', passages[1], 'should_have_asked')
    await say(asked[2] ?? '', passages[0], 'right')
    const said = async () => (await verdictTrials(pool, search, judging)).map(({ id, right }) => [id, right]).sort()
    const expected = [
      [asked[1], false],
      [asked[0], true],
    ].sort()
    expect(await said()).toEqual(expected)
    await pool.query(`update verdict set at = '2026-01-01'`) // two within a tick of the clock
    expect(await said()).toEqual(expected)
  })
})
