import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { scriptedClock, systemClock } from '../retrieval/base/clock.ts'
import { parseSettings } from '../retrieval/base/env.ts'
import { AppError } from '../retrieval/base/errors.ts'
import { jsonLog, silentLog } from '../retrieval/base/log.ts'
import { openLibrary } from '../retrieval/library.ts'
import { retrievalSettings } from '../retrieval/settings.ts'
import { openDatabase } from '../retrieval/store/database.ts'
import { filesIn } from './files.ts'
import { type IngestOptions, ingest } from './ingest.ts'
import { inWords, type Outcome, total } from './report.ts'

const how = 'npm run ingest -- <file or folder>… [--json] [--dry-run] [--publish]'
const options = { json: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, publish: { type: 'boolean' } } as const

/** Documents and tables in; a line per file. Exit 1 when a file failed; waiting for review and refused are answers, not failures. */
async function main(): Promise<number> {
  const { values, positionals } = readArguments()
  const files = filesIn(positionals)
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = parseSettings(retrievalSettings, process.env)
  const log = values.json === true ? silentLog : jsonLog()
  const database = await openDatabase({
    databaseUrl: settings.DATABASE_URL ?? null,
    home: settings.YUANQIAO_HOME,
    holder: 'npm run ingest',
    log,
  })
  const clock = settings.YUANQIAO_CLOCK === undefined ? systemClock : scriptedClock(settings.YUANQIAO_CLOCK)
  const library = openLibrary({ pool: database.pool, env: process.env, log, clock })
  try {
    const outcomes = await run(
      files,
      { library, log, publish: values.publish === true, dryRun: values['dry-run'] === true },
      values.json === true,
    )
    if (outcomes.length > 20 && values['dry-run'] !== true) await library.documents.settle()
    return outcomes.some((each) => each.outcome === 'failed') ? 1 : 0
  } finally {
    await library.close()
    await database.close()
  }
}

function readArguments() {
  try {
    const read = parseArgs({ options, allowPositionals: true })
    if (read.positionals.length === 0) throw new Error('Ingest needs a file or a folder.')
    return read
  } catch (error) {
    throw new AppError('usage', error instanceof Error ? error.message : String(error), { hint: how })
  }
}

async function run(files: ReturnType<typeof filesIn>, settings: IngestOptions, json: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of ingest(files, settings)) {
    outcomes.push(outcome)
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${outcomes.length}/${files.length} `)
    process.stdout.write(`${json ? JSON.stringify(outcome) : inWords(outcome)}\n`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
  if (!json) process.stdout.write(`${total(outcomes)}\n`)
  return outcomes
}

await main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = error instanceof AppError
    process.stderr.write(
      `${known ? error.message : String(error)}\n${known && error.hint !== undefined ? `→ ${error.hint}\n` : ''}`,
    )
    process.exit(known && error.code === 'usage' ? 2 : 1)
  },
)
