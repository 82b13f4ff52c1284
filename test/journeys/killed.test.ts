import { expect, test } from 'vitest'
import { runKills } from '../campaign/kills.ts'

test('kill -9 in the middle of the work loses no message and repeats none but what was being sent', async () => {
  const figures = await runKills({ messages: 36, kills: 2, databaseUrl: null })
  expect(figures.lost).toBe(0)
  expect(figures.repeated).toBeLessThanOrEqual(figures.mayRepeat)
}, 180_000)
