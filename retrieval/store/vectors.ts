import type { Pool, PoolClient } from 'pg'
import pgvector from 'pgvector/pg'
import { exactUpTo, leastCoded } from '../signals/vector.ts'

/** A row of `embedder`: the model that made a set of vectors. */
export type StoredEmbedder = {
  readonly id: number
  readonly model: string
  readonly dimensions: number
  readonly chosen: boolean
  readonly state: 'building' | 'serving' | 'retired'
}

type Database = Pick<Pool | PoolClient, 'query'>

/** A passage that has no vector yet, with the text to embed. */
export type Unembedded = {
  readonly number: number
  readonly document: number
  readonly title: string
  readonly heading: string | null
  readonly text: string
}

/** @returns all stored embedders, newest first */
export async function readEmbedders(database: Database): Promise<readonly StoredEmbedder[]> {
  const { rows } = await database.query<StoredEmbedder>(
    'select id, model, dimensions, chosen, state from embedder order by id desc',
  )
  return rows
}

/** @returns the row of a model and vector length, created, or revived when it was retired */
export async function ensureEmbedder(
  database: Database,
  model: string,
  dimensions: number,
  chosen: boolean,
): Promise<StoredEmbedder> {
  const { rows } = await database.query<StoredEmbedder>(
    `insert into embedder (model, dimensions, chosen, state) values ($1, $2, $3, 'building')
     on conflict (model, dimensions) do update set state = case embedder.state when 'retired' then 'building' else embedder.state end, chosen = excluded.chosen
     returning id, model, dimensions, chosen, state`,
    [model, dimensions, chosen],
  )
  const [row] = rows
  if (!row) throw new Error('an embedder was stored and did not come back')
  return row
}

/** Lets an embedder answer from the next search on; the one before retires in the same statement. */
export async function serve(database: Database, embedder: number): Promise<void> {
  await database.query(
    `with retired as (update embedder set state = 'retired', since = now() where state = 'serving' and id <> $1 returning id)
     update embedder set state = 'serving', since = now() where id = $1 and state <> 'serving' and (select count(*) from retired) >= 0`,
    [embedder],
  )
}

/**
 * Creates an approximate index over the codes of one embedder, once it has many: `signals/vector.ts` orders by it. The embedded database
 * has none: reading every code takes a fraction of the time that building would block it.
 */
export async function indexCodes(pool: Pool, embedder: StoredEmbedder): Promise<boolean> {
  if (embedder.dimensions < leastCoded) return false // no search orders by their codes
  const name = `passage_code_${embedder.id}`
  const { rows } = await pool.query<{ wanted: boolean }>(
    `select count(*) >= $2 and not exists (select from pg_index where indexrelid = to_regclass($3) and indisvalid) as wanted
       from (select from passage_code where embedder = $1 limit $2) as first_ones`,
    [embedder.id, exactUpTo, name],
  )
  if (rows[0]?.wanted !== true) return false
  const client = await pool.connect()
  try {
    // A limit, not a reservation: 100,000 vectors need 82 MB, and beyond the default of 64 MB building takes several times as long.
    await client.query(`set statement_timeout = 0; set maintenance_work_mem = '256MB'`)
    await client.query(`drop index if exists ${name}`)
    // What codes can tell limits the recall before the graph does: with 12 neighbours instead of 16 it was the same, for a tenth less to read.
    await client.query(
      `create index concurrently ${name} on passage_code using hnsw ((code::bit(${embedder.dimensions})) bit_hamming_ops) with (m = 12)
         where embedder = ${embedder.id}`,
    )
    return true
  } finally {
    client.release(true) // its time-out is off
  }
}

/** Deletes vectors of models retired for a while; a process that has not noticed the switch may still ask for recent ones. */
export async function dropRetired(database: Database): Promise<void> {
  const { rows } = await database.query<{ id: number }>(
    `delete from embedder where state = 'retired' and since < now() - interval '10 minutes' returning id`,
  )
  for (const { id } of rows) await database.query(`drop index if exists passage_code_${id}`)
}

const needed = `from passage p join document d on d.id = p.document_id
  where d.state in ('live', 'replaced', 'waiting') and not exists (select from passage_vector v where v.embedder = $1 and v.passage = p.number)`

/** @returns how many passages lack a vector of this embedder */
export async function countUnembedded(database: Database, embedder: number): Promise<number> {
  const { rows } = await database.query<{ missing: number }>(`select count(*)::int as missing ${needed}`, [embedder])
  return rows[0]?.missing ?? 0
}

/** Newest first: what was just added is asked about first. */
export async function readUnembedded(database: Database, embedder: number, limit: number): Promise<readonly Unembedded[]> {
  const { rows } = await database.query<Unembedded>(
    `select p.number, d.number as document, d.title, p.heading, p.text ${needed} order by p.number desc limit $2`,
    [embedder, limit],
  )
  return rows
}

/** Stores vectors; skips those already there and those whose passage has gone meanwhile. */
export async function insertVectors(
  database: Database,
  embedder: number,
  rows: readonly { readonly passage: number; readonly document: number; readonly vector: readonly number[] }[],
): Promise<void> {
  await database.query(
    `with given as (
       select distinct on (each.passage) each.passage, each.document, each.vector::vector as vector
         from unnest($2::int[], $3::int[], $4::text[]) as each (passage, document, vector)
        where exists (select from passage p where p.number = each.passage) and exists (select from embedder e where e.id = $1)
        order by each.passage),
     stored as (
       insert into passage_vector (embedder, passage, vector) select $1, passage, vector::halfvec from given order by passage
       on conflict do nothing returning passage)
     insert into passage_code (embedder, passage, document, code)
     select $1, passage, document, binary_quantize(vector) from given join stored using (passage) order by passage`,
    [
      embedder,
      rows.map((each) => each.passage),
      rows.map((each) => each.document),
      rows.map((each) => pgvector.toSql([...each.vector])),
    ],
  )
}

/** Drops vectors whose text has changed (a corrected title); the background makes them anew. */
export async function dropVectors(database: Database, documentNumber: number): Promise<void> {
  await database.query(
    'delete from passage_vector v using passage p join document d on d.id = p.document_id where d.number = $1 and v.passage = p.number',
    [documentNumber],
  )
}
