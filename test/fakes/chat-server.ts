import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the server got it. */
export type Asked = { readonly system: string; readonly user: string; readonly model: string; readonly body: string }

/** What the model does with one request. */
export type Behaviour =
  /** Streams `say` in pieces; `pauseMs` between them. */
  | { readonly say: string; readonly finish?: string; readonly pauseMs?: number }
  /** Says what the function makes of the request. */
  | { readonly reply: (asked: Asked) => string }
  | { readonly status: number; readonly retryAfter?: number }
  /** Streams half of it, then ends the connection normally; `reset` breaks it. */
  | { readonly half: string; readonly reset?: boolean }
  | 'hang'
  | 'silent stream'
  | 'reset'
  | 'not json'
  | 'cut json'
  | 'tool call'

export type ChatServer = {
  /** For OPENAI_BASE_URL. */
  readonly baseUrl: string
  /** What was asked, newest last: the whole prompt as one text. */
  readonly prompts: string[]
  readonly asked: Asked[]
  /** The next requests meet these, in order; afterwards the last one stays. */
  script(...behaviours: Behaviour[]): void
  close(): Promise<void>
}

/** A loopback OpenAI-compatible chat model that behaves as scripted. */
export async function chatServer(): Promise<ChatServer> {
  const asked: Asked[] = []
  const prompts: string[] = []
  let scripted: Behaviour[] = [{ say: '' }]
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      const body = JSON.parse(raw) as { messages: { role: string; content: unknown }[]; model: string; stream?: boolean } // a client of ours sent it
      const of = (role: string) =>
        body.messages
          .filter((each) => each.role === role)
          .map((each) => String(each.content))
          .join('\n')
      const question = { system: of('system'), user: of('user'), model: body.model, body: raw }
      asked.push(question)
      prompts.push(body.messages.map((message) => String(message.content)).join('\n'))
      const behaviour = (scripted.length > 1 ? scripted.shift() : scripted[0]) ?? { say: '' }
      void act(behaviour, question, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, // it listens on TCP
    prompts,
    asked,
    script(...behaviours) {
      scripted = behaviours
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function act(behaviour: Behaviour, asked: Asked, response: ServerResponse): Promise<void> {
  if (behaviour === 'hang' || gaveNoStream(behaviour, response)) return
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (delta: object, finish: string | null = null) => void response.write(event(asked.model, delta, finish))
  if (behaviour === 'silent stream') send({ role: 'assistant', content: '' })
  else if (behaviour === 'cut json') response.end('data: {"id":"chat-1","choices":[{"del')
  else if (behaviour === 'tool call') {
    send({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'delete_everything', arguments: '{}' } }] })
    send({}, 'tool_calls')
    response.end('data: [DONE]\n\n')
  } else if (typeof behaviour === 'object' && 'half' in behaviour) {
    send({ role: 'assistant', content: behaviour.half })
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (behaviour.reset === true) response.socket?.resetAndDestroy()
    else response.end()
  } else if (typeof behaviour === 'object') await say(behaviour, asked, response, send)
}

function gaveNoStream(behaviour: Behaviour, response: ServerResponse): boolean {
  if (behaviour === 'reset') response.socket?.resetAndDestroy()
  else if (behaviour === 'not json') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>gateway</html>')
  else if (typeof behaviour === 'object' && 'status' in behaviour) {
    const headers = behaviour.retryAfter === undefined ? {} : { 'retry-after': String(behaviour.retryAfter) }
    response.writeHead(behaviour.status, { 'content-type': 'application/json', ...headers }).end('{"error":{"message":"no"}}')
  } else return false
  return true
}

async function say(
  behaviour: Exclude<Behaviour, string>,
  asked: Asked,
  response: ServerResponse,
  send: (delta: object, finish?: string) => void,
): Promise<void> {
  const of = 'reply' in behaviour ? { say: behaviour.reply(asked) } : 'say' in behaviour ? behaviour : { say: '' }
  for (const piece of pieces(of.say)) {
    if ('pauseMs' in of) await new Promise((resolve) => setTimeout(resolve, of.pauseMs))
    if (response.destroyed) return
    send({ content: piece })
  }
  send({}, 'finish' in of ? of.finish : 'stop')
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
  response.write(`data: ${JSON.stringify({ ...frame(asked.model), choices: [], usage })}\n\n`)
  response.end('data: [DONE]\n\n')
}

/** In pieces that cut words, as models send them. */
function pieces(text: string): string[] {
  const size = Math.max(3, Math.ceil(text.length / 200))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size))
}

function event(model: string, delta: object, finish: string | null): string {
  return `data: ${JSON.stringify({ ...frame(model), choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
}

function frame(model: string) {
  return { id: 'chat-1', object: 'chat.completion.chunk', created: 1, model }
}
