import { type Evidence, isRecord, type QueryTerm } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import type { Draft } from '../draft.ts'
import { withoutSubject } from '../judge/asked/subject.ts'
import { otherStep, stepsIn } from '../judge/opposites.ts'
import { brokenRule, isUnderstood } from '../judge/rules.ts'
import { type Choice, general, limited, soundest, timed, typed, worthiest } from './extract/choice.ts'
import { headed } from './extract/head.ts'
import { segmentsOf } from './extract/segments.ts'
import { askedOf, longestQuote, type Placed, type Span, type SpanFeature, spansOf } from './extract/spans.ts'
import { ended, leftOut, unsigned, wholeSentence } from './extract/tail.ts'
import { spanWeights } from './extract/weights.ts'

/** Passages searched for ones that break no hard rule, and how many of those are read for the best words. */
const passagesLooked = 10
const passagesRead = 3
/** Share of the best score: passages far behind it are not read, however well their words would fit. */
const nearFirst = 0.75
/** The same where the first one lacks what is asked for, and fields are known. */
const nearField = 0.72

/**
 * The answer without a model: the run of neighbouring sentences of the found clauses that says best what was asked.
 * @returns a draft of one verbatim quotation with `[1]`, at most 200 characters, or null when there is nothing to quote
 */
export function extract(question: string, evidence: readonly Evidence[], terms: readonly QueryTerm[]): Draft | null {
  const [first, ...rest] = fitting(question, evidence)
  if (first === undefined) return null
  const best = isRecord(first.passage.kind)
    ? { from: first, text: record(first.passage.text) }
    : bestSpan([first, ...rest], evidence, question, terms)
  const quote = best.text.replace(/[；;，,、]$/, '')
  if (quote === '') return null
  return { text: `${quote}[1]`, cited: [best.from], quotes: [quote], generated: false, prompt: null, model: null }
}

/**
 * The draft as shown: its quotation, with the words before it that are needed to understand it. Applied after judging, because the model
 * was fitted on the chosen words alone.
 */
export function shownWhole(draft: Draft, question = ''): Draft {
  const [quote = ''] = draft.quotes
  const passage = draft.cited[0]?.passage
  if (draft.generated || passage === undefined || isRecord(passage.kind) || !draft.text.startsWith(quote)) return draft
  const own = headed(quote, passage.text)
  if (!isUnderstood(passage)) return withQuote(draft, ended(own, passage.text))
  const words = wholeSentence(own, passage.text, question)
  const unsignedWords = unsigned(words, question)
  // Below a signature nothing goes on.
  return withQuote(draft, unsignedWords === words ? ended(words, passage.text) : { quote: unsignedWords, goesOn: false })
}

function withQuote(draft: Draft, { quote: whole, goesOn }: { readonly quote: string; readonly goesOn: boolean }): Draft {
  const [quote = '', ...others] = draft.quotes
  if (whole === quote && !goesOn) return draft
  return { ...draft, text: `${whole}${goesOn ? leftOut : ''}${draft.text.slice(quote.length)}`, quotes: [whole, ...others] }
}

/**
 * Passages that break a hard rule (another region, year or document number) cannot answer; when all do, the first is as good as any. A
 * passage that merely lacks the asked field gives way only to others of its own document found nearly as well: the field of another matter
 * is no answer. The passage after the chosen one is read too, since a clause may continue there.
 */
export function fitting(question: string, evidence: readonly Evidence[]): Evidence[] {
  const foreign = withoutSubject(question, evidence)
  const near = evidence.slice(0, passagesLooked).map((each) => {
    const other = foreign.has(each.passage.documentId) ? ('subject_absent' as const) : null
    return { each, rule: other ?? brokenRule(question, { cited: [each] }) }
  })
  const first = near.find(({ rule }) => rule === null || rule === 'field_absent') ?? near[0]
  if (first === undefined) return []
  const document = first.each.passage.documentId
  const close = (each: Evidence, share = nearFirst) => each.score >= share * first.each.score
  if (first.rule === 'field_absent')
    return [
      near.find(
        ({ each, rule }) =>
          rule === null &&
          each.passage.documentId === document &&
          close(each, isUnderstood(each.passage) ? nearField : nearFirst),
      )?.each ?? first.each,
    ]
  const sound = near.flatMap(({ each, rule }) => (rule === null && !isRecord(each.passage.kind) ? [each] : []))
  const next = following(first.each, evidence)
  return [
    ...new Set([
      first.each,
      ...sound.slice(0, passagesRead).filter((each) => close(each)),
      ...(next === undefined ? [] : [next]),
    ]),
  ]
}

