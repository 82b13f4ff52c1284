import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AppMessages, appMessages } from './wecom-messages.ts'

export type Payload = Readonly<Record<string, unknown>>
/** What a method is given: the query, and the body as JSON and as bytes. */
export type WecomCall = {
  readonly query: URLSearchParams
  readonly body: Payload
  readonly bytes: Buffer
  readonly contentType: string
}
/** An answer's fields, errcode 0 unless given; or a file. */
export type WecomAnswer = Payload | { readonly file: Uint8Array }
export type WecomMethod = (call: WecomCall) => WecomAnswer | Promise<WecomAnswer>
/** `lost`: it was carried out, but the answer never arrives. */
export type WecomFault =
  | { readonly errcode: number; readonly errmsg: string }
  | { readonly status: number }
  | 'reset'
  | 'lost'
  | 'hang'

export type WecomServer = AppMessages & {
  /** For WECOM_API_ROOT. */
  readonly root: string
  readonly corpId: string
  /** Secrets that get a token, with the agent they belong to. */
  readonly secrets: Map<string, string>
  readonly calls: { readonly method: string; readonly payload: Payload; readonly query: Readonly<Record<string, string>> }[]
  readonly media: Map<string, { readonly kind: string; readonly name: string; readonly bytes: Uint8Array }>
  /**
   * Knobs to turn while it runs. `expire`: whether a valid token is reported as expired. `allowed`: whether the caller's address is
   * trusted.
   */
  readonly knobs: { tokenLivesMs: number; expire: () => boolean; allowed: boolean }
  /** The next `times` calls of this method go wrong in this way. */
  fail(method: string, fault: WecomFault, times?: number): void
  close(): Promise<void>
}

export const ok = { errcode: 0, errmsg: 'ok' } as const
export const no = (errcode: number, errmsg: string) => ({ errcode, errmsg })

/** A loopback WeCom, as strict as the real one. @param methods of other parts of the platform, by name, e.g. `kf/sync_msg` */
export async function wecomServer(methods: Readonly<Record<string, WecomMethod>> = {}): Promise<WecomServer> {
  const corpId = 'wwTEST0123456789ab'
  const secrets = new Map([['app-secret', '1000002']])
  const calls: WecomServer['calls'] = []
  const faults: { method: string; fault: WecomFault; times: number }[] = []
  const media: WecomServer['media'] = new Map()
  const knobs: WecomServer['knobs'] = { tokenLivesMs: 7_200_000, expire: () => false, allowed: true }
  const menus: Payload[] = []
  const live = new Map<string, { secret: string; until: number }>()
  const messages = appMessages(media)

  function token(query: URLSearchParams): WecomAnswer {
    const secret = query.get('corpsecret') ?? ''
    if (query.get('corpid') !== corpId) return no(40013, 'invalid corpid')
    if (!secrets.has(secret)) return no(40001, 'invalid credential, hint: [x], from ip: 127.0.0.1')
    const known = [...live].find(([, each]) => each.secret === secret && each.until > Date.now())
    const [id, { until }] = known ?? [randomUUID(), { until: Date.now() + knobs.tokenLivesMs }]
    live.set(id, { secret, until })
    return { ...ok, access_token: id, expires_in: Math.ceil((until - Date.now()) / 1000) }
  }

  /** @returns what is wrong with the call as such, or null */
  function refused(query: URLSearchParams): WecomAnswer | null {
    const id = query.get('access_token')
    if (id === null) return no(41001, 'access_token missing')
    const known = live.get(id)
    if (known !== undefined && knobs.expire()) live.delete(id)
    if (!live.has(id)) return no(known === undefined ? 40014 : 42001, 'access_token expired')
    if ((known?.until ?? 0) <= Date.now()) return no(42001, 'access_token expired')
    return knobs.allowed
      ? null
      : no(60020, 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info at https://x')
  }

  const own: Readonly<Record<string, WecomMethod>> = {
    'message/send': ({ query, body }) =>
      messages.send(secrets.get(live.get(query.get('access_token') ?? '')?.secret ?? '') ?? '', body),
    'message/update_template_card': ({ body }) => messages.update(body),
    'media/upload': async ({ query, bytes, contentType }) => {
      const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
      const file = form.get('media')
      if (!(file instanceof File) || file.name === '') return no(41005, 'media data missing')
      if (file.size <= 5) return no(40006, 'invalid media size')
      if (file.size > 20 * 1024 * 1024) return no(45001, 'media size out of limit')
      const id = randomUUID()
      media.set(id, { kind: query.get('type') ?? '', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
      return { ...ok, type: query.get('type'), media_id: id, created_at: '1380000000' }
    },
    'media/get': ({ query }) => {
      const file = media.get(query.get('media_id') ?? '')
      return file === undefined ? no(40007, 'invalid media_id') : { file: file.bytes }
    },
    'menu/get': () => (menus.length > 0 ? { ...ok, button: menus } : no(46003, 'no menu')),
    'menu/create': ({ body }) => {
      menus.push(body)
      return ok
    },
    'user/get': ({ query }) => {
      const userid = query.get('userid') ?? ''
      return messages.members.has(userid) ? { ...ok, userid, name: userid } : no(60111, 'userid not found')
    },
    'agent/get': ({ query }) => ({ ...ok, agentid: Number(query.get('agentid')), name: '园桥' }),
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bytesOf(request)
    const at = new URL(request.url ?? '', 'http://x')
    const method = at.pathname.replace(/^\/cgi-bin\//, '')
    const call = { query: at.searchParams, body: parsed(bytes), bytes, contentType: request.headers['content-type'] ?? '' }
    calls.push({ method, payload: call.body, query: Object.fromEntries(at.searchParams) })
    const wrong = faults.find((each) => each.method === method && each.times > 0)
    if (wrong !== undefined) {
      wrong.times -= 1
      return misbehave(wrong.fault, response, () => answerTo(method, call))
    }
    reply(response, await answerTo(method, call))
  }

  async function answerTo(method: string, call: WecomCall): Promise<WecomAnswer> {
    if (method === 'gettoken') return token(call.query)
    const act = methods[method] ?? own[method]
    return refused(call.query) ?? (act === undefined ? no(-1, 'no such method') : await act(call))
  }

  async function misbehave(fault: WecomFault, response: ServerResponse, carryOut: () => Promise<unknown>): Promise<void> {
    if (fault === 'hang') return
    if (fault === 'lost') await carryOut()
    if (fault === 'lost' || fault === 'reset') response.socket?.resetAndDestroy()
    else if ('status' in fault) response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>gateway</html>')
    else reply(response, fault)
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...messages,
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    corpId,
    secrets,
    calls,
    media,
    knobs,
    fail: (method, fault, times = 1) => void faults.push({ method, fault, times }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function reply(response: ServerResponse, answer: WecomAnswer): void {
  if (response.destroyed) return
  if ('file' in answer && answer.file instanceof Uint8Array)
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer.file)
  else response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify({ ...ok, ...answer }))
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function parsed(bytes: Buffer): Payload {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return value !== null && typeof value === 'object' ? (value as Payload) : {} // checked
  } catch {
    return {}
  }
}
