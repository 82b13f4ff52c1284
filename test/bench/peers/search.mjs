// LangChain's PGVectorStore, vector search alone: the first quarter of the given questions one at a time, then all of them by eight clients.
// Figures as JSON.
import { readFileSync } from 'node:fs'
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
const times = []
for (let n = 0; n < questions.length / 4; n++) {
  const started = performance.now()
  await ask(n)
  times.push(performance.now() - started)
}
times.sort((a, b) => a - b)
let next = 0
const all = questions.length
const started = performance.now()
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (next < all) await ask(next++)
  }),
)
const rate = Math.round(all / ((performance.now() - started) / 1000))
const at = (share) => Math.round(times[Math.floor(share * times.length)] * 100) / 100
process.stdout.write(JSON.stringify({ one_client_ms: { p50: at(0.5), p95: at(0.95) }, eight_clients_per_s: rate }))
process.exit(0)
