import type { Found } from '../../retrieval/evidence.ts'
import type { AnswererDeps, Asking } from '../answer.ts'
import type { Judging } from '../calibrate/live.ts'
import { isSensitive } from '../converse/wishes.ts'
import { type Decision, decide, type Judged } from '../decide.ts'
import type { Draft } from '../draft.ts'
import type { Judgement } from '../judge/judge.ts'
import { agreed, inDoubt } from '../judge/second-opinion.ts'
import type { Account } from '../models/clerk.ts'
import { ambiguity } from './ambiguity.ts'

export type Considered = {
  readonly draft: Draft | null
  readonly decision: Decision
  readonly confidence: number
  /** What it had to reach. */
  readonly threshold: number
  readonly options: readonly string[]
  readonly composeMs: number
}

type Deps = AnswererDeps & Judging
type Standing = {
  readonly draft: Draft | null
  readonly confidence: number
  readonly rule: string | null
  readonly judgement: Judgement | null
}

/**
 * Drafts an answer and decides whether it is one. What is decided rests on the clause that would be quoted; a model is asked only for what will
 * be answered (and, in doubt, for a second opinion first), so that nothing is shown while it writes that is not said in the end.
 */
export async function consider(
  deps: Deps,
  asking: Asking,
  standalone: string,
  found: Found,
  account: Account,
): Promise<Considered> {
  const offTopic = deps.offTopic(standalone, found)
  const options = ambiguity(standalone, found)
  const composing = performance.now()
  const quoted = found.evidence.length === 0 || offTopic ? null : deps.quote(standalone, found)
  const first = standingOf(deps, standalone, found, quoted)
  const judged = (standing: Standing): Judged =>
    judgedOf(deps, asking, standalone, found, { ...standing, offTopic, ambiguous: options.length > 1 })
  const decided = (standing: Standing): Decision => decide(judged(standing), thresholdOf(deps, standing))
  const weighed = await secondOpinion(deps, asking, standalone, found, account, first, decided(first))
  const { standing, decision } = await phrased(deps, asking, standalone, found, account, weighed, decided)
  const { draft, judgement } = standing
  const threshold = thresholdOf(deps, standing)
  asking.watch?.({ found, draft, judgement, judged: judged(standing), threshold, decision })
  return {
    draft: standing.draft,
    decision,
    confidence: standing.confidence,
    threshold,
    options,
    composeMs: performance.now() - composing,
  }
}

function thresholdOf(deps: Deps, { judgement }: Standing): number {
  return judgement?.threshold ?? deps.threshold
}

function standingOf(deps: Deps, question: string, found: Found, draft: Draft | null): Standing {
  const judgement = draft === null ? null : deps.judge({ question, found, draft })
  return { draft, judgement, confidence: judgement?.confidence ?? 0, rule: judgement?.rule ?? null }
}

function judgedOf(
  deps: Deps,
  asking: Asking,
  question: string,
  found: Found,
  of: Standing & { offTopic: boolean; ambiguous: boolean },
): Judged {
  return {
    failed: false,
    wish: null,
    sensitive: isSensitive(question),
    offTopic: of.offTopic,
    drafted: of.draft !== null,
    conflicting: of.draft !== null && deps.conflicting(question, found.evidence),
    factMissing: of.rule !== null,
    ambiguous: of.ambiguous,
    clarified: asking.clarified,
    confidence: of.confidence,
  }
}

/** Only where it can change what is done: an answer that is hardly one, or one that is nearly refused. */
async function secondOpinion(
  deps: Deps,
  asking: Asking,
  question: string,
  found: Found,
  account: Account,
  standing: Standing,
  decision: Decision,
): Promise<Standing> {
  const open = decision.do === 'answer' || (decision.do === 'hand_off' && decision.because === 'low_confidence')
  if (deps.model === null || !open || !inDoubt(standing.confidence, thresholdOf(deps, standing), standing.rule)) return standing
  const verdict = await deps.model.sufficient({
    question,
    evidence: found.evidence,
    language: asking.language,
    account,
    ...(asking.signal === undefined ? {} : { signal: asking.signal }),
  })
  return { ...standing, confidence: agreed(standing.confidence, verdict, standing.rule) }
}

/** The model's words when they would be answered too; else the clause's own; nobody's when the model is right that there is nothing. */
async function phrased(
  deps: Deps,
  asking: Asking,
  question: string,
  found: Found,
  account: Account,
  standing: Standing,
  decided: (standing: Standing) => Decision,
): Promise<{ standing: Standing; decision: Decision }> {
  const decision = decided(standing)
  if (deps.model === null || decision.do !== 'answer' || standing.draft === null) return { standing, decision }
  const { signal, onSentence } = asking
  const { draft, why } = await deps.model.phrase({
    question,
    quoted: standing.draft,
    evidence: found.evidence,
    language: asking.language,
    account,
    ...(signal === undefined ? {} : { signal }),
    ...(onSentence === undefined ? {} : { onSentence }),
  })
  if (why === 'not_found') {
    const less = { ...standing, confidence: agreed(standing.confidence, 'insufficient', standing.rule) }
    return { standing: less, decision: decided(less) }
  }
  if (draft === null) return { standing, decision }
  const better = { ...standing, draft, rule: deps.judge({ question, found, draft }).rule }
  return decided(better).do === 'answer' ? { standing: better, decision } : { standing, decision }
}
