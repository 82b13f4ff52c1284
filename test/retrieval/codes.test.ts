import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { searcher } from '../../retrieval/search.ts'
import { signals } from '../../retrieval/signals/index.ts'
import { leastCoded } from '../../retrieval/signals/vector.ts'
import { indexCodes, readEmbedders } from '../../retrieval/store/vectors.ts'
import { fill, world } from '../bench/search/world.ts'
import { onServer, openTestDatabase, type TestDatabase } from '../fakes/database.ts'

const asOf = '2026-01-01'
const passages = 2_000
const made = world(passages, leastCoded, 7, 4)
let database: TestDatabase
let embedder: number
beforeAll(async () => {
  database = await openTestDatabase()
  embedder = await fill(database.pool, made, () => {})
})
afterAll(() => database.close())

/** Passage ids by the vector signal, nearest first. */
async function nearest(n: number, region: string): Promise<string[]> {
  const { vector } = made.question(n)
  const search = searcher({
    ask: prepared(database.pool, onServer),
    embed: async () => ({ embedder, model: 'made-up', values: vector }),
    reranker: null,
    log: silentLog,
    signals: signals.filter((each) => each.name === 'vector'),
  })
  const { evidence } = await search({ text: '任意', asOf, regions: [region], visibility: 1, validity: 'in_force' })
  return evidence
    .toSorted((a, b) => (b.signals['vector'] ?? 0) - (a.signals['vector'] ?? 0))
    .slice(0, 10)
    .map(({ passage }) => passage.id)
}

async function truth(n: number, region: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select p.id from passage_vector v join passage p on p.number = v.passage join document d on d.id = p.document_id
      where d.regions = array[$1] and (d.effective_to is null or d.effective_to >= $2) order by v.vector <#> $3::vector::halfvec limit 10`,
    [region, asOf, JSON.stringify(made.question(n).vector)],
  )
  return rows.map((row) => row.id)
}

test('a filter that lets one passage in a hundred through gets its true ten nearest', async () => {
  for (let n = 0; n < 10; n++) expect(await nearest(n, '小园区')).toEqual(await truth(n, '小园区'))
})

test('codes choose which vectors to compare without losing the nearest', async () => {
  let found = 0
  for (let n = 0; n < 20; n++) {
    const best = new Set(await truth(n, '本园区'))
    found += (await nearest(n, '本园区')).filter((id) => best.has(id)).length
  }
  expect(found / 200).toBeGreaterThan(0.97)
})

test('few vectors get no index', async () => {
  const [serving] = await readEmbedders(database.pool)
  expect(serving && (await indexCodes(database.pool, serving))).toBe(false)
})
