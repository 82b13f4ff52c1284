import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Words of one row mean the same to this server: a question in one finds a passage in another, which no lexical search can. */
export type Synonyms = readonly (readonly string[])[]

const everydaySynonyms: Synonyms = [
  ['补贴', '资助', '奖励', '资金支持', 'subsidy'],
  ['小公司', '小微企业', '初创企业', 'startup'],
  ['污水', '废水', 'sewage'],
  ['老板', '法定代表人'],
  ['钱', '经费', '资金'],
  ['车', '机动车', '交通工具'],
  ['看病', '就医', '诊疗'],
]

export type Misbehaviour = {
  /** Length of its vectors, whatever is requested. */
  dimensions: number | null
  /** Answer with this status … */
  status: number | null
  /** … this many times, then recover. */
  failures: number
  /** `Retry-After`, in seconds, of those answers. */
  retryAfter: number | null
  delayMs: number
  /** Ignore `encoding_format` and give plain numbers. */
  float: boolean
  /** Leave the last vector out; give zeros; give null where a number belongs. */
  fault: 'missing' | 'zero' | 'null' | null
  /** Say this instead, with 200. */
  instead: string | null
  /** Refuse more texts than this with 400. */
  mostTexts: number
  /** Models it does not know: answered with 404. */
  unknown: readonly string[]
}

export type EmbeddingRequest = {
  readonly model: string
  readonly input: readonly string[]
  readonly dimensions: number | undefined
  readonly key: string | undefined
}

export type EmbeddingServer = {
  /** For OPENAI_BASE_URL. */
  readonly url: string
  readonly requests: EmbeddingRequest[]
  /** Change a knob while it runs. */
  readonly misbehave: Misbehaviour
  close(): Promise<void>
}

/**
 * A loopback service in the OpenAI shape whose vectors come from a table of synonyms: one axis per row, and a little from the characters.
 */
export async function embeddingServer(synonyms: Synonyms = everydaySynonyms, dimensions = 64): Promise<EmbeddingServer> {
  const requests: EmbeddingRequest[] = []
  const misbehave: Misbehaviour = {
    dimensions: null,
    status: null,
    failures: 0,
    retryAfter: null,
    delayMs: 0,
    float: false,
    fault: null,
    instead: null,
    mostTexts: 2048,
    unknown: [],
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(request)) // test server: a malformed body may crash the request
    const input: string[] = [body.input].flat()
    requests.push({
      model: body.model,
      input,
      dimensions: body.dimensions,
      key: request.headers.authorization?.replace('Bearer ', ''),
    })
    if (misbehave.delayMs > 0) await wait(misbehave.delayMs)
    const refusal = refusalOf(misbehave, request.url, body.model, input.length)
    if (refusal !== null)
      return send(response, refusal, { error: { message: 'as told', type: 'test', code: null } }, retryHeader(misbehave))
    if (misbehave.instead !== null) return void response.writeHead(200, json).end(misbehave.instead)
    const size: number = misbehave.dimensions ?? body.dimensions ?? dimensions
    const base64 = body.encoding_format === 'base64' && !misbehave.float
    const data = input.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encoded(spoilt(vectorOf(text, synonyms, size), misbehave.fault), base64),
    }))
    if (misbehave.fault === 'missing') data.pop()
    // Out of order on purpose: the index is what counts.
    send(response, 200, { object: 'list', model: body.model, data: data.reverse(), usage: { prompt_tokens: 1, total_tokens: 1 } })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    misbehave,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @returns the status of a refusal, null when the answer is to be given */
function refusalOf(misbehave: Misbehaviour, url: string | undefined, model: string, texts: number): number | null {
  if (misbehave.status !== null && misbehave.failures > 0) {
    misbehave.failures--
    return misbehave.status
  }
  if (url !== '/embeddings' || misbehave.unknown.includes(model)) return 404
  return texts > misbehave.mostTexts ? 400 : null
}

function retryHeader({ retryAfter }: Misbehaviour): Record<string, string> {
  return retryAfter === null ? {} : { 'retry-after': String(retryAfter) }
}

/** Shared meaning weighs much, shared characters a little; deterministic. */
function vectorOf(text: string, synonyms: Synonyms, size: number): number[] {
  const vector = new Array<number>(size).fill(0)
  const add = (axis: number, weight: number) => {
    vector[axis] = (vector[axis] ?? 0) + weight
  }
  for (const [row, words] of synonyms.entries()) if (words.some((word) => text.includes(word))) add(row % size, 1)
  const rest = Math.max(1, size - synonyms.length)
  for (const character of text) add(Math.min(size - 1, synonyms.length + (((character.codePointAt(0) ?? 0) * 31) % rest)), 0.02)
  return vector
}

function encoded(vector: readonly number[], base64: boolean): readonly number[] | string {
  return base64 ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector
}

function spoilt(vector: number[], fault: Misbehaviour['fault']): number[] {
  if (fault === 'zero') return vector.map(() => 0)
  if (fault === 'null') return vector.map((each, index) => (index === 0 ? Number.NaN : each))
  return vector
}

const json = { 'content-type': 'application/json' }

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...json, ...headers })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer) // a request without encoding gives buffers
  return Buffer.concat(parts).toString('utf8')
}
