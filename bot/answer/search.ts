import { codeOf } from '../../retrieval/base/errors.ts'
import type { Found, Search, SearchRequest } from '../../retrieval/evidence.ts'
import type { Account } from '../models/clerk.ts'
import { dataOnly } from './instructions.ts'

/** Searches again for the same question, with these changes. */
export type SearchAgain = (request: Partial<SearchRequest>) => Promise<Found>

/** Searches for evidence, in a trace span of its own. */
export async function findEvidence(
  search: Search,
  request: SearchRequest,
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
