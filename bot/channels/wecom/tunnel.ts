import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import * as tls from 'node:tls'
import { AppError } from '../../../retrieval/base/errors.ts'

const connectWithinMs = 10_000

type Connected = (error: Error | null, stream: Duplex) => void

/** @returns an agent that tunnels through an HTTP proxy by CONNECT, so that the proxy sees no token; without a proxy a direct one */
export function agentFor(target: string, proxy: string | undefined): http.Agent {
  const secure = /^(?:https|wss):/i.test(target)
  const options = { keepAlive: true, timeout: 60_000 }
  if (proxy === undefined) return secure ? new https.Agent(options) : new http.Agent(options)
  const through = new URL(proxy)
  const agent = secure ? new https.Agent(options) : new http.Agent(options)
  agent.createConnection = (to: http.ClientRequestArgs & tls.ConnectionOptions, connected?: Connected) => {
    tunnelTo(through, to, secure).then(
      (stream) => connected?.(null, stream),
      (error: Error) => connected?.(error, undefined as unknown as Duplex), // Node reads the error first
    )
    return undefined
  }
  return agent
}

function tunnelTo(proxy: URL, to: http.ClientRequestArgs & tls.ConnectionOptions, secure: boolean): Promise<Duplex> {
  const host = String(to.host ?? to.hostname ?? '')
  const at = `${host.includes(':') ? `[${host}]` : host}:${to.port ?? (secure ? 443 : 80)}`
  const basic = Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')
  const ask = (proxy.protocol === 'https:' ? https : http).request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : proxy.port,
    method: 'CONNECT',
    path: at,
    agent: false,
    timeout: connectWithinMs,
    headers: { host: at, ...(proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${basic}` }) },
  })
  return new Promise((resolve, reject) => {
    ask.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(secure ? tls.connect({ ...to, socket, servername: to.servername ?? host }) : socket)
        return
      }
      socket.destroy()
      reject(new AppError('proxy_refused', `The proxy answered ${response.statusCode ?? 'nothing'}`, { retry: true }))
    })
    ask.once('timeout', () => ask.destroy(new AppError('proxy_silent', 'The proxy does not answer', { retry: true })))
    ask.once('error', reject)
    ask.end()
  })
}
