import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Pool } from 'pg'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { searcher } from '../../retrieval/search.ts'
import { signals } from '../../retrieval/signals/index.ts'
import type { Signal } from '../../retrieval/signals/signal.ts'
import { openScale, type Scale } from './search/open.ts'
import { inTurn, manyAtOnce } from './search/timing.ts'

const peers = new URL('./peers/', import.meta.url)
const asOf = '2026-01-01'

/**
 * `npm run bench -- search [--passages 100000] [--dimensions 1024] [--questions 200]`: a library of that size, on the server of DATABASE_URL or
 * embedded; hybrid search beside the two statements it is made of, beside one plain vector query, and beside LangChain's PGVectorStore.
 */
export async function run(args: readonly string[]): Promise<unknown> {
  const { values } = parseArgs({
    args: [...args],
    options: { passages: { type: 'string' }, dimensions: { type: 'string' }, questions: { type: 'string' } },
  })
  const onServer = (process.env['DATABASE_URL'] ?? '') !== ''
  const passages = Number(values.passages ?? (onServer ? 100_000 : 10_000))
  const questions = Number(values.questions ?? 200)
  const scale = await openScale({ passages, dimensions: Number(values.dimensions ?? 1024), progress })
  try {
    const ways = waysOf(scale)
    const { plain, ...ours } = ways
    // Apart: reading every vector throws everything else out of the cache, and takes too long for eight at once.
    const alone = { ...(await inTurn(ours, questions)), ...(await inTurn({ plain }, Math.ceil(questions / 5))) }
    const eight = await manyAtOnce(ours, questions * 4, 8)
    const langchain = onServer ? await peer(scale, questions) : null
    const bare = alone.words.p50 + alone.vector.p50
    return {
      bench: 'search',
      database: scale.kind,
      passages,
      build_s: scale.buildSeconds,
      one_client_ms: alone,
      hybrid_to_its_two_statements: round(alone.hybrid.p50 / bare),
      eight_clients_per_s: eight,
      langchain,
      hybrid_to_langchain_at_eight: langchain && round(eight.hybrid / langchain.indexed.eight_clients_per_s),
      hybrid_to_langchain_without_index_at_eight: langchain && round(eight.hybrid / langchain.as_initialized.eight_clients_per_s),
      recall_of_ten: await recall(scale, Math.min(questions, 50)),
    }
  } finally {
    await scale.close()
  }
}

const round = (value: number) => Math.round(value * 100) / 100
const progress = (line: string) => process.stderr.write(`${line}\n`)

type Way = (n: number) => Promise<unknown>

/** The same questions with the same filter: our search whole, each of its two statements alone, and what a plain table of vectors is asked. */
function waysOf(scale: Scale): Record<'hybrid' | 'words' | 'vector' | 'plain', Way> {
  const asking = (used: readonly Signal[]): Way => {
    const search = searcher({
      ask: prepared(scale.pool, scale.kind === 'server'),
      embed: async (text) => ({ embedder: scale.embedder, values: scale.vectorFor(text) }),
      reranker: null,
      log: silentLog,
      signals: used,
    })
    return (n) =>
      search({
        text: scale.question(n).text,
        asOf,
        regions: ['本园区'],
        visibility: 1,
        validity: 'in_force',
      })
  }
  return {
    hybrid: asking(signals),
    words: asking(signals.filter((each) => each.name === 'words')),
    vector: asking(signals.filter((each) => each.name === 'vector')),
    plain: (n) => nearest(scale.pool, scale, n, ''),
  }
}

/** One vector query as anybody would write it, all passages, no filter but the one given. */
async function nearest(pool: Pool, scale: Scale, n: number, where: string): Promise<number[]> {
  const { rows } = await pool.query<{ passage: number }>(
    `select passage from passage_vector v where embedder = $2 ${where} order by vector <#> $1::vector::halfvec limit 10`,
    [JSON.stringify(scale.question(n).vector), scale.embedder],
  )
  return rows.map((row) => row.passage)
}

