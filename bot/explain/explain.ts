import type { Texts } from '../../prompts/load.ts'
import type { Evidence, Found } from '../../retrieval/evidence.ts'
import type { Trace } from '../answer.ts'
import { pairsOf } from '../judge/features/terms.ts'
import { type Aspect, featureTable } from '../judge/features.ts'
import { shippedModel } from '../judge/judge.ts'
import { contributionsOf } from '../judge/trees.ts'

const candidatesShown = 5
const termsShown = 12

/** What each part of the judgement added, in log odds: positive speaks for an answer, negative against. */
export type Contribution = { readonly aspect: Aspect; readonly odds: number }

/**
 * @returns what each aspect of a judged draft added to the shipped model's log odds, strongest first; together with `start` they sum to
 * them
 */
export function contributions(trace: Trace): { readonly start: number; readonly by: readonly Contribution[] } {
  const { judgement } = trace
  if (judgement === null) return { start: 0, by: [] }
  const sums = new Map<Aspect, number>()
  let rest = judgement.odds
  for (const [name, odds] of contributionsOf(shippedModel.trees, judgement.features)) {
    const [aspect] = featureTable[name as keyof typeof featureTable] // trees branch on features only
    sums.set(aspect, (sums.get(aspect) ?? 0) + odds)
    rest -= odds
  }
  const by = [...sums].map(([aspect, odds]) => ({ aspect, odds })).sort((a, b) => Math.abs(b.odds) - Math.abs(a.odds))
  return { start: rest, by }
}

/** Pure: a decision in words, so that a reader understands an answer or a refusal. */
export function explained(trace: Trace, texts: Texts): string {
  const { found, draft, judgement } = trace
  return [
    texts('explain_searched', { count: found.searched, terms: heaviestTerms(trace) }),
    found.evidence.length === 0 ? texts('explain_no_candidates') : texts('explain_candidates', { weights: weightsUsed(found) }),
    ...found.evidence
      .slice(0, candidatesShown)
      .map((each, index) => candidate(each, index, draft?.cited.includes(each) === true, texts)),
    ...(draft === null || judgement === null
      ? [texts('explain_no_draft')]
      : [texts('explain_draft', { text: draft.text }), ...judged(trace, texts)]),
    decisionIn(trace, texts),
  ].join('\n')
}

function heaviestTerms({ found }: Trace): string {
  const words = pairsOf(found.terms).toSorted((a, b) => b.idf - a.idf)
  return words
    .slice(0, termsShown)
    .map(({ term, idf }) => `${term} ${idf.toFixed(1)}`)
    .join(' · ')
}

function weightsUsed({ evidence, weights }: Found): string {
  const used = Object.entries(weights).filter(([name]) => evidence.some(({ signals }) => signals[name] !== undefined))
  return used.map(([name, weight]) => `${name} × ${Math.round(weight * 100) / 100}`).join(' + ')
}

function candidate({ passage, score, signals }: Evidence, index: number, cited: boolean, texts: Texts): string {
  const raw = Object.entries(signals).map(([name, value]) => `${name} ${value.toFixed(2)}`)
  const where = [`《${passage.title}》`, passage.docNo, passage.clause].filter(Boolean).join(' ')
  return `  ${index + 1}. ${score.toFixed(3)}  ${where}  (${raw.join(', ')})${cited ? `  ← ${texts('explain_cited')}` : ''}`
}

function judged(trace: Trace, texts: Texts): string[] {
  const { start, by } = contributions(trace)
  const signed = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}`
  return [
    texts('explain_confidence', { confidence: trace.judged.confidence.toFixed(2), threshold: trace.threshold.toFixed(2) }),
    `  ${signed(start)}  ${texts('explain_start')}`,
    ...by
      .filter(({ odds }) => Math.abs(odds) >= 0.005)
      .map(({ aspect, odds }) => `  ${signed(odds)}  ${texts(`explain_${aspect}`)}`),
  ]
}

/** The row of the policy that decided; see `decide`. */
function decisionIn({ decision, judged: each, judgement }: Trace, texts: Texts): string {
  if (decision.do === 'answer') return texts('explain_answer')
  if (decision.do === 'clarify') return texts('explain_clarify')
  const rule = judgement?.rule ?? null
  const because =
    each.factMissing && decision.because === 'missing_fact' && rule !== null
      ? texts(`explain_rule_${rule}`)
      : texts(`reason_${decision.because}`)
  return texts(decision.do === 'decline' ? 'explain_decline' : 'explain_hand_off', { because })
}
