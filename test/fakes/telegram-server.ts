import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiMethods, type Chat, type Sent } from './telegram-methods.ts'
import { type Answer, refusal, type Update, updateQueue } from './telegram-updates.ts'

type Payload = Readonly<Record<string, unknown>>

/** Failures of a call; `lost`: it was carried out, but the answer never arrives. */
export type Fault =
  | { readonly status: number; readonly description: string; readonly parameters?: Payload }
  | 'reset'
  | 'lost'
  | 'hang'
  | 'not json'

export type TelegramServer = {
  /** For TELEGRAM_API_ROOT; has a path, and no slash at its end. */
  readonly root: string
  readonly token: string
  readonly self: { readonly id: number; readonly username: string }
  readonly calls: { readonly method: string; readonly payload: Payload }[]
  /** Messages accepted, as people see them: markup parsed. */
  readonly sent: Sent[]
  readonly chats: Map<number, Chat>
  readonly files: Map<string, { readonly path: string; readonly bytes: Uint8Array }>
  readonly updates: ReturnType<typeof updateQueue>
  /** Knobs to turn while it runs. */
  readonly knobs: { canReadAllGroupMessages: boolean; tokenRevoked: boolean }
  /** The next `times` calls of this method go wrong in this way. */
  fail(method: string, fault: Fault, times?: number): void
  /** Delivers an update; without an `update_id` it gets the next one. @returns its id */
  deliver(update: Payload): number
  /** Somebody writes; in private when the chat is their own. @returns the update's id */
  say(text: string, change?: Payload): number
  /** Somebody of another number and name writes in their own chat. */
  sayAs(id: number, name: string, text: string): number
  close(): Promise<void>
}

/** A loopback Bot API, as strict as the real one: token, parameters, markup, lengths, polling, topics. */
export async function telegramServer(): Promise<TelegramServer> {
  const token = '123456:TEST-token_of_the_bot'
  const self = { id: 123456, username: 'kb_bot' }
  const updates = updateQueue()
  const calls: TelegramServer['calls'] = []
  const faults: { method: string; fault: Fault; times: number }[] = []
  const files: TelegramServer['files'] = new Map()
  const knobs = { canReadAllGroupMessages: true, tokenRevoked: false }
  const methods = apiMethods({ self, knobs, updates, files })
  let nextUpdate = 870_000_001

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const path = /^\/tg\/(file\/)?bot([^/]+)\/([\w/.-]+)$/.exec(new URL(request.url ?? '', 'http://x').pathname)
    const method = path?.[3] ?? ''
    const payload = parsed(body)
    if (path === null) reply(response, refusal(404, 'Not Found'))
    else if (path[2] !== token || knobs.tokenRevoked) reply(response, refusal(401, 'Unauthorized'))
    else if (path[1] !== undefined) sendFile(response, method)
    else if (payload === null) reply(response, refusal(400, "Bad Request: can't parse JSON object"))
    else await act(method, payload, response)
  }

  async function act(method: string, payload: Payload, response: ServerResponse): Promise<void> {
    calls.push({ method, payload })
    const wrong = faults.find((each) => each.method === method && each.times > 0)
    if (wrong !== undefined) {
      wrong.times -= 1
      misbehave(wrong.fault, response, () => methods.call(method, payload))
    } else if (method === 'getUpdates') {
      const gone = (drop: () => void) => response.once('close', drop)
      updates.take(payload, (answer) => reply(response, answer), gone)
    } else reply(response, methods.call(method, payload))
  }

  function misbehave(fault: Fault, response: ServerResponse, carryOut: () => Answer): void {
    if (fault === 'hang') return
    if (fault === 'lost') carryOut()
    if (fault === 'lost' || fault === 'reset') response.socket?.resetAndDestroy()
    else if (fault === 'not json') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>gateway</html>')
    else reply(response, refusal(fault.status, fault.description, fault.parameters))
  }

  function sendFile(response: ServerResponse, path: string): void {
    const file = [...files.values()].find((each) => each.path === path)
    if (file === undefined) reply(response, refusal(404, 'Not Found'))
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes)
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const deliver = (update: Payload): number => {
    const id = typeof update['update_id'] === 'number' ? update['update_id'] : nextUpdate++
    methods.see(update)
    updates.add({ ...update, update_id: id } as Update) // the id has just been set
    return id
  }
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tg`, // it listens on TCP
    token,
    self,
    calls,
    sent: methods.sent,
    chats: methods.chats,
    files,
    updates,
    knobs,
    fail: (method, fault, times = 1) => void faults.push({ method, fault, times }),
    deliver,
    say: (text, change = {}) => deliver({ message: { ...methods.person(), text, ...change } }),
    sayAs: (id, name, text) => deliver({ message: { ...methods.person(), text, ...privateChat(id, name) } }),
    async close() {
      server.closeAllConnections()
      await updates.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function privateChat(id: number, name: string): Payload {
  return {
    from: { id, is_bot: false, first_name: name, language_code: 'zh' },
    chat: { id, type: 'private', first_name: name },
  }
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  if (!response.destroyed) response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function parsed(body: string): Payload | null {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' ? (value as Payload) : null // checked
  } catch {
    return null
  }
}
