import type { Passage, QueryTerm } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import { termSet } from '../../judge/features/view.ts'
import { type AnswerType, answerTypeOf, asRead, holds, holdsRead } from '../answer-type.ts'
import { type Attribute, askedAttribute, matches } from '../attribute.ts'
import { type Segment, segmentsOf } from './segments.ts'

/** Characters. A chat reply is read on a telephone: never more than this besides the citations. */
export const longestQuote = 200
/** Worth of words that title or heading already say. */
const givenWorth = 0.4
/** How far before a quotation words still count as leading up to it. */
const leadCharacters = 80

/** What distinguishes a good quotation from others of the same passage; see {@link spansOf}. */
export const spanFeatures = [
  'covered',
  'led_up',
  'type',
  'open_length',
  'closed_length',
  'long',
  'opens',
  'closes',
  'ends_unfinished',
  'begins_heading',
  'asked_field',
  'other_field',
  'holds_best',
  'begins_best',
  'begins_after_best',
  'after_best',
  'best_only',
  'dense',
  'early',
  'passage_score',
  'passage_first',
] as const
export type SpanFeature = (typeof spanFeatures)[number]

export type Span = {
  readonly text: string
  /** Whether nothing of the passage stands before it. */
  readonly leads: boolean
  readonly features: Readonly<Record<SpanFeature, number>>
}

type Asked = {
  readonly weights: ReadonlyMap<string, number>
  readonly type: AnswerType
  readonly attribute: Attribute | null
  readonly figures: ReadonlySet<number>
}

/** @returns what spans are measured against */
export function askedOf(question: string, terms: readonly QueryTerm[]): Asked {
  return {
    weights: new Map(terms.map(({ term, idf }) => [term, idf])),
    type: answerTypeOf(question),
    attribute: askedAttribute(question),
    figures: new Set(numbersIn(question).map(({ value }) => value)),
  }
}

/** A passage in the context of the others that were found. */
export type Placed = {
  readonly passage: Pick<Passage, 'title' | 'heading' | 'text'>
  /** Share of the best passage's score, 0…1. */
  readonly score: number
  readonly first: boolean
  /** Text of the passage before it in the same document; '' when that was not found. */
  readonly before: string
}

/** All runs of neighbouring segments that may be quoted, with their features. */
export function spansOf({ passage, score, first, before }: Placed, asked: Asked): Span[] {
  const segments = segmentsOf(passage.text)
  const view: View = { ...viewOf(passage, segments, asked), before: tailOf(before, asked), score, first }
  const idly = segments.map((_, to) => idle(view, to))
  const spans: Span[] = []
  for (let from = 0; from < segments.length; from += 1) {
    const led = leading(view, from)
    const covered = new Set<string>()
    for (let to = from; to < segments.length; to += 1) {
      for (const term of view.found[to] ?? []) covered.add(term)
      const text = passage.text.slice(segments[from]?.from, segments[to]?.to).trim()
      const length = [...text].length
      if (length > longestQuote && to > from) break
      if (length > 0 && idly[to] === false)
        spans.push({ text, leads: from === 0, features: featuresOf(view, { from, to, text, length, covered, led }) })
    }
  }
  return spans
}

type View = {
  readonly asked: Asked
  readonly segments: readonly Segment[]
  /** Each segment's text, prepared for finding the asked kind; and whether it states a figure the question does not. */
  readonly read: readonly string[]
  readonly news: readonly boolean[]
  /** Terms of the question in each segment. */
  readonly found: readonly ReadonlySet<string>[]
  readonly weigh: (term: string) => number
  readonly whole: number
  /** The segment that says most of the question. */
  readonly best: number
  /** Whether it holds the kind of thing that was asked; then what follows it is no longer needed. */
  readonly bestHolds: boolean
  /** For each segment, whether its label or heading matches what was asked: 1 yes, -1 another one, 0 none. */
  readonly field: readonly number[]
  readonly total: number
  readonly before: readonly string[]
  readonly score: number
  readonly first: boolean
}

/** Terms of the question at the end of the previous passage: they may lead up to the first words of this one. */
function tailOf(before: string, asked: Asked): string[] {
  return [...termSet(before.slice(-leadCharacters))].filter((term) => asked.weights.has(term))
}

