import type { Pool } from 'pg'
import { followAverage, readUsualLength, refreshStatistics, setMeasured } from '../library-state.ts'
import { measureAnew } from '../passages.ts'
import { inLibraryLock } from '../transaction.ts'

/** So far the usual length may lie from the average: a fifth changed no development set by more than it swings anyway. */
const near = 1.2
/** Passages measured in one transaction: few enough that others have their turn on the embedded database. */
const atOnce = 50

/**
 * What a library that has grown needs: the planner's statistics, and impacts measured against its own usual passage. A walk that was broken
 * off goes on where it was, and one that another process began is shared with it.
 * @param always whether or not it has doubled since the last time
 */
export async function keepUp(pool: Pool, always: boolean): Promise<void> {
  if (await refreshStatistics(pool, always)) await inLibraryLock(pool, (client) => followAverage(client, near))
  while (await measureSome(pool)) {}
}

/** @returns whether some may be left */
async function measureSome(pool: Pool): Promise<boolean> {
  const known = await readUsualLength(pool)
  if (known === null || known.behind === null) return false
  return inLibraryLock(pool, async (client) => {
    const usual = await readUsualLength(client)
    if (usual === null || usual.behind === null) return false
    const last = await measureAnew(client, usual.behind, atOnce, usual.length)
    await setMeasured(client, last)
    return last !== null
  })
}
