import type { Pool, PoolClient } from 'pg'
import { dayInChina } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { startOf } from '../validity.ts'
import type { DocumentNeeds, DocumentStore, NewDocument, PassageVectors, Replaced } from './document.ts'
import { demoShouldRetire, familyOf, fingerprintOf, freeId, readClaims, readHoldings, readSummaries } from './document-rows.ts'
import { endingOf } from './endings.ts'
import { addTotals, refreshStatistics, setDemo } from './library-state.ts'
import { endsOf, namesOf } from './names.ts'
import { countTerms, deletePassages, insertPassages, markPassageWrong, type PreparedPassage, prepare } from './passages.ts'
import { transaction } from './transaction.ts'

export type { DocumentStore, DocumentSummary, Doubt, NewDocument, NewPassage, Replaced } from './document.ts'

type Prepared = {
  readonly document: NewDocument
  readonly fingerprint: string
  readonly passages: readonly PreparedPassage[]
  readonly vectors: PassageVectors | null
}
type Stored = {
  readonly id: string
  readonly number: number
  readonly state: string
  readonly fingerprint: string
  readonly passages: number
}

/**
 * The only writer of `document`; passages and postings are written through passages.ts inside the same transactions.
 * All writes take one lock: two documents that name each other must see each other, and counts of shared terms would deadlock.
 */
export function documentStore(pool: Pool, { clock, embed }: DocumentNeeds): DocumentStore {
  const today = () => dayInChina(clock())
  const write = <T>(work: (client: PoolClient) => Promise<T>) =>
    transaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock(720350118)')
      return work(client)
    })
  const one = async (where: string, values: readonly unknown[], asOf = today()) =>
    (await readSummaries(pool, where, values, asOf))[0] ?? null
  return {
    unchanged: (source, sha256) => one(`d.source = $1 and d.sha256 = $2 and d.state in ('live', 'waiting')`, [source, sha256]),
    async replace(document) {
      const fingerprint = fingerprintOf(document)
      const known = await pool.query(`select from document where fingerprint = $1 and state in ('live', 'waiting')`, [
        fingerprint,
      ])
      const vectors = known.rowCount === 0 ? ((await embed?.(document)) ?? null) : null
      const prepared = { document, fingerprint, passages: prepare(document), vectors }
      const replaced = await write((client) => replace(client, prepared, today()))
      if (replaced.outcome !== 'unchanged') await refreshStatistics(pool, false)
      return replaced
    },
    summary: (documentId, asOf) => one('d.id = $1', [documentId], asOf),
    list: ({ state, demo } = {}) =>
      readSummaries(pool, '($1::text is null or d.state = $1) and ($2::boolean is null or d.demo = $2)', [state, demo], today()),
    publish: (documentId) => write((client) => publish(client, documentId, today())),
    async reject(documentId) {
      const { rowCount } = await pool.query(`update document set state = 'rejected' where id = $1 and state = 'waiting'`, [
        documentId,
      ])
      if (rowCount === 0) throw notWaiting(documentId)
    },
    withdraw: (documentId) => write((client) => withdraw(client, documentId, today())),
    markWrong: (passageId, wrong) => markPassageWrong(pool, passageId, wrong),
    removeDemo: () => write((client) => removeDemo(client)),
    keepDemo: () => write((client) => setDemo(client, 'kept')),
    hasDocuments: () => readHoldings(pool),
    settle: () => refreshStatistics(pool, true),
  }
}

function notWaiting(documentId: string): AppError {
  return new AppError('not_waiting', `document ${documentId} does not wait for review`, {
    hint: 'List what waits with `npm run review -- list`.',
  })
}

async function replace(client: PoolClient, prepared: Prepared, today: string): Promise<Replaced> {
  const { document, fingerprint } = prepared
  const family = await familyOf(client, document, fingerprint)
  const { rows: current } = await client.query<Stored>(
    `select id, number, state, fingerprint, passages from document where family = $1 and state in ('live', 'waiting')`,
    [family],
  )
  const same = current.find((each) => each.fingerprint === fingerprint)
  if (same && (same.state === document.state || same.state === 'live')) {
    await client.query('update document set source = $2, sha256 = $3 where id = $1', [same.id, document.source, document.sha256])
    return { documentId: same.id, outcome: 'unchanged', passages: same.passages, demoRetired: false, ended: [] }
  }
  if (same) return publish(client, same.id, today)
  // A newer upload takes the place of one that still waits.
  await client.query(`update document set state = 'rejected' where family = $1 and state = 'waiting'`, [family])
  const stored = await insert(client, prepared, family)
  if (document.state === 'live') return goLive(client, stored, document, family, today)
  return {
    documentId: stored.id,
    outcome: current.length > 0 ? 'updated' : 'added',
    passages: stored.passages,
    demoRetired: false,
    ended: [],
  }
}

