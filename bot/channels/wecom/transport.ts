import axios, { AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import { AppError, codeOf } from '../../../retrieval/base/errors.ts'
import { type Loose, number, object, text } from '../base/loose.ts'
import { ChannelError } from '../channel.ts'
import { wecomError } from './errcodes.ts'
import { agentFor } from './tunnel.ts'

const answerWithinMs = 10_000
/** The largest page of messages is well below. */
const mostAnswerBytes = 16 * 1024 * 1024

export type CallLimits = { readonly signal?: AbortSignal; readonly withinMs?: number }

/** Asks one method. @throws ChannelError when nobody answers; nothing it throws or holds carries the address, for tokens stand in it */
export type Ask = (method: string, config: AxiosRequestConfig, limits?: CallLimits) => Promise<AxiosResponse>

export function transport({ apiRoot, proxy }: { readonly apiRoot: string; readonly proxy: string | undefined }): Ask {
  const agent = agentFor(apiRoot, proxy)
  const http = axios.create({
    baseURL: apiRoot.replace(/\/+$/, ''),
    httpAgent: agent,
    httpsAgent: agent,
    // Ours, or none: what the machine's environment says about proxies is for others.
    proxy: false,
    maxRedirects: 0,
    maxContentLength: mostAnswerBytes,
    responseType: 'arraybuffer',
    validateStatus: () => true,
  })
  return async (method, config, { signal, withinMs } = {}) => {
    const limits = [AbortSignal.timeout(withinMs ?? answerWithinMs), ...(signal === undefined ? [] : [signal])]
    return http.request({ ...config, url: `/cgi-bin/${method}`, signal: AbortSignal.any(limits) }).catch((error: unknown) => {
      throw unreachable(method, error)
    })
  }
}

/** @throws ChannelError when it is no answer of WeCom, or one that says no */
export function bodyOf(method: string, response: AxiosResponse): Loose {
  if (response.status === 429) throw new ChannelError('rate_limited', `${method}: 429`, { retryAfterMs: 5_000 })
  const answer = response.status === 200 ? parsed(response.data) : null
  if (answer === null) throw new ChannelError('unavailable', `${method}: ${response.status}, and no answer of WeCom`)
  const errcode = number(answer['errcode']) ?? 0
  if (errcode !== 0) throw wecomError(method, errcode, text(answer['errmsg']) ?? '')
  return answer
}

function parsed(data: unknown): Loose | null {
  try {
    return object(JSON.parse(new TextDecoder().decode(data as ArrayBuffer))) // responseType is arraybuffer
  } catch {
    return null
  }
}

/** Nothing of axios' error goes on: it holds the address, and the address the token. */
function unreachable(method: string, error: unknown): ChannelError {
  if (error instanceof AxiosError && /maxContentLength/.test(error.message))
    return new ChannelError('refused', `${method}: larger than allowed`)
  return new ChannelError('unavailable', `${method}: WeCom could not be reached`, {
    cause: new AppError(codeOf(error), 'no answer'),
  })
}
