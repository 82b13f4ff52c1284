import type { Evidence } from '../../retrieval/evidence.ts'
import type { Answered, Asking, Citation } from '../answer.ts'
import type { Decision, Reason } from '../decide.ts'
import type { Draft } from '../draft.ts'
import type { Account } from '../models/clerk.ts'

/** Only what was decided to be said is returned: a draft below the threshold is dropped. */
export function shown(
  decision: Decision,
  draft: Draft | null,
  options: readonly string[],
): Pick<Answered, 'decision' | 'reason' | 'draft' | 'citations' | 'options'> {
  const said = decision.do === 'answer' ? draft : null
  return {
    decision: decision.do,
    reason: 'because' in decision ? decision.because : null,
    draft: said,
    citations: said === null ? [] : citationsOf(said),
    options: decision.do === 'clarify' ? options : [],
  }
}

/** The outcome when a part is down or a person is wanted; an answered question overwrites what it knows better. */
export function outcome(
  {
    asking,
    standalone,
    asOf,
    past,
    threshold,
    account,
  }: {
    readonly asking: Asking
    readonly standalone: string
    readonly asOf: string
    readonly past: boolean
    readonly threshold: number
    readonly account: Account
  },
  ms: Answered['ms'],
  reason: Reason = 'failed',
): Answered {
  return {
    question: asking.question,
    standalone,
    asOf,
    past,
    language: asking.language,
    decision: 'hand_off',
    reason,
    confidence: null,
    threshold,
    draft: null,
    citations: [],
    evidence: [],
    options: [],
    asks: null,
    notInForce: null,
    calls: account.calls,
    ms: {
      embed: Math.round(ms.embed),
      search: Math.round(ms.search),
      compose: Math.round(ms.compose),
      total: Math.round(ms.total),
    },
  }
}

function citationsOf(draft: Draft): Citation[] {
  return draft.cited.map(({ passage }, index) => ({
    n: index + 1,
    kind: passage.kind,
    document_id: passage.documentId,
    title: passage.title,
    doc_no: passage.docNo,
    clause: passage.clause,
    status: passage.status,
    effective_from: passage.effectiveFrom,
    effective_to: passage.effectiveTo,
    quote: draft.quotes[index] ?? passage.text,
    source: passage.source,
    passage_id: passage.id,
  }))
}

/** A candidate as it is stored with an answer. */
export function briefly({ passage, score }: Evidence): Answered['evidence'][number] {
  return { passage_id: passage.id, document_id: passage.documentId, title: passage.title, clause: passage.clause, score }
}
