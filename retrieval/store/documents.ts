import { setImmediate } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { dayInChina } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { silentLog } from '../base/log.ts'
import { sketchOf } from '../text/sketch.ts'
import type { DocumentNeeds, DocumentStore, NewDocument, PassageVectors, Replaced } from './document.ts'
import { familyOf, fingerprintOf, freeId, readHoldings, readSummaries } from './document-rows.ts'
import { recordAction } from './documents/actions.ts'
import { aliveSeconds, arrive, piecesOf, type Write } from './documents/arrive.ts'
import { carriedOver } from './documents/carry.ts'
import { goLive, publish, removeDemo, type Stored, withdraw } from './documents/live.ts'
import { dropPictures, keepPictures } from './documents/pictures.ts'
import { allInForce, countClauses, goneWithSignups, readProtected, settled } from './documents/serving.ts'
import { findSimilar, foresee } from './documents/similar.ts'
import { upkeepOf } from './documents/upkeep.ts'
import { setDemo } from './library-state.ts'
import { endsOf, namesOf } from './names.ts'
import { insertPassages, type PreparedPassage, prepare } from './passages.ts'
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
 * Writes `document`, together with live.ts and edit.ts; passages and postings are written by passages.ts inside the same transactions. All
 * writes take one lock: two documents that name each other must see each other, and counts of shared terms would deadlock.
 */
export function documentStore(pool: Pool, needs: DocumentNeeds): DocumentStore {
  const { clock, embed, server = false, upkeep = upkeepOf(pool, silentLog) } = needs
  const today = () => dayInChina(clock())
  const write: Write = (work) => inLibraryLock(pool, work)
  const one = async (where: string, values: readonly unknown[], asOf = today()) =>
    (await readSummaries(pool, where, values, asOf))[0] ?? null
  return {
    unchanged: async (source, sha256) =>
      (await one(`d.source = $1 and d.sha256 = $2 and d.state in ('live', 'waiting')`, [source, sha256])) ??
      one(`d.sha256 = $1 and d.state in ('live', 'waiting') and not d.demo`, [sha256]),
    settled: (source, sha256) => settled(pool, source, sha256, today()),
    clauses: (documentId) => countClauses(pool, documentId),
    goneWithSignups: (documentId) => goneWithSignups(pool, documentId, today()),
    async markMoved(documentId, source) {
      await pool.query('update document set source = $2, missing_since = null where id = $1', [documentId, source])
    },
    markMissing: (folder, present) => markMissing(pool, folder, present, today()),
    similar: (document) => findSimilar(pool, document),
    foresee: (document) => foresee(pool, document, today()),
    async replace(document) {
      const fingerprint = fingerprintOf(document)
      const known = await pool.query(`select from document where fingerprint = $1 and state in ('live', 'waiting')`, [
        fingerprint,
      ])
      const vectors = known.rowCount === 0 ? ((await embed?.(document)) ?? null) : null
      const prepared = { document, fingerprint, passages: await preparedOf(document), sketch: sketchOf(document), vectors }
      const pieces = server || document.demo ? [] : piecesOf(prepared.passages)
      const replaced = await put(write, prepared, pieces, today())
      if (replaced.outcome !== 'unchanged') await upkeep.grown()
      return replaced
    },
    summary: (documentId, asOf) => one('d.id = $1', [documentId], asOf),
    list: ({ state, demo } = {}) => readSummaries(pool, listed, [state, demo], today()),
    withdraw: (documentId) => write((client) => withdraw(client, documentId, today())),
    inForce: (passageIds) => allInForce(pool, passageIds, today()),
    protectedOf: (passageIds, visibility) => readProtected(pool, passageIds, visibility),
    removeDemo: () => write((client) => removeDemo(client)),
    keepDemo: () => write((client) => setDemo(client, 'kept')),
    hasDocuments: () => readHoldings(pool),
    settle: () => upkeep.keepUp(true),
    keepUp: () => upkeep.keepUp(false),
  }
}

/** A document that is still arriving is invisible. */
const listed = `d.state <> 'arriving' and ($1::text is null or d.state = $1) and ($2::boolean is null or d.demo = $2)`

const preparedAtOnce = 200

/** Counting the terms of 20,000 passages takes seconds; pauses let the process answer others meanwhile. */
async function preparedOf(document: NewDocument): Promise<PreparedPassage[]> {
  const prepared: PreparedPassage[] = []
  for (let from = 0; from < document.passages.length; from += preparedAtOnce) {
    prepared.push(...prepare({ ...document, passages: document.passages.slice(from, from + preparedAtOnce) }))
    await setImmediate()
  }
  return prepared
}

/** In one transaction where that is short; else piece by piece, with a short transaction at both ends. */
function put(write: Write, prepared: Prepared, pieces: readonly PreparedPassage[][], today: string): Promise<Replaced> {
  if (pieces.length <= 1) return write((client) => replace(client, prepared, today))
  const { document, fingerprint, vectors } = prepared
  return arrive(
    write,
    { document, fingerprint, pieces, vectors },
    {
      async begin(client) {
        const family = await familyOf(client, document, fingerprint)
        const same = await keepSame(client, prepared, family, today)
        return same ?? insertRow(client, prepared)
      },
      async end(client, stored) {
        const family = await familyOf(client, document, fingerprint)
        if ((await keepSame(client, prepared, family, today)) !== null) return null
        return takePlace(client, stored, prepared, { family, today, counted: document.state === 'live' })
      },
    },
  )
}

