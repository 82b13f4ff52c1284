import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EmbedOptions } from '../../retrieval/embedders/embedder.ts'
import { openaiEmbedder } from '../../retrieval/embedders/openai.ts'
import { type EmbeddingServer, embeddingServer } from '../fakes/embedding-server.ts'

let server: EmbeddingServer
beforeEach(async () => {
  server = await embeddingServer()
})
afterEach(() => server.close())

const embedder = (dimensions: number | null = null) =>
  openaiEmbedder({ model: 'm', dimensions, baseUrl: server.url, apiKey: 'secret' })
const options: EmbedOptions = { model: 'm', dimensions: null, chosen: false, purpose: 'question' }
const length = (vector: readonly number[] | undefined) => Math.hypot(...(vector ?? []))

describe('openai', () => {
  test.each([false, true])('vectors have length one and come in the order of the texts (plain numbers: %s)', async (float) => {
    server.misbehave.float = float
    const [subsidy, grant, sewage] = await embedder().embed(['补贴', '资助', '污水'], options)
    expect(length(subsidy)).toBeCloseTo(1, 6)
    expect(subsidy?.[0]).toBeCloseTo(grant?.[0] ?? 0, 2)
    expect(sewage?.[2]).toBeGreaterThan(0.9)
    expect(server.requests[0]).toMatchObject({ model: 'm', key: 'secret', dimensions: undefined })
  })

  test('no call carries more than 64 texts', async () => {
    expect(
      await embedder().embed(
        Array.from({ length: 130 }, (_, index) => `文${index}`),
        { ...options, purpose: 'passage' },
      ),
    ).toHaveLength(130)
    expect(server.requests.map((each) => each.input.length)).toEqual([64, 64, 2])
  })

  test('a service that takes fewer texts gets fewer', async () => {
    server.misbehave.mostTexts = 10
    const texts = Array.from({ length: 30 }, (_, index) => `${index % 2 ? '补贴' : '污水'}${index}`)
    const vectors = await embedder().embed(texts, { ...options, purpose: 'passage' })
    expect(vectors.map((each) => (each[0] ?? 0) > 0.5)).toEqual(texts.map((text) => text.startsWith('补贴')))
  })

  test('a vector length that the operator chose is requested', async () => {
    const [vector] = await embedder(32).embed(['补贴'], { ...options, dimensions: 32, chosen: true })
    expect(vector).toHaveLength(32)
    expect(server.requests[0]?.dimensions).toBe(32)
  })

  test('a busy service is asked again after the time it names', async () => {
    Object.assign(server.misbehave, { status: 429, failures: 1, retryAfter: 1 })
    const started = performance.now()
    expect(await embedder().embed(['补贴'], options)).toHaveLength(1)
    expect(performance.now() - started).toBeGreaterThan(900)
    expect(server.requests).toHaveLength(2)
  })

  test('a broken service is asked again', async () => {
    Object.assign(server.misbehave, { status: 500, failures: 2, retryAfter: 0 })
    expect(await embedder().embed(['补贴'], { ...options, purpose: 'passage' })).toHaveLength(1)
  })

  test.each([
    ['gives vectors of another length', { dimensions: 3 }, 'embedding_dimension', false],
    ['leaves one out', { fault: 'missing' as const }, 'embedding_count', false],
    ['gives zeros', { fault: 'zero' as const }, 'embedding_invalid', true],
    ['gives what is no number', { fault: 'null' as const }, 'embedding_invalid', true],
    ['gives what is no number, in text', { fault: 'null' as const, float: true }, 'embedding_invalid', true],
    ['stays broken', { status: 500, failures: 99, retryAfter: 0 }, 'embedding_failed', true],
    ['refuses the key', { status: 401, failures: 99 }, 'embedding_failed', false],
    ['does not know the model', { unknown: ['m'] }, 'embedding_failed', false],
  ])('a service that %s is a clear error', async (_, misbehaviour, code, retry) => {
    Object.assign(server.misbehave, misbehaviour)
    const failure = await embedder(64)
      .embed(['补贴'], { ...options, dimensions: 64 })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'EmbedderError', code, retry, hint: expect.any(String) })
    expect(JSON.stringify([String(failure), failure])).not.toContain('secret')
  })

  test('a vector longer than the database keeps is refused before it gets there', async () => {
    server.misbehave.dimensions = 16_001
    await expect(embedder().embed(['补贴'], options)).rejects.toMatchObject({
      code: 'embedding_dimension',
      hint: expect.stringContaining('EMBEDDING_DIMENSIONS'),
      retry: false,
    })
  })

  test.each([
    '{"data":[{"ind',
    '{"data":null}',
    'null',
    '{"data":[null]}',
    '{"data":[{"index":0}]}',
    '{"data":[{"index":0,"embedding":"abc"}]}',
  ])('a service that says %s is not said to be out of reach', async (instead) => {
    server.misbehave.instead = instead
    await expect(embedder().embed(['补贴'], options)).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('another shape'),
      hint: expect.stringContaining('OPENAI_BASE_URL'),
      retry: true,
    })
  })

  test('vectors of different lengths in one answer series are refused', async () => {
    Object.defineProperty(server.misbehave, 'dimensions', { get: () => (server.requests.length > 1 ? 16 : 64) })
    const texts = Array.from({ length: 65 }, (_, index) => `文${index}`)
    await expect(embedder().embed(texts, { ...options, purpose: 'passage' })).rejects.toMatchObject({
      code: 'embedding_dimension',
    })
  })

  test('a service that is not there is a clear error that may be retried', async () => {
    await server.close()
    await expect(embedder().embed(['补贴'], options)).rejects.toMatchObject({ code: 'embedding_failed', retry: true })
  })

  test('a caller that gives up ends the call', async () => {
    server.misbehave.delayMs = 50_000 // less than a passage may take
    const signal = AbortSignal.timeout(50)
    const started = performance.now()
    await expect(embedder().embed(['补贴'], { ...options, purpose: 'passage', signal })).rejects.toBeDefined()
    expect(performance.now() - started).toBeLessThan(40_000)
  })
})
