import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuse, inContext, type Scored } from '../../retrieval/fuse.ts'

const weights = { words: 0.5, vector: 0.5 }

test('a passage found well by both signals beats the best of one alone', () => {
  const fused = fuse(
    [
      { id: 'words', signals: { words: 20, vector: 0.1 } },
      { id: 'both', signals: { words: 18, vector: 0.8 } },
      { id: 'vector', signals: { words: 1, vector: 0.7 } },
    ],
    weights,
  )
  expect(fused.map((each) => each.id)).toEqual(['both', 'words', 'vector'])
})

test('with words alone their order stays, and equal scores are told apart by id', () => {
  const fused = fuse(
    [3, 7, 7, 0].map((words, index) => ({ id: `p${9 - index}`, signals: { words } })),
    weights,
  )
  expect(fused.map((each) => [each.id, each.score])).toEqual([
    ['p7', 1],
    ['p8', 1],
    ['p9', 3 / 7],
    ['p6', 0],
  ])
})

const scored = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    signals: fc.record(
      { words: fc.double({ min: 0, max: 90, noNaN: true }), vector: fc.double({ min: -1, max: 1, noNaN: true }) },
      { requiredKeys: [] },
    ),
  }),
  { selector: (each) => each.id, maxLength: 30 },
) as fc.Arbitrary<Scored[]> // the record's optional keys type as possibly undefined

test('property: every passage comes out once, best first, between 0 and 1, whatever the order in', () => {
  fc.assert(
    fc.property(scored, fc.integer(), (passages, seed) => {
      const fused = fuse(passages, weights)
      expect(fused.map((each) => each.id).toSorted()).toEqual(passages.map((each) => each.id).toSorted())
      expect(fused.map((each) => each.score)).toEqual(fused.map((each) => each.score).toSorted((a, b) => b - a))
      for (const { score } of fused) expect(score >= 0 && score <= 1 + 1e-9).toBe(true)
      const shuffled = passages.toSorted((a, b) => ((a.id.length * 7 + seed) % 5) - ((b.id.length * 7 + seed) % 5))
      expect(fuse(shuffled, weights)).toEqual(fused)
    }),
  )
})

test('property: a better score of one signal never lowers a passage', () => {
  fc.assert(
    fc.property(scored, fc.nat(), fc.double({ min: 0.01, max: 50, noNaN: true }), (passages, place, gain) => {
      fc.pre(passages.length > 0)
      const chosen = passages[place % passages.length]
      const before = fuse(passages, { words: 1 }).findIndex((each) => each.id === chosen?.id)
      const better = passages.map((each) =>
        each === chosen ? { ...each, signals: { ...each.signals, words: (each.signals['words'] ?? 0) + gain } } : each,
      )
      expect(fuse(better, { words: 1 }).findIndex((each) => each.id === chosen?.id)).toBeLessThanOrEqual(before)
    }),
  )
})

const placed = (id: string, score: number, documentId: string, position: number, kind = 'policy') => ({
  id,
  score,
  passage: { documentId, position, kind },
})

test('of two clauses that fit alike the one whose neighbour fits too comes first, then the one whose document fits', () => {
  const ranked = inContext([
    placed('a', 0.5, 'one', 0),
    placed('b', 0.5, 'two', 0),
    placed('c', 0.5, 'three', 4),
    placed('d', 0.4, 'three', 5),
    placed('e', 0.5, 'two', 9),
    placed('f', 0.6, 'two', 5),
  ])
  expect(ranked.map((each) => each.id)).toEqual(['f', 'c', 'b', 'e', 'a', 'd'])
})

test('rows of a table gain nothing from each other', () => {
  const rows = [
    placed('a', 0.9, 'table', 0, 'achievement'),
    placed('b', 0.5, 'table', 1, 'achievement'),
    placed('c', 0.52, 'policy', 0),
  ]
  expect(inContext(rows).map((each) => each.id)).toEqual(['a', 'c', 'b'])
})

test('property: context keeps every passage once, between 0 and 1, and records keep their order', () => {
  const passage = fc.record({
    score: fc.nat(1000).map((each) => each / 1000), // two scores a rounding error apart may tie
    documentId: fc.constantFrom('x', 'y'),
    position: fc.nat(6),
  })
  fc.assert(
    fc.property(fc.uniqueArray(passage, { selector: (each) => `${each.documentId} ${each.position}` }), (list) => {
      const passages = list.map((each) =>
        placed(`${each.documentId}${each.position}`, each.score, each.documentId, each.position),
      )
      const ranked = inContext(passages)
      expect(ranked.map((each) => each.id).toSorted()).toEqual(passages.map((each) => each.id).toSorted())
      for (const { score } of ranked) expect(score >= 0 && score <= 1).toBe(true)
      const alone = passages.map((each) => ({ ...each, passage: { ...each.passage, kind: 'faq' } }))
      expect(inContext(alone).map((each) => each.id)).toEqual(
        passages.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map((each) => each.id),
      )
    }),
  )
})
