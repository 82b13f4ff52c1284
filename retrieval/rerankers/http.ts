import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import type { Reranker } from './reranker.ts'

/** No known service rates higher, and differences between larger numbers lose their precision. */
const largest = 1e9
const score = z.number().min(-largest).max(largest)
const answer = z.object({ results: z.array(z.object({ index: z.number().int(), relevance_score: score })) })
const timeoutMs = 8_000

/** A `/rerank` service in the shape Jina and Cohere share. @param url the whole address, with or without `/rerank` at the end */
export function httpReranker(settings: {
  readonly url: string
  readonly model: string | undefined
  readonly apiKey: string | undefined
}): Reranker {
  const url = /\/rerank\/?$/.test(settings.url) ? settings.url : `${settings.url.replace(/\/$/, '')}/rerank`
  return {
    name: settings.model ?? 'rerank',
    async rerank(question, texts, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(settings.apiKey ? { authorization: `Bearer ${settings.apiKey}` } : {}),
        },
        body: JSON.stringify({
          model: settings.model,
          query: question,
          documents: texts,
          top_n: texts.length,
          return_documents: false,
        }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      }).catch((cause: unknown) => {
        throw failed('could not be reached', cause)
      })
      if (!response.ok) throw failed(`answered ${response.status}`)
      const parsed = answer.safeParse(await response.json().catch(() => null))
      if (!parsed.success) throw failed(timeout.aborted ? 'did not finish in time' : 'gave an answer in another shape')
      if (!sound(parsed.data.results, texts.length)) throw failed('rated other texts than it was given, or none')
      return inOrder(parsed.data.results, texts.length)
    },
  }
}

type Result = { readonly index: number; readonly relevance_score: number }

/** Whether each result names one of the texts, each at most once. */
function sound(results: readonly Result[], size: number): boolean {
  const rated = new Set(results.map(({ index }) => index))
  return rated.size > 0 && rated.size === results.length && results.every(({ index }) => index >= 0 && index < size)
}

/** Services sort by relevance and may omit texts; an omitted text counts as the least relevant. */
function inOrder(results: readonly Result[], size: number): number[] {
  const least = Math.min(0, ...results.map((each) => each.relevance_score))
  const scores = new Array<number>(size).fill(least)
  for (const { index, relevance_score } of results) scores[index] = relevance_score
  return scores
}

function failed(what: string, cause?: unknown): AppError {
  return new AppError('reranker_failed', `the rerank service ${what}`, {
    hint: 'Check RERANK_URL, RERANK_MODEL and RERANK_API_KEY.',
    retry: true,
    cause,
  })
}
