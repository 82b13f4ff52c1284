import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { type AibotFrame, aibotReplies, type Id, type Shown } from './aibot-replies.ts'
import { aibotUploads, type Uploaded } from './aibot-uploads.ts'

export type AibotServer = {
  /** For WECOM_AIBOT_URL. */
  readonly url: string
  readonly botId: string
  readonly secret: string
  /** What chats show, in order; a stream is one entry that changes. */
  readonly shown: Shown[]
  readonly media: ReadonlyMap<string, Uploaded>
  readonly frames: { readonly cmd: string; readonly body: Readonly<Record<string, unknown>>; readonly at: number }[]
  /** How often a newer connection has pushed out an older one. */
  kicks(): number
  /** Knobs to turn while it runs. `mute`: takes frames and answers none; `ackMs`: how long an answer takes; `streamMs`: life of a stream. */
  readonly knobs: { mute: boolean; forgotten: boolean; ackMs: number; streamMs: number; momentMs: number }
  connected(): number
  /** The next `times` frames of this command are refused with this number. */
  fail(cmd: string, errcode: number, times?: number): void
  /** Delivers an event; lost when nobody is connected. @returns the id of its frame, or null */
  deliver(body: Readonly<Record<string, unknown>>): string | null
  say(user: string, text: string, more?: Readonly<Record<string, unknown>>): string | null
  event(
    user: string,
    type: string,
    detail?: Readonly<Record<string, unknown>>,
    more?: Readonly<Record<string, unknown>>,
  ): string | null
  /** Cuts the connection without a word. */
  drop(): void
  /** Somebody else connects with the same bot. */
  rival(): Promise<WebSocket>
  /** A file at an address like the platform's store. @returns its address */
  file(bytes: Uint8Array, name: string): string
  close(): Promise<void>
}

/** A loopback AI bot, as strict as the real one: one connection, ids that die with it, streams that end, moments that pass. */
export async function aibotServer(): Promise<AibotServer> {
  const botId = 'aibTEST0123'
  const secret = 'aibot-secret-0123'
  const files = new Map<string, { bytes: Uint8Array; name: string }>()
  const knobs: AibotServer['knobs'] = { mute: false, forgotten: false, ackMs: 0, streamMs: 360_000, momentMs: 5_000 }
  const faults: { cmd: string; errcode: number; times: number }[] = []
  const frames: AibotServer['frames'] = []
  const ids = new Map<string, Id>()
  const uploads = aibotUploads()
  const replies = aibotReplies(ids, knobs, uploads.media)
  let live: WebSocket | null = null
  let kicks = 0

  const http = createServer((request, response) => {
    const found = files.get((request.url ?? '').slice(1))
    if (found === undefined) return void response.writeHead(404).end()
    response
      .writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}` })
      .end(found.bytes)
  })
  const wss = new WebSocketServer({ server: http })
  wss.on('connection', (ws) => {
    ws.on('error', () => undefined)
    ws.on('close', () => {
      if (live === ws) live = null
    })
    ws.on('message', (data) => take(ws, JSON.parse(String(data)) as AibotFrame))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const port = (http.address() as AddressInfo).port // it listens on TCP

  function take(ws: WebSocket, frame: AibotFrame): void {
    const { cmd } = frame
    const body = frame.body ?? {}
    frames.push({ cmd, body, at: Date.now() })
    if (knobs.mute) return
    const done = replies.begin(frame)
    setTimeout(() => {
      done()
      const told = verdict(ws, frame)
      const { errcode, body: answer } = typeof told === 'number' ? { errcode: told } : told
      ws.send(JSON.stringify({ headers: frame.headers, body: answer, errcode, errmsg: errcode === 0 ? 'ok' : 'refused' }))
    }, knobs.ackMs)
  }

  function verdict(
    ws: WebSocket,
    frame: AibotFrame,
  ): number | { readonly errcode: number; readonly body?: Readonly<Record<string, unknown>> } {
    const wrong = faults.find((each) => each.cmd === frame.cmd && each.times > 0)
    if (wrong !== undefined) {
      wrong.times -= 1
      return wrong.errcode
    }
    if (frame.cmd === 'aibot_subscribe') return subscribe(ws, frame.body ?? {})
    if (ws !== live || knobs.forgotten) return 846609
    return frame.cmd === 'ping' ? 0 : (uploads.take(frame.cmd, frame.body ?? {}) ?? replies.take(frame))
  }

  function subscribe(ws: WebSocket, body: Readonly<Record<string, unknown>>): number {
    if (body['bot_id'] !== botId || body['secret'] !== secret) return 40001
    knobs.forgotten = false
    if (live !== null && live !== ws) {
      kicks += 1
      live.send(JSON.stringify(callback({ msgtype: 'event', event: { eventtype: 'disconnected_event' } }, randomUUID())))
      live.close()
    }
    // Ids die with the connection they came by.
    ids.clear()
    live = ws
    return 0
  }

  function callback(body: Readonly<Record<string, unknown>>, reqId: string) {
    const cmd = body['msgtype'] === 'event' ? 'aibot_event_callback' : 'aibot_msg_callback'
    return { cmd, headers: { req_id: reqId }, body: { msgid: randomUUID(), aibotid: botId, ...body } }
  }

  function deliver(body: Readonly<Record<string, unknown>>): string | null {
    if (live === null || live.readyState !== WebSocket.OPEN) return null
    const reqId = randomUUID()
    const event = body['event'] as { eventtype?: string } | undefined
    const user = String((body['from'] as { userid?: string } | undefined)?.userid ?? '')
    const chat = String(body['chatid'] ?? user)
    ids.set(reqId, { kind: event?.eventtype ?? 'message', chat, at: Date.now() })
    if (event === undefined) replies.wrote(chat)
    live.send(JSON.stringify(callback(body, reqId)))
    return reqId
  }

  return {
    url: `ws://127.0.0.1:${port}`,
    botId,
    secret,
    shown: replies.shown,
    media: uploads.media,
    frames,
    kicks: () => kicks,
    knobs,
    connected: () => (live === null ? 0 : 1),
    fail: (cmd, errcode, times = 1) => void faults.push({ cmd, errcode, times }),
    deliver,
    say: (user, content, more = {}) =>
      deliver({ chattype: 'single', from: { userid: user }, msgtype: 'text', text: { content }, ...more }),
    event: (user, eventtype, detail = {}, more = {}) =>
      deliver({
        create_time: Math.floor(Date.now() / 1000),
        chattype: 'single',
        from: { userid: user },
        msgtype: 'event',
        event: { eventtype, [eventtype]: detail },
        ...more,
      }),
    drop: () => live?.terminate(),
    async rival() {
      const ws = new WebSocket(`ws://127.0.0.1:${port}`)
      await new Promise((resolve) => ws.once('open', resolve))
      ws.send(JSON.stringify({ cmd: 'aibot_subscribe', headers: { req_id: randomUUID() }, body: { bot_id: botId, secret } }))
      await new Promise((resolve) => ws.once('message', resolve))
      return ws
    },
    file(bytes, name) {
      const id = randomUUID()
      files.set(id, { bytes, name })
      return `http://127.0.0.1:${port}/${id}`
    },
    async close() {
      for (const each of wss.clients) each.terminate()
      wss.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
