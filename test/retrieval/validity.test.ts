import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../retrieval/base/clock.ts'
import { expiresWithin, expiringDays, inForce, mayAnswer, servesFrom, statusOf, type Validity } from '../../retrieval/validity.ts'
import { openTestDatabase } from '../fakes/database.ts'

const plain: Validity = {
  kind: 'policy',
  binding: true,
  issuedOn: '2025-01-10',
  effectiveFrom: null,
  effectiveTo: null,
  endedOn: null,
  endedHow: null,
}
const asOf = '2026-11-23'

test.each<[string, Partial<Validity>, string]>([
  ['issued and without an expiry', {}, 'effective'],
  ['on its first day', { effectiveFrom: asOf }, 'effective'],
  ['the day before it begins', { effectiveFrom: '2026-11-24' }, 'scheduled'],
  ['issued after the day asked about', { issuedOn: '2026-12-01' }, 'scheduled'],
  ['on its last day', { effectiveTo: asOf }, 'expiring'],
  ['the day after its last', { effectiveTo: '2026-11-22' }, 'expired'],
  ['half a year before its last day', { effectiveTo: addDays(asOf, expiringDays) }, 'expiring'],
  ['a day more than that', { effectiveTo: addDays(asOf, expiringDays + 1) }, 'effective'],
  ['replaced from that day on', { endedOn: asOf, endedHow: 'superseded' }, 'superseded'],
  ['repealed before', { endedOn: '2026-01-01', endedHow: 'repealed' }, 'repealed'],
  ['replaced the day after', { endedOn: '2026-11-24', endedHow: 'superseded' }, 'expiring'],
  [
    'expired, and replaced long before',
    { effectiveTo: '2026-06-30', endedOn: '2025-06-01', endedHow: 'superseded' },
    'superseded',
  ],
  ['a draft for comment', { binding: false }, 'draft'],
  ['a policy without any date', { issuedOn: null }, 'unknown'],
  ['a policy of which only an expiry is known', { issuedOn: null, effectiveTo: '2030-01-01' }, 'unknown'],
  ['a policy of which only an expiry is known, and it is past', { issuedOn: null, effectiveTo: '2020-01-01' }, 'expired'],
  ['an achievement without any date', { kind: 'achievement', issuedOn: null }, 'effective'],
  ['an event that is over', { kind: 'event', issuedOn: null, effectiveTo: '2026-11-22' }, 'expired'],
])('%s', (_, change, status) => {
  expect(statusOf({ ...plain, ...change }, asOf)).toBe(status)
})

test.each([
  ['an amended law serves since its amendment', '2020-10-17', '1985-04-01', '2020-10-17'],
  ['what counts from the month before serves from there', '2020-02-06', '2020-01-01', '2020-01-01'],
  ['what begins later serves later', '2020-02-06', '2020-03-01', '2020-03-01'],
  ['without a start it serves since it was issued', '2020-02-06', null, '2020-02-06'],
  ['without a day of issue it serves from its start', null, '2020-01-01', '2020-01-01'],
])('%s', (_, issuedOn, effectiveFrom, day) => {
  expect(servesFrom({ issuedOn, effectiveFrom })).toBe(day)
})

test.each([
  [180, 180],
  [90, 90],
  [91, 180],
  [30, 30],
  [0, 30],
  [181, null],
  [-1, null],
])('%d days before its last day the reminder is that of %s', (days, reminder) => {
  expect(expiresWithin({ effectiveTo: addDays(asOf, days), endedOn: null }, asOf)).toBe(reminder)
  expect(expiresWithin({ effectiveTo: null, endedOn: addDays(asOf, days + 1) }, asOf)).toBe(reminder)
})

test('property: the search filter and the status say the same', async () => {
  const database = await openTestDatabase()
  try {
    const day = fc.option(
      fc.integer({ min: -400, max: 400 }).map((days) => addDays(asOf, days)),
      { nil: null },
    )
    const kind = fc.constantFrom('policy' as const, 'achievement' as const, 'event' as const)
    const ended = fc.constantFrom('superseded' as const, 'repealed' as const)
    const validity = fc.record({
      kind,
      binding: fc.boolean(),
      issuedOn: day,
      effectiveFrom: day,
      effectiveTo: day,
      endedOn: day,
      endedHow: ended,
    })
    const documents = fc.sample(validity, { numRuns: 600, seed: 7 })
    const { rows } = await database.pool.query<{ allowed: boolean }>(
      `select ${inForce('d', '$2::date')} as allowed
         from json_to_recordset($1) as d (place int, kind text, binding boolean, issued_on date, effective_from date, effective_to date, ended_on date)
        order by place`,
      [
        JSON.stringify(
          documents.map((each, place) => ({
            ...{ place, kind: each.kind, binding: each.binding, issued_on: each.issuedOn },
            ...{ effective_from: each.effectiveFrom, effective_to: each.effectiveTo, ended_on: each.endedOn },
          })),
        ),
        asOf,
      ],
    )
    expect(rows.map((row) => row.allowed)).toEqual(documents.map((each) => mayAnswer(statusOf(each, asOf))))
    expect(new Set(rows.map((row) => row.allowed)).size).toBe(2)
  } finally {
    await database.close()
  }
})
