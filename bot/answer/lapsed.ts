import { codeOf } from '../../retrieval/base/errors.ts'
import type { Found, Passage, Search, SearchRequest } from '../../retrieval/evidence.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import type { Decision } from '../decide.ts'
import { inPassage } from '../judge/features/terms.ts'
import { readOf } from '../judge/features/view.ts'
import type { Account } from '../models/clerk.ts'
import { dataOnly } from './instructions.ts'

/** Searches again for the same question, with these changes. */
export type SearchAgain = (request: Partial<SearchRequest>) => Promise<Found>

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
  if (inPassage(pairsOf(all), readOf(best)) < leastAbout) return { decision, notInForce: null }
  if (decision.do === 'hand_off') return { decision, notInForce: best.passage }
  if (offTopic(look.text, all)) return { decision, notInForce: null }
  return { decision: { do: 'hand_off', because: 'nothing_found' }, notInForce: best.passage }
}

/** A rule that shares so little with the question is not about it; naming it would mislead. */
const leastAbout = 0.25

function pairsOf({ terms }: Found): Found['terms'] {
  return terms.filter(({ term }) => [...term].length > 1)
}

/** A search for evidence, in a span of its own. */
export async function searched(
  search: Search,
  request: Parameters<Search>[0],
  account: Account,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const span = account.span.child('retrieval', 1, { 'gen_ai.operation.name': 'retrieval' })
  try {
    const found = dataOnly(await search(request, signal))
    span.end({ 'yuanqiao.evidence': found.evidence.length, 'yuanqiao.searched': found.searched })
    return found
  } catch (error) {
    span.end({}, codeOf(error))
    throw error
  }
}
