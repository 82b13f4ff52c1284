import { toError } from '../../retrieval/base/errors.ts'
import { sanitise } from '../../retrieval/base/sanitise.ts'
import { type ChatMessage, type Completing, type Completion, estimatedTokens, type Model, ModelError } from './model.ts'
import { type Chat, type Named, openChat, providerOf } from './providers.ts'

/** Silence for `idleMs`, or no end after `totalMs`, counts as down: a person in a chat is waiting. */
export type Patience = { readonly idleMs: number; readonly totalMs: number }

/** Longer than any answer: a model that does not stop is stopped. */
const mostCharacters = 6_000

/** One chat model through LangChain's interface, read as a stream, so that silence is noticed before the end. */
export function langchainModel(named: Named, patience: Patience): Model {
  let chat: Promise<Chat> | null = null
  return {
    name: named.name,
    async complete(messages, options = {}) {
      chat ??= openChat(named)
      const stopping = new AbortController()
      const limits = [stopping.signal, AbortSignal.timeout(patience.totalMs)]
      const signal = AbortSignal.any(options.signal === undefined ? limits : [...limits, options.signal])
      try {
        const chunks = await within(patience.idleMs, (await chat).stream(messages.map(langchainMessage), { signal }))
        const reply = await gathered(chunks, patience.idleMs, options)
        return completionOf(reply, named, messages)
      } catch (cause) {
        if (options.signal?.aborted === true) throw cause
        throw errorOf(cause)
      } finally {
        stopping.abort()
      }
    },
  }
}

function langchainMessage({ role, content }: ChatMessage): [string, string] {
  return [role === 'system' ? 'system' : 'human', content]
}

type Reply = { text: string; finish: string | undefined; model: string | undefined; usage: Usage | undefined; called: boolean }
type Usage = { readonly input_tokens?: number; readonly output_tokens?: number }

/** The part of a chunk we read; providers differ in the rest. */
type Chunk = {
  readonly content?: unknown
  readonly response_metadata?: Readonly<Record<string, unknown>>
  readonly usage_metadata?: Usage
  readonly tool_call_chunks?: readonly unknown[]
}

async function gathered(chunks: AsyncIterable<unknown>, idleMs: number, { onText }: Completing): Promise<Reply> {
  const reply: Reply = { text: '', finish: undefined, model: undefined, usage: undefined, called: false }
  const next = chunks[Symbol.asyncIterator]()
  for (;;) {
    const { value, done } = await within(idleMs, next.next())
    if (done === true) return reply
    const grown = take(reply, (value ?? {}) as Chunk) // loose: every field is optional
    if (reply.text.length > mostCharacters) throw new ModelError('model_refused', 'The chat model did not stop')
    if (grown) onText?.(sanitise(reply.text))
  }
}

function take(reply: Reply, chunk: Chunk): boolean {
  const about = chunk.response_metadata ?? {}
  const finish = about['finish_reason'] ?? about['done_reason'] ?? about['stop_reason']
  if (typeof finish === 'string') reply.finish = finish
  if (typeof about['model_name'] === 'string') reply.model = about['model_name']
  if (chunk.usage_metadata !== undefined) reply.usage = chunk.usage_metadata
  if ((chunk.tool_call_chunks ?? []).length > 0) reply.called = true
  const text = typeof chunk.content === 'string' ? chunk.content : ''
  reply.text += text
  return text !== ''
}

/** An answer that was filtered, cut off, empty or a tool call does not count. */
function completionOf(reply: Reply, { name }: Named, messages: readonly ChatMessage[]): Completion {
  const text = sanitise(reply.text)
  // Every OpenAI-compatible service ends with a reason; a stream without one broke off.
  if (reply.finish === undefined && providerOf(name) === null && !reply.called)
    throw new ModelError('model_cut', 'The chat model broke off')
  const ended = reply.finish === undefined || /^(?:stop|end_turn|eos|complete)/i.test(reply.finish)
  if (text.trim() === '' || reply.called || !ended)
    throw new ModelError('model_refused', `The chat model gave no usable answer (${reply.finish ?? 'empty'})`)
  const input = reply.usage?.input_tokens ?? estimatedTokens(messages.map((each) => each.content).join('\n'))
  return { text, model: reply.model ?? name, tokens: { input, output: reply.usage?.output_tokens ?? estimatedTokens(text) } }
}

/** @throws ModelError `model_slow` when nothing comes in time */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ModelError('model_slow', 'The chat model fell silent')), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}

/** The error without the vendor's words, which may contain the prompt. */
function errorOf(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause
  const told = (cause ?? {}) as { status?: unknown; name?: unknown; headers?: { get?(name: string): string | null } } // whatever was thrown; only read
  const status = Number(told.status)
  if (told.name === 'TimeoutError' || told.name === 'AbortError')
    return new ModelError('model_slow', 'The chat model did not finish in time', { cause: toError(cause) })
  if ([401, 402, 403].includes(status))
    return new ModelError('model_denied', `The chat model's service refused (${status})`, {
      hint: 'Check OPENAI_API_KEY and the account behind it.',
      cause: toError(cause),
    })
  if (status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429)
    return new ModelError('model_refused', `The chat model's service refused the request (${status})`, { cause: toError(cause) })
  const seconds = Number(told.headers?.get?.('retry-after') ?? Number.NaN)
  return new ModelError(
    'model_unavailable',
    `The chat model did not answer (${Number.isNaN(status) ? 'no connection' : status})`,
    {
      cause: toError(cause),
      ...(Number.isNaN(seconds) ? {} : { retryAfterMs: seconds * 1000 }),
    },
  )
}
