import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { silentLog } from '../../../retrieval/base/log.ts'
import { type Database, openDatabase, poolFor } from '../../../retrieval/store/database.ts'
import { noteSize, refreshStatistics } from '../../../retrieval/store/library-state.ts'
import { indexCodes, readEmbedders } from '../../../retrieval/store/vectors.ts'
import { fill, type World, world } from './world.ts'

export type Scale = {
  readonly pool: Pool
  readonly kind: Database['kind']
  readonly url: string | null
  readonly embedder: number
  readonly dimensions: number
  readonly buildSeconds: number
  readonly question: World['question']
  /** The vector of a question made by {@link Scale.question}, by its text. */
  readonly vectorFor: (text: string) => number[]
  /** Runs a statement without a time limit. */
  readonly unhurried: (sql: string) => Promise<void>
  close(): Promise<void>
}

const asked = 2_000

/** A filled library of its own: a database beside the one of DATABASE_URL, kept and reused by size, or a temporary embedded one. */
export async function openScale(of: { passages: number; dimensions: number; progress: (line: string) => void }): Promise<Scale> {
  const { database, url, close } = await open(`yuanqiao_bench_${of.passages}_${of.dimensions}`)
  const { pool, kind } = database
  const made = world(of.passages, of.dimensions)
  const started = performance.now()
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from passage_vector')
  if (rows[0]?.count !== of.passages) {
    if (rows[0]?.count !== 0) throw new Error(`the database holds ${rows[0]?.count} passages, not ${of.passages}: drop it first`)
    await fill(pool, made, (done) => done % 10_000 === 0 && of.progress(`${done} passages, ${seconds(started)} s`))
  }
  const embedder = (await readEmbedders(pool)).find((each) => each.state === 'serving')
  if (embedder === undefined) throw new Error('no vectors are being served')
  if (kind === 'server') await indexCodes(pool, embedder)
  await unhurried(pool, kind === 'server' ? 'vacuum analyze' : 'analyze')
  await noteSize(pool)
  await refreshStatistics(pool)
  const questions = new Map(Array.from({ length: asked }, (_, n) => made.question(n)).map((each) => [each.text, each.vector]))
  const texts = [...questions.keys()]
  return {
    pool,
    kind,
    url,
    embedder: embedder.id,
    dimensions: of.dimensions,
    buildSeconds: seconds(started),
    question: (n) => {
      const text = texts[n % texts.length] ?? ''
      return { text, vector: questions.get(text) ?? [] }
    },
    vectorFor: (text) => questions.get(text) ?? [],
    unhurried: (sql) => unhurried(pool, sql),
    close,
  }
}

const seconds = (since: number) => Math.round((performance.now() - since) / 100) / 10

async function unhurried(pool: Pool, sql: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    await client.query(sql)
  } finally {
    client.release(true)
  }
}

async function open(name: string): Promise<{ database: Database; url: string | null; close: () => Promise<void> }> {
  const server = process.env['DATABASE_URL'] ?? ''
  if (server === '') {
    const home = mkdtempSync(join(tmpdir(), 'yuanqiao-bench-'))
    const database = await openDatabase({ databaseUrl: null, home, holder: 'npm run bench', exclusive: true, log: silentLog })
    const close = async () => {
      await database.close()
      rmSync(home, { recursive: true, force: true })
    }
    return { database, url: null, close }
  }
  const admin = poolFor({ connectionString: server, max: 1 }, silentLog)
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  const database = await openDatabase({ databaseUrl: url.href, home: '', holder: 'npm run bench', log: silentLog })
  return { database, url: url.href, close: () => database.close() }
}
