import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { AppError, codeOf } from '../../../../retrieval/base/errors.ts'
import { type Loose, number, object, text } from '../../base/loose.ts'
import { ChannelError } from '../../channel.ts'
import { WecomRefusal, wecomError } from '../errcodes.ts'
import { agentFor } from '../tunnel.ts'

const openWithinMs = 10_000
const ackWithinMs = 10_000
/** A peer that does not say goodbye is not waited for. */
const closeWithinMs = 1_000
export const heartbeatMs = 30_000
/** Frames carry addresses of files, not files. */
const mostFrameBytes = 4 * 1024 * 1024

/** A message the platform sends unasked. */
export type Callback = { readonly cmd: string; readonly reqId: string; readonly body: Loose }

/** One live connection; the platform closes it when another opens. */
export type Socket = {
  /** Sends a frame and waits for its answer; frames of one `reqId` are sent one after the other. @throws ChannelError */
  ask(cmd: string, body: Loose | undefined, reqId?: string): Promise<Loose>
  /** Resolves when the connection ends: `kicked` by a newer one, or lost. Never rejects. */
  readonly over: Promise<'kicked' | 'lost'>
  close(): void
}

export type SocketOptions = {
  readonly url: string
  readonly botId: string
  readonly secret: string
  readonly proxy: string | undefined
  readonly heartbeatMs: number
  readonly onCallback: (callback: Callback) => void
}

type Waiting = { resolve(frame: Loose): void; reject(error: unknown): void }

/** The platform's number for a connection it no longer knows although it is still open. */
const notSubscribed = 846609

/** Connects and subscribes. @throws ChannelError `misconfigured` when bot and secret are refused, `unavailable` */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const ws = new WebSocket(options.url, {
    agent: agentFor(options.url, options.proxy),
    handshakeTimeout: openWithinMs,
    maxPayload: mostFrameBytes,
  })
  const frames = exchange(ws)
  let kicked = false
  const over = new Promise<'kicked' | 'lost'>((resolve) => {
    ws.once('close', () => {
      frames.fail()
      resolve(kicked ? 'kicked' : 'lost')
    })
  })
  // Without a listener an error would end the process; a close follows it.
  ws.on('error', () => undefined)
  ws.on('message', (data) => {
    const frame = parsed(String(data))
    const cmd = text(frame?.['cmd'])
    if (frame === null) return
    if (cmd === null) return frames.answer(frame)
    if (eventType(frame) !== 'disconnected_event')
      return options.onCallback({ cmd, reqId: reqIdOf(frame), body: object(frame['body']) ?? {} })
    kicked = true
    ws.close()
  })
  await opened(ws)
  try {
    await frames.ask('aibot_subscribe', { bot_id: options.botId, secret: options.secret })
  } catch (error) {
    ws.terminate()
    throw error instanceof ChannelError && error.cause instanceof WecomRefusal && !error.retry ? badBot(error) : error
  }
  const stop = heartbeat(ws, () => frames.ask('ping', undefined), options.heartbeatMs)
  void over.then(stop)
  const close = () => {
    ws.close()
    setTimeout(() => ws.terminate(), closeWithinMs).unref()
  }
  return { ask: frames.ask, over, close }
}

/** Frames and their answers. An answer does not say which frame it is for, so only one at a time is sent under one id. */
function exchange(ws: WebSocket) {
  const waiting = new Map<string, Waiting>()
  const chains = new Map<string, Promise<unknown>>()

  function send(cmd: string, body: Loose | undefined, reqId: string): Promise<Loose> {
    return new Promise<Loose>((resolve, reject) => {
      if (ws.readyState !== WebSocket.OPEN) return reject(lost())
      const timer = setTimeout(
        () => waiting.get(reqId)?.reject(new ChannelError('unavailable', `${cmd}: no answer`)),
        ackWithinMs,
      )
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer)
          waiting.delete(reqId)
          settle(value)
        }
      waiting.set(reqId, { resolve: settled(resolve), reject: settled(reject) })
      ws.send(JSON.stringify({ cmd, headers: { req_id: reqId }, ...(body === undefined ? {} : { body }) }))
    })
  }

  async function askOnce(cmd: string, body: Loose | undefined, reqId: string): Promise<Loose> {
    const frame = await send(cmd, body, reqId)
    const errcode = number(frame['errcode']) ?? 0
    if (errcode === notSubscribed) ws.terminate()
    if (errcode !== 0) throw frameError(cmd, errcode, text(frame['errmsg']) ?? '')
    return object(frame['body']) ?? {}
  }

  return {
    ask(cmd: string, body: Loose | undefined, reqId: string = randomUUID()): Promise<Loose> {
      const next = (chains.get(reqId) ?? Promise.resolve()).then(() => askOnce(cmd, body, reqId))
      const settled: Promise<void> = next
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => {
          if (chains.get(reqId) === settled) chains.delete(reqId)
        })
      chains.set(reqId, settled)
      return next
    },
    answer: (frame: Loose) => waiting.get(reqIdOf(frame))?.resolve(frame),
    fail(): void {
      for (const each of [...waiting.values()]) each.reject(lost())
    },
  }
}

/** A connection that looks open but answers nothing is recycled: two heartbeats without an answer end it. */
function heartbeat(ws: WebSocket, ping: () => Promise<unknown>, everyMs: number): () => void {
  let missed = 0
  const timer = setInterval(() => {
    if (missed >= 2) return ws.terminate()
    missed += 1
    ping().then(
      () => {
        missed = 0
      },
      () => undefined,
    )
  }, everyMs)
  return () => clearInterval(timer)
}

function opened(ws: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    ws.once('open', () => resolve())
    ws.once('error', (error) =>
      reject(
        new ChannelError('unavailable', 'The AI bot’s address could not be reached', {
          cause: new AppError(codeOf(error), 'no connection'),
        }),
      ),
    )
  })
}

/** Numbers specific to this connection; the others mean the same everywhere. */
function frameError(cmd: string, errcode: number, errmsg: string): ChannelError {
  const meanings: Readonly<Record<number, ChannelError['code']>> = {
    6000: 'unavailable',
    846601: 'unavailable',
    846602: 'unavailable',
    [notSubscribed]: 'unavailable',
    93006: 'chat_gone',
    93008: 'chat_gone',
  }
  const code = meanings[errcode] as ConstructorParameters<typeof ChannelError>[0] | undefined // the table's own values
  if (code === undefined) return wecomError(cmd, errcode, errmsg)
  return new ChannelError(code, `${cmd}: ${errcode}`, { cause: new WecomRefusal(errcode, errmsg.slice(0, 200)) })
}

function badBot(error: ChannelError): ChannelError {
  return new ChannelError('misconfigured', error.message, {
    cause: error.cause,
    hint: 'Check WECOM_AIBOT_ID and WECOM_AIBOT_SECRET on the bot’s page (智能机器人 → API模式 → 长连接).',
  })
}

function lost(): ChannelError {
  return new ChannelError('unavailable', 'The AI bot’s connection was lost')
}

function reqIdOf(frame: Loose): string {
  return text(object(frame['headers'])?.['req_id']) ?? ''
}

function eventType(frame: Loose): string | null {
  return text(object(object(frame['body'])?.['event'])?.['eventtype'])
}

function parsed(data: string): Loose | null {
  try {
    return object(JSON.parse(data))
  } catch {
    return null
  }
}
