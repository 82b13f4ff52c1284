import { expect, test } from 'vitest'
import { runInterleavings } from '../campaign/interleavings.ts'

test('whenever a person writes during a hand-off, nothing is lost, doubled, out of order or talked over (a slice of the campaign)', async () => {
  const figures = await runInterleavings({ runs: 15, seed: 20261126 })
  expect(figures.broken).toBeNull()
  expect(figures.words).toBeGreaterThan(10)
})
