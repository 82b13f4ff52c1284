import { expect, test } from 'vitest'
import { runClaims } from '../campaign/claims.ts'

test('of two to eight brokers who claim at the same moment one has it, and the others are told who (a slice of the campaign)', async () => {
  expect(await runClaims({ races: 8, seed: 7, processes: 3 })).toMatchObject({
    races: 8,
    notOneOwner: 0,
    losersNotTold: 0,
    personsNotTold: 0,
  })
})
