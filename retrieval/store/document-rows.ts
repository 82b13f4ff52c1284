import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { expiresWithin, prolongedSql, statusOf } from '../validity.ts'
import type { DocumentSummary, NewDocument } from './document.ts'
import type { Endable } from './endings.ts'
import { namesOf } from './names.ts'

type Row = Omit<DocumentSummary, 'status' | 'expiresWithin'>

/**
 * Reads documents without their text; newest first.
 * @param where a condition on `d` with `$1`… as given
 */
export async function readSummaries(
  database: Pick<Pool, 'query'>,
  where: string,
  values: readonly unknown[],
  asOf: string,
): Promise<readonly DocumentSummary[]> {
  const { rows } = await database.query<Row>(
    `select d.id as "documentId", d.version, d.source, d.kind, d.title, d.doc_no as "docNo", d.issuers, d.genre, d.level, d.regions, d.binding, d.state,
            d.issued_on::text as "issuedOn", d.effective_from::text as "effectiveFrom", d.effective_to::text as "effectiveTo",
            d.ended_on::text as "endedOn", d.ended_how as "endedHow", d.ended_by as "endedBy",
            d.supersedes, d.based_on as "basedOn", d.prolongs, ${prolongedSql('d')} as "prolongedBy", d.doubts, d.demo, d.uploaded_by as "uploadedBy", d.reviewed_by as "reviewedBy",
            d.reviewed_at as "reviewedAt", d.missing_since as "missingSince", d.passages, d.created_at as "createdAt",
            (select min(x.title) from document x where d.based_names <> '{}' and x.names && d.based_names and x.state = 'live' and x.family <> d.family
                and x.demo = d.demo and (x.ended_on <= $${values.length + 1}::date or x.effective_to < $${values.length + 1}::date)) as "basisEnded"
       from document d where ${where} order by d.number desc`,
    [...values, asOf],
  )
  return rows.map((row) => {
    const status = statusOf(row, asOf)
    return { ...row, status, expiresWithin: status === 'expiring' ? expiresWithin(row, asOf) : null }
  })
}

/**
 * Live documents whose ending may change now that `arrived` went live and `gone` left, each with the live documents that name it. The demo
 * park and real documents never end each other.
 */
export async function readClaims(
  client: PoolClient,
  arrived: readonly string[],
  gone: readonly string[],
): Promise<readonly { readonly about: Endable; readonly by: readonly Endable[] }[]> {
  // x: a document that may end, since it is new, was ended by one that left, or is named by a new one. o: those whose `ends` name it.
  const { rows } = await client.query<{ about: Endable; by: readonly Endable[] }>(
    `select ${endable('x')} as about, coalesce(json_agg(${endable('o')}) filter (where o.id is not null), '[]') as by
       from document x
       left join document o on o.state = 'live' and o.ends <> '{}' and o.ends && x.names and o.family <> x.family and o.demo = x.demo
      where x.state = 'live' and (x.id = any($1) or x.ended_by = any($2)
         or x.names && (select coalesce(array_agg(name), '{}') from document n cross join unnest(n.ends) as name where n.id = any($1)))
      group by x.id`,
    [arrived, gone],
  )
  return rows
}

function endable(alias: string): string {
  return `json_build_object('id', ${alias}.id, 'family', ${alias}.family, 'title', ${alias}.title, 'issuers', ${alias}.issuers, 'regions', ${alias}.regions,
    'binding', ${alias}.binding, 'issuedOn', ${alias}.issued_on::text, 'effectiveFrom', ${alias}.effective_from::text)`
}

/** Hash of everything understood of a document except its source, so that it is recognised in another folder. */
export function fingerprintOf(document: NewDocument): string {
  const {
    source: _source,
    sha256: _sha256,
    state: _state,
    demo: _demo,
    uploadedBy: _uploadedBy,
    pictures: _pictures,
    ...understood
  } = document
  return createHash('sha256').update(JSON.stringify(understood)).digest('hex')
}

/** @returns an id made of the fingerprint; when that is taken (a copy, or a version taken back) with `-2`, `-3`… */
export function freeId(fingerprint: string, taken: readonly string[]): string {
  const id = fingerprint.slice(0, 16)
  for (let copy = 1; ; copy++) {
    const candidate = copy === 1 ? id : `${id}-${copy}`
    if (!taken.includes(candidate)) return candidate
  }
}

/** The same source is the same document; a policy with the same number and title elsewhere has moved. */
export async function familyOf(client: Pick<PoolClient, 'query'>, document: NewDocument, fingerprint: string): Promise<string> {
  const names = namesOf(document)
  const identified = document.kind === 'policy' && names.some((each) => each.startsWith('n:'))
  const { rows } = await client.query<{ family: string }>(
    `select family from document
      where state in ('live', 'waiting') and demo = $1 and (source = $2 or ($3 and kind = 'policy' and names @> $4 and names <@ $4))
      order by source = $2 desc, number desc limit 1`,
    [document.demo, document.source, identified, names],
  )
  if (rows[0]) return rows[0].family
  const family = document.demo ? `demo:${document.source}` : document.source
  const moved = await client.query(`select from document where family = $1 and state in ('live', 'waiting') limit 1`, [family])
  return moved.rowCount === 0 ? family : `${family}#${fingerprint.slice(0, 16)}`
}

/** @returns how many documents are live */
export async function readHoldings(
  pool: Pool,
): Promise<{ readonly own: number; readonly demo: number; readonly demoRetired: boolean }> {
  const { rows } = await pool.query<{ own: number; demo: number; demoRetired: boolean }>(
    `select count(*) filter (where not demo)::int as own, count(*) filter (where demo)::int as demo,
            coalesce((select value = '"retired"' from library_state where name = 'demo'), false) as "demoRetired"
       from document where state = 'live'`,
  )
  return rows[0] ?? { own: 0, demo: 0, demoRetired: false }
}

/** What is live of the park's own and is never quoted, since it applies in none of `regions`; `of` all documents of the park's own. */
export type Elsewhere = { readonly documents: number; readonly of: number; readonly regions: readonly string[] }

/** @param regions null when all places count */
export async function readElsewhere(pool: Pool, regions: readonly string[] | null): Promise<Elsewhere> {
  const { rows } = await pool.query<Elsewhere>(
    `with live as (
       select regions, regions <> '{}' and not coalesce(regions && $1::text[], true) as elsewhere from document where state = 'live' and not demo)
     select count(*) filter (where elsewhere)::int as documents, count(*)::int as of,
            coalesce((select array_agg(distinct region) from live cross join unnest(regions) as region where elsewhere), '{}') as regions
       from live`,
    [regions],
  )
  return rows[0] ?? { documents: 0, of: 0, regions: [] }
}

/** @returns whether the demo park should retire: it is there, nobody asked to keep it, and no document of one's own was ever live */
export async function demoShouldRetire(client: PoolClient): Promise<boolean> {
  const { rowCount } = await client.query(
    `select where not exists (select from document where state in ('live', 'replaced') and not demo)
        and exists (select from document where demo) and not exists (select from library_state where name = 'demo' and value = '"kept"')`,
  )
  return rowCount === 1
}
