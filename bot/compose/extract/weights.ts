import type { SpanFeature } from './spans.ts'

/**
 * Weight of each feature of a quotation, fitted on the development halves of six public question sets so that quotations hold the answer in
 * few characters, every character costing a little. Written by maintainers, see CONTRIBUTING.
 */
export const spanWeights: Readonly<Record<SpanFeature, number>> = {
  covered: 4.2,
  led_up: 0.85,
  type: 4.36,
  open_length: -0.45,
  closed_length: 0.2,
  long: -2.28,
  opens: 4.55,
  closes: 4.67,
  ends_unfinished: -1.61,
  begins_heading: 1.38,
  asked_field: 5.68,
  other_field: -5.19,
  holds_best: 2.41,
  begins_best: 1.25,
  begins_after_best: -0.73,
  after_best: 2.85,
  best_only: -0.36,
  dense: 2.27,
  early: -1.87,
  passage_score: 3.64,
  passage_first: 6.16,
}
