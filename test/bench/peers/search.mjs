// LangChain's PGVectorStore, vector search alone. A line on stdin is a run, a line on stdout its figures: `alone`, the first quarter of the given
// questions one at a time, {p50, p95} in ms; `eight`, all of them by eight clients, questions per second.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PGVectorStore } from '@langchain/community/vectorstores/pgvector'
import { FakeEmbeddings } from '@langchain/core/utils/testing'
import pg from 'pg'

const [url, file] = process.argv.slice(2)
const questions = JSON.parse(readFileSync(file, 'utf8'))
const pool = new pg.Pool({ connectionString: url, max: 8 })
const store = new PGVectorStore(new FakeEmbeddings(), {
  pool,
  tableName: 'langchain_peer',
  columns: { idColumnName: 'id', vectorColumnName: 'embedding', contentColumnName: 'content', metadataColumnName: 'metadata' },
  distanceStrategy: 'cosine',
})
const ask = (n) => store.similaritySearchVectorWithScore(questions[n], 10)
for (let n = 0; n < Math.min(20, questions.length); n++) await ask(n)

async function alone() {
  const times = []
  for (let n = 0; n < questions.length / 4; n++) {
    const started = performance.now()
    await ask(n)
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const at = (share) => Math.round(times[Math.floor(share * times.length)] * 100) / 100
  return { p50: at(0.5), p95: at(0.95) }
}

async function eight() {
  let next = 0
  const client = async () => {
    while (next < questions.length) await ask(next++)
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: 8 }, client))
  return Math.round(questions.length / ((performance.now() - started) / 1000))
}

for await (const run of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await (run === 'alone' ? alone() : eight()))}\n`)
}
process.exit(0)
