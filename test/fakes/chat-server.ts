import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the model does with one request. */
export type Behaviour =
  | { readonly say: string; readonly finish?: string }
  | { readonly status: number; readonly retryAfter?: number }
  | 'hang'
  | 'reset'
  | 'not json'
  | 'tool call'

export type ChatServer = {
  /** For OPENAI_BASE_URL. */
  readonly baseUrl: string
  /** What was asked, newest last: the whole prompt as one text. */
  readonly prompts: string[]
  /** The next requests meet these, in order; afterwards the last one stays. */
  script(...behaviours: Behaviour[]): void
  close(): Promise<void>
}

/** A loopback OpenAI-compatible chat model that does what it is told, good or bad. */
export async function chatServer(): Promise<ChatServer> {
  const prompts: string[] = []
  let scripted: Behaviour[] = [{ say: '' }]
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: unknown }[]; model: string } // a client of ours sent it
      prompts.push(body.messages.map((message) => String(message.content)).join('\n'))
      const behaviour = scripted.length > 1 ? scripted.shift() : scripted[0]
      act(behaviour ?? { say: '' }, body.model, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, // it listens on TCP
    prompts,
    script(...behaviours) {
      scripted = behaviours
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function act(behaviour: Behaviour, model: string, response: ServerResponse): void {
  if (behaviour === 'hang') return
  if (behaviour === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (behaviour === 'not json') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>gateway</html>')
    return
  }
  if (typeof behaviour === 'object' && 'status' in behaviour) {
    const headers = behaviour.retryAfter === undefined ? {} : { 'retry-after': String(behaviour.retryAfter) }
    response.writeHead(behaviour.status, { 'content-type': 'application/json', ...headers }).end('{"error":{"message":"no"}}')
    return
  }
  const calls = [{ id: 'call_1', type: 'function', function: { name: 'delete_everything', arguments: '{}' } }]
  const message =
    behaviour === 'tool call'
      ? { role: 'assistant', content: null, tool_calls: calls }
      : { role: 'assistant', content: behaviour.say }
  const finish = behaviour === 'tool call' ? 'tool_calls' : (behaviour.finish ?? 'stop')
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  const body = {
    id: 'chat-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    usage,
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
