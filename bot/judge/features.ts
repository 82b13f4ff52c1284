import type { Found } from '../../retrieval/evidence.ts'
import type { Draft } from '../draft.ts'
import { quoteFeatures } from './features/quote.ts'
import { rankFeatures } from './features/ranks.ts'
import { sentenceFeatures } from './features/sentence.ts'
import { termFeatures } from './features/terms.ts'
import { viewOf } from './features/view.ts'
import { wordFeatures } from './features/words.ts'

/** What a feature is about, as `ask --explain` groups them. */
export type Aspect = 'covered' | 'stands_out' | 'title' | 'kind' | 'field' | 'names' | 'question'

/**
 * Every feature, what it is about, and how it may move confidence: 1 up, -1 down, 0 either way. A known direction is not left to the fit.
 */
export const featureTable = {
  score_share: ['covered', 1],
  margin_2: ['stands_out', 1],
  margin_5: ['stands_out', 1],
  margin_10: ['stands_out', 1],
  fused_margin: ['stands_out', 1],
  document_margin: ['stands_out', 1],
  same_document_2: ['stands_out', 0],
  siblings: ['stands_out', 0],
  z_score: ['stands_out', 1],
  shown_is_top: ['stands_out', 1],
  terms_log: ['question', 0],
  library_log: ['question', -1],
  coverage: ['covered', 1],
  text_coverage: ['covered', 1],
  window: ['covered', 1],
  shown: ['covered', 1],
  pairs: ['covered', 1],
  heaviest_missing: ['covered', -1],
  heaviest_missing_idf: ['covered', -1],
  missing_pairs: ['covered', -1],
  unknown_terms: ['covered', -1],
  rest_shown: ['covered', 1],
  rest_text: ['covered', 1],
  sentence: ['covered', 1],
  sentence_rest: ['covered', 1],
  rest_margin: ['stands_out', 1],
  coverage_margin: ['stands_out', 1],
  rivals: ['stands_out', -1],
  title_coverage: ['title', 0],
  title_named: ['title', 0],
  title_margin: ['title', 1],
  title_rank: ['title', 1],
  type_absent: ['kind', -1],
  type_known: ['kind', 0],
  type_nowhere: ['kind', -1],
  type_far: ['kind', -1],
  characters: ['covered', 1],
  characters_text: ['covered', 1],
  characters_sentence: ['covered', 1],
  gap: ['covered', -1],
  gap_sentence: ['covered', -1],
  longest_match: ['covered', 1],
  figures_missing: ['names', -1],
  place_missing: ['names', -1],
  names_missing: ['names', -1],
  opposite: ['names', -1],
  denied: ['names', -1],
  quote_new: ['kind', 0],
  quote_length: ['kind', 0],
  beside_first: ['stands_out', 0],
  question_length: ['question', 0],
  field_asked: ['field', 0],
  field_found: ['field', 1],
  in_order: ['covered', 1],
  negation_lone: ['names', -1],
  turned: ['names', -1],
  sentence_margin: ['stands_out', 1],
  sibling_margin: ['stands_out', 1],
  other_covers: ['stands_out', 0],
  rarest_found: ['covered', 1],
  rarest_documents: ['covered', -1],
  quote_characters: ['covered', 1],
  after_best: ['kind', 0],
  announces: ['kind', 0],
  text_margin: ['stands_out', 1],
  figure_new: ['kind', 1],
  next_score: ['stands_out', 0],
  quote_beyond: ['kind', 0],
  quote_in_title: ['title', 0],
  quote_at: ['kind', 0],
  seconded: ['stands_out', 0],
  unlike_margin: ['stands_out', 1],
} as const satisfies Readonly<Record<string, readonly [Aspect, -1 | 0 | 1]>>

/** Features that are nearly always 0 and decisive otherwise. */
export const rareFeatures = [
  'opposite',
  'denied',
  'type_nowhere',
  'figures_missing',
  'names_missing',
  'place_missing',
  'negation_lone',
  'turned',
] as const

export type FeatureName = keyof typeof featureTable
export type Features = Readonly<Record<FeatureName, number>>
export const featureNames = Object.keys(featureTable) as FeatureName[] // keys of a constant object

/** Features of a draft, from the question, the passages found and the words shown. Pure: the same online and when fitted. */
export function featuresOf(question: string, found: Found, draft: Draft): Features {
  const view = viewOf(question, found, draft)
  return {
    ...rankFeatures(view),
    ...termFeatures(view),
    ...wordFeatures(view),
    ...sentenceFeatures(view),
    ...quoteFeatures(view),
  }
}