function bestSpan(
  read: readonly [Evidence, ...Evidence[]],
  evidence: readonly Evidence[],
  question: string,
  terms: readonly QueryTerm[],
): Choice {
  const asked = askedOf(question, terms)
  const step = stepsIn(question).length > 0
  const choices = (of: readonly Evidence[]): Choice[] =>
    placed(of, evidence).flatMap(({ from, ...each }) =>
      ofStep(saying(spansOf(each, asked), from), step && isUnderstood(from.passage) ? question : null).map((span) => ({
        from,
        text: span.text,
        leads: span.leads,
        worth: worthOf(span),
        told: { covered: span.features.covered, type: asked.type === 'any' || span.features.type === 1 },
      })),
    )
  const nothing = { from: read[0], text: '', leads: false, worth: 0, told: { covered: 0, type: false } }
  const first = worthiest(choices(read)) ?? nothing
  const ofSame = evidence.filter(({ passage }) => passage.documentId === first.from.passage.documentId).slice(0, passagesLooked)
  const inClause = limited(
    typed(first, () => choices([first.from]), asked.type),
    () => choices([first.from]),
    question,
  )
  const known = isUnderstood(first.from.passage)
  const meant = general(
    known ? timed(inClause, () => choices(ofSame), question, asked.type) : inClause,
    () => choices(ofSame),
    question,
  )
  const sound = ({ from, text }: Choice) => brokenRule(question, { cited: [from], quotes: [text], generated: false }) === null
  const best = known && asked.type !== 'date' ? soundest(meant, () => choices(read), sound) : meant
  const next = unfinished(best) ? following(best.from, evidence) : undefined
  const further = next && worthiest(choices([next]).filter(({ leads }) => leads))
  const chosen = further ?? best
  return { ...chosen, text: clipped(chosen.text) }
}

/** Of several steps in one clause (市级…；省级…) only words about the one that was asked for, when there are any. */
function ofStep(spans: readonly Span[], question: string | null): readonly Span[] {
  const own = question === null ? spans : spans.filter(({ text }) => !otherStep(question, text))
  return own.length > 0 ? own : spans
}

const letters = (text: string) => normalize(text).replace(/[\s\p{P}]/gu, '')

/** A heading that says all the words of a question says nothing about them: what stands below it is quoted, if anything does. */
function saying(spans: readonly Span[], { passage }: Evidence): readonly Span[] {
  const [numbered = '', ...below] = passage.text.split('\n')
  const line = numbered.replace(
    /^\s*(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[.、)）]?\s+|^\s*[一二三四五六七八九十]{1,3}、/,
    '',
  )
  const first = below.length > 0 && !/[。；：，.;:,!?！？|]/.test(line) ? letters(line) : ''
  const headings = [letters(passage.heading ?? ''), first].filter((each) => each !== '')
  const told = spans.filter(({ text }) => !headings.some((each) => each.endsWith(letters(text))))
  return told.length > 0 ? told : spans
}

/** A heading or question at the very end of a passage: what it announces is in the next. */
function unfinished({ from, text }: Choice): boolean {
  if (!from.passage.text.trimEnd().endsWith(text)) return false
  const last = segmentsOf(text).findLast((each) => each.text.trim() !== '')
  return last?.kind === 'heading' || last?.kind === 'question' || /[：:，,]$/.test(text)
}

function following({ passage }: Evidence, evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.find((each) => each.passage.documentId === passage.documentId && each.passage.position === passage.position + 1)
}

/** Passages with the text before them, as far as that was found too. */
export function placed(read: readonly Evidence[], evidence: readonly Evidence[]): (Placed & { readonly from: Evidence })[] {
  const best = Math.max(...read.map(({ score }) => score)) || 1
  return read.map((from, index) => {
    const { documentId, position } = from.passage
    const before = evidence.find(({ passage }) => passage.documentId === documentId && passage.position === position - 1)
    return { from, passage: from.passage, score: from.score / best, first: index === 0, before: before?.passage.text ?? '' }
  })
}

function worthOf({ features }: Span): number {
  return Object.entries(spanWeights).reduce((sum, [name, weight]) => sum + weight * features[name as SpanFeature], 0) // its own keys
}

/** A single sentence may be too long; the cut is marked. */
function clipped(span: string): string {
  const characters = [...span]
  return characters.length <= longestQuote ? span : `${characters.slice(0, longestQuote - 1).join('')}…`
}

/** An achievement is shown by its name and what a partner asks first. */
function record(text: string): string {
  const parts = text.split('；')
  const kept: string[] = []
  for (const part of parts) if ([...[...kept, part].join('；')].length <= longestQuote) kept.push(part)
  return kept.join('；') || clipped(text)
}
