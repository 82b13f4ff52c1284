import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ahead } from '../../ingest/ahead.ts'
import { openReader } from '../../ingest/reader.ts'
import { understand } from '../../ingest/understand.ts'
import { articlesOf, fateOf } from './documents/articles.ts'
import { bare } from './documents/characters.ts'
import { childrenOf } from './documents/children.ts'
import { filesBelow, formatOf, truthFor } from './documents/files.ts'

/** Passes over the files while the clock runs, on both sides: a folder has hundreds of files, and code needs dozens to get warm. */
const passes = 10
const peer = fileURLToPath(new URL('./peers/ingest.mjs', import.meta.url))

type Side = {
  readonly seconds: number
  readonly cpu: number
  readonly files: readonly { readonly path: string; readonly chunks: readonly string[] }[]
}

/**
 * `npm run bench -- ingest --documents DIR [--rounds 3]`: our reader (child processes, as many files at once as `ingest` reads, fields, clauses, passages) beside LangChain's
 * loaders and splitter (one warm process, text only) on the same files, turn by turn; ratio above 1 means that we are faster.
 */
export async function run(args: readonly string[]): Promise<unknown> {
  const { values } = parseArgs({
    args: [...args].filter((each) => each !== '--'),
    options: { documents: { type: 'string' }, rounds: { type: 'string' } },
  })
  if (values.documents === undefined) throw new Error('ingest needs --documents DIR')
  if (!existsSync(fileURLToPath(new URL('./peers/node_modules', import.meta.url))))
    throw new Error('The peers are not installed: npm ci --prefix test/bench/peers')
  const results: Record<string, unknown> = {}
  for (const format of ['pdf', 'docx']) {
    const paths = await readable(filesBelow(values.documents).filter((path) => formatOf(path) === format))
    results[format] = await sideBySide(paths, Number(values.rounds ?? 3))
  }
  return results
}

/** Files one side cannot read at all (scans, encrypted) would compare a refusal with a reading. */
async function readable(paths: readonly string[]): Promise<string[]> {
  const has = (side: Side, path: string) => (side.files.find((each) => each.path === path)?.chunks.length ?? 0) > 0
  const theirs = await theirSide(paths)
  const possible = paths.filter((path) => has(theirs, path))
  const ours = await ourSide(possible)
  return possible.filter((path) => has(ours, path))
}

async function sideBySide(paths: readonly string[], rounds: number): Promise<unknown> {
  const ratios: number[] = []
  const cpuRatios: number[] = []
  let [ours, theirs]: [Side, Side] = [nothing, nothing]
  for (let round = 0; round < rounds; round += 1) {
    theirs = await theirSide(paths)
    ours = await ourSide(paths)
    ratios.push(theirs.seconds / ours.seconds)
    cpuRatios.push(theirs.cpu / ours.cpu)
  }
  return {
    files: paths.length,
    ratio: middle(ratios),
    ratios: ratios.map((each) => Number(each.toFixed(2))),
    cpu_ratio: middle(cpuRatios),
    seconds: { ours: Number(ours.seconds.toFixed(2)), theirs: Number(theirs.seconds.toFixed(2)) },
    articles: { ours: kept(ours), theirs: kept(theirs) },
  }
}

const nothing: Side = { seconds: 0, cpu: 0, files: [] }

function middle(values: readonly number[]): number {
  return Number(([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(2))
}

/** CPU seconds of this process and its children: on a busy machine wall time measures the others. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  const children = childrenOf(process.pid).map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100 // user and system time in hundredths
  })
  return (user + system) / 1e6 + children.reduce((sum, each) => sum + each, 0)
}

/** How many 条 of the reference texts each side keeps whole in one piece, including its number. */
function kept(side: Side): Record<string, number> {
  const counts = { all: 0, kept: 0, cut: 0, lost: 0 }
  for (const { path, chunks } of side.files) {
    const truth = truthFor(path)
    if (truth === null) continue
    const pieces = chunks.map(bare)
    for (const article of articlesOf(readFileSync(truth, 'utf8'))) {
      counts.all += 1
      counts[fateOf(article, pieces)] += 1
    }
  }
  return counts
}

async function ourSide(paths: readonly string[]): Promise<Side> {
  const reader = openReader()
  const read = async (path: string) => {
    try {
      const reading = await reader.read(new Uint8Array(readFileSync(path)), basename(path))
      const understood = await understand(reading, basename(path))
      return { path, chunks: understood.outcome === 'refused' ? [] : understood.document.passages.map((each) => each.text) }
    } catch {
      return { path, chunks: [] } // a refusal is no chunk; `recovery` reports it
    }
  }
  await Promise.all(paths.map(read)) // a long run is measured, not how fast code gets warm; the same for the other side
  const [started, before] = [performance.now(), cpuSeconds()]
  const files = []
  for (let pass = 0; pass < passes; pass += 1) {
    files.length = 0
    for (const file of ahead(paths, reader.lanes, read)) files.push(await file)
  }
  const side = { seconds: (performance.now() - started) / 1000, cpu: cpuSeconds() - before, files }
  reader.close()
  return side
}

function theirSide(paths: readonly string[]): Promise<Side> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [peer], { stdio: ['pipe', 'pipe', 'inherit'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', () => resolve(JSON.parse(Buffer.concat(output).toString('utf8')) as Side)) // written by our own script beside this file
    child.stdin.end(JSON.stringify({ paths, passes }))
  })
}
