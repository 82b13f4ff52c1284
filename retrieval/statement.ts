import type { Passage, SearchRequest } from './evidence.ts'
import { type Filter, filterTables, letThrough } from './filter.ts'
import type { Question, Signal } from './signals/signal.ts'
import { prolongedSql, type Validity } from './validity.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly signals: readonly string[] }

/** One candidate with all that evidence needs, as JSON built by the database. */
export type CandidateRow = Omit<Passage, 'status'> & Validity & { readonly signals: Readonly<Record<string, number | null>> }

/** Columns of a candidate, in the order of its array; the signals' scores follow. */
const columns: readonly (readonly [keyof Omit<CandidateRow, 'signals'>, string])[] = [
  ['id', 'p.id'],
  ['documentId', 'd.id'],
  ['kind', 'd.kind'],
  ['title', 'd.title'],
  ['docNo', 'd.doc_no'],
  ['genre', 'd.genre'],
  ['clause', 'p.clause'],
  ['heading', 'p.heading'],
  ['text', 'p.text'],
  ['position', 'p.position'],
  ['binding', 'd.binding'],
  ['issuedOn', 'd.issued_on'],
  ['effectiveFrom', 'd.effective_from'],
  ['effectiveTo', 'd.effective_to'],
  ['endedOn', 'd.ended_on'],
  ['endedHow', 'd.ended_how'],
  ['prolongedBy', prolongedSql('d')],
  ['regions', 'd.regions'],
  ['source', 'd.source'],
  ['fields', 'p.fields'],
]

export type SearchRow = {
  /** One array per candidate, read by {@link candidatesOf}: naming the fields in every row costs more than their values. */
  readonly candidates: readonly (readonly unknown[])[]
  /** in the order of the question's terms; null when no signal looked at terms */
  readonly terms: readonly { readonly idf: number; readonly documents: number }[] | null
  readonly searched: number
  /** Version of the documents when this was asked. */
  readonly version: string | null
  readonly passages: number
  /** The filter computed anew, one character per document number, when the remembered one is no longer valid; else null. */
  readonly fresh: string | null
}

/**
 * The whole search as one statement: first what may be seen, applies here and is in force; then each signal's best among that; then every
 * signal's score for what any of them found; then the texts. One round trip and one snapshot, so a document being replaced appears once.
 * @param depth passages each signal may bring
 */
export function searchStatement(
  request: SearchRequest,
  question: Question,
  signals: readonly Signal[],
  depth: number,
  remembered: Filter | null = null,
): Statement {
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  const filter = filterTables(request, remembered, parameter)
  const parts = signals.flatMap((signal) => {
    const contribution = signal.contribute(question, parameter, depth)
    return contribution ? [{ name: signal.name, ...contribution }] : []
  })
  const names = parts.map((each) => each.name)
  const tables = [filter, ...parts.map((each) => each.near)]
  const text = `with ${tables.join(',\n')}
    select coalesce((${candidatesJson(parts, request.validity)}), '[]') as candidates,
           ${names.includes('words') ? "(select json_agg(json_build_object('idf', idf, 'documents', passages) order by place) from asked)" : 'null'} as terms,
           filter.version, filter.passages, filter.fresh,
           filter.passages - (select count(*) from hidden join passage p using (number) join document d on d.id = p.document_id where ${letThrough('d.number')})::int as searched
      from filter`
  return { text, values, signals: names }
}

/** What any signal found, once, with every signal's score. */
function candidatesJson(
  parts: readonly { readonly name: string; readonly score: string }[],
  validity: SearchRequest['validity'],
): string {
  if (parts.length === 0) return 'null::json'
  const scores = parts.map(({ name, score }) => `coalesce(${name}_near.score, ${score})`)
  // What is in force needs nobody to prolong it.
  const values = columns.map(([name, sql]) => (name === 'prolongedBy' && validity === 'in_force' ? 'null' : sql))
  const found = parts.map(({ name }) => `${name}_near`).reduce((all, near) => `${all} full join ${near} using (passage)`)
  return `select json_agg(json_build_array(${[...values, ...scores].join(', ')}))
       from ${found} join passage p on p.number = passage join document d on d.id = p.document_id`
}

/** @param signals names, in the order of {@link Statement.signals} */
export function candidatesOf(row: SearchRow, signals: readonly string[]): CandidateRow[] {
  return row.candidates.map((values) => {
    const scores = signals.map((name, place) => [name, values[columns.length + place]])
    // The statement built the array from the same list of columns.
    return Object.fromEntries([
      ...columns.map(([name], place) => [name, values[place]]),
      ['signals', Object.fromEntries(scores)],
    ]) as CandidateRow
  })
}
