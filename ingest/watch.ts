import { statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { filesIn } from './files.ts'
import type { Incoming } from './ingest.ts'

/** Polling costs a stat per file; change notifications are not available everywhere (network shares, containers). */
const lookMs = 1_000

/** What changed since the last look: files to ingest (new or changed), and whether some are gone. */
export type Change = { readonly files: readonly Incoming[]; readonly gone: boolean }

/**
 * Polls folders until the signal. A file still being written is left until it has looked the same twice. The first change holds everything
 * there is: known files only cost a hash.
 */
export async function* changesIn(paths: readonly string[], signal: AbortSignal): AsyncGenerator<Change, void> {
  let before = new Map<string, string>()
  const done = new Map<string, string>()
  while (!signal.aborted) {
    const now = look(paths)
    const seen = new Map(now.map(({ file, mark }) => [file.source, mark]))
    const settled = now.filter(({ file, mark }) => before.get(file.source) === mark && done.get(file.source) !== mark)
    const gone = [...done.keys()].filter((source) => !seen.has(source))
    for (const source of gone) done.delete(source)
    for (const { file, mark } of settled) done.set(file.source, mark)
    if (settled.length > 0 || gone.length > 0) yield { files: settled.map((each) => each.file), gone: gone.length > 0 }
    before = seen
    await wait(lookMs, undefined, { signal }).catch(() => {})
  }
}

function look(paths: readonly string[]): { readonly file: Incoming; readonly mark: string }[] {
  return filesIn(paths).flatMap((file) => {
    const found = statSync(file.source, { throwIfNoEntry: false })
    return found === undefined ? [] : [{ file, mark: `${found.size} ${found.mtimeMs} ${found.ino}` }]
  })
}
