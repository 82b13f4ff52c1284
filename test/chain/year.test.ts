import { expect, test } from 'vitest'
import { runYear } from '../campaign/year.ts'
import { onServer } from '../fakes/database.ts'

// On a server the clock is each connection's own.
test.skipIf(onServer)('a scripted year: the report counts what was done, and nobody learns who asks', async () => {
  const figures = await runYear({ demands: 5, seed: 3 })
  expect(figures).toMatchObject({ demands: 5, lost: 0, astray: 0, differences: [] })
  expect(figures.steps).toBeGreaterThan(15)
  expect(figures.refused).toBeGreaterThan(2)
})
