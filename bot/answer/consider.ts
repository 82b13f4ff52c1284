import type { Found } from '../../retrieval/evidence.ts'
import type { Answered, Road } from '../answer.ts'
import { asksForCalculation, calculated, yuan } from '../compose/arithmetic.ts'
import { shownWhole } from '../compose/extract.ts'
import { isSensitive } from '../converse/sensitive.ts'
import { type Decision, decide, type Judged } from '../decide.ts'
import { looksFor } from '../demand/match.ts'
import type { Draft } from '../draft.ts'
import type { Judgement } from '../judge/judge.ts'
import { brokenRule } from '../judge/rules.ts'
import { agreed, inDoubt } from '../judge/second-opinion.ts'
import { ambiguity, isBroad, soleBody, topicOf } from './ambiguity.ts'
import { namesClause } from './follow/clause.ts'

export type Considered = {
  readonly draft: Draft | null
  readonly decision: Decision
  readonly confidence: number
  /** The threshold its confidence had to reach. */
  readonly threshold: number
  readonly options: readonly string[]
  readonly asks: Answered['asks']
  readonly composeMs: number
}

export type Standing = {
  readonly draft: Draft | null
  readonly confidence: number
  readonly rule: string | null
  readonly judgement: Judgement | null
}

/**
 * Drafts an answer and decides whether to give it. The decision rests on the clause that would be quoted; a model is asked only for what
 * will be answered (and, in doubt, for a second opinion first), so that nothing is shown while it writes that is not said in the end.
 */
export async function consider(road: Road, found: Found): Promise<Considered> {
  const { deps, question } = road
  const composing = performance.now()
  const offTopic = deps.offTopic(question, found)
  const options = stays(road, found) ? [] : ambiguity(question, found)
  const exact = found.evidence.filter(({ passage }) => namesClause(question, passage))
  const among = exact.length === 0 ? found : { ...found, evidence: exact }
  const quoted = found.evidence.length === 0 || offTopic ? null : deps.quote(question, among)
  const of = { offTopic, ambiguous: options.length > 0 }
  const decided = (standing: Standing) => decidedOn(road, found, standing, of)
  const first = standingOf(road, found, quoted)
  const weighed = await secondOpinion(road, found, first, decided(first))
  const { standing, decision } = await phrased(road, found, weighed, decided)
  const { judgement } = standing
  if (road.asking.watch !== undefined) {
    const judged = judgedOf(road, found, standing, of)
    road.asking.watch({ found, draft: standing.draft, judgement, judged, threshold: thresholdOf(road, standing), decision })
  }
  const answered = decision.do === 'answer'
  const whole = standing.draft && shownWhole(standing.draft, question)
  const draft = answered && whole !== null ? await withMatch(road, withSum(road, whole)) : whole
  const shown = { draft, confidence: standing.confidence, threshold: thresholdOf(road, standing), options, asks: null }
  const topic = answered || decision.do === 'clarify' ? null : named(road, found, decision)
  if (topic !== null && road.asking.clarified === 0)
    return { ...shown, options: [topic], decision: { do: 'clarify' }, composeMs: performance.now() - composing }
  return { ...shown, decision, composeMs: performance.now() - composing }
}

/** What is to be asked back about: the rule of a bare topic, or the one institution that offers what is looked for. */
function named({ asking }: Road, found: Found, decision: Decision): string | null {
  const unsure = decision.do === 'hand_off' && decision.because === 'low_confidence'
  return topicOf(asking.question, found) ?? (unsure ? soleBody(asking.question, found) : null)
}

/** Whether a short question goes on about what was cited last: it need not say again which rule is meant. */
function stays({ asking }: Road, { evidence }: Found): boolean {
  const cited = asking.history.at(-1)?.things ?? []
  return !isBroad(asking.question) && cited.some((each) => each.documentId === evidence[0]?.passage.documentId)
}

/** Of a clause that was asked for by its number. */
const sure = 0.99

/** A draft with its judgement and what stands against answering it. */
export function standingOf({ deps, question }: Road, found: Found, draft: Draft | null): Standing {
  const judgement = draft === null ? null : deps.judge({ question, found, draft })
  const cited = draft?.cited[0]?.passage
  const named = cited !== undefined && namesClause(question, cited)
  return { draft, judgement, confidence: named ? sure : (judgement?.confidence ?? 0), rule: judgement?.rule ?? null }
}

/** @returns 0…1, the least confidence for an answer: the judgement's own, or that of an unknown passage */
export function thresholdOf({ deps }: Road, { judgement }: Pick<Standing, 'judgement'>): number {
  return judgement?.threshold ?? deps.threshold
}

