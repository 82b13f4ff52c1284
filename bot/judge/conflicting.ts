import { remembered } from '../../retrieval/base/remembered.ts'
import type { Evidence } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { termsOf } from '../../retrieval/text/terms.ts'
import { answerTypeOf } from '../compose/answer-type.ts'
import { sentencesOf } from '../compose/sentences.ts'

/** Only passages that fit almost equally well can contradict each other. */
const nearlyAsGood = 0.9
/** Two sentences speak of the same thing when they share this much of their wording, figures apart. */
const alike = 0.72

/**
 * Pure and conservative: two documents in force say the same sentence with different figures, and a figure was asked for.
 */
export function conflicting(question: string, evidence: readonly Evidence[]): boolean {
  const type = answerTypeOf(question)
  if (type !== 'amount' && type !== 'share' && type !== 'duration' && type !== 'date') return false
  const [best, ...rest] = evidence
  if (best === undefined) return false
  const rivals = rest.filter(
    (each) => each.score >= best.score * nearlyAsGood && each.passage.documentId !== best.passage.documentId,
  )
  return rivals.some((rival) => differ(best.passage.text, rival.passage.text))
}

function differ(one: string, other: string): boolean {
  const others = figuresOf(other)
  return figuresOf(one).some((a) => others.some((b) => a.figures !== b.figures && overlap(a.words, b.words) >= alike))
}

const figuresOf: (text: string) => readonly { figures: string; words: ReadonlySet<string> }[] = remembered((text) =>
  sentencesOf(text).flatMap((sentence) => {
    const plain = normalize(sentence.text)
    const figures = [...plain.matchAll(/\d+(?:\.\d+)?\s*(?:%|万元|亿元|元|年|个月|月|日|天|个工作日)/g)].map((match) =>
      match[0].replace(/\s/g, ''),
    )
    const words = new Set(termsOf(plain.replace(/\d+(?:\.\d+)?/g, ' ')).filter((term) => [...term].length > 1))
    return figures.length > 0 && words.size >= 6 ? [{ figures: figures.join(), words }] : []
  }),
)

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((each) => b.has(each)).length
  return shared / Math.max(1, Math.min(a.size, b.size))
}
