import { codeOf } from '../../retrieval/base/errors.ts'
import type { Found, Passage, Search } from '../../retrieval/evidence.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import type { Account } from '../models/clerk.ts'
import { dataOnly } from './instructions.ts'

type Look = Omit<Parameters<Search>[0], 'validity'>

/** When nothing in force answers: is there a rule that did, or will? The person is told so, and a broker still takes over. */
export async function lapsed(search: Search, look: Look, found: Found, signal?: AbortSignal): Promise<Passage | null> {
  const all = dataOnly(await search({ ...look, validity: 'any' }, signal))
  const best = all.evidence[0]
  if (best === undefined || best.passage.kind !== 'policy') return null
  if (mayAnswer(best.passage.status)) return null
  const inForce = found.evidence[0]?.score ?? 0
  return best.score > inForce ? best.passage : null
}

/** A search of what may be evidence, in its span. */
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
