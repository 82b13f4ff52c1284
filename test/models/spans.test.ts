import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPark } from '../../bot/open.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { lenient } from '../fakes/judging.ts'
import { keptLog } from '../fakes/library.ts'
import { openTestPark, type TestPark } from '../fakes/park.ts'

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: { key: string; value: object }[] }
const received: { path: string; header: string | undefined; spans: Span[] }[] = []
const collector = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] } // sent by us
    const spans = body.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans))
    received.push({ path: request.url ?? '', header: request.headers['x-key'] as string | undefined, spans }) // one header
    response.end('{}')
  })
})

let model: ChatServer
let world: TestPark
let endpoint = ''
beforeAll(async () => {
  model = await chatServer()
  world = await openTestPark()
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}` // it listens on TCP
})
afterAll(async () => {
  await world.close()
  await model.close()
  collector.close()
})

async function traced(change: Record<string, string>, log = silentLog) {
  const env = {
    CHAT_MODEL: 'clerk-1',
    OPENAI_BASE_URL: model.baseUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a1',
    ...change,
  }
  const park = await openPark(env, { holder: 'test', exclusive: false, log, database: world.database, judging: lenient })
  model.script({ say: '国内发明专利授权每件资助3000元。[1]' })
  const answered = await park.answer({
    question: '发明专利授权一件资助多少？',
    history: [],
    language: 'zh',
    visibility: 1,
    clarified: 0,
  })
  await park.spans.flush()
  return answered
}
const attributeOf = (span: Span | undefined, key: string) =>
  Object.values(span?.attributes.find((each) => each.key === key)?.value ?? {})[0]

test('a question is a trace: retrieval and chat below it, tokens counted, no words', async () => {
  await traced({})
  expect(received.map(({ path, header }) => `${path} ${header}`)).toEqual(received.map(() => '/v1/traces a1'))
  // A slow machine sends them in more than one batch.
  const spans = received.flatMap((each) => each.spans)
  const root = spans.find((each) => each.name === 'question')
  const chat = spans.find((each) => each.name === 'chat clerk-1')
  expect(spans.find((each) => each.name === 'retrieval')?.parentSpanId).toBe(root?.spanId)
  expect(chat).toMatchObject({ traceId: root?.traceId, parentSpanId: root?.spanId })
  expect(attributeOf(chat, 'gen_ai.operation.name')).toBe('chat')
  expect(attributeOf(chat, 'gen_ai.usage.input_tokens')).toBe('100')
  expect(attributeOf(chat, 'gen_ai.response.model')).toBe('clerk-1')
  expect(attributeOf(root, 'yuanqiao.decision')).toBe('answer')
  expect(JSON.stringify(spans)).not.toMatch(/发明专利|3000元/)
})

test('spans hold words only when that is switched on; a collector that is down costs nothing but spans', async () => {
  await traced({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' })
  expect(JSON.stringify(received.at(-1)?.spans)).toContain('发明专利')
  const { log, events } = keptLog()
  const answered = await traced({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, log)
  expect(answered.decision).toBe('answer')
  expect(events.map((each) => each.event)).toContain('spans_lost')
})