/** For a draft made beside the usual road. */
export const nothingElse = { offTopic: false, ambiguous: false }

type Circumstances = { readonly offTopic: boolean; readonly ambiguous: boolean }

/** Applies the policy of `decide` to a judged draft. */
export function decidedOn(road: Road, found: Found, standing: Standing, of: Circumstances): Decision {
  return decide(judgedOf(road, found, standing, of), thresholdOf(road, standing))
}

function judgedOf(
  { deps, asking, question }: Road,
  found: Found,
  { draft, confidence, rule }: Standing,
  of: Circumstances,
): Judged {
  return {
    failed: false,
    wish: null,
    sensitive: isSensitive(question),
    ...of,
    drafted: draft !== null,
    conflicting: draft !== null && deps.conflicting(question, found.evidence),
    factMissing: rule !== null,
    clarified: asking.clarified,
    confidence,
  }
}

/** Asked for only where it can change the decision: just above or just below the threshold. */
async function secondOpinion(
  { deps, asking, question, account }: Road,
  found: Found,
  standing: Standing,
  decision: Decision,
): Promise<Standing> {
  const open = decision.do === 'answer' || (decision.do === 'hand_off' && decision.because === 'low_confidence')
  if (
    deps.model === null ||
    asking.visibility > 1 ||
    !open ||
    !inDoubt(standing.confidence, standing.judgement?.threshold ?? deps.threshold, standing.rule)
  )
    return standing
  const { language, signal } = asking
  const asked = { question, evidence: found.evidence, language, account, ...(signal === undefined ? {} : { signal }) }
  const verdict = await deps.model.sufficient(asked)
  return { ...standing, confidence: agreed(standing.confidence, verdict, standing.rule) }
}

/** The model's words when they would be answered too, else the clause's own; nothing when the model is right that there is no answer. */
async function phrased(
  { deps, asking, question, account }: Road,
  found: Found,
  standing: Standing,
  decided: (standing: Standing) => Decision,
): Promise<{ standing: Standing; decision: Decision }> {
  const decision = decided(standing)
  // What is not public is quoted to those it is for; a model never sees it.
  if (deps.model === null || asking.visibility > 1 || decision.do !== 'answer' || standing.draft === null)
    return { standing, decision }
  const { language, signal, onSentence } = asking
  const { draft, why } = await deps.model.phrase({
    ...{ question, quoted: standing.draft, evidence: found.evidence, language, account },
    ...(signal === undefined ? {} : { signal }),
    ...(onSentence === undefined ? {} : { onSentence }),
  })
  if (why === 'not_found') {
    const less = { ...standing, confidence: agreed(standing.confidence, 'insufficient', standing.rule) }
    return { standing: less, decision: decided(less) }
  }
  if (draft === null) return { standing, decision }
  // Confidence belongs to the draft that was judged; the model's words are only checked against the hard rules.
  const better = { ...standing, draft, rule: brokenRule(question, draft) }
  return decided(better).do === 'answer' ? { standing: better, decision } : { standing, decision }
}

/** Adds why an achievement may fit, for those who look for one: five points, all from one record. */
async function withMatch({ deps, asking, question, account }: Road, draft: Draft): Promise<Draft> {
  const at = draft.cited.findIndex(({ passage }) => passage.kind === 'achievement')
  const passage = draft.cited[at]?.passage
  if (passage === undefined || !looksFor(question)) return draft
  const { language, signal, visibility } = asking
  const why = await deps.explain({
    ...{ need: question, passage, n: at + 1, language, account: visibility > 1 ? null : account },
    ...(signal === undefined ? {} : { signal }),
  })
  return { ...draft, text: `${draft.text}\n${why}` }
}

/** Adds a sum the person asked for, computed by code and shown as a formula; no model calculates. */
function withSum({ deps, asking, question, amount }: Road, draft: Draft): Draft {
  const cited = draft.cited[0]
  if (amount === null || cited === undefined || !asksForCalculation(asking.question)) return draft
  const sum = calculated(question, amount, cited)
  if (sum === null) return draft
  const { language } = asking
  const money = (value: number) => yuan(value, language)
  const kind = sum.cap === null ? 'sum_open' : sum.product > sum.cap ? 'sum_capped' : 'sum_within'
  const line = deps.texts[language](kind, {
    rate: `${Math.round(sum.rate * 1e6) / 1e4}%`,
    amount: money(sum.amount),
    product: money(sum.product),
    cap: money(sum.cap ?? 0),
  })
  return { ...draft, text: `${draft.text}\n${line}[1]` }
}
