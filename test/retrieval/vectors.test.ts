import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'
import { type EmbeddingServer, embeddingServer } from '../fakes/embedding-server.ts'
import { keptLog, openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

let database: TestDatabase
let server: EmbeddingServer
let opened: TestLibrary[] = []
let kept = keptLog()

beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(async () => {
  server = await embeddingServer()
  kept = keptLog()
})
afterEach(async () => {
  for (const each of opened) await each.close()
  await opened[0]?.empty()
  opened = []
  await server.close()
})
afterAll(() => database.close())

async function open(env: Record<string, string> = {}): Promise<TestLibrary> {
  const library = await openTestLibrary({ OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'old', ...env }, database, kept.log)
  opened.push(library)
  return library
}

const grants = policy('扶持办法', { passages: ['对企业给予资助。', '废水处理设施按规定建设。'] })
/** Shares no word with the clause it means. */
const everyday = '怎么拿到补贴'
const vectorCount = async () => Number((await database.pool.query('select count(*)::int as n from passage_vector')).rows[0].n)

test('a question in other words is found by its meaning, and only with an embedder', async () => {
  const library = await open()
  await library.documents.replace(grants)
  expect(await library.clauses(everyday)).toEqual([])
  expect(await library.vectors.build()).toEqual({ serving: { model: 'old', dimensions: 64 }, building: null, missing: 0 })
  const { evidence, ms } = await library.ask(everyday)
  expect(evidence[0]?.passage.text).toBe('对企业给予资助。')
  expect(evidence[0]?.signals).toEqual({ vector: expect.any(Number), words: 0 })
  expect(evidence[0]?.signals['vector']).toBeGreaterThan(0.5)
  expect(ms.embed).toBeGreaterThan(0)
})

test('a document is embedded before it is written, once', async () => {
  const library = await open()
  await library.documents.replace(grants)
  expect(await vectorCount()).toBe(2)
  await library.documents.replace(grants)
  await library.vectors.build()
  expect(server.requests.map((each) => each.input.length)).toEqual([2])
  expect(server.requests[0]?.input[0]).toBe('扶持办法\n对企业给予资助。')
})

test('the filter holds for what is found by meaning', async () => {
  const library = await open()
  await library.documents.replace({ ...grants, regions: ['他市'] })
  await library.documents.replace(policy('过期', { effectiveTo: '2026-01-01', passages: ['经费资助'] }))
  await library.documents.replace(
    policy('内部', { passages: [{ clause: null, heading: null, text: '资金支持', visibility: 2 }] }),
  )
  await library.vectors.build()
  expect(await library.clauses(everyday, { regions: ['本市'] })).toEqual([])
  expect(await library.clauses(everyday, { regions: ['本市'], visibility: 2 })).toEqual(['内部#0'])
})

test('while another model is built the old one answers; then all switch at once', async () => {
  const before = await open()
  for (let index = 0; index < 3; index++)
    await before.documents.replace(
      policy(`办法${index}`, { passages: Array.from({ length: 50 }, (_, place) => `经费资助${place}`) }),
    )
  await before.vectors.build()
  await before.close()
  const library = await open({ EMBEDDING_MODEL: 'new', EMBEDDING_DIMENSIONS: '32' })
  expect(await library.vectors.state()).toMatchObject({ serving: { model: 'old' }, missing: 150 })
  const stop = new AbortController()
  server.misbehave.delayMs = 400
  const building = library.vectors.build(stop.signal)
  await expect.poll(async () => (await library.vectors.state()).missing).toBe(150 - 64)
  stop.abort()
  await building.catch(() => {})
  server.misbehave.delayMs = 0
  const half = await library.vectors.state()
  expect(half).toEqual({
    serving: { model: 'old', dimensions: 64 },
    building: { model: 'new', dimensions: 32 },
    missing: 150 - 64,
  })
  expect((await library.ask(everyday)).evidence[0]?.signals['vector']).toBeGreaterThan(0)
  expect(server.requests.at(-1)).toMatchObject({ model: 'old', dimensions: undefined, input: [everyday] })
  // It goes on where it stopped.
  const asked = server.requests.length
  expect(await library.vectors.build()).toEqual({ serving: { model: 'new', dimensions: 32 }, building: null, missing: 0 })
  expect(server.requests.slice(asked).reduce((sum, each) => sum + each.input.length, 0)).toBe(half.missing)
  expect((await library.ask(everyday)).evidence[0]?.signals['vector']).toBeGreaterThan(0)
  expect(server.requests.at(-1)).toMatchObject({ model: 'new', dimensions: 32, input: [everyday] })
  expect(kept.events).toContainEqual({ event: 'embedder_switched', fields: { model: 'new', dimensions: 32 } })
})

test('a document that arrives while another model is built is found by the old one and by the new one', async () => {
  const before = await open()
  await before.documents.replace(policy('别的', { passages: ['别的'] }))
  await before.vectors.build()
  const library = await open({ EMBEDDING_MODEL: 'new' })
  await library.documents.replace(grants)
  expect((await library.clauses(everyday))[0]).toBe('扶持办法#第1条')
  await library.vectors.build()
  expect((await library.clauses(everyday))[0]).toBe('扶持办法#第1条')
  expect((await library.vectors.state()).serving?.model).toBe('new')
})

test('several processes build without doing the same work twice', async () => {
  const lexical = await openTestLibrary({}, database)
  opened.push(lexical)
  await lexical.documents.replace(policy('办法', { passages: Array.from({ length: 300 }, (_, place) => `经费资助${place}`) }))
  const builders = await Promise.all([open(), open(), open()])
  await Promise.all(builders.map((each) => each.vectors.build()))
  await builders[0]?.vectors.build()
  expect(await vectorCount()).toBe(300)
  expect(server.requests.reduce((sum, each) => sum + each.input.length, 0)).toBe(300)
})

test('with the embedder down a document goes in by its words and its vectors follow', async () => {
  const library = await open()
  Object.assign(server.misbehave, { status: 503, failures: 1000, retryAfter: 0 })
  expect((await library.documents.replace(grants)).outcome).toBe('added')
  expect(await library.clauses('企业资助')).toEqual(['扶持办法#第1条'])
  expect(kept.events).toContainEqual({
    event: 'passage_embedding_postponed',
    fields: expect.objectContaining({ code: 'embedding_failed' }),
  })
  const asked = server.requests.length
  expect((await library.documents.replace(policy('另一办法'))).outcome).toBe('added')
  expect(server.requests, 'the next document does not wait for it').toHaveLength(asked)
  server.misbehave.failures = 0
  library.vectors.start()
  await expect
    .poll(async () => (await library.vectors.state()).serving, { timeout: 30_000 })
    .toEqual({ model: 'old', dimensions: 64 })
  expect((await library.clauses(everyday))[0]).toBe('扶持办法#第1条')
})

test('with the embedder down a question is answered by its words, and the next one does not wait for it', async () => {
  const library = await open()
  await library.documents.replace(grants)
  await library.vectors.build()
  Object.assign(server.misbehave, { status: 503, failures: 1000, retryAfter: 0 })
  expect((await library.clauses('企业资助'))[0]).toBe('扶持办法#第1条')
  const asked = server.requests.length
  await library.ask('企业资助')
  expect(server.requests.length).toBe(asked)
  expect(kept.events.filter((each) => each.event === 'question_embedding_failed')).toHaveLength(1)
})

test('a model that gives vectors of another length is a clear error, and search goes on', async () => {
  const library = await open({ EMBEDDING_DIMENSIONS: '64' })
  await library.documents.replace(grants)
  await library.vectors.build()
  server.misbehave.dimensions = 16
  await expect(library.documents.replace(policy('新办法'))).rejects.toMatchObject({
    code: 'embedding_dimension',
    hint: expect.stringContaining('EMBEDDING_DIMENSIONS'),
  })
  expect((await library.clauses('企业资助'))[0]).toBe('扶持办法#第1条')
})

test('without the setting nothing is asked, even when vectors are there', async () => {
  const library = await open()
  await library.documents.replace(grants)
  await library.vectors.build()
  const lexical = await openTestLibrary({}, database)
  opened.push(lexical)
  const asked = server.requests.length
  expect(await lexical.clauses(everyday)).toEqual([])
  expect(await lexical.vectors.build()).toEqual({ serving: null, building: null, missing: null })
  expect(server.requests).toHaveLength(asked)
})
