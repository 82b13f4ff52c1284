import { chineseOf, hintInBoth } from '../retrieval/base/errors.ts'
import type { Kind, Status } from '../retrieval/evidence.ts'
import type { Elsewhere } from '../retrieval/library.ts'
import type { DocumentSummary, Doubt, NewDocument, Replaced } from '../retrieval/store/document.ts'
import type { ReviewItem } from '../retrieval/store/documents/review.ts'

/** One line of `ingest --json`: key names and order are fixed by the contract. */
export type Outcome = {
  readonly path: string
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'needs_review' | 'refused' | 'failed'
  readonly document_id: string | null
  readonly kind: Kind | null
  readonly title: string | null
  readonly doc_no: string | null
  readonly issuers: readonly string[] | null
  readonly genre: string | null
  readonly status: Status | null
  readonly issued_on: string | null
  readonly effective_from: string | null
  readonly effective_to: string | null
  readonly supersedes: readonly string[] | null
  readonly clauses: number | null
  readonly passages: number | null
  readonly records: number | null
  readonly doubts: readonly Doubt[]
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null
  readonly ms: number
}

/** The order of keys is that of the contract. */
const nothing: Outcome = {
  path: '',
  outcome: 'failed',
  document_id: null,
  kind: null,
  title: null,
  doc_no: null,
  issuers: null,
  genre: null,
  status: null,
  issued_on: null,
  effective_from: null,
  effective_to: null,
  supersedes: null,
  clauses: null,
  passages: null,
  records: null,
  doubts: [],
  error: null,
  ms: 0,
}

type Counts = { readonly clauses: number; readonly records: number | null }

function ofSummary(summary: DocumentSummary): Partial<Outcome> {
  return {
    document_id: summary.documentId,
    kind: summary.kind,
    title: summary.title,
    doc_no: summary.docNo,
    issuers: summary.issuers,
    genre: summary.genre,
    status: summary.status,
    issued_on: summary.issuedOn,
    effective_from: summary.effectiveFrom,
    effective_to: summary.effectiveTo,
    supersedes: summary.supersedes,
    passages: summary.passages,
    doubts: summary.doubts,
  }
}

/** The line of a file that was stored, live or waiting. */
export function stored(
  path: string,
  replaced: Replaced,
  { summary, alsoSaid }: { readonly summary: DocumentSummary | null; readonly alsoSaid: readonly Doubt[] },
  counts: Counts,
): Outcome {
  const waits = summary?.state === 'waiting'
  return {
    ...nothing,
    ...(summary === null ? {} : ofSummary(summary)),
    path,
    outcome: waits ? 'needs_review' : replaced.outcome,
    doubts: [...(summary?.doubts ?? []), ...alsoSaid],
    clauses: counts.clauses,
    records: counts.records,
  }
}

/** @param alsoSaid codes about this run besides the document's own doubts: a copy, a moved file */
export function unchanged(path: string, summary: DocumentSummary, alsoSaid: readonly Doubt[]): Outcome {
  return {
    ...nothing,
    ...ofSummary(summary),
    doubts: [...summary.doubts, ...alsoSaid],
    path,
    outcome: 'unchanged',
    records: isTable(summary.kind) ? summary.passages : null,
  }
}

/** Each passage of these is one record. */
function isTable(kind: DocumentSummary['kind']): boolean {
  return kind === 'achievement' || kind === 'event' || kind === 'organisation'
}

/** One line of `review list --json`. */
export type ReviewLine = Outcome & { readonly waiting_since: string; readonly uploaded_by: string | null }

export function reviewLine(item: ReviewItem): ReviewLine {
  return {
    ...nothing,
    ...ofSummary(item),
    path: item.source,
    outcome: item.state === 'waiting' ? 'needs_review' : 'unchanged',
    clauses: item.clauses,
    records: isTable(item.kind) ? item.passages : null,
    waiting_since: item.createdAt.toISOString(),
    uploaded_by: item.uploadedBy,
  }
}

/** `--dry-run`: the same line, with nothing written and no id. */
export function wouldStore(
  document: NewDocument,
  counts: Counts,
  foreseen: { readonly outcome: Replaced['outcome']; readonly status: Status },
): Outcome {
  return {
    ...nothing,
    path: document.source,
    outcome: document.state === 'waiting' ? 'needs_review' : foreseen.outcome,
    status: foreseen.status,
    kind: document.kind,
    title: document.title,
    doc_no: document.docNo,
    issuers: document.issuers,
    genre: document.genre,
    issued_on: document.issuedOn,
    effective_from: document.effectiveFrom,
    effective_to: document.effectiveTo,
    supersedes: document.supersedes,
    clauses: counts.clauses,
    passages: document.passages.length,
    records: counts.records,
    doubts: document.doubts,
  }
}

