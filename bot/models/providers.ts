import { ModelError } from './model.ts'

/** The part of a LangChain chat model that we use. */
export type Chat = { stream(messages: unknown, options: { signal: AbortSignal }): Promise<AsyncIterable<unknown>> }
export type Named = { readonly name: string; readonly baseUrl: string | undefined; readonly apiKey: string | undefined }

/** Providers that do not speak the OpenAI protocol, by their prefix in CHAT_MODEL, and the package each needs. */
const packages: Readonly<Record<string, string>> = {
  anthropic: '@langchain/anthropic',
  bedrock: '@langchain/aws',
  cohere: '@langchain/cohere',
  deepseek: '@langchain/deepseek',
  'google-genai': '@langchain/google-genai',
  'google-vertexai': '@langchain/google-vertexai',
  groq: '@langchain/groq',
  mistralai: '@langchain/mistralai',
  ollama: '@langchain/ollama',
  xai: '@langchain/xai',
}

export const mostTokens = 600

/** @returns the provider prefix of a name; null for models behind the OpenAI protocol (also `qwen2.5:7b`: a tag is no provider) */
export function providerOf(name: string): string | null {
  const prefix = /^([a-z-]+):/.exec(name)?.[1]
  return prefix !== undefined && prefix in packages ? prefix : null
}

/** @throws ModelError `model_missing` naming the package to install, at start rather than at the first question */
export function checkInstalled(name: string): void {
  const provider = providerOf(name)
  const needed = provider === null ? undefined : packages[provider]
  if (needed === undefined) return
  try {
    import.meta.resolve(needed)
  } catch (cause) {
    throw new ModelError(
      'model_missing',
      `CHAT_MODEL names the provider “${provider}”, whose package ${needed} is not installed`,
      {
        hint: `npm install ${needed}`,
        cause,
      },
    )
  }
}

/**
 * Opens a chat model by name. Its own retries are off: ours know the time budget. The packages are loaded here, since they would take most
 * of a start.
 */
export async function openChat({ name, baseUrl, apiKey }: Named): Promise<Chat> {
  if (providerOf(name) !== null) {
    const { initChatModel } = await import('langchain')
    return initChatModel(name, { temperature: 0, maxRetries: 0 })
  }
  const { ChatOpenAI } = await import('@langchain/openai')
  return new ChatOpenAI({
    model: name.replace(/^openai:/, ''),
    apiKey: apiKey ?? 'none',
    temperature: 0,
    maxTokens: mostTokens,
    maxRetries: 0,
    ...(baseUrl === undefined ? {} : { configuration: { baseURL: baseUrl } }),
  })
}
