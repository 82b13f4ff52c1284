import type { Pool } from 'pg'
import type { Clock } from './base/clock.ts'
import { type Env, parseSettings } from './base/env.ts'
import type { Log } from './base/log.ts'
import { embedderOf } from './embedders/index.ts'
import type { Search } from './evidence.ts'
import { regionNames } from './filter.ts'
import type { Weights } from './fuse.ts'
import { prepared } from './prepared.ts'
import { rerankerOf } from './rerankers/index.ts'
import { searcher } from './search.ts'
import { type RetrievalSettings, regionsOf, retrievalSettings } from './settings.ts'
import type { DocumentStore } from './store/document.ts'
import { type Elsewhere, readElsewhere } from './store/document-rows.ts'
import { type Mappings, mappingStore } from './store/documents/mappings.ts'
import type { Reviews } from './store/documents/review.ts'
import { reviewStore } from './store/documents/reviews.ts'
import { upkeepOf } from './store/documents/upkeep.ts'
import { documentStore } from './store/documents.ts'
import type { VectorState } from './vector-state.ts'
import { vectorizer } from './vectors.ts'

export type { Elsewhere } from './store/document-rows.ts'

/** What the park knows, opened for reading and writing. */
export type Library = {
  readonly search: Search
  readonly documents: DocumentStore
  /** What staff do with documents; the same for command, desk and chat. */
  readonly reviews: Reviews
  /** What people have said the columns of achievement tables mean. */
  readonly mappings: Mappings
  readonly vectors: Vectors
  readonly settings: RetrievalSettings
  /** PARK_REGION as a list. */
  readonly regions: readonly string[] | '*'
  /** What of the park's own is never quoted, since PARK_REGION names none of its places. */
  elsewhere(): Promise<Elsewhere>
  /** Stops the background work; the pool belongs to the caller. */
  close(): Promise<void>
}

export type Vectors = {
  /**
   * Embeds passages that lack a vector under the configured model, then lets that model serve. Resumable; of several processes one does the
   * work and the others return at once.
   * @throws EmbedderError when the service is down or answers wrongly
   */
  build(signal?: AbortSignal): Promise<VectorState>
  /** Runs {@link Vectors.build} in the background until `close`; does nothing without an embedding model. */
  start(): void
  state(): Promise<VectorState>
}

/** `server`: a PostgreSQL server rather than the embedded database; statements are prepared and large sets of vectors are indexed. */
export type LibraryNeeds = {
  readonly pool: Pool
  readonly env: Env
  readonly log: Log
  readonly clock: Clock
  readonly server?: boolean
  /** How much words and vectors of this model count; default: what ships. */
  readonly weights?: (model: string) => Promise<Weights>
}

/** @throws SettingsError naming every fault of the retrieval settings */
export function openLibrary({ pool, env, log, clock, server = false, weights }: LibraryNeeds): Library {
  const settings = parseSettings(retrievalSettings, env)
  const embedder = embedderOf(settings)
  const vectors = embedder && vectorizer({ pool, embedder, log, server })
  const upkeep = upkeepOf(pool, log)
  const regions = regionsOf(settings.PARK_REGION)
  return {
    search: searcher({
      ask: prepared(pool, server),
      embed: vectors?.question ?? (async () => null),
      reranker: rerankerOf(settings),
      log,
      ...(weights ? { weights } : {}),
    }),
    documents: documentStore(pool, { clock, server, upkeep, ...(vectors ? { embed: vectors.passages } : {}) }),
    reviews: reviewStore(pool, { clock, twoPerson: settings.REVIEW === 'two_person', upkeep }),
    mappings: mappingStore(pool),
    vectors: vectors ?? lexicalAlone,
    settings,
    regions,
    elsewhere: () => readElsewhere(pool, regions === '*' ? null : regions.flatMap(regionNames)),
    async close() {
      await upkeep.stop()
      await vectors?.close()
    },
  }
}

const lexicalAlone: Vectors = {
  build: async () => ({ serving: null, building: null, missing: null }),
  start: () => {},
  state: async () => ({ serving: null, building: null, missing: null }),
}
