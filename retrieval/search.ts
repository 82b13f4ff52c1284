import pLimit from 'p-limit'
import { errorFields, type Log } from './base/log.ts'
import type { QueryTerm, Search, SearchRequest } from './evidence.ts'
import { FilterMemory, filterOf } from './filter.ts'
import { defaultWeights, fuse, inContext, type Weights } from './fuse.ts'
import { passageText } from './passage-text.ts'
import type { Ask } from './prepared.ts'
import type { Reranker } from './rerankers/reranker.ts'
import { signals as allSignals } from './signals/index.ts'
import type { Question, Signal } from './signals/signal.ts'
import { type Candidate, candidatesOf, type SearchRow, searchStatement } from './statement.ts'
import { questionTermsOf } from './text/terms.ts'

/** Turns a question into a vector of the serving model; null without one, or while it is down: then words alone are searched. */
export type EmbedQuestion = (text: string, signal?: AbortSignal) => Promise<Question['vector']>

export type SearchNeeds = {
  readonly ask: Ask
  readonly embed: EmbedQuestion
  readonly reranker: Reranker | null
  readonly log: Log
  /** How much each signal counts when vectors of this model were compared; default: {@link defaultWeights}. */
  readonly weights?: (model: string) => Promise<Weights>
  /** Default: all. Measurements pass a single one. */
  readonly signals?: readonly Signal[]
}

const nothing: SearchRow = { candidates: [], terms: null, searched: 0, version: null, passages: 0, fresh: null }

const defaultLimit = 20
/** Least number of candidates each signal brings to the fusion. */
const least = 20
/**
 * Among many passages every candidate costs a page or two from the disk's cache, so several signals each bring this share of the limit: of
 * 58,836 statutes it ranked .002 to .004 nDCG@10 worse, for a fifth less work. Small libraries are searched in full.
 */
const besideOthers = 0.6
const many = 20_000
/** More terms add nothing, and a pasted page must not become a page of SQL work. */
const mostTerms = 200

/**
 * Searches one process runs at once; others wait here. A search is pure computing: eight at once on two cores cost a fifth more each than
 * three, and would hold every connection that storing a message needs.
 */
const atOnce = 3

/** Filter, search, fuse, rerank; words and vectors in one round trip. An outside part that is down costs quality, not the answer. */
export function searcher({ ask, embed, weights: weightsFor, reranker, log, signals = allSignals }: SearchNeeds): Search {
  const filters = new FilterMemory()
  const inTurn = pLimit(atOnce)
  const rerank = reranking(reranker, log)
  return async (request, signal) => {
    const started = performance.now()
    const terms = counted(questionTermsOf(request.text)).slice(0, mostTerms)
    const vector = await embed(request.text, signal)
    const embedded = performance.now()
    const weights = (vector && (await weightsFor?.(vector.model))) ?? defaultWeights
    const limit = request.limit ?? defaultLimit
    const remembered = filters.get(request)
    const sparing = vector !== null && signals.length > 1 && (remembered?.passages ?? 0) > many
    const depth = sparing ? Math.ceil(besideOthers * limit) : Math.max(least, limit)
    const statement = searchStatement(request, { terms, vector }, signals, depth, remembered)
    const { rows } = await inTurn(() => ask<SearchRow>(statement.text, statement.values))
    const found = rows[0] ?? nothing
    if (found.version !== null && found.fresh !== null) filters.set(request, filterOf(found.version, found.fresh, found.passages))
    const candidates = candidatesOf(found, statement.signals, request.asOf)
    const ranked = await rerank(inContext(fuse(candidates, weights)), weights, request, signal)
    return {
      evidence: ranked.slice(0, limit).map(({ passage, score, signals: scores }) => ({ passage, score, signals: scores })),
      terms: terms.map(
        ({ term }, place): QueryTerm => ({
          term,
          idf: found.terms?.[place]?.idf ?? 0,
          documents: found.terms?.[place]?.documents ?? 0,
        }),
      ),
      searched: found.searched,
      embedder: vector?.model ?? null,
      weights,
      ms: { embed: embedded - started, search: performance.now() - embedded },
    }
  }
}

function counted(terms: readonly string[]): { readonly term: string; readonly times: number }[] {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return [...counts].map(([term, times]) => ({ term, times }))
}

/** How many of the fused list are reranked: it is the slow and costly part. */
const reranked = 30
/** After a failure questions do without the reranker for a while, instead of each waiting for a time-out. */
const restMs = 15_000

type Fused = Candidate & { readonly score: number }

type Rerank = (
  fused: readonly Fused[],
  weights: Weights,
  request: SearchRequest,
  signal: AbortSignal | undefined,
) => Promise<readonly Fused[]>

function reranking(reranker: Reranker | null, log: Log): Rerank {
  let restUntil = 0
  return async (fused, weights, request, signal) => {
    if (reranker === null || fused.length === 0 || performance.now() < restUntil) return fused
    const [best, rest] = [fused.slice(0, reranked), fused.slice(reranked)]
    try {
      const texts = best.map(({ passage }) => passageText(passage))
      const scores = await reranker.rerank(request.text, texts, signal)
      const scored = best.map((each, index) => ({ ...each, signals: { ...each.signals, rerank: scores[index] ?? 0 } }))
      const low = rest[0]?.score ?? 0
      // Reranked passages stay ahead; the others keep their fused order below.
      return [...fuse(scored, weights), ...rest.map((each) => ({ ...each, score: Math.min(each.score, low) * 0.001 }))]
    } catch (error) {
      // The caller has gone, which says nothing about the service.
      if (signal?.aborted !== true) restUntil = performance.now() + restMs
      log('rerank_failed', errorFields(error))
      return fused
    }
  }
}
