import type { Pool, PoolClient } from 'pg'
import { isUnindexed, setIndexed } from '../library-state.ts'
import { clearTermCounts, countTerms, reindexPassages } from '../passages.ts'
import { inLibraryLock } from '../transaction.ts'

/** Ends what a restore began that was cut off before its texts could be searched. */
export async function indexIfUnfinished(pool: Pool): Promise<void> {
  if (!(await isUnindexed(pool))) return
  await inLibraryLock(pool, async (client) => {
    if (await isUnindexed(client)) await indexAnew(client)
  })
}

/** Postings and counts are rebuilt from the texts, by the rules of this version. */
export async function indexAnew(client: PoolClient): Promise<void> {
  await client.query('set local statement_timeout = 0')
  await clearTermCounts(client)
  const { rows } = await client.query<{ id: string; number: number; title: string; docNo: string | null; counts: boolean }>(
    `select id, number, title, doc_no as "docNo", state in ('live', 'replaced') as counts from document order by number`,
  )
  for (const row of rows) {
    await reindexPassages(client, row)
    if (row.counts) await countTerms(client, [row.id], 1)
  }
  await setIndexed(client)
}
