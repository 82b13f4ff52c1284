/** The whole policy of answering, pure: one row of the policy is one row of the test table. */

export const reasons = [
  'low_confidence',
  'nothing_found',
  'conflicting_evidence',
  'missing_fact',
  'asked_for_a_person',
  'complaint',
  'sensitive',
  'off_topic',
  'failed',
] as const
export type Reason = (typeof reasons)[number]

export type Decision =
  | { readonly do: 'answer' }
  | { readonly do: 'clarify' }
  | { readonly do: 'decline'; readonly because: Reason }
  | { readonly do: 'hand_off'; readonly because: Reason }

export type Judged = {
  /** A part the answer needs is down. */
  readonly failed: boolean
  readonly wish: 'person' | 'complaint' | null
  /** Law, tax opinion, price, IP terms, NDA, export, secrets: a person decides. */
  readonly sensitive: boolean
  readonly offTopic: boolean
  /** In-force evidence was found and a draft could be made from it. */
  readonly drafted: boolean
  readonly conflicting: boolean
  /** A hard rule found that what was asked is not in the cited passage. */
  readonly factMissing: boolean
  /** The question is too short to tell candidates apart. */
  readonly ambiguous: boolean
  /** How often in a row the bot has asked back. */
  readonly clarified: number
  /** 0…1, calibrated. */
  readonly confidence: number
}

/** Then a person knows better. */
const mostClarifications = 2

/** @param threshold 0…1: the least confidence that keeps wrong answers within the park's error budget */
export function decide(judged: Judged, threshold: number): Decision {
  if (judged.wish === 'complaint') return { do: 'hand_off', because: 'complaint' }
  if (judged.wish === 'person') return { do: 'hand_off', because: 'asked_for_a_person' }
  if (judged.failed) return { do: 'hand_off', because: 'failed' }
  if (judged.sensitive) return { do: 'hand_off', because: 'sensitive' }
  if (judged.offTopic) return { do: 'decline', because: 'off_topic' }
  if (judged.ambiguous && judged.clarified < mostClarifications) return { do: 'clarify' }
  if (!judged.drafted) return { do: 'hand_off', because: 'nothing_found' }
  if (judged.conflicting) return { do: 'hand_off', because: 'conflicting_evidence' }
  if (judged.factMissing) return { do: 'hand_off', because: 'missing_fact' }
  if (judged.confidence >= threshold) return { do: 'answer' }
  return { do: 'hand_off', because: 'low_confidence' }
}
