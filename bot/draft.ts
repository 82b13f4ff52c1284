import type { Evidence } from '../retrieval/evidence.ts'

/**
 * What would be said, before it is decided whether to say it.
 * `text` carries citation marks `[1]`, `[2]` … which index `cited` from 1; without the marks it is at most 200 characters when extractive.
 */
export type Draft = {
  readonly text: string
  readonly cited: readonly Evidence[]
  /** Exact words shown as a quotation, per cited passage, same order as `cited`. */
  readonly quotes: readonly string[]
  /** True when a model phrased it; then the person is told that it is AI-generated. */
  readonly generated: boolean
  readonly prompt: string | null
  readonly model: string | null
}
