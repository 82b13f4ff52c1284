import type { AxiosRequestConfig } from 'axios'
import { type Loose, list, number, text } from '../base/loose.ts'
import { ChannelError, type ChannelState } from '../channel.ts'
import { notDelivered, troubleKeeper } from './doctor-notes.ts'
import { errcodeOf, staleToken } from './errcodes.ts'
import { secretName, tokens } from './token.ts'
import { type Ask, bodyOf, type CallLimits, transport } from './transport.ts'

const fileWithinMs = 60_000

export type WecomClientOptions = {
  readonly corpId: string
  /** Each app's secret has a token of its own. */
  readonly secret: string
  readonly apiRoot: string
  readonly proxy: string | undefined
  /** Shared by all channels of the platform and all processes: the token is kept here. */
  readonly state: ChannelState
}

/** A sent message, and whom it did not reach: WeCom answers 0 even when some receivers got nothing. */
export type SentMessage = {
  readonly msgid: string
  readonly responseCode: string | null
  readonly invalidUsers: readonly string[]
  readonly unlicensedUsers: readonly string[]
}

export type MediaKind = 'image' | 'voice' | 'video' | 'file'

/** WeCom's server API for one secret; every method @throws ChannelError, with WeCom's number in its cause (see errcodeOf). */
export type WecomClient = ReturnType<typeof wecomClient>

/** See {@link WecomClient}. */
export function wecomClient(options: WecomClientOptions) {
  const ask = transport(options)
  const token = tokens({
    corpId: options.corpId,
    secret: options.secret,
    state: options.state,
    fetchToken: () => fetchToken(ask, options),
  })

  /** With a token; a refused one is renewed once and the call repeated once. */
  async function withToken<Result>(act: (token: string) => Promise<Result>): Promise<Result> {
    const first = await token.get()
    try {
      return await act(first)
    } catch (error) {
      if (!staleToken.has(errcodeOf(error) ?? 0)) throw error
      return await act(await token.renew(first))
    }
  }

  const trouble = troubleKeeper(options.state, secretName(options))

  async function call(method: string, config: AxiosRequestConfig, limits?: CallLimits): Promise<Loose> {
    try {
      const answer = await withToken(async (access_token) =>
        bodyOf(method, await ask(method, { ...config, params: { ...config.params, access_token } }, limits)),
      )
      trouble.worked(method)
      return answer
    } catch (error) {
      trouble.refused(method, errcodeOf(error) ?? 0)
      throw error
    }
  }

  return {
    /** The last refusal, by any process, that points to a wrong set-up and still stands; also what was accepted but not delivered. */
    trouble: trouble.last,
    undelivered: (failType: number) => trouble.refused(notDelivered, failType),

    /** @param method e.g. `kf/sync_msg` @returns the answer, whose errcode was 0 */
    post: (method: string, data: object, limits?: CallLimits) => call(method, { method: 'POST', data }, limits),
    get: (method: string, params: Readonly<Record<string, string>> = {}, limits?: CallLimits) =>
      call(method, { method: 'GET', params }, limits),

    /** `message/send` of the self-built app. @param message everything except the receiver */
    async sendMessage(message: Loose, limits?: CallLimits): Promise<SentMessage> {
      const answer = await call('message/send', { method: 'POST', data: message }, limits)
      return {
        msgid: text(answer['msgid']) ?? '',
        responseCode: text(answer['response_code']),
        invalidUsers: usersOf(answer['invaliduser']),
        unlicensedUsers: usersOf(answer['unlicenseduser']),
      }
    },

    /** Changes a card for the named users. Each response code works once, for 72 hours. */
    async updateCard(change: Loose, limits?: CallLimits): Promise<void> {
      await call('message/update_template_card', { method: 'POST', data: change }, limits)
    },

    /** @returns a media id, good for three days */
    async upload(
      kind: MediaKind,
      file: { readonly name: string; readonly bytes: Uint8Array },
      limits?: CallLimits,
    ): Promise<string> {
      const answer = await withToken(async (access_token) => {
        const form = new FormData()
        form.append('media', new Blob([Buffer.from(file.bytes)]), file.name)
        const config = { method: 'POST', params: { access_token, type: kind }, data: form }
        return bodyOf('media/upload', await ask('media/upload', config, { withinMs: fileWithinMs, ...limits }))
      })
      const id = text(answer['media_id'])
      if (id === null) throw new ChannelError('unavailable', 'media/upload: no media id in the answer')
      return id
    },

    /** @returns the bytes of a media id; `refused` beyond `mostBytes`, without reading to the end */
    async download(mediaId: string, limits: { readonly mostBytes: number; readonly signal?: AbortSignal }): Promise<Uint8Array> {
      return withToken(async (access_token) => {
        const config = { params: { access_token, media_id: mediaId }, maxContentLength: limits.mostBytes }
        const response = await ask('media/get', config, { withinMs: fileWithinMs, ...limits })
        // A refusal comes as JSON in place of the file.
        if (response.status !== 200 || /json|text\/plain/i.test(String(response.headers['content-type'])))
          bodyOf('media/get', response)
        return new Uint8Array(response.data as Buffer) // responseType is arraybuffer
      })
    },
  }
}

async function fetchToken(ask: Ask, { corpId, secret }: WecomClientOptions): Promise<{ token: string; expiresInMs: number }> {
  const answer = bodyOf('gettoken', await ask('gettoken', { params: { corpid: corpId, corpsecret: secret } }))
  const token = text(answer['access_token'])
  if (token === null) throw new ChannelError('unavailable', 'gettoken: no token in the answer')
  return { token, expiresInMs: (number(answer['expires_in']) ?? 7200) * 1000 }
}

/** `lisi|wangwu`, or a list in newer methods. */
function usersOf(told: unknown): readonly string[] {
  if (Array.isArray(told)) return list(told).flatMap((each) => text(each) ?? [])
  return (text(told) ?? '').split('|').filter((each) => each !== '')
}
