import type { Pool } from 'pg'
import { systemClock } from '../../../retrieval/base/clock.ts'
import { documentStore } from '../../../retrieval/store/documents.ts'
import { ensureEmbedder, insertVectors, serve } from '../../../retrieval/store/vectors.ts'
import { seeded } from '../../fakes/random.ts'

/** A synthetic library: vectors in clusters, like embeddings of texts, and words as rare and as frequent as in Chinese text. */
export type World = {
  readonly passages: number
  readonly dimensions: number
  /** Unit-length vector of the n-th passage. */
  readonly vectorOf: (passage: number) => number[]
  readonly textOf: (passage: number) => string
  /** A question near some passage, in its words and in its direction. */
  readonly question: (n: number) => { readonly text: string; readonly vector: number[] }
}

const latent = 64
const clusters = 2_000
const perDocument = 20
const charactersPerPassage = 120
const charactersAsked = 14
const commonCharacters = 3_000

const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

function unit(values: Float64Array): number[] {
  let length = 0
  for (const value of values) length += value * value
  return Array.from(values, (value) => value / Math.sqrt(length))
}

export function world(passages: number, dimensions: number, seed = 1, characters = charactersPerPassage): World {
  const next = seeded(seed)
  const centres = Array.from({ length: clusters }, () => Float64Array.from({ length: latent }, () => normal(next)))
  const projection = Array.from({ length: latent }, () => Float64Array.from({ length: dimensions }, () => normal(next)))
  const near = (cluster: number, own: () => number): number[] => {
    const values = new Float64Array(dimensions)
    for (const [axis, centre] of (centres[cluster] ?? []).entries()) {
      const weight = centre + 0.5 * normal(own)
      const row = projection[axis] ?? values
      for (let at = 0; at < dimensions; at++) values[at] = (values[at] ?? 0) + weight * (row[at] ?? 0)
    }
    for (let at = 0; at < dimensions; at++) values[at] = (values[at] ?? 0) + 2 * normal(own)
    return unit(values)
  }
  const words = (own: () => number, count: number): string => {
    let text = ''
    // Zipf by inversion: the n-th character about 1/n as frequent as the first.
    while (text.length < count)
      text += String.fromCodePoint(
        0x4e00 + Math.min(commonCharacters - 1, (Math.floor(commonCharacters ** own()) * 7) % commonCharacters),
      )
    return text
  }
  const textOf = (passage: number) => words(seeded(seed * 7_919 + passage), characters)
  return {
    passages,
    dimensions,
    textOf,
    vectorOf: (passage) => near(passage % clusters, seeded(seed * 104_729 + passage)),
    question(n) {
      const own = seeded(seed * 15_485_863 + n)
      const passage = Math.floor(own() * passages)
      const from = Math.floor(own() * Math.max(1, characters - charactersAsked))
      return { text: textOf(passage).slice(from, from + charactersAsked), vector: near(passage % clusters, own) }
    },
  }
}

/**
 * Writes a world through the product's own store: twenty passages a document; of a hundred documents thirty are of another region, ten
 * have expired and one is of the small region that a narrow search asks for.
 */
export async function fill(pool: Pool, made: World, progress: (done: number) => void): Promise<number> {
  const embedder = await ensureEmbedder(pool, 'made-up', made.dimensions, true)
  await serve(pool, embedder.id)
  let from = 0
  const store = documentStore(pool, {
    clock: systemClock,
    embed: async () => {
      const first = from
      return (client, document, numbers) =>
        insertVectors(
          client,
          embedder.id,
          numbers.map((passage, index) => ({ passage, document, vector: made.vectorOf(first + index) })),
        )
    },
  })
  for (; from < made.passages; from += perDocument) {
    const number = from / perDocument
    await store.replace({
      source: `made-up/${number}`,
      sha256: String(number),
      kind: 'policy',
      title: `测试办法${number}`,
      docNo: null,
      issuers: [],
      genre: '办法',
      level: null,
      regions: [number % 100 === 0 ? '小园区' : number % 10 < 3 ? '别处' : '本园区'],
      binding: true,
      issuedOn: '2024-01-01',
      effectiveFrom: '2024-01-01',
      effectiveTo: number % 10 === 9 ? '2025-01-01' : null,
      supersedes: [],
      fields: {},
      doubts: [],
      state: 'live',
      demo: false,
      uploadedBy: null,
      passages: Array.from({ length: Math.min(perDocument, made.passages - from) }, (_, index) => ({
        clause: `第${index + 1}条`,
        heading: null,
        text: made.textOf(from + index),
      })),
    })
    if (number % 100 === 99) progress(from + perDocument)
  }
  return embedder.id
}
