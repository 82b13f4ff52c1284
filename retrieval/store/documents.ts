import type { Pool, PoolClient } from 'pg'
import { dayInChina } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { sketchOf } from '../text/sketch.ts'
import type { DocumentNeeds, DocumentStore, NewDocument, PassageVectors, Replaced } from './document.ts'
import { familyOf, fingerprintOf, freeId, readHoldings, readSummaries } from './document-rows.ts'
import { recordAction } from './documents/actions.ts'
import { carriedOver } from './documents/carry.ts'
import { findSimilar, foresee } from './documents/like.ts'
import { goLive, publish, removeDemo, type Stored, withdraw } from './documents/live.ts'
import { allInForce, settled } from './documents/serving.ts'
import { refreshStatistics, setDemo } from './library-state.ts'
import { endsOf, namesOf } from './names.ts'
import { insertPassages, type PreparedPassage, prepare, readProtected } from './passages.ts'
import { inLibraryLock } from './transaction.ts'

export type { DocumentStore, DocumentSummary, Doubt, NewDocument, NewPassage, Replaced } from './document.ts'

type Prepared = {
  readonly document: NewDocument
  readonly fingerprint: string
  readonly passages: readonly PreparedPassage[]
  readonly sketch: readonly number[]
  readonly vectors: PassageVectors | null
}
/**
 * Writes `document`, with live.ts and edit.ts; passages and postings are written through passages.ts inside the same transactions.
 * All writes take one lock: two documents that name each other must see each other, and counts of shared terms would deadlock.
 */
export function documentStore(pool: Pool, { clock, embed }: DocumentNeeds): DocumentStore {
  const today = () => dayInChina(clock())
  const write = <T>(work: (client: PoolClient) => Promise<T>) => inLibraryLock(pool, work)
  const one = async (where: string, values: readonly unknown[], asOf = today()) =>
    (await readSummaries(pool, where, values, asOf))[0] ?? null
  return {
    unchanged: async (source, sha256) =>
      (await one(`d.source = $1 and d.sha256 = $2 and d.state in ('live', 'waiting')`, [source, sha256])) ??
      one(`d.sha256 = $1 and d.state in ('live', 'waiting') and not d.demo`, [sha256]),
    settled: (source, sha256) => settled(pool, source, sha256, today()),
    async moved(documentId, source) {
      await pool.query('update document set source = $2, missing_since = null where id = $1', [documentId, source])
    },
    missing: (folder, present) => missing(pool, folder, present, today()),
    similar: (document) => findSimilar(pool, document),
    foresee: (document) => foresee(pool, document, today()),
    async replace(document) {
      const fingerprint = fingerprintOf(document)
      const known = await pool.query(`select from document where fingerprint = $1 and state in ('live', 'waiting')`, [
        fingerprint,
      ])
      const vectors = known.rowCount === 0 ? ((await embed?.(document)) ?? null) : null
      const prepared = { document, fingerprint, passages: prepare(document), sketch: sketchOf(document), vectors }
      const replaced = await write((client) => replace(client, prepared, today()))
      if (replaced.outcome !== 'unchanged') await refreshStatistics(pool, false)
      return replaced
    },
    summary: (documentId, asOf) => one('d.id = $1', [documentId], asOf),
    list: ({ state, demo } = {}) =>
      readSummaries(pool, '($1::text is null or d.state = $1) and ($2::boolean is null or d.demo = $2)', [state, demo], today()),
    withdraw: (documentId) => write((client) => withdraw(client, documentId, today())),
    inForce: (passageIds) => allInForce(pool, passageIds, today()),
    protectedOf: (passageIds, visibility) => readProtected(pool, passageIds, visibility),
    removeDemo: () => write((client) => removeDemo(client)),
    keepDemo: () => write((client) => setDemo(client, 'kept')),
    hasDocuments: () => readHoldings(pool),
    settle: () => refreshStatistics(pool, true),
  }
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
    await client.query('update document set source = $2, sha256 = $3, missing_since = null where id = $1', [
      same.id,
      document.source,
      document.sha256,
    ])
    return { documentId: same.id, outcome: 'unchanged', passages: same.passages, demoRetired: false, ended: [] }
  }
  if (same) return publish(client, same.id, today)
  // A newer upload takes the place of one that still waits.
  await client.query(`update document set state = 'rejected' where family = $1 and state = 'waiting'`, [family])
  const carried = await carriedOver(client, document, family)
  const stored = await insert(client, { ...prepared, document: carried }, family)
  if (document.state === 'live') return goLive(client, stored, carried, family, today)
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
  { document, fingerprint, passages, sketch, vectors }: Prepared,
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
                           issued_on, effective_from, effective_to, supersedes, names, ends, passages, length, fields, doubts, state, demo, uploaded_by,
                           based_on, based_names, sketch)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12::text[], $13,
            $14::date, $15::date, $16::date, $17::text[], $18::text[], $19::text[], $20, $21, $22::jsonb, $23::jsonb, 'waiting', $24, $25,
            $26::text[], $27::text[], $28::int[]
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
      ...[document.basedOn ?? [], endsOf(document.basedOn ?? []), sketch],
    ],
  )
  const stored = rows[0]
  if (!stored) throw new AppError('unexpected', 'a document was inserted and did not come back')
  const numbers = await insertPassages(client, stored, passages)
  await recordAction(client, {
    document: id,
    actor: document.uploadedBy ?? (document.demo ? 'demo' : 'system'),
    action: 'uploaded',
  })
  await vectors?.(client, stored.number, numbers)
  return stored
}

/** One statement notes what came back and what is gone; then what is gone is told. */
async function missing(pool: Pool, folder: string, present: readonly string[], today: string) {
  await pool.query(
    `update document set missing_since = case when source = any($2) then null else now() end
      where state in ('live', 'waiting') and not demo and starts_with(source, $1) and (missing_since is not null) = (source = any($2))`,
    [folder, present],
  )
  return readSummaries(
    pool,
    `d.state in ('live', 'waiting') and not d.demo and d.missing_since is not null and starts_with(d.source, $1)`,
    [folder],
    today,
  )
}
