import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { residentBytes } from '../../ingest/reader/child.ts'
import { openReader } from '../../ingest/reader.ts'
import { understand } from '../../ingest/understand.ts'
import { codeOf } from '../../retrieval/base/errors.ts'
import { childrenOf } from './documents/children.ts'
import { filesBelow } from './documents/files.ts'

type Seen = { readonly outcome: string; readonly text: string; readonly warnings: readonly string[]; readonly ms: number }

/**
 * `npm run bench -- attacks --files DIR [--ports 18081,9977] [--marker PWNED]`: hostile files, one by one, each with an outcome, its time,
 * the most memory any reading process held, and the connections made to the ports the files name. Where the folder has an
 * `expected.jsonl` of {file, expect}, each line is judged: a rejection expected, words that must not be read, a bound on time.
 */
export async function run(args: readonly string[]): Promise<unknown> {
  const { values } = parseArgs({
    args: [...args].filter((each) => each !== '--'),
    options: { files: { type: 'string' }, ports: { type: 'string' }, marker: { type: 'string' } },
  })
  if (values.files === undefined) throw new Error('attacks needs --files DIR')
  const folder = values.files
  const listeners = await listen((values.ports ?? '18081,9977').split(',').map(Number))
  const watch = watchChildren()
  const expected = expectations(folder)
  const rows: { file: string; seen: Seen; met: boolean }[] = []
  const reader = openReader()
  for (const path of filesBelow(folder)) {
    const seen = await look(path, reader)
    const file = relative(folder, path)
    const expect = expected.get(file) ?? 'an outcome with a reason'
    const met = meets(expect, seen, values.marker ?? 'PWNED')
    rows.push({ file, seen, met })
    process.stderr.write(
      `${met ? 'met   ' : 'NOT   '} ${file}  ${seen.outcome} ${seen.warnings.join()}  ${seen.ms} ms  (${expect})\n`,
    )
  }
  reader.close()
  watch.stop()
  return {
    files: rows.length,
    met: rows.filter((row) => row.met).length,
    slowest_ms: Math.max(...rows.map((row) => row.seen.ms)),
    most_memory_mb: Math.round(watch.most() / 1024 / 1024),
    connections: listeners.connections(),
    polluted: Object.keys(Object.prototype).length,
  }
}

async function look(path: string, reader: ReturnType<typeof openReader>): Promise<Seen> {
  const started = performance.now()
  const took = () => Math.round(performance.now() - started)
  try {
    const reading = await reader.read(new Uint8Array(readFileSync(path)), basename(path))
    const understood = await understand(reading, basename(path))
    const text = understood.outcome === 'refused' ? '' : JSON.stringify(understood.document)
    const doubts = understood.outcome === 'refused' ? [] : understood.document.doubts.map((doubt) => doubt.code)
    const outcome = understood.outcome === 'refused' ? `refused ${understood.code}` : 'read'
    return { outcome, text, warnings: [...new Set([...reading.warnings, ...doubts])], ms: took() }
  } catch (error) {
    return { outcome: `refused ${codeOf(error)}`, text: '', warnings: [], ms: took() }
  }
}

/** Judges the sentences of `expect` that a machine can judge; whatever they say, no hidden word may be read as a visible one. */
function meets(expect: string, { outcome, text, warnings, ms }: Seen, marker: string): boolean {
  const refused = outcome.startsWith('refused')
  if (/^(?:reject|clean error(?!.*or)|.*limit$)/i.test(expect) && !/deterministic|or stripped/.test(expect) && !refused)
    return false
  if (/^flag|; flagged|flagged$/.test(expect) && !refused && warnings.length === 0) return false
  // Visible words are read; that an answer does not obey them is for the bot's own tests.
  if (/never (?:contains|echoed)|not indexed|dropped|harmless|^same$/i.test(expect) && text.includes(marker)) return false
  const seconds = /< (\d+) s/.exec(expect)?.[1]
  return ms < Number(seconds ?? 30) * 1000
}

function expectations(folder: string): Map<string, string> {
  const path = join(folder, 'expected.jsonl')
  if (!existsSync(path)) return new Map()
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return new Map(
    lines.map((line) => {
      const { file, expect } = JSON.parse(line) as { file: string; expect: string } // the folder's own list
      return [file.replace(/^files\//, ''), expect]
    }),
  )
}

async function listen(ports: readonly number[]): Promise<{ connections(): number }> {
  let connections = 0
  for (const port of ports) {
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    server.unref()
  }
  return { connections: () => connections }
}

/** The most memory any child process held: the kernel's own high-water mark, polled every 5 ms. */
function watchChildren(): { most(): number; stop(): void } {
  let most = 0
  const timer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) most = Math.max(most, highWater(pid), residentBytes(pid))
  }, 5)
  return { most: () => most, stop: () => clearInterval(timer) }
}

function highWater(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0 // the process has ended
  }
}
