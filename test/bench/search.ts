import { parseArgs } from 'node:util'
import type { Pool } from 'pg'
import { silentLog } from '../../retrieval/base/log.ts'
import { prepared } from '../../retrieval/prepared.ts'
import { searcher } from '../../retrieval/search.ts'
import { signals } from '../../retrieval/signals/index.ts'
import type { Signal } from '../../retrieval/signals/signal.ts'
import { openScale, type Scale } from './search/open.ts'
import { fillPeer, indexPeer, type Peer, peerInstalled, startPeer } from './search/peer.ts'
import { inRounds, inTurn, middle, rateOf, round } from './search/timing.ts'

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
    // Separately: reading every vector evicts everything else from the cache, and takes too long for eight at once.
    const alone = { ...(await inTurn(ours, questions)), ...(await inTurn({ plain }, Math.ceil(questions / 5))) }
    const eight = await byEight(scale, { hybrid: ways.hybrid, words: ways.words, vector: ways.vector }, questions)
    const bare = alone.words.p50 + alone.vector.p50
    return {
      bench: 'search',
      database: scale.kind,
      passages,
      build_s: scale.buildSeconds,
      one_client_ms: alone,
      hybrid_to_its_two_statements: round(alone.hybrid.p50 / bare),
      ...eight,
      recall_of_ten: await recall(scale, Math.min(questions, 50)),
    }
  } finally {
    await scale.close()
  }
}

const progress = (line: string) => process.stderr.write(`${line}\n`)

type Way = (n: number) => Promise<unknown>

/** The same questions with the same filter: our whole search, each of its two statements alone, and a plain table of vectors. */
function waysOf(scale: Scale): Record<'hybrid' | 'words' | 'vector' | 'plain', Way> {
  const asking = (used: readonly Signal[]): Way => {
    const search = searcher({
      ask: prepared(scale.pool, scale.kind === 'server'),
      embed: async (text) => ({ embedder: scale.embedder, model: 'made-up', values: scale.vectorFor(text) }),
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

/** A plain vector query over all passages, with no filter but the given one. */
async function nearest(pool: Pool, scale: Scale, n: number, where: string): Promise<number[]> {
  const { rows } = await pool.query<{ passage: number }>(
    `select passage from passage_vector v where embedder = $2 ${where} order by vector <#> $1::vector::halfvec limit 10`,
    [JSON.stringify(scale.question(n).vector), scale.embedder],
  )
  return rows.map((row) => row.passage)
}

/**
 * How many of the true ten nearest the vector signal finds, under the usual filter and under one that lets one passage in a hundred
 * through.
 */
async function recall(scale: Scale, questions: number): Promise<Record<string, number>> {
  const shares: Record<string, number> = {}
  for (const region of ['本园区', '小园区']) {
    const search = searcher({
      ask: prepared(scale.pool, scale.kind === 'server'),
      embed: async (text) => ({ embedder: scale.embedder, model: 'made-up', values: scale.vectorFor(text) }),
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

const rounds = 9

/** Eight clients at once, our ways and LangChain's in rounds: median rates, and the median of the rounds' ratios. */
async function byEight(scale: Scale, ways: Readonly<Record<'hybrid' | 'words' | 'vector', Way>>, questions: number) {
  const ours = {
    hybrid: () => rateOf(ways.hybrid, questions * 4, 8),
    words: () => rateOf(ways.words, questions * 4, 8),
    vector: () => rateOf(ways.vector, questions * 4, 8),
  }
  const middles = (rates: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(Object.entries(rates).map(([name, each]) => [name, middle(each)]))
  if (scale.url === null || !peerInstalled(progress))
    return { eight_clients_per_s: middles(await inRounds(ours, 1)), langchain: null }
  await fillPeer(scale)
  // Every vector is read for every question, so a twentieth of them suffices.
  const asInitialized = await figuresOf(await startPeer(scale, Math.ceil(questions / 20)))
  const recallOfTen = await indexPeer(scale, progress)
  const peer = await startPeer(scale, questions)
  try {
    const oneClient = await peer.alone()
    const rates = await inRounds({ ...ours, langchain: peer.eight }, rounds)
    return {
      eight_clients_per_s: middles(rates),
      langchain: { as_initialized: asInitialized, indexed: { one_client_ms: oneClient, recall_of_ten: recallOfTen } },
      hybrid_to_langchain_at_eight: round(middle(rates.hybrid.map((rate, n) => rate / (rates.langchain[n] ?? rate)))),
      hybrid_to_langchain_without_index_at_eight: round(middle(rates.hybrid) / asInitialized.eight_clients_per_s),
    }
  } finally {
    await peer.close()
  }
}

async function figuresOf(peer: Peer) {
  try {
    return { one_client_ms: await peer.alone(), eight_clients_per_s: await peer.eight() }
  } finally {
    await peer.close()
  }
}
