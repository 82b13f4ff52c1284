import type { TelegramError } from 'telegraf'
import { AppError } from '../../../retrieval/base/errors.ts'
import { ChannelError } from '../channel.ts'

/** Calls a Bot API method. @throws ChannelError always; its cause is a {@link Refusal} when Telegram itself said no */
export type Call = (
  method: string,
  payload: Readonly<Record<string, unknown>>,
  options?: { readonly signal?: AbortSignal; readonly withinMs?: number },
) => Promise<unknown>

/** Telegram's own refusal, for callers that must tell one from another. `movedTo`: the supergroup a group has become. */
class Refusal extends AppError {
  readonly movedTo: number | null
  constructor(status: number, description: string, movedTo: number | null) {
    super(`telegram_${status}`, description)
    this.movedTo = movedTo
  }
}

const answerWithinMs = 20_000

/**
 * Only telegraf's client is used, since its own loop loses updates (see poll.ts). Its traps and our remedies: an `apiRoot` with a path must
 * end with a slash; its only time limit is 500 s; the body of a 5xx answer is never read, so a long one holds its socket until the call's
 * signal is aborted afterwards; errors hold the payload, and some the URL with the token.
 */
export function apiOf(token: string, apiRoot: string): Call {
  const root = rootOf(apiRoot)
  // Loaded by whoever calls Telegram: dozens of files, which no other command should wait for.
  const client = import('telegraf').then(({ Telegram }) => new Telegram(token, { apiRoot: root, webhookReply: false }))
  client.catch(() => {}) // whoever calls is told
  return async (method, payload, options = {}) => {
    const over = new AbortController()
    const limits = [over.signal, AbortSignal.timeout(options.withinMs ?? answerWithinMs)]
    const signal = AbortSignal.any(options.signal === undefined ? limits : [...limits, options.signal])
    try {
      // telegraf's types end at Bot API 7.1; newer methods and fields pass through.
      return await (await client).callApi(method as never, { ...payload } as never, { signal: signal as never }) // untyped on purpose, see above
    } catch (error) {
      throw channelErrorOf(method, error, token)
    } finally {
      over.abort()
    }
  }
}

/** @returns the address with a slash at the end, so that relative paths keep all of it */
export function rootOf(apiRoot: string): string {
  const url = new URL(apiRoot)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url.href
}

/** The meaning of Telegram's refusals. Of the vendor's error only codes and Telegram's description survive. */
export function channelErrorOf(method: string, error: unknown, token: string): ChannelError {
  if (!isRefusal(error))
    return new ChannelError('unavailable', `${method}: Telegram could not be reached`, { cause: systemCause(error) })
  const { error_code: status, parameters } = error.response
  // A gateway in between has errors of its own, in JSON too: nothing was refused by Telegram.
  if (!(Number(status) >= 400)) return new ChannelError('unavailable', `${method}: not an answer of Telegram`)
  const description = String(error.response.description).replaceAll(token, '…')
  const { code, hint } = meaningOf(Number(status), description)
  return new ChannelError(code, `${method}: ${status} ${description}`, {
    cause: new Refusal(Number(status), description, parameters?.migrate_to_chat_id ?? null),
    ...(hint === undefined ? {} : { hint }),
    ...(code === 'rate_limited' ? { retryAfterMs: Math.max(1, parameters?.retry_after ?? 1) * 1000 } : {}),
  })
}

/** By its shape, since telegraf itself is loaded only where it is called. */
function isRefusal(error: unknown): error is TelegramError {
  return error instanceof Error && 'response' in error && 'on' in error
}

type Meaning = { readonly code: ConstructorParameters<typeof ChannelError>[0]; readonly hint?: string }

function meaningOf(status: number, description: string): Meaning {
  if (status === 429) return { code: 'rate_limited' }
  // An old Bot API server answers 404 for an unknown method; for a wrong token it says just "Not Found".
  if (status === 404 && /method/i.test(description)) return { code: 'refused' }
  if (status === 401 || status === 404)
    return { code: 'misconfigured', hint: 'Check TELEGRAM_BOT_TOKEN with @BotFather, and TELEGRAM_API_ROOT if it is set.' }
  if (status === 403) return { code: 'chat_gone' }
  if (status === 409) return { code: 'unavailable', hint: conflictHint(description) }
  if (status >= 500) return { code: 'unavailable' }
  return meaningOf400(description)
}

function conflictHint(description: string): string {
  return /webhook/i.test(description)
    ? 'A webhook is set for this bot by another deployment; stop that one, or give this one a token of its own.'
    : 'Another process polls with this token; stop it, or give this one a token of its own.'
}

function meaningOf400(description: string): Meaning {
  if (/thread not found|TOPIC_(?:DELETED|ID_INVALID)/i.test(description)) return { code: 'topic_gone' }
  if (/chat not found|user not found|deactivated|was (?:upgraded|deleted)|PEER_ID_INVALID/i.test(description))
    return { code: 'chat_gone' }
  if (/not enough rights|no rights|ADMIN_REQUIRED|not a forum/i.test(description))
    return {
      code: 'misconfigured',
      hint: 'Make the bot an administrator of the desk group with the right to manage topics, and switch topics on.',
    }
  return { code: 'refused' }
}

/** Keeps the system's code (ECONNREFUSED, AbortError …) and drops the message: it holds the URL, and the URL the token. */
function systemCause(error: unknown): AppError {
  const told = error as { code?: unknown; type?: unknown; name?: unknown } | null | undefined // whatever was thrown; only read
  const code = [told?.code, told?.type, told?.name].find((each) => typeof each === 'string')
  return new AppError(String(code ?? 'unexpected'), 'no answer')
}

function saidNo(error: unknown, words: RegExp): boolean {
  return error instanceof ChannelError && error.cause instanceof Refusal && words.test(error.cause.message)
}

/** @returns whether Telegram could not parse our markup */
export function cannotParse(error: unknown): boolean {
  return saidNo(error, /can't parse entities|can't find end|unsupported start tag/i)
}

/** @returns whether the message to change is gone, too old or not ours */
export function cannotEdit(error: unknown): boolean {
  return saidNo(error, /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i)
}

/** @returns whether the requested state already holds */
export function alreadySo(error: unknown): boolean {
  return saidNo(error, /TOPIC_NOT_MODIFIED|message is not modified/i)
}

/** @returns whether somebody closed the topic by hand */
export function topicIsClosed(error: unknown): boolean {
  return saidNo(error, /TOPIC_CLOSED/i)
}

/** @returns the supergroup a group has become, or null when the error is about something else */
export function movedTo(error: unknown): number | null {
  return error instanceof ChannelError && error.cause instanceof Refusal ? error.cause.movedTo : null
}
