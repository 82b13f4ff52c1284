import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { passageText } from './passage-text.ts'
import { dropLease, takeLease } from './store/library-state.ts'
import * as store from './store/vectors.ts'
import type { VectorizerNeeds } from './vectors.ts'

/** Longer than the slowest batch may take, so that a lease never runs out during work. */
const leaseSeconds = 400
/** Pause between batches, so that searches and a paid quota get their turn. */
const pauseMs = 25

export type VectorBuilder = {
  /** @returns the row to fill under the configured model; null while its vector length is unknown */
  target(): Promise<store.StoredEmbedder | null>
  /** Vectors of `texts`; a model's first answer fixes its vector length and creates its row. */
  embedTexts(
    texts: readonly string[],
    target: store.StoredEmbedder | null,
    signal: AbortSignal,
  ): Promise<{ readonly row: store.StoredEmbedder; readonly vectors: readonly (readonly number[])[] }>
  /** Fills what is missing and lets the model serve; returns at once when another process is doing so. */
  build(signal: AbortSignal): Promise<void>
}

/** @param onSwitch called when another model has begun to serve */
export function vectorBuilder({ pool, embedder, log, server }: VectorizerNeeds, onSwitch: () => void): VectorBuilder {
  const owner = randomUUID()

  async function target(): Promise<store.StoredEmbedder | null> {
    if (embedder.dimensions !== null) return store.ensureEmbedder(pool, embedder.model, embedder.dimensions, true)
    const rows = (await store.readEmbedders(pool)).filter((each) => each.model === embedder.model && !each.chosen)
    const current = rows.find((each) => each.state === 'serving') ?? rows[0]
    return current ? store.ensureEmbedder(pool, current.model, current.dimensions, false) : null
  }

  const embedTexts: VectorBuilder['embedTexts'] = async (texts, row, signal) => {
    const as = row ?? { model: embedder.model, dimensions: null, chosen: false }
    const vectors = await embedder.embed(texts, { ...as, purpose: 'passage', signal })
    return { row: row ?? (await store.ensureEmbedder(pool, embedder.model, vectors[0]?.length ?? 0, false)), vectors }
  }

  /** One batch. @returns how many passages it filled, and of which row; null when nothing was ever embedded */
  async function step(signal: AbortSignal): Promise<{ readonly row: store.StoredEmbedder | null; readonly filled: number }> {
    const to = await target()
    const batch = await store.readUnembedded(pool, to?.id ?? 0, embedder.batch)
    if (batch.length === 0) return { row: to, filled: 0 }
    const { row, vectors } = await embedTexts(batch.map(passageText), to, signal)
    const rows = batch.map((each, index) => ({ passage: each.number, document: each.document, vector: vectors[index] ?? [] }))
    await store.insertVectors(pool, row.id, rows)
    return { row, filled: batch.length }
  }

  /** Every passage has its vector. The index may take a minute; the lease is long enough for several hundred thousand. */
  async function finish(row: store.StoredEmbedder | null): Promise<void> {
    await store.dropRetired(pool)
    if (server && row !== null && (await store.indexCodes(pool, row))) log('vectors_indexed', { model: row.model })
  }

  async function fill(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await takeLease(pool, 'vectors', owner, leaseSeconds))) {
      const { row, filled } = await step(signal)
      if (filled === 0 && row !== null && row.state !== 'serving') {
        await store.serve(pool, row.id)
        onSwitch()
        log('embedder_switched', { model: row.model, dimensions: row.dimensions })
      }
      if (filled === 0) return finish(row)
      await wait(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  return {
    target,
    embedTexts,
    build: (signal) => fill(signal).finally(() => dropLease(pool, 'vectors', owner)),
  }
}
