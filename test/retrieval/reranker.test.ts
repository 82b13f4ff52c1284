import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
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

const kept = keptLog()
let library: TestLibrary
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  library = await openTestLibrary(
    { RERANK_URL: `http://127.0.0.1:${port}/v1`, RERANK_MODEL: 'r', RERANK_API_KEY: 'k' },
    undefined,
    kept.log,
  )
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

test.each([
  ['is broken', 500, () => []],
  ['answers in another shape', 200, () => 'no'],
])('a service that %s costs its order, not the answer', async (_, code, answer) => {
  status = code
  results = answer
  expect((await library.ask('奖励')).evidence).toHaveLength(3)
  expect(kept.events).toEqual([{ event: 'rerank_failed', fields: expect.objectContaining({ code: 'reranker_failed' }) }])
})
