import type { Pool } from 'pg'
import { AppError } from './base/errors.ts'
import type { Embedder } from './embedders/embedder.ts'
import { countUnembedded, readEmbedders } from './store/vectors.ts'

export type VectorState = {
  /** The model whose vectors answer; null while search is lexical alone. */
  readonly serving: { readonly model: string; readonly dimensions: number } | null
  /** The model being built; null when there is nothing to do. */
  readonly building: { readonly model: string; readonly dimensions: number } | null
  /** Passages without a vector under the configured model; null without one. */
  readonly missing: number | null
}

/** Which model serves, which is being built, and how many vectors are missing. */
export async function vectorStateOf(pool: Pool, embedder: Embedder): Promise<VectorState> {
  const rows = await readEmbedders(pool)
  const serving = rows.find((each) => each.state === 'serving')
  const building = rows.find(
    (each) => each.state === 'building' && each.model === embedder.model && fits(each.dimensions, embedder),
  )
  const current = building ?? (serving?.model === embedder.model && fits(serving.dimensions, embedder) ? serving : undefined)
  return { serving: named(serving), building: named(building), missing: await countUnembedded(pool, current?.id ?? 0) }
}

function fits(dimensions: number, embedder: Embedder): boolean {
  return embedder.dimensions === null || embedder.dimensions === dimensions
}

function named(
  row: { readonly model: string; readonly dimensions: number } | undefined,
): { model: string; dimensions: number } | null {
  return row ? { model: row.model, dimensions: row.dimensions } : null
}

/** A service that is down may be tried again later; one that answers wrongly must be fixed by a person. */
export function isTemporary(error: unknown): boolean {
  return !(error instanceof AppError) || error.retry
}
