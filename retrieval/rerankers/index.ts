import type { RetrievalSettings } from '../settings.ts'
import { httpReranker } from './http.ts'
import type { Reranker } from './reranker.ts'

/** @returns the reranker the settings name; null: the fused order stands */
export function rerankerOf(settings: RetrievalSettings): Reranker | null {
  if (settings.RERANK_URL === undefined) return null
  return httpReranker({
    url: settings.RERANK_URL,
    model: settings.RERANK_MODEL,
    apiKey: settings.RERANK_API_KEY ?? sharedKey(settings),
  })
}

/** The key of the embedding service is sent only to that service's own host. */
function sharedKey(settings: RetrievalSettings): string | undefined {
  const hosts = [settings.RERANK_URL, settings.OPENAI_BASE_URL].map((each) => each && new URL(each).host)
  return hosts[0] === hosts[1] ? settings.OPENAI_API_KEY : undefined
}
