import type { PoolClient } from 'pg'
import { firstUsualLength, impactOf, impactsOf, type Occurrences } from '../text/impact.ts'
import { hashOf, termsOf } from '../text/terms.ts'
import type { NewDocument, NewPassage } from './document.ts'
import { usualLength } from './library-state.ts'

/** A passage with its terms counted, prepared before the transaction to keep the lock short. */
export type PreparedPassage = {
  readonly passage: NewPassage
  /** by hash */
  readonly terms: ReadonlyMap<number, Occurrences>
  readonly length: number
}

/** Title and heading say what a passage is about; counting them twice gained 2 hit@1 on policy notices. */
const headWeight = 2
const perStatement = 500

/** Counts the terms of every passage, title, heading, number and clause included. Pure. */
export function prepare(document: Pick<NewDocument, 'title' | 'docNo' | 'passages'>): PreparedPassage[] {
  const title = termsOf(document.title).map(hashOf)
  const number = termsOf(document.docNo ?? '').map(hashOf)
  return document.passages.map((passage) => {
    const terms = new Map<number, Occurrences>()
    const add = (hashes: readonly number[], weight: { readonly text?: number; readonly labels?: number }) => {
      for (const hash of hashes) {
        const { text, labels } = terms.get(hash) ?? { text: 0, labels: 0 }
        terms.set(hash, { text: text + (weight.text ?? 0), labels: labels + (weight.labels ?? 0) })
      }
    }
    add(title, { labels: headWeight })
    add(termsOf(passage.heading ?? '').map(hashOf), { labels: headWeight })
    add(number, { labels: 1 })
    add(termsOf(passage.clause ?? '').map(hashOf), { labels: 1 })
    add(termsOf(passage.text).map(hashOf), { text: 1 })
    return { passage, terms, length: [...terms.values()].reduce((sum, { text, labels }) => sum + text + labels, 0) }
  })
}

/** @param before how many passages the document already has @returns the passages' numbers, in order */
export async function insertPassages(
  client: PoolClient,
  document: { readonly id: string; readonly number: number },
  prepared: readonly PreparedPassage[],
  before = 0,
): Promise<number[]> {
  const numbers: number[] = []
  const usual = await usualLength(client)
  for (let from = 0; from < prepared.length; from += perStatement) {
    const part = prepared.slice(from, from + perStatement)
    const partNumbers = await insertPart(client, document.id, part, before + from, usual)
    await insertProtected(client, document.id, part, before + from)
    await insertPostings(client, document.number, part, partNumbers)
    numbers.push(...partNumbers)
  }
  return numbers
}

async function insertPart(
  client: PoolClient,
  documentId: string,
  part: readonly PreparedPassage[],
  from: number,
  usual: number,
): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    `insert into passage (id, document_id, position, clause, heading, text, visibility, fields, terms, impacts)
     select $1 || '.' || (each.place + $2), $1, each.place + $2 - 1, each.clause, each.heading, each.text, each.visibility, each.fields::jsonb, each.terms::int[], each.impacts::sparsevec
       from unnest($3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[])
            with ordinality as each (clause, heading, text, visibility, fields, terms, impacts, place)
      order by each.place
     returning number, position`,
    [
      documentId,
      from,
      part.map(({ passage }) => passage.clause),
      part.map(({ passage }) => passage.heading),
      part.map(({ passage }) => passage.text),
      part.map(({ passage }) => passage.visibility ?? 1),
      part.map(({ passage }) => JSON.stringify(passage.fields ?? {})),
      part.map(({ terms }) => literal([...terms.keys()])),
      part.map(({ terms, length }) => impactsOf(terms, length, usual)),
    ],
  )
  return rows.map((row) => row.number)
}

