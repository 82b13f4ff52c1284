import { clockFor } from '../retrieval/base/clock.ts'
import { fail, parsed, usage } from '../retrieval/base/command.ts'
import { parseSettings } from '../retrieval/base/env.ts'
import { loadEnvFile } from '../retrieval/base/env-file.ts'
import { errorFields, jsonLog, type Log, silentLog } from '../retrieval/base/log.ts'
import { openLibrary } from '../retrieval/library.ts'
import { placeOf, retrievalSettings } from '../retrieval/settings.ts'
import { openDatabase } from '../retrieval/store/database.ts'
import { actorOf } from '../retrieval/store/documents/actors.ts'
import { filesIn, foldersIn } from './files.ts'
import { type Incoming, type IngestOptions, ingest } from './ingest.ts'
import { cost, demoRetired, elsewhereInWords, fileMissing, inWords, type Outcome, total } from './report.ts'
import { fieldNames } from './tables/index.ts'
import { parseMapping } from './tables/vocabulary.ts'
import { changesIn } from './watch.ts'

const how = `npm run ingest -- <file or folder>… [--json] [--dry-run] [--publish] [--watch] [--as PERSON] [--map 列名=field]…
  --dry-run     只看会怎样，不写入 tells what would happen
  --publish     有疑问的也直接入库 doubtful ones go live, too
  --watch       盯着文件夹，有变动就读 goes on with what changes
  --as          以谁的名义 who hands them in
  --map         成果表的列名对应什么字段 what a column of a table means`
const options = {
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  publish: { type: 'boolean' },
  watch: { type: 'boolean' },
  as: { type: 'string' },
  map: { type: 'string', multiple: true },
} as const

type Run = IngestOptions & { readonly json: boolean }

/** Ingests documents and tables; a line per file. Exit 1 when a file failed; `needs_review` and `refused` are answers, not failures. */
async function main(): Promise<number> {
  const { values, positionals: paths } = readArguments()
  const mapping = values.map === undefined ? {} : { mapping: parseMapping(values.map, fieldNames) }
  const files = filesIn(paths)
  loadEnvFile()
  const settings = parseSettings(retrievalSettings, process.env)
  const json = values.json === true
  const log = telling(json ? silentLog : jsonLog())
  const clock = clockFor(settings.YUANQIAO_CLOCK)
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run ingest',
    log,
    clock,
  })
  const library = openLibrary({ pool: database.pool, env: process.env, log, clock })
  try {
    if (values.publish === true && settings.REVIEW === 'two_person')
      process.stderr.write('REVIEW=two_person: doubtful documents wait for a second person, --publish or not.\n')
    const run: Run = {
      ...{ library, log, json, publish: values.publish === true, dryRun: values['dry-run'] === true, ...mapping },
      tokens: new Map(),
      uploadedBy: await actorOf(database.pool, values.as ?? null),
    }
    const code = values.watch === true ? await watch(paths, run) : await once(files, paths, run)
    return code
  } finally {
    await library.close()
    await database.close()
  }
}

function readArguments() {
  const read = parsed({ options, allowPositionals: true }, how)
  if (read.positionals.length === 0) throw usage('要写一个文件或文件夹 · Ingest needs a file or a folder.', how)
  return read
}

/** Rare events the park should know are printed in words, beside --json too. */
function telling(log: Log): Log {
  return (event, fields) => {
    if (event === 'demo_retired') process.stderr.write(`${demoRetired}\n`)
    else log(event, fields)
  }
}

async function once(files: readonly Incoming[], paths: readonly string[], run: Run): Promise<number> {
  const outcomes = await take(files, run)
  const gone = run.dryRun === true ? [] : await noteMissing(paths, files, run)
  if (!run.json && run.dryRun !== true) process.stdout.write(`${total([...outcomes, ...gone])}\n`)
  if (run.dryRun !== true) await leaveInOrder(run, outcomes.length > 20)
  await fillVectors(run)
  if (run.dryRun !== true && outcomes.some(({ kind }) => kind === 'policy')) await tellElsewhere(run.library)
  return outcomes.some((each) => each.outcome === 'failed') ? 1 : 0
}

/** Silence would show only in questions that find nothing. */
async function tellElsewhere({ elsewhere, regions }: Run['library']): Promise<void> {
  const said = elsewhereInWords(await elsewhere(), regions)
  if (said !== null) process.stderr.write(`${said}\n`)
}

/** The documents are stored whatever becomes of this; the next start continues it. */
async function leaveInOrder({ library: { documents }, log }: Run, many: boolean): Promise<void> {
  await (many ? documents.settle() : documents.keepUp()).catch((error: unknown) => log('upkeep_stopped', errorFields(error)))
}

/** Watches until told to stop; a file that fails is named and does not end the watch. */
async function watch(paths: readonly string[], run: Run): Promise<number> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  process.stderr.write(`watching ${paths.join(', ')}; Ctrl-C ends it\n`)
  for await (const { files } of changesIn(paths, stopping.signal)) {
    await take(files, run)
    await noteMissing(paths, filesIn(paths), run)
    await fillVectors(run)
  }
  return 0
}

async function take(files: readonly Incoming[], run: Run): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  // A line names the file as it was given; the source, by which a document is known again, is relative.
  const given = new Map(files.map((file) => [file.source, file.path ?? file.source]))
  for await (const outcome of ingest(files, run)) {
    outcomes.push(outcome)
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${outcomes.length}/${files.length} `)
    print({ ...outcome, path: given.get(outcome.path) ?? outcome.path }, run)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
  if (run.dryRun === true) {
    const tokens = outcomes.reduce((sum, each) => sum + (run.tokens?.get(each.path) ?? 0), 0)
    ;(run.json ? process.stderr : process.stdout).write(`${cost(outcomes, tokens)}\n`)
  }
  return outcomes
}

function print(outcome: Outcome, run: Run): void {
  process.stdout.write(`${run.json ? JSON.stringify(outcome) : inWords(outcome)}\n`)
}

/** Documents whose file has gone from a given folder: reported once, live until somebody withdraws them. */
async function noteMissing(paths: readonly string[], files: readonly Incoming[], run: Run): Promise<Outcome[]> {
  const present = files.map((file) => file.source)
  const outcomes: Outcome[] = []
  for (const folder of foldersIn(paths))
    outcomes.push(...(await run.library.documents.markMissing(folder, present)).map(fileMissing))
  for (const outcome of outcomes) print(outcome, run)
  return outcomes
}

/** Requests vectors that the embedder did not deliver while a document was stored, so that a run ends complete. */
async function fillVectors(run: { library: Run['library']; log: Log; dryRun?: boolean }): Promise<void> {
  if (run.dryRun === true) return
  await run.library.vectors.build().catch((error: unknown) => run.log('vectors_failed', errorFields(error)))
}

await main().then((code) => process.exit(code), fail)
