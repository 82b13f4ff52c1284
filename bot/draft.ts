import type { Evidence } from '../retrieval/evidence.ts'

/**
 * What would be said, before it is decided whether to say it. `text` carries citation marks `[1]`, `[2]` … that index `cited` from 1;
 * without the marks an extractive one has at most 200 characters.
 */
export type Draft = {
  readonly text: string
  readonly cited: readonly Evidence[]
  /** Exact words shown as a quotation, per cited passage, in the order of `cited`. */
  readonly quotes: readonly string[]
  /** True when a model phrased it; the person is then told that it is AI-generated. */
  readonly generated: boolean
  readonly prompt: string | null
  readonly model: string | null
  /** The events it tells of, in their order, and which of them one can sign up for; absent: it is no answer from the agenda. */
  readonly agenda?: readonly { readonly event: string; readonly open: boolean }[]
}
