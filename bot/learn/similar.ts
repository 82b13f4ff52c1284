import { hashOf, questionTermsOf } from '../../retrieval/text/terms.ts'

/** Pure: hashes of a question's terms; single Han characters say too little to compare by. */
export function topicTerms(question: string): number[] {
  const terms = questionTermsOf(question).filter((term) => !/^\p{Script=Han}$/u.test(term))
  return [...new Set((terms.length > 0 ? terms : questionTermsOf(question)).map(hashOf))].sort((a, b) => a - b)
}

/** Pure: the share of terms that two questions have in common, 0…1. */
export function overlap(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 0
  const these = new Set(one)
  const shared = other.filter((term) => these.has(term)).length
  return shared / (one.length + other.length - shared)
}

/** From this overlap on two questions count as one. */
export const sameQuestion = 0.6
