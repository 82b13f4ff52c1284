import type { Pool } from 'pg'
import { errorFields, type Log } from '../../base/log.ts'
import { indexIfUnfinished } from '../backup/index-anew.ts'
import { followAverage, noteSize, outgrown, readUsualLength, refreshStatistics, setMeasured } from '../library-state.ts'
import { measureAnew } from '../passages.ts'
import { inLibraryLock } from '../transaction.ts'

/** A factor: how far the usual length may lie from the average. A fifth changed no development set by more than its noise. */
const near = 1.2
/** Passages measured per transaction: few enough that others get their turn on the embedded database. */
const atOnce = 50

/** Up to this many passages the upkeep takes a moment, and whoever stores a document waits for it; above, it runs in the background. */
const small = 1000

/** What a grown library needs: planner statistics, and impacts measured against its own usual passage. */
export type Upkeep = {
  /** Called after documents went live. Does nothing unless the library has doubled; never fails, never takes long. */
  grown(): Promise<void>
  /**
   * Does everything that is due, including what an earlier process left: an interrupted walk is continued, and one under way in another
   * process is shared.
   * @param always refresh the statistics in any case
   */
  keepUp(always: boolean): Promise<void>
  /** Interrupts the work; the next start continues it. */
  stop(): Promise<void>
}

export function upkeepOf(pool: Pool, log: Log): Upkeep {
  let stopped = false
  let going: Promise<void> = Promise.resolve()
  const note = (always: boolean) =>
    inLibraryLock(pool, async (client) => {
      if (always || (await outgrown(client))) await noteSize(client)
      await followAverage(client, near)
    })
  const work = async () => {
    if (!stopped) await refreshStatistics(pool)
    while (!stopped && (await measureSome(pool))) {}
  }
  const told = (error: unknown) => log('upkeep_stopped', errorFields(error))
  return {
    async grown() {
      try {
        if (!(await outgrown(pool))) return
        await note(false)
        going = going.then(work).catch(told)
        if (await isSmall(pool)) await going
      } catch (error) {
        told(error)
      }
    },
    keepUp(always) {
      const mine = going
        .then(() => indexIfUnfinished(pool))
        .then(() => note(always))
        .then(work)
      going = mine.catch(() => {})
      return mine
    },
    async stop() {
      stopped = true
      await going
    },
  }
}

/** Waiting passages count too: they are measured with the others. */
async function isSmall(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select from passage offset $1 limit 1', [small])
  return rowCount === 0
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