async function replace(client: PoolClient, prepared: Prepared, today: string): Promise<Replaced> {
  const family = await familyOf(client, prepared.document, prepared.fingerprint)
  const same = await keepSame(client, prepared, family, today)
  if (same !== null) return same
  const stored = await insertRow(client, prepared)
  const numbers = await insertPassages(client, stored, prepared.passages)
  await prepared.vectors?.(client, stored.number, numbers)
  return takePlace(client, stored, prepared, { family, today, counted: false })
}

/**
 * When the family already holds the same content: publishes it if it only waited, or records where its file lies now.
 * @returns that outcome; null when the content is new
 */
async function keepSame(
  client: PoolClient,
  { document, fingerprint }: Prepared,
  family: string,
  today: string,
): Promise<Replaced | null> {
  const { rows } = await client.query<Stored>(
    `select id, number, state, fingerprint, passages from document where family = $1 and fingerprint = $2 and state in ('live', 'waiting')`,
    [family, fingerprint],
  )
  const same = rows[0]
  if (same === undefined) return null
  if (same.state !== document.state && same.state !== 'live') return publish(client, same.id, today)
  await client.query('update document set source = $2, sha256 = $3, missing_since = null where id = $1', [
    same.id,
    document.source,
    document.sha256,
  ])
  return { documentId: same.id, outcome: 'unchanged', passages: same.passages, demoRetired: false, ended: [] }
}

/** A document whose passages are all stored becomes the newest version of its family. */
async function takePlace(
  client: PoolClient,
  stored: Stored,
  { document }: Prepared,
  to: { readonly family: string; readonly today: string; readonly counted: boolean },
): Promise<Replaced> {
  const { family } = to
  // A newer upload takes the place of one that still waits.
  const { rows: current } = await client.query<{ state: string }>(
    `with before as (select id, state from document where family = $1 and state in ('live', 'waiting')),
          rejected as (update document set state = 'rejected' where id in (select id from before where state = 'waiting'))
     select state from before`,
    [family],
  )
  const carried = await carriedOver(client, document, family)
  await client.query(
    `update document set family = $2, version = (select coalesce(max(version), 0) + 1 from document where family = $2), state = 'waiting',
            issued_on = $3, effective_from = $4, effective_to = $5, fields = $6, arriving_as = null, arriving_until = null
      where id = $1`,
    [stored.id, family, carried.issuedOn, carried.effectiveFrom, carried.effectiveTo, JSON.stringify(carried.fields)],
  )
  const actor = document.uploadedBy ?? (document.demo ? 'demo' : 'system')
  await recordAction(client, { document: stored.id, actor, action: 'uploaded' })
  await dropPictures(client)
  if (document.state === 'live') return goLive(client, stored, carried, to)
  await keepPictures(client, stored.id, document.pictures ?? [])
  const outcome = current.length > 0 ? 'updated' : 'added'
  return { documentId: stored.id, outcome, passages: stored.passages, demoRetired: false, ended: [] }
}

/** Inserts the row of a document whose passages follow; it is invisible until they are there. */
async function insertRow(client: PoolClient, { document, fingerprint, passages, sketch }: Prepared): Promise<Stored> {
  const { rows: copies } = await client.query<{ id: string }>('select id from document where fingerprint = $1', [fingerprint])
  const id = freeId(
    fingerprint,
    copies.map((each) => each.id),
  )
  const length = passages.reduce((sum, each) => sum + each.length, 0)
  const { rows } = await client.query<Stored>(
    `insert into document (id, family, version, source, sha256, fingerprint, kind, title, doc_no, issuers, genre, level, regions, binding,
                           issued_on, effective_from, effective_to, supersedes, names, ends, passages, length, fields, doubts, demo, uploaded_by,
                           based_on, based_names, sketch, state, arriving_as, arriving_until, prolongs, prolongs_names, prolongs_to)
     select $1, 'arriving:' || $1, 1, $2, $3, $4, $5, $6, $7, $8::text[], $9, $10, $11::text[], $12,
            $13::date, $14::date, $15::date, $16::text[], $17::text[], $18::text[], $19, $20, $21::jsonb, $22::jsonb, $23, $24,
            $25::text[], $26::text[], $27::int[], 'arriving', $28, now() + make_interval(secs => $29),
            $30::text[], $31::text[], $32::date
     returning id, number, state, fingerprint, passages`,
    [
      ...[id, document.source, document.sha256, fingerprint, document.kind, document.title, document.docNo, document.issuers],
      ...[document.genre, document.level, document.regions, document.binding],
      ...[document.issuedOn, document.effectiveFrom, document.effectiveTo],
      ...[document.supersedes, namesOf(document), endsOf(document.supersedes), passages.length, length],
      ...[JSON.stringify(document.fields), JSON.stringify(document.doubts), document.demo, document.uploadedBy],
      ...[document.basedOn ?? [], endsOf(document.basedOn ?? []), sketch],
      ...[document.state, aliveSeconds],
      ...[document.prolongs ?? [], endsOf(document.prolongs ?? []), document.prolongsTo ?? null],
    ],
  )
  const stored = rows[0]
  if (!stored) throw new AppError('unexpected', 'a document was inserted and did not come back')
  return stored
}

/** One statement records what came back and what is gone; then what is gone is returned. */
async function markMissing(pool: Pool, folder: string, present: readonly string[], today: string) {
  await pool.query(
    `update document set missing_since = case when source = any($2) then null else park_now() end
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
