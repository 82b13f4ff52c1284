import type { Evidence } from '../../../retrieval/evidence.ts'
import { answerTypeOf, holds } from '../../compose/answer-type.ts'
import { mass, share, type View, wordsOf } from './view.ts'

/**
 * Scale of the share below: k1 + 1 with the k1 of 0.9 the model was fitted with. Ranking now uses another k1; change this only with a new
 * fit.
 */
const saturation = 1.9

/** How clearly the cited passage stands out from the others. */
export function rankFeatures({ question, found: { evidence, searched }, terms, top }: View) {
  const scores = evidence.map(wordsOf).sort((a, b) => b - a)
  const own = top === null ? 0 : wordsOf(top.evidence)
  const fused = top?.evidence.score ?? 0
  const [first, second] = evidence
  const others = evidence.filter((each) => each !== top?.evidence)
  const strangers = others.filter(({ passage }) => passage.documentId !== top?.evidence.passage.documentId)
  return {
    score_share: own / (mass(terms) * saturation || 1),
    margin_2: share(own - bestRival(others, question), own),
    margin_5: share(own - (scores[4] ?? 0), own),
    margin_10: share(own - (scores[9] ?? 0), own),
    fused_margin: share(fused - (others[0]?.score ?? 0), fused),
    document_margin: share(own - Math.max(0, ...strangers.map(wordsOf)), own),
    same_document_2: second !== undefined && second.passage.documentId === first?.passage.documentId ? 1 : 0,
    siblings: (others.slice(0, 9).length - strangers.filter((each) => others.indexOf(each) < 9).length) / 9,
    z_score: Math.min(6, zScore(scores)),
    shown_is_top: top?.evidence === first ? 1 : 0,
    terms_log: Math.log(1 + terms.length),
    library_log: Math.log10(1 + searched),
  }
}

/** Only a passage that holds the asked kind of thing could be the answer instead. */
function bestRival(others: readonly Evidence[], question: string): number {
  const type = answerTypeOf(question)
  return Math.max(0, ...others.filter((each) => holds(type, each.passage.text)).map(wordsOf))
}

function zScore(scores: readonly number[]): number {
  const rest = scores.slice(1, 20)
  if (rest.length < 3) return 0
  const mean = rest.reduce((sum, each) => sum + each, 0) / rest.length
  const deviation = Math.sqrt(rest.reduce((sum, each) => sum + (each - mean) ** 2, 0) / rest.length)
  return deviation > 1e-9 ? ((scores[0] ?? 0) - mean) / deviation : 0
}
