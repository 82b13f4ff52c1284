import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Decision, decide, type Judged } from '../../bot/decide.ts'

const sure: Judged = {
  failed: false,
  wish: null,
  sensitive: false,
  offTopic: false,
  drafted: true,
  conflicting: false,
  factMissing: false,
  ambiguous: false,
  clarified: 0,
  confidence: 0.9,
}

const policy: readonly (readonly [string, Partial<Judged>, Decision])[] = [
  ['a sure draft is an answer', {}, { do: 'answer' }],
  ['confidence at the threshold is enough', { confidence: 0.8 }, { do: 'answer' }],
  ['confidence below the threshold is not', { confidence: 0.79 }, { do: 'hand_off', because: 'low_confidence' }],
  [
    'a wish for a person comes before everything but a complaint',
    { wish: 'person', offTopic: true },
    { do: 'hand_off', because: 'asked_for_a_person' },
  ],
  ['a complaint always reaches a person', { wish: 'complaint', failed: true }, { do: 'hand_off', because: 'complaint' }],
  ['a part that is down hands over', { failed: true }, { do: 'hand_off', because: 'failed' }],
  [
    'a sensitive matter is for a person however sure the bot is',
    { sensitive: true, confidence: 1 },
    { do: 'hand_off', because: 'sensitive' },
  ],
  ['off topic is declined without a ticket', { offTopic: true, drafted: false }, { do: 'decline', because: 'off_topic' }],
  ['nothing found hands over', { drafted: false, confidence: 0 }, { do: 'hand_off', because: 'nothing_found' }],
  ['contradicting evidence hands over', { conflicting: true }, { do: 'hand_off', because: 'conflicting_evidence' }],
  ['a fact the clause does not hold hands over', { factMissing: true }, { do: 'hand_off', because: 'missing_fact' }],
  ['a vague question is asked back', { ambiguous: true }, { do: 'clarify' }],
  ['a third question back is not asked', { ambiguous: true, clarified: 2 }, { do: 'answer' }],
]

test.each(policy)('%s', (_, change, decision) => {
  expect(decide({ ...sure, ...change }, 0.8)).toEqual(decision)
})

test('property: below the threshold, or with any objection, nothing is answered', () => {
  const judged = fc.record({
    failed: fc.boolean(),
    wish: fc.constantFrom<Judged['wish'][]>('person', 'complaint', null),
    sensitive: fc.boolean(),
    offTopic: fc.boolean(),
    drafted: fc.boolean(),
    conflicting: fc.boolean(),
    factMissing: fc.boolean(),
    ambiguous: fc.boolean(),
    clarified: fc.nat(4),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(judged, fc.double({ min: 0, max: 1, noNaN: true }), (each, threshold) => {
      const objection =
        each.failed ||
        each.wish !== null ||
        each.sensitive ||
        each.offTopic ||
        !each.drafted ||
        each.conflicting ||
        each.factMissing
      if (decide(each, threshold).do === 'answer') {
        expect(objection).toBe(false)
        expect(each.confidence).toBeGreaterThanOrEqual(threshold)
      }
    }),
  )
})
