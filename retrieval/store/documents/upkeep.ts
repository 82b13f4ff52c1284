import type { Pool } from 'pg'
import { errorFields, type Log } from '../../base/log.ts'
import { followAverage, noteSize, outgrown, readUsualLength, refreshStatistics, setMeasured } from '../library-state.ts'
import { measureAnew } from '../passages.ts'
import { inLibraryLock } from '../transaction.ts'

/** So far the usual length may lie from the average: a fifth changed no development set by more than it swings anyway. */
const near = 1.2
/** Passages measured in one transaction: few enough that others have their turn on the embedded database. */
const atOnce = 50

/** Up to so many passages the upkeep takes a moment, and whoever stores a document waits for it; for more it goes on in the background. */
const small = 1000

/** What a library that has grown needs: the planner's statistics, and impacts measured against its own usual passage. */
export type Upkeep = {
  /** After documents went live. Does nothing unless the library has doubled; never fails, never takes long. */
  grown(): Promise<void>
  /**
   * Whatever there is to do, also what an earlier process left: a walk that was broken off goes on where it was, and one that another process
   * began is shared with it.
   * @param always fresh statistics in any case
   */
  keepUp(always: boolean): Promise<void>
  /** Breaks off what goes on; the next start goes on with it. */
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
      const mine = going.then(() => note(always)).then(work)
      going = mine.catch(() => {})
      return mine
    },
    async stop() {
      stopped = true
      await going
    },
  }
}

/** Those count that wait for approval, too: they are measured with the others. */
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
