import type { Language, Texts } from '../../prompts/load.ts'
import type { Clock } from '../../retrieval/base/clock.ts'
import type { Log } from '../../retrieval/base/log.ts'
import type { Search } from '../../retrieval/evidence.ts'
import type { Clerk } from '../models/clerk.ts'
import type { Spans } from '../observe/spans.ts'
import { demands } from '../records/demands.ts'
import { fieldAsker } from './ask.ts'
import { candidatesFor } from './candidates.ts'
import type { DemandDesk } from './interview.ts'
import { type ExplainMatch, matchExplainer } from './match.ts'

type Needs = {
  readonly clerk: Clerk | null
  readonly search: Search
  readonly regions: readonly string[] | '*'
  readonly clock: Clock
  readonly spans: Spans
  readonly log: Log
  readonly texts: Readonly<Record<Language, Texts>>
}

/** Everything that takes a demand, and the explanation of a match for ordinary questions. */
export function demandDesk(needs: Needs): { readonly desk: DemandDesk; readonly explain: ExplainMatch } {
  const explain = matchExplainer(needs)
  return { desk: { store: demands, askField: fieldAsker(needs), candidates: candidatesFor({ ...needs, explain }) }, explain }
}
