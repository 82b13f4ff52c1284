import type { SearchRequest } from './evidence.ts'
import type { Question, Signal } from './signals/signal.ts'
import { recordWishOf, unfitRecords } from './text/record-wish.ts'
import { inForce, servesFromSql } from './validity.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly signals: readonly string[] }

/** A row of the answer: one candidate with all that evidence needs, as JSON made by the database. */
export type CandidateRow = {
  readonly id: string
  readonly documentId: string
  readonly kind: 'policy' | 'achievement' | 'faq' | 'event' | 'organisation'
  readonly title: string
  readonly docNo: string | null
  readonly genre: string | null
  readonly clause: string | null
  readonly heading: string | null
  readonly text: string
  readonly position: number
  readonly binding: boolean
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly endedOn: string | null
  readonly endedHow: 'superseded' | 'repealed' | null
  readonly regions: readonly string[]
  readonly source: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly signals: Readonly<Record<string, number | null>>
}

export type SearchRow = {
  readonly candidates: readonly CandidateRow[]
  /** in the order of the question's terms; null when no signal looked at terms */
  readonly terms: readonly { readonly idf: number; readonly documents: number }[] | null
  readonly searched: number
}

/**
 * The whole search as one statement: first what may be seen, applies here and is in force; then each signal's candidates among that; then every
 * signal's score of every candidate; then the text of the best. One round trip, one snapshot: a document being replaced is there once.
 * @param depth candidates returned per signal
 */
export function searchStatement(
  request: SearchRequest,
  question: Question,
  signals: readonly Signal[],
  depth: number,
): Statement {
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  const filter = filterTables(request, parameter)
  const parts = signals.flatMap((signal) => {
    const contribution = signal.contribute(question, parameter)
    return contribution ? [{ name: signal.name, ...contribution }] : []
  })
  const names = parts.map((each) => each.name)
  const candidates =
    names.length > 0 ? names.map((name) => `select passage from ${name}_near`).join(' union ') : 'select 0 as passage where false'
  const tables = [
    filter,
    ...parts.map((each) => each.near),
    `candidate as materialized (${candidates})`,
    ...parts.map((each) => each.score),
    ...names.map(
      (name) => `${name}_best as materialized (select passage from ${name}_score order by score desc, passage limit ${depth})`,
    ),
    `picked as materialized (${names.map((name) => `select passage from ${name}_best`).join(' union ') || candidates})`,
  ]
  const text = `with ${tables.join(',\n')}
    select coalesce((${candidatesJson(names)}), '[]') as candidates,
           ${names.includes('words') ? "(select json_agg(json_build_object('idf', idf, 'documents', passages) order by place) from asked)" : 'null'} as terms,
           (select coalesce(sum(passages), 0) from ok)::int
             - (select count(*) from hidden h join passage p using (number) join document d on d.id = p.document_id join ok on ok.number = d.number)::int as searched`
  return { text, values, signals: names }
}

function filterTables(request: SearchRequest, parameter: (value: unknown) => string): string {
  const asOf = `${parameter(request.asOf)}::date`
  const kinds = parameter(request.kinds ?? null)
  const regions = parameter(request.regions === '*' ? null : request.regions.flatMap(regionNames))
  const visibility = parameter(request.visibility)
  const wish = recordWishOf(request.text)
  // A version that was corrected before it began never applied to anybody.
  const everInForce = `(d.state = 'live' or d.ended_on > coalesce(${servesFromSql('d')}, '-infinity'))`
  return `ok as materialized (
      select d.number, d.passages from document d
       where d.state in ('live', 'replaced') and ${everInForce}
         and ${request.validity === 'in_force' ? inForce('d', asOf) : `${asOf} is not null`}
         and (${kinds}::text[] is null or d.kind = any(${kinds}))
         and (${regions}::text[] is null or d.regions = '{}' or d.regions && ${regions}::text[])),
    hidden as materialized (
      select number from passage
       where (visibility > 1 or wrong_since is not null) and (visibility > ${visibility}::int or wrong_since is not null)
      ${wish === null ? '' : `union ${unfitRecords(wish, parameter)}`})`
}

/** `苏州市` is also written `苏州`. */
export function regionNames(region: string): string[] {
  const short = region.replace(/(?:特别行政区|自治区|自治州|地区|省|市|区|县)$/u, '')
  return short.length >= 2 && short !== region ? [region, short] : [region]
}

function candidatesJson(names: readonly string[]): string {
  const scores = names.map((name) => `'${name}', ${name}_score.score`).join(', ')
  return `select json_agg(json_build_object(
            'id', p.id, 'documentId', d.id, 'kind', d.kind, 'title', d.title, 'docNo', d.doc_no, 'genre', d.genre, 'clause', p.clause, 'heading', p.heading,
            'text', p.text, 'position', p.position, 'binding', d.binding, 'issuedOn', d.issued_on, 'effectiveFrom', d.effective_from,
            'effectiveTo', d.effective_to, 'endedOn', d.ended_on, 'endedHow', d.ended_how, 'regions', d.regions, 'source', d.source, 'fields', p.fields,
            'signals', json_build_object(${scores})))
       from picked join passage p on p.number = picked.passage join document d on d.id = p.document_id
       ${names.map((name) => `left join ${name}_score on ${name}_score.passage = picked.passage`).join('\n')}`
}
