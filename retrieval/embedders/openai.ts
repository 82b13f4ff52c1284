import { toError } from '../base/errors.ts'
import { checkedVectors, EmbedderError } from './checked.ts'
import type { Embedder, EmbedOptions } from './embedder.ts'

type Package = typeof import('openai')
type Settings = {
  readonly model: string
  readonly dimensions: number | null
  readonly baseUrl: string | undefined
  readonly apiKey: string | undefined
}

/** The strictest known services accept fewer; they answer 400, and the batch is halved. */
const batch = 64
/** A person waits for a question, nobody for a passage. The package honours `Retry-After`, up to a minute. */
const patience = {
  question: { timeout: 6_000, maxRetries: 1, deadline: 8_000 },
  passage: { timeout: 60_000, maxRetries: 5, deadline: 300_000 },
} as const

/** Any service that speaks OpenAI's `/embeddings`. The package asks for base64 and accepts plain numbers too. */
export function openaiEmbedder({ model, dimensions, baseUrl, apiKey }: Settings): Embedder {
  // Two hundred files, which no command that embeds nothing should wait for.
  const loaded = import('openai').then(({ OpenAI }) => ({
    OpenAI,
    client: new OpenAI({ baseURL: baseUrl ?? null, apiKey: apiKey ?? 'none' }),
  }))
  loaded.catch(() => {}) // whoever embeds is told
  async function call(texts: readonly string[], options: EmbedOptions): Promise<number[][]> {
    const { timeout, maxRetries, deadline } = patience[options.purpose]
    const { client } = await loaded
    const late = AbortSignal.timeout(deadline)
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late
    const chosen = options.chosen && options.dimensions !== null ? { dimensions: options.dimensions } : {}
    const answer = await client.embeddings.create(
      { model: options.model, input: [...texts], ...chosen },
      { timeout, maxRetries, signal },
    )
    const ordered = [...(answer.data ?? [])].sort((a, b) => a.index - b.index).map((each) => each.embedding)
    return checkedVectors(ordered, { count: texts.length, dimensions: options.dimensions })
  }
  async function embed(texts: readonly string[], options: EmbedOptions): Promise<number[][]> {
    try {
      return await call(texts, options)
    } catch (error) {
      const { OpenAI } = await loaded
      if (tooMany(error, OpenAI) && texts.length > 1) return halves(texts, options)
      throw error instanceof EmbedderError ? error : failed(error, OpenAI)
    }
  }
  async function halves(texts: readonly string[], options: EmbedOptions): Promise<number[][]> {
    const half = Math.ceil(texts.length / 2)
    return [...(await embed(texts.slice(0, half), options)), ...(await embed(texts.slice(half), options))]
  }
  return {
    model,
    dimensions,
    batch,
    async embed(texts, options) {
      const vectors: number[][] = []
      for (let from = 0; from < texts.length; from += batch) {
        const known = options.dimensions ?? vectors[0]?.length ?? null
        vectors.push(...(await embed(texts.slice(from, from + batch), { ...options, dimensions: known })))
      }
      return vectors
    },
  }
}

/** Some services take 10 or 25 texts at once, and answer 400 or 413 to more. */
function tooMany(error: unknown, OpenAI: Package['OpenAI']): boolean {
  return error instanceof OpenAI.APIError && (error.status === 400 || error.status === 413 || error.status === 422)
}

/** Tells a service that answers in another shape from one that cannot be reached, so that nobody looks for the fault in the network. */
function failed(error: unknown, OpenAI: Package['OpenAI']): EmbedderError {
  const unreached = error instanceof OpenAI.APIError || ['AbortError', 'TimeoutError'].includes(toError(error).name)
  if (!unreached)
    return new EmbedderError('embedding_failed', 'the embedding service gave an answer in another shape', {
      hint: 'Check that OPENAI_BASE_URL serves embeddings in the OpenAI shape; `npm run doctor` tries it.',
      retry: true,
      cause: toError(error),
    })
  const status = error instanceof OpenAI.APIError ? error.status : undefined
  const retry = status === undefined || status === 408 || status === 409 || status === 429 || status >= 500
  const what = status === undefined ? 'could not be reached in time' : `answered ${status}`
  return new EmbedderError('embedding_failed', `the embedding service ${what}`, {
    hint: 'Check OPENAI_BASE_URL, OPENAI_API_KEY and EMBEDDING_MODEL; `npm run doctor` tries them.',
    retry,
    cause: toError(error),
  })
}
