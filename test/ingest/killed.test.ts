import { expect, test } from 'vitest'
import { runIngestKills } from '../campaign/ingest-kills.ts'
import { onServer, openTestDatabase } from '../fakes/database.ts'

/** Twenty points where the suite runs against a server, and in `npm run campaign -- ingest`; a slice of them everywhere. */
const kills = onServer ? 20 : 3

test('kill -9 at random points: a second run ends in the rows of one clean run', async () => {
  const database = await openTestDatabase()
  try {
    expect(await runIngestKills({ database, kills, files: 4, seed: 11 })).toMatchObject({ kills, lost: 0 })
  } finally {
    await database.close()
  }
}, 300_000)
