/** The types that travel between search, answer and store. */

import type { Weights } from './fuse.ts'

export type Kind = 'policy' | 'achievement' | 'faq' | 'event' | 'organisation'

/** Whether each passage of a document of this kind is one record of a table, with a name of its own. */
export const isRecord = (kind: Kind): boolean => kind === 'achievement' || kind === 'organisation'

/** What kinds of events there are; `other` for all others. */
export const eventTypes = [
  'roadshow',
  'open_day',
  'matchmaking',
  'contract_training',
  'broker_training',
  'training',
  'briefing',
  'contest',
  'coaching',
  'other',
] as const
export type EventType = (typeof eventTypes)[number]

/** Computed from dates and relations, never stored (`validity.ts`). Only `effective` and `expiring` may support an answer. */
export type Status = 'draft' | 'scheduled' | 'effective' | 'expiring' | 'expired' | 'superseded' | 'repealed' | 'unknown'

/** 1 public · 2 verified enterprises · 3 both sides consented */
export type Visibility = 1 | 2 | 3

/** A searchable piece of a document, with what is needed to cite it. Dates are `YYYY-MM-DD`, days in China. */
export type Passage = {
  /** Deterministic: the same document text gives the same id on every ingest. */
  readonly id: string
  readonly documentId: string
  readonly kind: Kind
  readonly title: string
  readonly docNo: string | null
  readonly genre: string | null
  /** `第六条`, `附件1`, a table row's key; null when the document has no clauses. */
  readonly clause: string | null
  /** Headings above it, e.g. `第二章 支持标准`. */
  readonly heading: string | null
  readonly text: string
  /** Order within its document, from 0. */
  readonly position: number
  readonly status: Status
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly regions: readonly string[]
  /** Where staff can find it: the path or address it was ingested from. */
  readonly source: string
  /** Typed columns of an achievement (trl, ip, cooperation, price, field …); empty for policies. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** One candidate with the raw score of every signal that found it; `score` is the fused one. */
export type Evidence = {
  readonly passage: Passage
  readonly score: number
  readonly signals: Readonly<Record<string, number>>
}

/** A term of the question with its inverse document frequency in the searched library. */
export type QueryTerm = { readonly term: string; readonly idf: number; readonly documents: number }

export type SearchRequest = {
  readonly text: string
  /** `YYYY-MM-DD`: the day on which a passage must be in force. */
  readonly asOf: string
  /** Jurisdictions whose policies apply, most local first; national ones always do; `*` lifts the filter. */
  readonly regions: readonly string[] | '*'
  readonly visibility: Visibility
  readonly kinds?: readonly Kind[]
  /** `in_force` for answers; `any` to explain what became of a rule that no longer applies or does not apply yet. */
  readonly validity: 'in_force' | 'any'
  readonly limit?: number
}

export type Found = {
  /** Best first. */
  readonly evidence: readonly Evidence[]
  readonly terms: readonly QueryTerm[]
  /** Passages the filter lets through, before ranking. */
  readonly searched: number
  /** Whose vectors were compared; null when words alone were searched. */
  readonly embedder: string | null
  /** By signal, as the scores were fused. */
  readonly weights: Weights
  readonly ms: { readonly embed: number; readonly search: number }
}

export type Search = (request: SearchRequest, signal?: AbortSignal) => Promise<Found>
