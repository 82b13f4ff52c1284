import type { RetrievalSettings } from '../settings.ts'
import type { Embedder } from './embedder.ts'
import { openaiEmbedder } from './openai.ts'

/** @returns the embedder the settings name; null: search is lexical alone */
export function embedderOf(settings: RetrievalSettings): Embedder | null {
  if (settings.EMBEDDING_MODEL === undefined) return null
  return openaiEmbedder({
    model: settings.EMBEDDING_MODEL,
    dimensions: settings.EMBEDDING_DIMENSIONS ?? null,
    baseUrl: settings.OPENAI_BASE_URL,
    apiKey: settings.OPENAI_API_KEY,
  })
}
