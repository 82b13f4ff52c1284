import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TranscriptLine } from '../records/messages.ts'
import type { Channel, ChannelDeps } from './channel.ts'
import { type IncomingMessage, ownMessage } from './message.ts'
import type { Outgoing } from './outgoing.ts'

/** What the test page needs besides a channel's usual dependencies. */
export type WebDeps = ChannelDeps & {
  /** The transcript of a chat, oldest first: the page shows it again after a reload. */
  readonly transcript: (chat: string) => Promise<readonly TranscriptLine[]>
}

const textLimit = 2000
const bodyLimit = 16 * 1024
const perMinute = 30
const mostSessions = 500
const cookieName = 'yq_chat'
const sessionPattern = /^[A-Za-z0-9_-]{22}$/

const pages = {
  '/chat': ['chat.html', 'text/html; charset=utf-8'],
  '/chat/chat.js': ['chat.js', 'text/javascript; charset=utf-8'],
  '/chat/ground.css': ['../desk/page/ground.css', 'text/css; charset=utf-8'],
  '/chat/chat.css': ['chat.css', 'text/css; charset=utf-8'],
  '/chat/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const

/** `/chat`, a page to try the bot in a browser: the same inbox, outbox and answers as every other channel. */
export function webChannel(deps: WebDeps): Channel {
  const streams = new Map<string, Set<FastifyReply>>()
  const counts = new Map<string, { minute: number; count: number }>()
  let onMessage: (message: IncomingMessage) => Promise<void> = async () => {}

  for (const [path, [file, type]] of Object.entries(pages)) {
    const body = readFileSync(new URL(`../web/${file}`, import.meta.url))
    deps.http.get(path, (_, reply) => reply.type(type).send(body))
  }

  deps.http.post('/chat/messages', { bodyLimit }, async (request, reply) => {
    const session = sessionOf(request)
    if (session === null || !sameOrigin(request)) return reply.code(403).send({ error: 'no_session' })
    if (tooMany(counts, session)) return reply.code(429).send({ error: 'too_many' })
    const message = messageOf(request.body, session)
    if (message === null) return reply.code(400).send({ error: 'bad_message' })
    await onMessage(message)
    return reply.code(202).send({ ok: true })
  })

  deps.http.get('/chat/events', async (request, reply) => {
    const known = sessionOf(request)
    const session = known ?? randomBytes(16).toString('base64url')
    if (streams.size >= mostSessions && !streams.has(session)) return reply.code(503).send({ error: 'busy' })
    const lines = known === null ? [] : await deps.transcript(`web:${session}`)
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
      'set-cookie': `${cookieName}=${session}; Path=/chat; HttpOnly; SameSite=Strict; Max-Age=2592000`,
    })
    tell(
      reply,
      'transcript',
      lines.map((line) => ({ author: line.author, name: line.authorName, text: line.text })),
    )
    const open = streams.get(session) ?? new Set()
    streams.set(session, open.add(reply))
    const beat = setInterval(() => reply.raw.write(':\n\n'), 20_000)
    request.raw.on('close', () => {
      clearInterval(beat)
      open.delete(reply)
      if (open.size === 0) streams.delete(session)
    })
  })

  return {
    name: 'web',
    limit: { size: 100_000, unit: 'utf16' },
    desk: null,
    async start(receive) {
      onMessage = receive
    },
    /** Pages that are closed now will see it in the transcript. */
    async send(chat, outgoing) {
      for (const reply of streams.get(chat.slice('web:'.length)) ?? [])
        if (outgoing.kind === 'text') tell(reply, 'message', forPage(outgoing))
      return { messageIds: [] }
    },
    stream(chat, key) {
      let shown = false
      return {
        show(text) {
          shown = true
          for (const reply of streams.get(chat.slice('web:'.length)) ?? []) tell(reply, 'preview', { id: key, text })
        },
        end: async () => (shown ? key : null),
      }
    },
    async stop() {
      for (const open of streams.values()) for (const reply of open) reply.raw.end()
    },
  }
}

function tell(reply: FastifyReply, event: string, data: unknown): void {
  reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** Spans as plain data; the page inserts them as text, never as markup. */
function forPage(outgoing: Extract<Outgoing, { kind: 'text' }>): unknown {
  return { blocks: outgoing.blocks, buttons: outgoing.buttons ?? [], replaces: outgoing.replaces ?? null }
}

function sessionOf(request: FastifyRequest): string | null {
  const session = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
  return sessionPattern.test(session) ? session : null
}

/** Pages of other sites must not speak in somebody's name. */
function sameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined || site === 'same-origin'
}

function tooMany(counts: Map<string, { minute: number; count: number }>, session: string): boolean {
  const minute = Math.floor(Date.now() / 60_000)
  if (counts.size > mostSessions * 4) counts.clear()
  const entry = counts.get(session)
  const count = entry?.minute === minute ? entry.count + 1 : 1
  counts.set(session, { minute, count })
  return count > perMinute
}

/** `{ id, text }` for text, `{ id, button }` for a click; the page's own id makes a repeated send harmless. */
function messageOf(body: unknown, session: string): IncomingMessage | null {
  if (body === null || typeof body !== 'object') return null
  const { id, text, button } = body as { id?: unknown; text?: unknown; button?: unknown } // each field is checked below
  if (typeof id !== 'string' || !/^[\w-]{8,64}$/.test(id)) return null
  const words = typeof text === 'string' ? text.trim() : ''
  const pressed = typeof button === 'string' && button.length <= 64 ? button : null
  if ((words === '' && pressed === null) || words.length > textLimit) return null
  return ownMessage({ externalId: `${session}:${id}`, chat: `web:${session}`, text: words, button: pressed })
}