async function insertProtected(
  client: PoolClient,
  documentId: string,
  part: readonly PreparedPassage[],
  from: number,
): Promise<void> {
  const rows = part.flatMap(({ passage }, index) =>
    passage.protected === undefined ? [] : [{ ...passage.protected, id: `${documentId}.${from + index + 1}` }],
  )
  if (rows.length === 0) return
  await client.query(
    `insert into passage_protected (passage, visibility, text, fields)
     select passage, visibility, text, fields::jsonb from unnest($1::text[], $2::smallint[], $3::text[], $4::text[]) as each (passage, visibility, text, fields)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.visibility),
      rows.map((row) => row.text),
      rows.map((row) => JSON.stringify(row.fields)),
    ],
  )
}

/**
 * Sorted by term like the index, so that neighbours share a page. Measured against a fixed length, not the library's own: postings only
 * find candidates and need no rewrite when the library grows.
 */
async function insertPostings(
  client: PoolClient,
  document: number,
  part: readonly PreparedPassage[],
  numbers: readonly number[],
): Promise<void> {
  const rows = part.flatMap(({ terms, length }, index) =>
    [...terms].map(([term, occurrences]) => ({
      term,
      passage: numbers[index] ?? 0,
      impact: impactOf(occurrences, length, firstUsualLength).toPrecision(6),
    })),
  )
  rows.sort((a, b) => a.term - b.term || a.passage - b.passage)
  await client.query(
    `insert into posting (term, passage, document, impact)
     select term, passage, $1, impact from unnest($2::int[], $3::int[], $4::real[]) as each (term, passage, impact)`,
    [document, ...(['term', 'passage', 'impact'] as const).map((name) => literal(rows.map((row) => row[name])))],
  )
}

/**
 * Counts the terms of documents in (`1`) or out (`-1`): idf and average length come from what is or was live. Callers hold the library's
 * write lock, so counts never wait for each other.
 */
export function countTerms(client: PoolClient, documentIds: readonly string[], sign: 1 | -1): Promise<void> {
  return count(client, 'p.document_id', documentIds, sign)
}

/** The same for some passages of a document that is written or removed in pieces. */
export function countPassages(client: PoolClient, numbers: readonly number[], sign: 1 | -1): Promise<void> {
  return count(client, 'p.number', numbers, sign)
}

type PassageKey = 'p.document_id' | 'p.number'

export const clearTermCounts = (client: PoolClient) => client.query('delete from term_count')

async function count(client: PoolClient, key: PassageKey, values: readonly unknown[], sign: 1 | -1): Promise<void> {
  await client.query(
    `insert into term_count (term, passages)
     select each.term, $2 * count(*) from passage p cross join unnest(p.terms) as each (term) where ${key} = any($1) group by each.term order by each.term
     on conflict (term) do update set passages = term_count.passages + excluded.passages`,
    [values, sign],
  )
}

/** Deletes up to `most` passages of a document with everything that belongs to them. @returns how many there were */
export async function dropSome(client: PoolClient, documentId: string, most: number, counted: boolean): Promise<number> {
  const { rows } = await client.query<{ number: number }>('select number from passage where document_id = $1 limit $2', [
    documentId,
    most,
  ])
  const numbers = rows.map((each) => each.number)
  if (counted) await countPassages(client, numbers, -1)
  await deletePostings(client, 'p.number', numbers)
  await client.query('delete from passage where number = any($1)', [numbers])
  return numbers.length
}

/** Deletes all passages of documents with everything that belongs to them; their terms must have been counted out. */
export async function deletePassages(client: PoolClient, documentIds: readonly string[]): Promise<void> {
  await deletePostings(client, 'p.document_id', documentIds)
  await client.query('delete from passage where document_id = any($1)', [documentIds])
}

async function deletePostings(client: PoolClient, key: PassageKey, values: readonly unknown[]): Promise<void> {
  await client.query(
    `delete from posting o using passage p cross join unnest(p.terms) as each (term)
      where ${key} = any($1) and o.term = each.term and o.passage = p.number`,
    [values],
  )
}

/** Rebuilds postings after a title or number was corrected; passages keep their numbers. Terms must have been counted out before. */
export async function reindexPassages(
  client: PoolClient,
  document: { readonly id: string; readonly number: number; readonly title: string; readonly docNo: string | null },
): Promise<number> {
  const { rows } = await client.query<NewPassage & { number: number }>(
    'select number, clause, heading, text from passage where document_id = $1 order by position',
    [document.id],
  )
  await deletePostings(client, 'p.document_id', [document.id])
  const usual = await usualLength(client)
  const prepared = prepare({ ...document, passages: rows })
  await client.query(
    `update passage set terms = each.terms::int[], impacts = each.impacts::sparsevec
       from unnest($1::int[], $2::text[], $3::text[]) as each (number, terms, impacts) where passage.number = each.number`,
    [
      rows.map((row) => row.number),
      prepared.map(({ terms }) => literal([...terms.keys()])),
      prepared.map(({ terms, length }) => impactsOf(terms, length, usual)),
    ],
  )
  for (let from = 0; from < prepared.length; from += perStatement) {
    const numbers = rows.slice(from, from + perStatement).map((row) => row.number)
    await insertPostings(client, document.number, prepared.slice(from, from + perStatement), numbers)
  }
  return prepared.reduce((sum, each) => sum + each.length, 0)
}

/**
 * Recomputes, from the texts, the impacts of the next `most` passages after `after`.
 * @returns the number of the last one; null when there is none
 */
export async function measureAnew(client: PoolClient, after: number, most: number, usual: number): Promise<number | null> {
  const { rows } = await client.query<NewPassage & { number: number; title: string; docNo: string | null }>(
    `select p.number, p.clause, p.heading, p.text, d.title, d.doc_no as "docNo" from passage p join document d on d.id = p.document_id
      where p.number > $1 order by p.number limit $2`,
    [after, most],
  )
  const prepared = rows.flatMap((row) => prepare({ ...row, passages: [row] }))
  await client.query(
    'update passage set impacts = each.impacts::sparsevec from unnest($1::int[], $2::text[]) as each (number, impacts) where passage.number = each.number',
    [rows.map((row) => row.number), prepared.map(({ terms, length }) => impactsOf(terms, length, usual))],
  )
  return rows.at(-1)?.number ?? null
}

/** @returns the id of its document; null when there is no such passage */
export async function markPassageWrong(
  client: Pick<PoolClient, 'query'>,
  passageId: string,
  wrong: boolean,
): Promise<string | null> {
  const { rows } = await client.query<{ document: string }>(
    'update passage set wrong_since = case when $2 then coalesce(wrong_since, park_now()) end where id = $1 returning document_id as document',
    [passageId, wrong],
  )
  return rows[0]?.document ?? null
}

/** An array in Postgres's text form; the driver would quote and escape every number. */
function literal(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`
}
