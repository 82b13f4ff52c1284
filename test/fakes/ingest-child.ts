/** Ingests a folder and reports each file; made to be killed. Driven by campaign/ingest-kills.ts. */
import { filesIn } from '../../ingest/files.ts'
import { ingest } from '../../ingest/ingest.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { openLibrary } from '../../retrieval/library.ts'
import { embeddedPool, serverPool } from '../../retrieval/store/database.ts'
import { addressOf } from '../../retrieval/store/embedded.ts'

export type IngestOrder = {
  readonly url: string | null
  readonly folder: string | null
  readonly files: string
  readonly now: string
}

process.on('message', async ({ url, folder, files, now }: IngestOrder) => {
  const pool = url === null ? embeddedPool(addressOf({ socket: folder ?? '' }), silentLog) : serverPool(url, silentLog)
  const library = openLibrary({ pool, env: {}, log: silentLog, clock: () => new Date(now) })
  for await (const outcome of ingest(filesIn([files]), { library, log: silentLog, uploadedBy: 'os:test' }))
    process.send?.(outcome.outcome)
  process.send?.('done')
})
process.on('disconnect', () => process.exit(0))
