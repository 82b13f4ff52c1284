import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { rerankerCheck } from '../../bot/commands/park-checks.ts'
import { httpReranker } from '../../retrieval/rerankers/http.ts'
import { retrievalSettings } from '../../retrieval/settings.ts'
import { keptLog, openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'

type Call = {
  readonly path: string | undefined
  readonly key: string | undefined
  readonly body: { model: string; query: string; documents: string[] }
}

const calls: Call[] = []
let results: (documents: readonly string[]) => unknown = () => null
let status = 200
const server = createServer(async (request, response) => {
  let text = ''
  for await (const part of request) text += part
  const body = JSON.parse(text)
  calls.push({ path: request.url, key: request.headers.authorization, body })
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ results: results(body.documents) }))
})

function address(): string {
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  return `http://127.0.0.1:${port}/v1`
}

const kept = keptLog()
let library: TestLibrary
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  library = await openTestLibrary({ RERANK_URL: address(), RERANK_MODEL: 'r', RERANK_API_KEY: 'k' }, undefined, kept.log)
  await library.documents.replace(policy('办法', { passages: ['奖励 奖励 奖励', '奖励什么时候到账', '申报奖励'] }))
})
beforeEach(() => {
  calls.length = 0
  kept.events.length = 0
  status = 200
})
afterEach(() => expect(calls.length).toBe(1))
afterAll(async () => {
  await library.close()
  server.close()
})

test('the reranker has the last word, and evidence keeps every score', async () => {
  results = (documents) =>
    documents.map((text, index) => ({ index, relevance_score: text.includes('到账') ? 0.9 : 0.1 })).toReversed()
  const { evidence } = await library.ask('奖励')
  expect(evidence[0]?.passage.text).toBe('奖励什么时候到账')
  expect(evidence[0]?.signals).toEqual({ words: expect.any(Number), rerank: 0.9 })
  expect(calls[0]).toMatchObject({ path: '/v1/rerank', key: 'Bearer k', body: { model: 'r', query: '奖励' } })
  expect(calls[0]?.body.documents).toContain('办法\n申报奖励')
})

test('a text the service leaves out comes last', async () => {
  results = (documents) => documents.flatMap((text, index) => (text.includes('申报') ? [] : [{ index, relevance_score: 0.5 }]))
  expect((await library.ask('奖励')).evidence.at(-1)?.passage.text).toBe('申报奖励')
})

const rated = (scores: readonly (readonly [number, unknown])[]) =>
  scores.map(([index, relevance_score]) => ({ index, relevance_score }))

test.each<[string, number, unknown]>([
  ['is broken', 500, []],
  ['answers in another shape', 200, 'no'],
  ['rates nothing', 200, []],
  [
    'rates one text twice',
    200,
    rated([
      [0, 0.9],
      [0, 0.1],
    ]),
  ],
  [
    'rates a text it was not given',
    200,
    rated([
      [0, 0.9],
      [3, 0.1],
    ]),
  ],
  [
    'rates beyond what numbers can tell apart',
    200,
    rated([
      [0, 1e308],
      [1, -1e308],
    ]),
  ],
  ['rates with what is no number', 200, rated([[0, null]])],
])('a service that %s is a clear error', async (_, code, answer) => {
  status = code
  results = () => answer
  const failure = httpReranker({ url: address(), model: 'r', apiKey: 'k' }).rerank('奖励', ['甲', '乙', '丙'])
  await expect(failure).rejects.toMatchObject({
    code: 'reranker_failed',
    retry: true,
    hint: expect.stringContaining('RERANK_URL'),
  })
})

test('a service that is broken costs its order, not the answer, and the next question does not wait for it', async () => {
  status = 503
  expect((await library.ask('奖励')).evidence).toHaveLength(3)
  expect((await library.ask('申报奖励')).evidence).toHaveLength(3)
  expect(kept.events).toEqual([{ event: 'rerank_failed', fields: expect.objectContaining({ code: 'reranker_failed' }) }])
})

const set = () => retrievalSettings.parse({ RERANK_URL: address(), RERANK_MODEL: 'r' })

test('the doctor asks the reranker', async () => {
  results = (documents) => documents.map((_, index) => ({ index, relevance_score: 1 - index }))
  expect(await rerankerCheck(set())).toMatchObject([{ name: 'reranker', ok: true }])
})

test('the doctor says that a reranker does not rate; without one there is nothing to say', async () => {
  status = 401
  expect(await rerankerCheck(set())).toMatchObject([
    {
      ...{ ok: false, code: 'reranker_failed' },
      ...{ message: expect.stringContaining('401'), hint: expect.stringContaining('RERANK_API_KEY') },
    },
  ])
  expect(await rerankerCheck(retrievalSettings.parse({}))).toEqual([])
})
