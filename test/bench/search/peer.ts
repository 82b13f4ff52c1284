import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Scale } from './open.ts'
import { round } from './timing.ts'

const peers = new URL('../peers/', import.meta.url)

export type Peer = {
  /** One question at a time, in ms. */
  alone(): Promise<{ readonly p50: number; readonly p95: number }>
  /** Questions per second of eight clients. */
  eight(): Promise<number>
  close(): Promise<void>
}

/** @returns whether LangChain is installed beside the bench */
export function peerInstalled(progress: (line: string) => void): boolean {
  const installed = existsSync(new URL('node_modules', peers))
  if (!installed) progress('LangChain is not installed beside this bench: npm ci --prefix test/bench/peers')
  return installed
}

/** LangChain's table with the same vectors, as `PGVectorStore.initialize` leaves it: no index, every vector is read. */
export async function fillPeer(scale: Scale): Promise<void> {
  await scale.pool.query(
    `create table if not exists langchain_peer (id uuid primary key default gen_random_uuid(), content text, metadata jsonb, embedding vector(${scale.dimensions}))`,
  )
  await scale.pool.query(`insert into langchain_peer (content, metadata, embedding)
    select p.text, jsonb_build_object('title', d.title), v.vector::vector from passage_vector v join passage p on p.number = v.passage join document d on d.id = p.document_id
     where v.embedder = ${scale.embedder} and not exists (select from langchain_peer)`)
  await scale.unhurried('drop index if exists langchain_peer_hnsw')
  await scale.unhurried('vacuum analyze langchain_peer')
}

/** As `createHnswIndex` does with its defaults. @returns the share of the true ten that its index finds */
export async function indexPeer(scale: Scale, progress: (line: string) => void): Promise<number> {
  const truth = await nearestOfPeer(scale)
  const started = performance.now()
  await scale.unhurried(`create index langchain_peer_hnsw on langchain_peer using hnsw (embedding vector_cosine_ops)`)
  progress(`LangChain's index: ${((performance.now() - started) / 1000).toFixed(0)} s`)
  const found = await nearestOfPeer(scale)
  const shares = found.map((ids, n) => ids.filter((id) => truth[n]?.includes(id)).length / ids.length)
  return round(shares.reduce((sum, each) => sum + each, 0) / shares.length)
}

/** Runs LangChain's query for some of the questions, on a connection with its own settings. */
async function nearestOfPeer(scale: Scale): Promise<string[][]> {
  const client = await scale.pool.connect()
  try {
    await client.query('reset hnsw.iterative_scan')
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

/** LangChain in a process of its own, asked the same questions as ours: `questions` one at a time, four times as many by eight clients. */
export async function startPeer(scale: Scale, questions: number): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-bench-'))
  const file = join(folder, 'questions.json')
  writeFileSync(file, JSON.stringify(Array.from({ length: questions * 4 }, (_, n) => scale.question(n).vector)))
  const program = fileURLToPath(new URL('search.mjs', peers))
  const child = spawn(process.execPath, [program, scale.url ?? '', file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  const run = async (name: 'alone' | 'eight'): Promise<unknown> => {
    const line = once(lines, 'line')
    child.stdin.write(`${name}\n`)
    const ended = gone.then(([code]) => Promise.reject(new Error(`LangChain ended with ${code}`)))
    const [figures] = await Promise.race([line, ended])
    return JSON.parse(String(figures))
  }
  return {
    alone: async () => (await run('alone')) as Awaited<ReturnType<Peer['alone']>>, // our own program
    eight: async () => (await run('eight')) as number,
    async close() {
      child.stdin.end()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
