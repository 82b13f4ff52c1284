import { ChatOpenAI } from '@langchain/openai'
import { initChatModel } from 'langchain'
import { codeOf, toError } from '../../retrieval/base/errors.ts'
import { type ChatMessage, type Completion, type Model, ModelError } from './model.ts'

export type ModelSettings = { readonly name: string; readonly baseUrl: string | undefined; readonly apiKey: string | undefined }

/** Whoever asks in a chat waits; a model that takes longer is as good as down. */
const totalMs = 20_000
const mostTokens = 600
const retries = 1

type Chat = { invoke(messages: unknown, options: { signal: AbortSignal }): Promise<unknown> }

/** A chat model through LangChain's interface: any OpenAI-compatible endpoint, or another provider by prefix (`ollama:qwen3`). */
export function langchainModel(settings: ModelSettings): Model {
  let chat: Promise<Chat> | null = null
  return {
    name: settings.name,
    async complete(messages, signal) {
      chat ??= open(settings)
      const limit = AbortSignal.any([AbortSignal.timeout(totalMs), ...(signal === undefined ? [] : [signal])])
      try {
        return completionOf(await (await chat).invoke(messages.map(langchainMessage), { signal: limit }), settings.name)
      } catch (cause) {
        if (cause instanceof ModelError) throw cause
        throw new ModelError('model_unavailable', `The chat model did not answer (${codeOf(cause)})`, {
          retry: true,
          cause: toError(cause),
        })
      }
    },
  }
}

function langchainMessage({ role, content }: ChatMessage): [string, string] {
  return [role === 'system' ? 'system' : 'human', content]
}

/** `provider:model` needs the provider's own LangChain package; everything else speaks the OpenAI protocol. */
async function open({ name, baseUrl, apiKey }: ModelSettings): Promise<Chat> {
  const provider = /^([a-z-]+):(?=\D)/.exec(name)?.[1]
  if (provider === undefined || provider === 'openai') {
    return new ChatOpenAI({
      model: name.replace(/^openai:/, ''),
      apiKey: apiKey ?? 'none',
      temperature: 0,
      maxTokens: mostTokens,
      maxRetries: retries,
      ...(baseUrl === undefined ? {} : { configuration: { baseURL: baseUrl } }),
    })
  }
  try {
    return await initChatModel(name, { temperature: 0, maxRetries: retries })
  } catch (cause) {
    throw new ModelError('model_unavailable', `CHAT_MODEL names the provider “${provider}”, whose package is not installed`, {
      hint: `npm install @langchain/${provider}`,
      cause,
    })
  }
}

type Reply = {
  content?: unknown
  response_metadata?: { finish_reason?: string; model_name?: string }
  usage_metadata?: { total_tokens?: number }
  tool_calls?: readonly unknown[]
}

/** An answer that was filtered, cut off, empty or a tool call is none. */
function completionOf(raw: unknown, name: string): Completion {
  const reply = (raw ?? {}) as Reply // loose: every field is optional
  const text = typeof reply.content === 'string' ? reply.content : ''
  const reason = reply.response_metadata?.finish_reason
  if (text.trim() === '' || (reply.tool_calls ?? []).length > 0 || (reason !== undefined && reason !== 'stop')) {
    throw new ModelError('model_refused', `The chat model gave no usable answer (${reason ?? 'empty'})`)
  }
  return { text, model: reply.response_metadata?.model_name ?? name, tokens: reply.usage_metadata?.total_tokens ?? null }
}
