import type { Found, Passage, Search, SearchRequest } from '../../retrieval/evidence.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import type { Decision } from '../decide.ts'
import { inPassage, pairsOf } from '../judge/features/terms.ts'
import { readOf } from '../judge/features/view.ts'
import { dataOnly } from './instructions.ts'

type Look = Omit<SearchRequest, 'validity'>

/**
 * When nothing in force answers, looks for a rule that did or will. The person is told, and a broker takes over: the subject of a former
 * rule is not foreign, though nothing in force is about it.
 */
export async function withLapsed(
  { search, offTopic }: { readonly search: Search; readonly offTopic: (question: string, found: Found) => boolean },
  look: Look,
  found: Found,
  decision: Decision,
  signal?: AbortSignal,
): Promise<{ readonly decision: Decision; readonly notInForce: Passage | null }> {
  if (decision.do !== 'hand_off' && decision.do !== 'decline') return { decision, notInForce: null }
  const all = dataOnly(await search({ ...look, validity: 'any' }, signal))
  const best = all.evidence[0]
  const inForce = found.evidence[0]?.score ?? 0
  if (best === undefined || best.passage.kind !== 'policy' || mayAnswer(best.passage.status) || best.score <= inForce)
    return { decision, notInForce: null }
  if (inPassage(pairsOf(all.terms), readOf(best)) < leastAbout) return { decision, notInForce: null }
  if (decision.do === 'hand_off') return { decision, notInForce: best.passage }
  if (offTopic(look.text, all)) return { decision, notInForce: null }
  return { decision: { do: 'hand_off', because: 'nothing_found' }, notInForce: best.passage }
}

/** A rule that shares so little with the question is not about it; naming it would mislead. */
const leastAbout = 0.25
