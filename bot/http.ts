import fastify, { type FastifyInstance } from 'fastify'
import { AppError, codeOf } from '../retrieval/base/errors.ts'
import { errorFields, type Log } from '../retrieval/base/log.ts'

export type Check = { readonly name: string; readonly ok: boolean }
export type Readiness = { readonly ok: boolean; readonly checks: readonly Check[] }

export type HttpServer = {
  /** Channels add their routes here before `listen`. Bodies other than JSON arrive as raw Buffers. */
  readonly app: FastifyInstance
  /** @throws AppError `port_in_use` */
  listen(): Promise<void>
  /** Where it listens, e.g. `http://127.0.0.1:8080/`. */
  url(): string
  /** Reports “not ready” from now on, lets requests in hand finish, ends the streams. */
  close(): Promise<void>
}

const bodyLimit = 64 * 1024
const requestTimeoutMs = 15_000
/** Less than for the whole request: Node uses the longer of the two for the whole, and its own default is a minute. */
const headersTimeoutMs = 10_000
/** How often slow requests are looked for; Node's default of half a minute would let one stay three times its limit. */
const lookEveryMs = 3_000
const readyWithinMs = 1_000

/** Nothing is loaded from elsewhere and nothing is inline, so nothing that was typed can ever run. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

/** One listener for the page, the webhooks and the health checks. */
export async function httpServer(options: {
  host: string
  port: number
  log: Log
  ready: () => Promise<Readiness>
  /** in the Prometheus text format */
  metrics: () => Promise<string>
}): Promise<HttpServer> {
  const { host, port, log } = options
  let draining = false
  const app = fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    http: { connectionsCheckingInterval: lookEveryMs, headersTimeout: headersTimeoutMs },
    forceCloseConnections: true,
    logger: false,
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.addHook('onSend', async (_, reply) => {
    // A page that may send a form sets its own policy; everything else stays this strict.
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value)
  })
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not_found' }))
  app.setErrorHandler((error, _, reply) => {
    const status = statusOf(error)
    // Internal errors go to the log; the client only learns that the fault is ours.
    if (status >= 500) log('http_failed', errorFields(error))
    return reply.code(status).send({ error: status >= 500 ? 'failed' : 'bad_request' })
  })
  app.get('/healthz', async () => ({ ok: true }))
  app.get('/readyz', async (_, reply) => {
    const state = draining ? { ok: false, checks: [{ name: 'draining', ok: false }] } : await readiness(options.ready)
    return reply.code(state.ok ? 200 : 503).send(state)
  })
  app.get('/metrics', async (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics()))
  return {
    app,
    async listen() {
      await app.listen({ host, port }).catch((cause: unknown) => {
        throw cannotListen(cause, host, port)
      })
    },
    url() {
      const address = app.server.address()
      const at = address === null || typeof address === 'string' ? port : address.port
      return `http://${host.includes(':') ? `[${host}]` : host}:${at}/`
    },
    async close() {
      draining = true
      await app.close()
    },
  }
}

function cannotListen(cause: unknown, host: string, port: number): unknown {
  const [code, message, hint] =
    {
      EADDRINUSE: ['port_in_use', `Port ${port} on ${host} is in use`, 'Stop what uses it, or set PORT to another number.'],
      EACCES: ['port_refused', `This user may not listen on port ${port}`, 'Set PORT to a number above 1023.'],
      EADDRNOTAVAIL: ['bad_host', `HOST ${host} is no address of this machine`, 'Set HOST to 127.0.0.1, or to 0.0.0.0 for all.'],
      ENOTFOUND: ['bad_host', `HOST ${host} is no address of this machine`, 'Set HOST to 127.0.0.1, or to 0.0.0.0 for all.'],
    }[codeOf(cause)] ?? []
  return code === undefined || message === undefined ? cause : new AppError(code, message, { ...(hint && { hint }), cause })
}

function statusOf(error: unknown): number {
  const status = error !== null && typeof error === 'object' && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

async function readiness(ready: () => Promise<Readiness>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, checks: [{ name: 'database', ok: false }] }), readyWithinMs)
  })
  try {
    return await Promise.race([ready(), late])
  } catch {
    return { ok: false, checks: [{ name: 'database', ok: false }] }
  } finally {
    clearTimeout(timer)
  }
}
