import { remembered } from '../../retrieval/base/remembered.ts'
import type { Evidence } from '../../retrieval/evidence.ts'
import { documentNumbersAsked } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import { termsOf } from '../../retrieval/text/terms.ts'
import { answerTypeOf } from '../compose/answer-type.ts'
import { type Facts, factsIn } from '../compose/gate/figures.ts'
import { sentencesOf } from '../compose/sentences.ts'

/** Only passages that fit almost equally well can contradict each other. */
const nearlyAsGood = 0.9
/** Two versions of the very sentence that answers need less than that, since a title may have put one ahead. */
const meant = 0.5
/** Two sentences are about the same thing when they share this much of their wording, figures apart. */
const alike = 0.72
const theSame = 0.85
/** Every document states its validity in the same words, so such sentences are left out. */
const formula = /施行|实施之日|有效期|生效|印发|发布之日/

/** Pure and conservative: whether two documents in force contain the same sentence with different figures of the kind asked for. */
export function conflicting(question: string, evidence: readonly Evidence[]): boolean {
  const type = answerTypeOf(question)
  if (type !== 'amount' && type !== 'share' && type !== 'duration' && type !== 'date') return false
  const [best, ...rest] = evidence
  if (best === undefined) return false
  const others = rest.filter((each) => each.passage.documentId !== best.passage.documentId)
  const near = others.filter(({ score }) => score >= best.score * nearlyAsGood)
  const said = figuresOf(best.passage.text)
  if (near.some(({ passage }) => said.some((each) => contradicts(type, each, passage.text, overlap, alike)))) return true
  const answer = named(question, best) ? undefined : answering(question, said)
  const rivals = others.filter(({ score }) => score >= best.score * meant)
  return answer !== undefined && rivals.some(({ passage }) => contradicts(type, answer, passage.text, overlapBoth, theSame))
}

/** A question that names a document asks about that one. */
function named(question: string, { passage }: Evidence): boolean {
  return documentNumbersAsked(question).length > 0 || normalize(question).includes(normalize(passage.title))
}

/** The sentence with figures that covers most of the question. */
function answering(question: string, sentences: readonly Said[]): Said | undefined {
  const asked = new Set(termsOf(normalize(question)).filter((term) => [...term].length > 1))
  const shared = (said: Said) => [...said.words].filter((each) => asked.has(each)).length
  const [first] = sentences.toSorted((a, b) => shared(b) - shared(a))
  return first === undefined || shared(first) < 2 || formula.test(first.plain) ? undefined : first
}

type Overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>) => number

function contradicts(type: Asked, one: Said, text: string, share: Overlap, least: number): boolean {
  const own = ofKind(type, one.facts)
  return figuresOf(text).some((each) => {
    const other = ofKind(type, each.facts)
    return own !== '' && other !== '' && own !== other && share(one.words, each.words) >= least
  })
}

const measures = {
  amount: ['money', 'foreign', 'percent'],
  share: ['percent'],
  duration: ['year', 'month', 'week', 'working_day', 'day', 'hour'],
  date: [],
} as const
type Asked = keyof typeof measures

/** The values of a sentence in the measure asked for; empty when there are none. */
function ofKind(type: Asked, { figures, dates }: Facts): string {
  const wanted: readonly string[] = measures[type]
  const said = figures.filter(({ kind }) => wanted.includes(kind)).map(({ kind, value }) => `${kind} ${value}`)
  return type === 'date' ? dates.map((each) => JSON.stringify(each)).join() : said.join()
}

type Said = { readonly plain: string; readonly facts: Facts; readonly words: ReadonlySet<string> }

const figuresOf: (text: string) => readonly Said[] = remembered((text) =>
  sentencesOf(text).flatMap((sentence) => {
    const plain = normalize(sentence.text)
    const facts = factsIn(sentence.text)
    const words = new Set(termsOf(withoutNumbers(plain)).filter((term) => [...term].length > 1))
    const known = facts.figures.length > 0 || facts.dates.length > 0
    return known && words.size >= 6 ? [{ plain, facts, words }] : []
  }),
)

function withoutNumbers(plain: string): string {
  return numbersIn(plain).reduceRight((text, { start, end }) => `${text.slice(0, start)} ${text.slice(end)}`, plain)
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((each) => b.has(each)).length
  return shared / Math.max(1, Math.min(a.size, b.size))
}

/** Overlap as a share of the longer side too, so that neither has much that the other lacks. */
function overlapBoth(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((each) => b.has(each)).length
  return shared / Math.max(1, a.size, b.size)
}
