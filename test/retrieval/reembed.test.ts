import { expect, test } from 'vitest'
import { runReembed } from '../campaign/reembed.ts'
import { runReplace } from '../campaign/replace.ts'
import { onServer } from '../fakes/database.ts'

test('of many documents taken in again only the changed ones are embedded', async () => {
  expect(await runReembed({ documents: 12, changed: 2 })).toEqual({ documents: 12, changed: 2, embedded: 4, lost: 0 })
})

test.runIf(onServer)(
  'no reply quotes a version that was replaced before it was sent',
  async () => {
    const figures = await runReplace({ questions: 60, everyMs: 20 })
    expect(figures).toMatchObject({ questions: 60, lost: 0 })
    expect(figures.quoted).toBeGreaterThan(30)
  },
  120_000,
)