async function insert(
  client: PoolClient,
  { document, fingerprint, passages, vectors }: Prepared,
  family: string,
): Promise<Stored> {
  const { rows: copies } = await client.query<{ id: string }>('select id from document where fingerprint = $1', [fingerprint])
  const id = freeId(
    fingerprint,
    copies.map((each) => each.id),
  )
  const length = passages.reduce((sum, each) => sum + each.length, 0)
  const { rows } = await client.query<Stored>(
    `insert into document (id, family, version, source, sha256, fingerprint, kind, title, doc_no, issuers, genre, level, regions, binding,
                           issued_on, effective_from, effective_to, supersedes, names, ends, passages, length, fields, doubts, state, demo, uploaded_by)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12::text[], $13,
            $14::date, $15::date, $16::date, $17::text[], $18::text[], $19::text[], $20, $21, $22::jsonb, $23::jsonb, 'waiting', $24, $25
       from document where family = $2
     returning id, number, state, fingerprint, passages`,
    [
      ...[
        id,
        family,
        document.source,
        document.sha256,
        fingerprint,
        document.kind,
        document.title,
        document.docNo,
        document.issuers,
      ],
      ...[
        document.genre,
        document.level,
        document.regions,
        document.binding,
        document.issuedOn,
        document.effectiveFrom,
        document.effectiveTo,
      ],
      ...[document.supersedes, namesOf(document), endsOf(document.supersedes), passages.length, length],
      ...[JSON.stringify(document.fields), JSON.stringify(document.doubts), document.demo, document.uploadedBy],
    ],
  )
  const stored = rows[0]
  if (!stored) throw new AppError('unexpected', 'a document was inserted and did not come back')
  const numbers = await insertPassages(client, stored, passages)
  await vectors?.(client, stored.number, numbers)
  return stored
}

async function publish(client: PoolClient, documentId: string, today: string): Promise<Replaced> {
  const { rows } = await client.query<Stored & Going & { family: string }>(
    `select id, number, state, fingerprint, passages, family, demo, effective_from::text as "effectiveFrom", issued_on::text as "issuedOn"
       from document where id = $1 and state = 'waiting'`,
    [documentId],
  )
  const stored = rows[0]
  if (!stored) throw notWaiting(documentId)
  return goLive(client, stored, stored, stored.family, today)
}

type Going = { readonly demo: boolean; readonly effectiveFrom: string | null; readonly issuedOn: string | null }

/** The version before serves until this one begins; then what this one ends, and what had ended by the old one, is found anew. */
async function goLive(client: PoolClient, stored: Stored, going: Going, family: string, today: string): Promise<Replaced> {
  const demoRetired = !going.demo && (await retireDemo(client))
  const { rows: replaced } = await client.query<{ id: string }>(
    `update document
        set state = 'replaced', live_to = now(), ended_how = case when ended_on <= $2 then ended_how else 'superseded' end,
            ended_by = case when ended_on <= $2 then ended_by else $3 end, ended_on = least(ended_on, $2::date)
      where family = $1 and state = 'live' returning id`,
    [family, startOf(going) ?? today, stored.id],
  )
  await client.query(`update document set state = 'live', live_from = now() where id = $1`, [stored.id])
  await countTerms(client, [stored.id], 1)
  await addTotals(client, [stored.id], 1)
  const ended = await settleEndings(
    client,
    [stored.id],
    replaced.map((each) => each.id),
    today,
  )
  return {
    documentId: stored.id,
    outcome: replaced.length > 0 ? 'updated' : 'added',
    passages: stored.passages,
    demoRetired,
    ended,
  }
}

async function withdraw(client: PoolClient, documentId: string, today: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update document set state = 'withdrawn', live_to = now() where id = $1 and state = 'live'`,
    [documentId],
  )
  if (rowCount === 0) return false
  await countTerms(client, [documentId], -1)
  await addTotals(client, [documentId], -1)
  await settleEndings(client, [], [documentId], today)
  return true
}

/** @returns documents that `arrived` ones have ended; those which `gone` ones had ended are in force again unless somebody else ends them */
async function settleEndings(
  client: PoolClient,
  arrived: readonly string[],
  gone: readonly string[],
  today: string,
): Promise<string[]> {
  const claims = await readClaims(client, arrived, gone)
  const endings = claims.map(({ about, by }) => ({ id: about.id, ending: endingOf(about, by, today) }))
  await client.query(
    `update document d set ended_on = each.ended_on, ended_how = each.how, ended_by = each.by
       from unnest($1::text[], $2::date[], $3::text[], $4::text[]) as each (id, ended_on, how, by) where d.id = each.id`,
    [
      endings.map((each) => each.id),
      ...(['on', 'how', 'by'] as const).map((name) => endings.map((each) => each.ending?.[name] ?? null)),
    ],
  )
  return endings.flatMap((each) => (each.ending && arrived.includes(each.ending.by) ? [each.id] : []))
}

/** The first document of one's own retires the demo park, unless somebody asked to keep it. */
async function retireDemo(client: PoolClient): Promise<boolean> {
  if (!(await demoShouldRetire(client))) return false
  await removeDemo(client)
  return true
}

async function removeDemo(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: string; counted: boolean }>(
    `select id, state in ('live', 'replaced') as counted from document where demo`,
  )
  const ids = rows.map((each) => each.id)
  const counted = rows.flatMap((each) => (each.counted ? [each.id] : []))
  await countTerms(client, counted, -1)
  await addTotals(client, counted, -1)
  await deletePassages(client, ids)
  await client.query('delete from document where id = any($1)', [ids])
  await setDemo(client, 'retired')
  return ids.length
}
