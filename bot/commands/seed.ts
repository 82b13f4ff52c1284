import { loadDemo } from '../../ingest/demo.ts'
import type { Env } from '../../retrieval/base/env.ts'
import type { Log } from '../../retrieval/base/log.ts'
import { switchedOn } from '../../retrieval/base/plugin.ts'
import { channels } from '../channels/index.ts'
import { people } from '../handoff/people.ts'
import { syncDemoPeople } from '../handoff/who/demo-people.ts'
import type { Park } from '../open.ts'

/**
 * Loads the demo park into an empty library, unless real channels are configured and DEMO is unset: no real enterprise is told a fictional
 * policy.
 */
export async function seed(park: Park, env: Env, log: Log): Promise<void> {
  const demo = switchedOn(channels, env).length === 0 || park.settings.DEMO === '1'
  if (demo) await loadDemo({ library: park.library, log, clock: park.clock, onlyWhenEmpty: true })
  await syncPeople(park)
}

/** Fictional brokers exist exactly as long as fictional documents do. */
export async function syncPeople(park: Park): Promise<void> {
  const { demo } = await park.library.documents.hasDocuments()
  await syncDemoPeople(people(park.database.pool), demo)
}