function viewOf(
  passage: Placed['passage'],
  segments: readonly Segment[],
  asked: Asked,
): Omit<View, 'before' | 'score' | 'first'> {
  const given = termSet(`${passage.title} ${passage.heading ?? ''}`)
  const weigh = (term: string) => (asked.weights.get(term) ?? 0) * (given.has(term) ? givenWorth : 1)
  const found = segments.map(({ text }) => new Set([...termSet(text)].filter((term) => asked.weights.has(term))))
  const masses = found.map((terms) => massOf(terms, weigh))
  const best = masses.indexOf(Math.max(...masses))
  return {
    asked,
    segments,
    found,
    read: segments.map(({ text }) => asRead(asked.type, text)),
    news: segments.map(({ text }) => saysNew(asked, text)),
    weigh,
    whole: massOf(asked.weights.keys(), weigh) || 1,
    best,
    bestHolds: holds(asked.type, segments[best]?.text ?? '') && saysNew(asked, segments[best]?.text ?? ''),
    field: fieldsOf(segments, asked.attribute),
    total: passage.text.length || 1,
  }
}

function fieldsOf(segments: readonly Segment[], attribute: Attribute | null): number[] {
  let under = 0
  return segments.map(({ kind, text }) => {
    if (kind === 'heading' && attribute !== null) under = matches(attribute, text) ? 1 : -1
    return under
  })
}

/** A run of segments: terms of the question in it, and in what leads up to it. */
type Run = {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly length: number
  readonly covered: ReadonlySet<string>
  readonly led: readonly string[]
}

function featuresOf(view: View, { from, to, text, length, covered, led }: Run): Span['features'] {
  const { asked, weigh, whole } = view
  const before = led.filter((term) => !covered.has(term))
  const share = massOf(covered, weigh) / whole
  const open = asked.type === 'any'
  return {
    covered: share,
    led_up: massOf(before, weigh) / whole,
    type: one(holdsNew(view, from, to)),
    open_length: one(open) * Math.min(1, length / 150),
    closed_length: one(!open) * Math.min(1, length / 150),
    long: Math.max(0, length - 120) / 80,
    ...shapeFeatures(view, from, to, text),
    ...bestFeatures(view, from, to),
    dense: share / Math.sqrt(Math.max(20, length) / 100),
    passage_score: view.score,
    passage_first: one(view.first),
  }
}

const one = (holds: boolean) => (holds ? 1 : 0)

/** Whether a run begins and ends where a reader expects, and the label it stands under. */
function shapeFeatures({ segments, field, total }: View, from: number, to: number, text: string) {
  const [first, last] = [segments[from], segments[to]]
  return {
    opens: one(first?.opens === true),
    closes: one(last?.closes === true),
    ends_unfinished: one(last?.kind === 'heading' || last?.kind === 'question' || /[：:]$/.test(text)),
    begins_heading: one(first?.kind === 'heading' && to > from),
    asked_field: one(field[from] === 1),
    other_field: one(field[from] === -1),
    early: 1 - (first?.from ?? 0) / total,
  }
}

/** The position of a run relative to the segment that says most of the question. */
function bestFeatures({ segments, best, bestHolds }: View, from: number, to: number) {
  const holds = best >= from && best <= to
  const after = (segments[to]?.to ?? 0) - (segments[best]?.to ?? 0)
  return {
    holds_best: one(holds),
    begins_best: one(best === from),
    begins_after_best: one(best === from - 1),
    after_best: one(holds && !bestHolds) * Math.min(1, after / 100),
    best_only: one(from === best && to === best),
  }
}

/** Once the asked figure is stated, a sentence about neither the question nor such a figure is a poor end. */
function idle(view: View, to: number): boolean {
  return view.bestHolds && to > view.best && view.found[to]?.size === 0 && !holdsNew(view, to, to)
}

/** Terms in what leads up to a quotation. */
function leading({ segments, found, before }: View, from: number): string[] {
  const start = segments[from]?.from ?? 0
  const own = found.filter((_, index) => index < from && start - (segments[index]?.from ?? 0) <= leadCharacters)
  return [...new Set([...own.flatMap((terms) => [...terms]), ...(start <= leadCharacters / 2 ? before : [])])]
}

/** Whether a run holds the asked kind of thing beyond what the question itself says: “2020年的补贴是多少” wants another figure than 2020. */
function holdsNew({ asked, read, news }: View, from: number, to: number): boolean {
  if (asked.type === 'any' || !news.slice(from, to + 1).some(Boolean)) return false
  return holdsRead(asked.type, read.slice(from, to + 1).join(''))
}

function saysNew({ type, figures }: Asked, text: string): boolean {
  if (type === 'any') return false
  if (type === 'who' || type === 'place' || type === 'link' || type === 'phone') return true
  return /百分之|免/.test(normalize(text)) || numbersIn(text).some(({ value }) => !figures.has(value))
}

function massOf(terms: Iterable<string>, weigh: (term: string) => number): number {
  let sum = 0
  for (const term of terms) sum += weigh(term)
  return sum
}