/** A document whose file is no longer where it was: a person decides whether to withdraw it. */
export function fileMissing(summary: DocumentSummary): Outcome {
  return {
    ...nothing,
    ...ofSummary(summary),
    doubts: [{ code: 'file_missing', field: null, phrase: null }, ...summary.doubts],
    path: summary.source,
    outcome: 'needs_review',
  }
}

/** The line of a file we do not take, with what to do about it. */
export function refused(path: string, error: { code: string; message: string; hint: string }): Outcome {
  return { ...nothing, path, outcome: 'refused', error: { code: error.code, message: error.message, hint: error.hint } }
}

/** The line of a file that failed for a reason that is ours. */
export function failed(path: string, error: { code: string; message: string; hint: string }): Outcome {
  return { ...nothing, path, outcome: 'failed', error }
}

/** @returns the line a person reads */
export function inWords(outcome: Outcome): string {
  // Characters that turn the direction of writing would disguise the file name.
  const head = `${outcome.outcome.padEnd(12)} ${outcome.path.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')}`
  if (outcome.error !== null) {
    const { code, message, hint } = outcome.error
    const chinese = chineseOf(code)
    return [`${head}  ${chinese ?? message}`, ...(chinese === null ? [] : [message]), `→ ${hintInBoth(hint)}`].join(
      '\n             ',
    )
  }
  const what =
    outcome.records === null
      ? `${outcome.clauses === null ? '' : `${counted(outcome.clauses, 'clause')}, `}${counted(outcome.passages ?? 0, 'passage')}`
      : counted(outcome.records, 'record')
  const time = outcome.ms === 0 ? '' : `, ${(outcome.ms / 1000).toFixed(1)} s`
  const doubts = outcome.doubts.length === 0 ? '' : `\n             ? ${outcome.doubts.map(doubtInWords).join('; ')}`
  return `${head}  《${outcome.title ?? ''}》${outcome.doc_no ?? ''} ${outcome.status ?? ''}  ${what}${time}${doubts}${wayBack(outcome)}`
}

/** Somebody took it out; lying in its folder does not bring it back, so the line says what does. */
function wayBack({ outcome, doubts }: Outcome): string {
  const taken = outcome === 'unchanged' && doubts.some(({ code }) => code === 'withdrawn' || code === 'rejected')
  return taken ? '\n             → 这份资料被撤下或没有通过审核；只重新启用它：npm run ingest -- FILE --publish puts it back' : ''
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** Printed once, when the first document of the park's own goes live. */
export const demoRetired = '示范园区已退出。The demo park is retired; npm run demo -- load brings it back.'

const mostPlaces = 5

/** @returns that documents are never quoted and what to do, in both languages, or null when all apply here */
export function elsewhereInWords({ documents, regions }: Elsewhere, park: readonly string[] | '*'): string | null {
  if (park === '*' || documents === 0) return null
  const places = regions.slice(0, mostPlaces).join('、')
  return `有 ${documents} 份资料适用于 ${places}，不在 PARK_REGION（${park.join('，')}）里，不会用来回答。\n→ 若是本园区的，请在 .env 里把这些地名写进 PARK_REGION。Never quoted here: put these places into PARK_REGION if they are yours.`
}

function doubtInWords({ code, field, phrase }: Doubt): string {
  return [code, field, phrase === null ? null : `“${phrase}”`].filter((each) => each !== null).join(' ')
}

/** @returns the last line: how many files, and how many of each outcome */
export function total(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>()
  for (const { outcome } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const waits = counts.has('needs_review') ? '\n→ npm run review -- list shows what waits and why.' : ''
  return `${counted(outcomes.length, 'file')}${[...counts].map(([name, count]) => `, ${count} ${name}`).join('')}${waits}`
}

/** What a run would cost: only what is new or changed is embedded. */
export function cost(outcomes: readonly Outcome[], tokens: number): string {
  const fresh = outcomes.filter(({ outcome }) => ['added', 'updated', 'needs_review'].includes(outcome))
  const passages = fresh.reduce((sum, each) => sum + (each.passages ?? 0), 0)
  return `${counted(fresh.length, 'document')}, ${counted(passages, 'passage')}, about ${tokens} tokens to embed; nothing was written`
}
