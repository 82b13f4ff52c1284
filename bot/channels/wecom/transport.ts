import type { Readable } from 'node:stream'
import type { AxiosRequestConfig, AxiosResponse } from 'axios'
import { AppError, codeOf } from '../../../retrieval/base/errors.ts'
import { type Loose, number, object, text } from '../base/loose.ts'
import { ChannelError } from '../channel.ts'
import { wecomError } from './errcodes.ts'
import { agentFor } from './tunnel.ts'

const answerWithinMs = 10_000
const fileWithinMs = 60_000
const nameWithinMs = 3_000
/** The largest page of messages is well below. */
const mostAnswerBytes = 16 * 1024 * 1024

export type CallLimits = { readonly signal?: AbortSignal; readonly withinMs?: number }

/** Calls one method. @throws ChannelError when nobody answers; its errors never carry the address, which contains the token */
export type Ask = (method: string, config: AxiosRequestConfig, limits?: CallLimits) => Promise<AxiosResponse>

/** Loaded by whoever calls WeCom: dozens of files, which no other command should wait for. */
const axios = async () => (await import('axios')).default

/** Opens the connection to WeCom's servers at `apiRoot`, through `proxy` when given. */
export function transport({ apiRoot, proxy }: { readonly apiRoot: string; readonly proxy: string | undefined }): Ask {
  const agent = agentFor(apiRoot, proxy)
  const http = axios().then((each) =>
    each.create({
      baseURL: apiRoot.replace(/\/+$/, ''),
      httpAgent: agent,
      httpsAgent: agent,
      // Our proxy or none: the machine's environment is for other programs.
      proxy: false,
      maxRedirects: 0,
      maxContentLength: mostAnswerBytes,
      responseType: 'arraybuffer',
      validateStatus: () => true,
    }),
  )
  http.catch(() => {}) // whoever calls is told
  return async (method, config, { signal, withinMs } = {}) => {
    const limits = [AbortSignal.timeout(withinMs ?? answerWithinMs), ...(signal === undefined ? [] : [signal])]
    const signals = { signal: AbortSignal.any(limits) }
    return (await http).request({ ...config, url: `/cgi-bin/${method}`, ...signals }).catch((error: unknown) => {
      throw unreachable(method, error)
    })
  }
}

/** @throws ChannelError when it is not an answer of WeCom, or a refusal */
export function bodyOf(method: string, response: AxiosResponse): Loose {
  if (response.status === 429) throw new ChannelError('rate_limited', `${method}: 429`, { retryAfterMs: 5_000 })
  const answer = response.status === 200 ? parsed(response.data) : null
  if (answer === null) throw new ChannelError('unavailable', `${method}: ${response.status}, and no answer of WeCom`)
  const errcode = errcodeIn(answer)
  if (errcode === null) throw new ChannelError('unavailable', `${method}: an answer without errcode`)
  if (errcode !== 0) throw wecomError(method, errcode, text(answer['errmsg']) ?? '')
  return answer
}

/** Every answer of WeCom has one; gateways in between have errors of their own, with 200 and JSON too. Some make it a string. */
function errcodeIn(answer: Loose): number | null {
  const told = answer['errcode']
  return typeof told === 'string' && /^-?\d{1,9}$/.test(told) ? Number(told) : number(told)
}

function parsed(data: unknown): Loose | null {
  try {
    return object(JSON.parse(new TextDecoder().decode(data as ArrayBuffer))) // responseType is arraybuffer
  } catch {
    return null
  }
}

/** Nothing of axios' error is passed on: it holds the address, and the address the token. */
function unreachable(method: string, error: unknown): ChannelError {
  if (error instanceof Error && 'isAxiosError' in error && /maxContentLength/.test(error.message))
    return new ChannelError('refused', `${method}: larger than allowed`)
  return new ChannelError('unavailable', `${method}: WeCom could not be reached`, {
    cause: new AppError(codeOf(error), 'no answer'),
  })
}

type UrlLimits = { readonly proxy: string | undefined; readonly mostBytes: number; readonly signal?: AbortSignal }

/** Fetches from an address of the platform's own file store, good for minutes. @throws ChannelError */
export async function fetchUrl(url: string, { proxy, mostBytes, signal }: UrlLimits): Promise<Uint8Array> {
  const limits = [AbortSignal.timeout(fileWithinMs), ...(signal === undefined ? [] : [signal])]
  const read = { responseType: 'arraybuffer' as const, maxContentLength: mostBytes }
  const response = await getUrl(url, proxy, { ...read, signal: AbortSignal.any(limits) })
  if (response.status !== 200)
    throw new ChannelError(response.status >= 500 ? 'unavailable' : 'refused', `file: ${response.status}`)
  return new Uint8Array(response.data as Buffer) // responseType is arraybuffer
}

/** @returns the name of a file at such an address, without reading it; null when it is not stated */
export async function nameOfUrl(url: string, proxy: string | undefined): Promise<string | null> {
  const response = await getUrl(url, proxy, { signal: AbortSignal.timeout(nameWithinMs), responseType: 'stream' })
  ;(response.data as Readable).destroy() // responseType is stream
  const told = String(response.headers['content-disposition'] ?? '')
  const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(told)?.[1]
  const plain = /filename\s*=\s*"?([^";]+)"?/i.exec(told)?.[1]
  const name = decoded(encoded ?? plain ?? '').replace(/^.*[\\/]/, '')
  return name === '' ? null : name.slice(0, 200)
}

async function getUrl(url: string, proxy: string | undefined, config: AxiosRequestConfig): Promise<AxiosResponse> {
  const agent = agentFor(url, proxy)
  const direct = { httpAgent: agent, httpsAgent: agent, proxy: false as const, maxRedirects: 0, validateStatus: () => true }
  return (await axios()).get(url, { ...config, ...direct }).catch((error: unknown) => {
    throw unreachable('file', error)
  })
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).trim()
  } catch {
    return name.trim()
  }
}
