import { fileURLToPath } from 'node:url'
import { type Clock, dayInChina } from '../retrieval/base/clock.ts'
import type { Log } from '../retrieval/base/log.ts'
import type { Library } from '../retrieval/library.ts'
import { demoAgenda } from './demo-agenda.ts'
import { filesIn } from './files.ts'
import { ingest } from './ingest.ts'

const folders = ['./demo/policies', './demo/achievements'].map((each) => fileURLToPath(new URL(each, import.meta.url)))

/**
 * Loads the fictional demo park, by the same road as any file.
 * @param onlyWhenEmpty seed an empty library and otherwise do nothing (a removed or retired park does not come back by itself)
 * @returns documents loaded
 */
export async function loadDemo(needs: { library: Library; log: Log; clock: Clock; onlyWhenEmpty: boolean }): Promise<number> {
  const { own, demo, demoRetired } = await needs.library.documents.hasDocuments()
  if (needs.onlyWhenEmpty && (own > 0 || demo > 0 || demoRetired)) return 0
  if (!needs.onlyWhenEmpty) await needs.library.documents.keepDemo()
  const files = filesIn(folders).map((file) => ({ ...file, source: file.source.replace(/^.*ingest\/demo\//, 'demo/') }))
  const all = [...files, demoAgenda(dayInChina(needs.clock()))]
  let loaded = 0
  for await (const outcome of ingest(all, { library: needs.library, log: needs.log, demo: true, publish: true })) {
    if (outcome.error === null) loaded += 1
    else needs.log('demo_file_failed', { path: outcome.path, code: outcome.error.code })
  }
  await needs.library.documents.settle()
  return loaded
}

/** @returns documents removed */
export function removeDemo(needs: { library: Library }): Promise<number> {
  return needs.library.documents.removeDemo()
}
