import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import { errorFields, type Log } from './base/log.ts'
import type { Embedder } from './embedders/embedder.ts'
import { passageText } from './passage-text.ts'
import type { EmbedQuestion } from './search.ts'
import type { NewDocument, PassageVectors } from './store/document.ts'
import { insertVectors, readEmbedders, type StoredEmbedder } from './store/vectors.ts'
import { vectorBuilder } from './vector-build.ts'
import { isTemporary, type VectorState, vectorStateOf } from './vector-state.ts'

export type Vectorizer = {
  readonly question: EmbedQuestion
  /** Requests the vectors of a document about to be written. @throws EmbedderError when a person must fix something */
  readonly passages: (document: NewDocument) => Promise<PassageVectors | null>
  readonly build: (signal?: AbortSignal) => Promise<VectorState>
  readonly start: () => void
  readonly state: () => Promise<VectorState>
  readonly close: () => Promise<void>
}

export type VectorizerNeeds = { readonly pool: Pool; readonly embedder: Embedder; readonly log: Log; readonly server: boolean }

/** How often the background looks for passages without a vector. */
const idleMs = 20_000

/** Keeps vectors of the configured model for all passages. The model before it answers until the new one is complete. */
export function vectorizer(needs: VectorizerNeeds): Vectorizer {
  const { pool, embedder, log } = needs
  const stopping = new AbortController()
  const questions = questionVectors(needs)
  const rest: Rest = { until: 0 }
  const builder = vectorBuilder(needs, questions.forget)
  let running: Promise<void> | undefined

  async function build(signal?: AbortSignal): Promise<VectorState> {
    await builder.build(signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal)
    return vectorStateOf(pool, embedder)
  }

  async function keepBuilding(): Promise<void> {
    while (!stopping.signal.aborted) {
      await build().catch((error: unknown) => {
        if (!stopping.signal.aborted) log('vectors_failed', errorFields(error))
      })
      await wait(idleMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  return {
    question: questions.embed,
    async passages(document) {
      if (document.passages.length === 0) return null
      const configured = await builder.target()
      const serving = await questions.serving()
      const also = serving && serving.id !== configured?.id ? [serving] : []
      return documentVectors(needs, document, { builder, targets: [configured, ...also], rest, signal: stopping.signal })
    },
    build,
    state: () => vectorStateOf(pool, embedder),
    start() {
      running ??= keepBuilding()
    },
    async close() {
      stopping.abort()
      await running
    },
  }
}

/** After a failure, how long new documents skip the service: three hundred files must not each wait for it. */
const passagesRestMs = 60_000
/** Until then (`performance.now()`) new documents are searched by their words alone. */
type Rest = { until: number }

type Embedding = {
  readonly builder: ReturnType<typeof vectorBuilder>
  readonly targets: readonly (StoredEmbedder | null)[]
  readonly rest: Rest
  readonly signal: AbortSignal
}

/** Vectors of a new document under the configured model (first of `targets`) and, while that is being built, under the serving one too. */
async function documentVectors(
  { embedder, log }: VectorizerNeeds,
  document: NewDocument,
  { builder, targets, rest, signal }: Embedding,
): Promise<PassageVectors | null> {
  if (performance.now() < rest.until) return null

  const texts = document.passages.map((each) => passageText({ title: document.title, heading: each.heading, text: each.text }))
  const sets: Awaited<ReturnType<typeof builder.embedTexts>>[] = []
  for (const [place, target] of targets.entries()) {
    try {
      sets.push(await builder.embedTexts(texts, target, signal))
    } catch (error) {
      if (place === 0 && !isTemporary(error)) throw error
      if (!signal.aborted) rest.until = performance.now() + passagesRestMs
      log('passage_embedding_postponed', {
        model: target?.model ?? embedder.model,
        passages: texts.length,
        ...errorFields(error),
      })
    }
  }
  return async (client, number, passages, from = 0) => {
    for (const { row, vectors } of sets) {
      const rows = passages.map((passage, index) => ({ passage, document: number, vector: vectors[from + index] ?? [] }))
      await insertVectors(client, row.id, rows)
    }
  }
}

/** How long a process may assume that the serving model has not changed. */
const freshMs = 2_000
/** After a failure questions do without vectors for a while, instead of each waiting for a time-out. */
const restMs = 15_000

function questionVectors({ pool, embedder, log }: VectorizerNeeds) {
  let known: { readonly at: number; readonly serving: StoredEmbedder | null } | undefined
  let restUntil = 0

  async function serving(): Promise<StoredEmbedder | null> {
    if (known === undefined || performance.now() - known.at > freshMs) {
      const rows = await readEmbedders(pool)
      known = { at: performance.now(), serving: rows.find((each) => each.state === 'serving') ?? null }
    }
    return known.serving
  }

  const embed: EmbedQuestion = async (text, signal) => {
    if (performance.now() < restUntil) return null
    const by = await serving()
    if (by === null) return null
    try {
      const [values] = await embedder.embed([text], { ...by, purpose: 'question', signal })
      return values ? { embedder: by.id, model: by.model, values } : null
    } catch (error) {
      if (signal?.aborted) throw error
      restUntil = performance.now() + restMs
      log('question_embedding_failed', { model: by.model, ...errorFields(error) })
      return null
    }
  }

  const forget = () => {
    known = undefined
    restUntil = 0
  }

  return { serving, embed, forget }
}
