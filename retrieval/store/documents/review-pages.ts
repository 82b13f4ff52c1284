import type { Pool, PoolClient } from 'pg'
import type { SupportItem } from '../../support.ts'
import type { DocumentSummary, Doubt } from '../document.ts'
import { readSummaries } from '../document-rows.ts'
import { readActions } from './actions.ts'
import { picturedPages } from './pictures.ts'
import {
  editableFields,
  type FieldName,
  type ReviewClause,
  type ReviewField,
  type ReviewItem,
  type ReviewPage,
  type ReviewWhy,
} from './review.ts'

type Database = Pick<Pool | PoolClient, 'query'>
type StoredField = { readonly phrase?: string | null; readonly confirmed?: boolean }

/** Live, with an expiry, an ending or an amount found by rule that nobody has confirmed. */
const hasProposals = `(d.effective_to is not null and not coalesce((d.fields #>> '{effective_to,confirmed}')::boolean, false)
  or d.supersedes <> '{}' and not coalesce((d.fields #>> '{supersedes,confirmed}')::boolean, false)
  or d.reviewed_at is null and exists (select from passage p where p.document_id = d.id and p.fields ? 'support'))`

/** @returns what waits, oldest first; or live documents with something to confirm or look at */
export async function readItems(database: Database, which: 'waiting' | 'proposals', today: string): Promise<ReviewItem[]> {
  const summaries = await readSummaries(
    database,
    which === 'waiting' ? `d.state = 'waiting'` : `d.state = 'live' and not d.demo`,
    [],
    today,
  )
  const items = await withReasons(database, summaries)
  return items.filter((each) => each.why.length > 0).reverse()
}

async function withReasons(database: Database, summaries: readonly DocumentSummary[]): Promise<ReviewItem[]> {
  const { rows } = await database.query<{ id: string; proposing: boolean; clauses: number }>(
    `select d.id, d.state = 'live' and ${hasProposals} as proposing,
            (select count(distinct clause) from passage where document_id = d.id)::int as clauses from document d where d.id = any($1)`,
    [summaries.map((each) => each.documentId)],
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  return summaries.map((each) => {
    const why: ReviewWhy[] = []
    if (each.state === 'waiting') why.push('waiting')
    if (found.get(each.documentId)?.proposing === true) why.push('proposals')
    if (each.missingSince !== null) why.push('file_missing')
    if (each.basisEnded !== null) why.push('basis_ended')
    if (each.prolongedBy !== null) why.push('prolonged')
    if (each.expiresWithin !== null && each.state === 'live') why.push('expiring')
    return { ...each, why, clauses: found.get(each.documentId)?.clauses ?? 0 }
  })
}

/** @returns a document with its fields, clauses, doubts and history; null when there is no such document */
export async function readPage(database: Database, documentId: string, today: string): Promise<ReviewPage | null> {
  const [summary] = await readSummaries(database, 'd.id = $1', [documentId], today)
  if (summary === undefined) return null
  const [document] = await withReasons(database, [summary])
  const { rows } = await database.query<{ fields: Readonly<Record<string, StoredField>>; replaces: string | null }>(
    `select fields, (select o.id from document o where o.family = d.family and o.state = 'live' and o.id <> d.id) as replaces from document d where d.id = $1`,
    [documentId],
  )
  const { fields = {}, replaces = null } = rows[0] ?? {}
  const [before] = replaces === null ? [] : await readSummaries(database, 'd.id = $1', [replaces], today)
  const known = Object.keys(editableFields)
  return {
    document: document ?? { ...summary, why: [], clauses: 0 },
    fields: fieldsOf(summary, fields),
    others: Object.fromEntries(Object.entries(fields).filter(([name]) => !known.includes(name))),
    clauses: await readClauses(database, documentId),
    history: await readActions(database, documentId),
    pictures: await picturedPages(database, documentId),
    replaces: before ?? null,
  }
}

function fieldsOf(summary: DocumentSummary, stored: Readonly<Record<string, StoredField>>): ReviewField[] {
  const values: Readonly<Record<FieldName, ReviewField['value']>> = {
    title: summary.title,
    doc_no: summary.docNo,
    issuers: summary.issuers,
    genre: summary.genre,
    level: summary.level,
    regions: summary.regions,
    binding: summary.binding,
    issued_on: summary.issuedOn,
    effective_from: summary.effectiveFrom,
    effective_to: summary.effectiveTo,
    supersedes: summary.supersedes,
    based_on: summary.basedOn,
    prolongs: summary.prolongs,
  }
  return (Object.keys(values) as FieldName[]).map((name) => ({
    name,
    kind: editableFields[name],
    value: values[name],
    phrase: stored[name]?.phrase ?? null,
    confirmed: stored[name]?.confirmed === true,
    proposal: (name === 'effective_to' || name === 'supersedes') && isThere(values[name]) && stored[name]?.confirmed !== true,
    doubts: summary.doubts.filter((each: Doubt) => each.field === name),
  }))
}

function isThere(value: ReviewField['value']): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null
}

async function readClauses(database: Database, documentId: string): Promise<ReviewClause[]> {
  const { rows } = await database.query<
    Omit<ReviewClause, 'page' | 'support'> & { fields: { page?: number; support?: readonly SupportItem[] } }
  >(
    `select id as "passageId", clause, heading, text, visibility, wrong_since is not null as wrong, fields from passage where document_id = $1 order by position`,
    [documentId],
  )
  return rows.map(({ fields, ...row }) => ({ ...row, page: fields.page ?? null, support: fields.support ?? [] }))
}
