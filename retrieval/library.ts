import type { Pool } from 'pg'
import type { Clock } from './base/clock.ts'
import type { Env } from './base/env.ts'
import type { Log } from './base/log.ts'
import type { Search } from './evidence.ts'
import type { RetrievalSettings } from './settings.ts'
import type { DocumentStore } from './store/document.ts'

/** What the park knows, opened for reading and writing. */
export type Library = {
  readonly search: Search
  readonly documents: DocumentStore
  readonly vectors: Vectors
  readonly settings: RetrievalSettings
  /** PARK_REGION as a list. */
  readonly regions: readonly string[] | '*'
  /** Stops the background work; the pool belongs to the caller. */
  close(): Promise<void>
}

export type Vectors = {
  /** Embeds what still lacks a vector under the configured model, then lets it serve. Resumable; several processes may call it. */
  build(signal?: AbortSignal): Promise<VectorState>
  /** Keeps {@link Vectors.build} going in the background until `close`; does nothing without an embedding model. */
  start(): void
  state(): Promise<VectorState>
}

export type VectorState = {
  /** Model whose vectors answer; null while search is lexical alone. */
  readonly serving: { readonly model: string; readonly dimensions: number } | null
  /** Model that is being built; null when there is nothing to do. */
  readonly building: { readonly model: string; readonly dimensions: number } | null
  /** Passages without a vector under the configured model; null without one. */
  readonly missing: number | null
}

export type LibraryNeeds = { readonly pool: Pool; readonly env: Env; readonly log: Log; readonly clock: Clock }

/** @throws SettingsError naming every fault of the retrieval settings */
export declare function openLibrary(needs: LibraryNeeds): Library
