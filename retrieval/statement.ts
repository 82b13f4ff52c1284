import type { Evidence, Kind, Passage, SearchRequest } from './evidence.ts'
import { type Filter, filterTables, letThrough } from './filter.ts'
import type { Question, Signal } from './signals/signal.ts'
import { prolongedSql, statusOf, type Validity } from './validity.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly signals: readonly string[] }

/** What a signal found, with all that evidence needs; `signals` holds the raw score of every signal that has one for it. */
export type Candidate = Omit<Evidence, 'score'> & { readonly id: string }

/** A candidate's values in the order of {@link columns}; the signals' scores follow. */
type Values = readonly [
  id: string,
  documentId: string,
  kind: Kind,
  title: string,
  docNo: string | null,
  genre: string | null,
  clause: string | null,
  heading: string | null,
  text: string,
  position: number,
  binding: boolean,
  issuedOn: string | null,
  effectiveFrom: string | null,
  effectiveTo: string | null,
  endedOn: string | null,
  endedHow: Validity['endedHow'],
  prolongedBy: string | null,
  regions: readonly string[],
  source: string,
  fields: Passage['fields'],
  ...scores: readonly (number | null)[],
]

const prolongedBy = prolongedSql('d')
const columns = [
  ...['p.id', 'd.id', 'd.kind', 'd.title', 'd.doc_no', 'd.genre', 'p.clause', 'p.heading', 'p.text', 'p.position'],
  ...['d.binding', 'd.issued_on', 'd.effective_from', 'd.effective_to', 'd.ended_on', 'd.ended_how', prolongedBy],
  ...['d.regions', 'd.source', 'p.fields'],
]

export type SearchRow = {
  /** One array per candidate, read by {@link candidatesOf}: naming the fields in every row costs more than their values. */
  readonly candidates: readonly Values[]
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
  const values = columns.map((sql) => (sql === prolongedBy && validity === 'in_force' ? 'null' : sql))
  const found = parts.map(({ name }) => `${name}_near`).reduce((all, near) => `${all} full join ${near} using (passage)`)
  return `select json_agg(json_build_array(${[...values, ...scores].join(', ')}))
       from ${found} join passage p on p.number = passage join document d on d.id = p.document_id`
}

/**
 * Every field is written out: built from a list of names, the objects cost more than parsing them.
 * @param signals names, in the order of {@link Statement.signals}
 * @param asOf `YYYY-MM-DD`, for the status of each
 */
export function candidatesOf(row: SearchRow, signals: readonly string[], asOf: string): Candidate[] {
  return row.candidates.map((values) => {
    const [id, documentId, kind, title, docNo, genre, clause, heading, text, position, binding, ...more] = values
    const [issuedOn, effectiveFrom, effectiveTo, endedOn, endedHow, prolongedBy, regions, source, fields, ...scores] = more
    const status = statusOf({ kind, binding, issuedOn, effectiveFrom, effectiveTo, endedOn, endedHow, prolongedBy }, asOf)
    return {
      id,
      passage: {
        id,
        documentId,
        kind,
        title,
        docNo,
        genre,
        clause,
        heading,
        text,
        position,
        status,
        issuedOn,
        effectiveFrom,
        effectiveTo,
        regions,
        source,
        fields,
      },
      signals: scoresOf(signals, scores),
    }
  })
}

function scoresOf(signals: readonly string[], scores: readonly (number | null)[]): Record<string, number> {
  const present: Record<string, number> = {}
  for (const [place, name] of signals.entries()) {
    const score = scores[place] ?? null
    if (score !== null) present[name] = score
  }
  return present
}