/** How many of the true ten nearest the vector signal finds, among what the usual filter lets through and among one passage in a hundred. */
async function recall(scale: Scale, questions: number): Promise<Record<string, number>> {
  const shares: Record<string, number> = {}
  for (const region of ['本园区', '小园区']) {
    const search = searcher({
      ask: prepared(scale.pool, scale.kind === 'server'),
      embed: async (text) => ({ embedder: scale.embedder, values: scale.vectorFor(text) }),
      reranker: null,
      log: silentLog,
      signals: signals.filter((each) => each.name === 'vector'),
    })
    let found = 0
    for (let n = 0; n < questions; n++) {
      const request = { text: scale.question(n).text, asOf, regions: [region], visibility: 1, validity: 'in_force' } as const
      const best = (await search(request)).evidence
      const bySignal = best.toSorted((a, b) => (b.signals['vector'] ?? 0) - (a.signals['vector'] ?? 0)).slice(0, 10)
      const { rows } = await scale.pool.query<{ id: string }>(
        `select p.id from passage_vector v join passage p on p.number = v.passage join document d on d.id = p.document_id
          where v.embedder = $2 and d.regions = array[$3] and (d.effective_to is null or d.effective_to >= $4)
          order by v.vector <#> $1::vector::halfvec limit 10`,
        [JSON.stringify(scale.question(n).vector), scale.embedder, region, asOf],
      )
      const truth = new Set(rows.map((row) => row.id))
      found += bySignal.filter(({ passage }) => truth.has(passage.id)).length / Math.max(1, truth.size)
    }
    shares[region === '小园区' ? 'one_in_a_hundred' : 'usual_filter'] = round(found / questions)
  }
  return shares
}

type PeerFigures = {
  readonly one_client_ms: { readonly p50: number; readonly p95: number }
  readonly eight_clients_per_s: number
}

type Peer = {
  /** as `PGVectorStore.initialize` leaves it: no index, every vector is read */
  readonly as_initialized: PeerFigures
  /** after `createHnswIndex` with its defaults */
  readonly indexed: PeerFigures & { readonly recall_of_ten: number }
}

/** LangChain's store on a table of its own with the same vectors, no filter; null when the peers are not installed. */
async function peer(scale: Scale, questions: number): Promise<Peer | null> {
  if (!existsSync(new URL('node_modules', peers))) {
    progress('LangChain is not installed beside this bench: npm ci --prefix test/bench/peers')
    return null
  }
  await scale.pool.query(
    `create table if not exists langchain_peer (id uuid primary key default gen_random_uuid(), content text, metadata jsonb, embedding vector(${scale.dimensions}))`,
  )
  await scale.pool.query(`insert into langchain_peer (content, metadata, embedding)
    select p.text, jsonb_build_object('title', d.title), v.vector::vector from passage_vector v join passage p on p.number = v.passage join document d on d.id = p.document_id
     where v.embedder = ${scale.embedder} and not exists (select from langchain_peer)`)
  await scale.unhurried('drop index if exists langchain_peer_hnsw')
  await scale.unhurried('vacuum analyze langchain_peer')
  const asInitialized = await asked(scale, Math.ceil(questions / 20))
  const truth = await nearestOfPeer(scale)
  const started = performance.now()
  await scale.unhurried(`create index langchain_peer_hnsw on langchain_peer using hnsw (embedding vector_cosine_ops)`)
  progress(`LangChain's index: ${((performance.now() - started) / 1000).toFixed(0)} s`)
  const found = await nearestOfPeer(scale)
  const share = found.map((ids, n) => ids.filter((id) => truth[n]?.includes(id)).length / ids.length)
  const recallOfTen = round(share.reduce((sum, each) => sum + each, 0) / share.length)
  return { as_initialized: asInitialized, indexed: { ...(await asked(scale, questions)), recall_of_ten: recallOfTen } }
}

/** What LangChain's store asks, for some of the questions, with the settings of a connection of its own. */
async function nearestOfPeer(scale: Scale): Promise<string[][]> {
  const client = await scale.pool.connect()
  try {
    await client.query('reset hnsw.ef_search; reset hnsw.iterative_scan')
    const all: string[][] = []
    for (let n = 0; n < 20; n++) {
      const { rows } = await client.query<{ id: string }>(
        `select id from langchain_peer order by embedding <=> $1::vector limit 10`,
        [JSON.stringify(scale.question(n).vector)],
      )
      all.push(rows.map((row) => row.id))
    }
    return all
  } finally {
    client.release(true) // its settings are not ours
  }
}

/** LangChain in a process of its own, asked what our own ways were: `questions` one at a time, then four times as many by eight clients. */
async function asked(scale: Scale, questions: number): Promise<PeerFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-bench-'))
  const file = join(folder, 'questions.json')
  writeFileSync(file, JSON.stringify(Array.from({ length: questions * 4 }, (_, n) => scale.question(n).vector)))
  try {
    return JSON.parse(await output([fileURLToPath(new URL('search.mjs', peers)), scale.url ?? '', file])) as PeerFigures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString()
    })
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`the peer ended with ${code}`))))
  })
}
