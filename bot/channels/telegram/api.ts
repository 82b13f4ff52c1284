import { Telegram, TelegramError } from 'telegraf'
import { AppError, codeOf } from '../../../retrieval/base/errors.ts'
import { ChannelError } from '../channel.ts'

/** Calls a Bot API method; only telegraf's client is used, since its own loop loses updates (see poll.ts). */
export type Call = (method: string, payload: Readonly<Record<string, unknown>>, signal?: AbortSignal) => Promise<unknown>

/** @param apiRoot may have a path; telegraf resolves against it, so it must end with a slash */
export function apiOf(token: string, apiRoot: string): Call {
  const client = new Telegram(token, { apiRoot: apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`, webhookReply: false })
  return async (method, payload, signal) => {
    try {
      // telegraf's types end at Bot API 7.1; newer methods and fields go through all the same.
      return await client.callApi(method as never, payload as never, signal === undefined ? {} : { signal: signal as never }) // untyped on purpose, see above
    } catch (error) {
      throw channelErrorOf(method, error)
    }
  }
}

/** What Telegram means by its refusals. Messages carry no URL: the token is part of it. */
function channelErrorOf(method: string, error: unknown): Error {
  if (!(error instanceof TelegramError)) {
    if (error instanceof Error && error.name === 'AbortError') return error
    return new ChannelError('unavailable', `Telegram could not be reached for ${method} (${codeOf(error)})`)
  }
  const { code, description } = error
  const said = `${method}: ${code} ${description}`
  if (code === 429) return new ChannelError('rate_limited', said, { retryAfterMs: (error.parameters?.retry_after ?? 1) * 1000 })
  if (code === 401 || code === 404)
    return new ChannelError('misconfigured', said, { hint: 'Check TELEGRAM_BOT_TOKEN with @BotFather.' })
  if (code === 409)
    return new ChannelError('unavailable', said, {
      retryAfterMs: 5000,
      hint: 'Another process polls with this token, or a webhook is set.',
    })
  if (code === 403) return new ChannelError('chat_gone', said)
  if (/thread not found|TOPIC_(?:DELETED|ID_INVALID)/i.test(description)) return new ChannelError('topic_gone', said)
  if (/chat not found|user is deactivated|group chat was upgraded|PEER_ID_INVALID/i.test(description))
    return new ChannelError('chat_gone', said)
  if (/not enough rights|CHAT_ADMIN_REQUIRED|not a forum/i.test(description)) {
    return new ChannelError('misconfigured', said, {
      hint: 'Make the bot an administrator of the desk group with the right to manage topics, and switch topics on.',
    })
  }
  return code >= 500 ? new ChannelError('unavailable', said) : new ChannelError('refused', said)
}

/** @returns whether Telegram could not read our markup */
export function cannotParse(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === 'refused' &&
    /can't parse entities|can't find end|unsupported start tag/i.test(error.message)
  )
}

/** @returns whether what we asked for is already so */
export function alreadySo(error: unknown): boolean {
  return error instanceof AppError && /TOPIC_NOT_MODIFIED|message is not modified/i.test(error.message)
}
