import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { silentLog } from '../../retrieval/base/log.ts'
import { type Database, openDatabase, poolFor } from '../../retrieval/store/database.ts'
import { fail, usage } from '../commands/fail.ts'
import { cautiousThreshold } from '../judge/judge.ts'

import { readDataset } from './dataset.ts'
import { reportOf, table } from './report.ts'
import { ask, load, type Trial } from './run.ts'

const how = 'npm run eval -- --data DIR [--json] [--mix 0.7] [--limit N] [--trials FILE]'
const options = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  mix: { type: 'string' },
  limit: { type: 'string' },
  trials: { type: 'string' },
} as const

/** Retrieval and confidence measured on a data set, in a throw-away database, with the product's own search, answer and decision. */
async function main(): Promise<void> {
  const { values } = read()
  if (values.data === undefined) throw usage('Eval needs a data set folder.', how)
  const mix = Number(values.mix ?? 0.7)
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit)
  if (!(mix > 0 && mix <= 1) || !(limit > 0)) throw usage('--mix is a share and --limit a count.', how)
  const data = readDataset(values.data)
  await inThrowAwayDatabase(async (database) => {
    const library = await load(database, data.corpus)
    const trials: Trial[] = []
    for await (const trial of ask(library.search, data, limit)) {
      trials.push(trial)
      if (process.stderr.isTTY && trials.length % 20 === 0) process.stderr.write(`\r${trials.length} questions `)
    }
    await library.close()
    if (values.trials !== undefined) writeFileSync(values.trials, trials.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const report = reportOf(basename(resolve(values.data ?? '')), data.corpus.length, trials, cautiousThreshold, mix)
    process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : `${table(report)}\n`)
  })
}

function read() {
  try {
    return parseArgs({ options })
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), how)
  }
}

/** A database of its own on the server of DATABASE_URL, or an embedded one in a folder that goes away. */
async function inThrowAwayDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const server = process.env['DATABASE_URL']
  if (server === undefined || server === '') {
    const home = mkdtempSync(join(tmpdir(), 'yuanqiao-eval-'))
    const database = await openDatabase({ databaseUrl: null, home, holder: 'npm run eval', exclusive: true, log: silentLog })
    try {
      await work(database)
    } finally {
      await database.close()
      rmSync(home, { recursive: true, force: true })
    }
    return
  }
  const name = `yuanqiao_eval_${randomUUID().replaceAll('-', '')}`
  const admin = poolFor({ connectionString: server, max: 1 }, silentLog)
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  try {
    const database = await openDatabase({ databaseUrl: url.href, home: '', holder: 'npm run eval', log: silentLog })
    await work(database).finally(() => database.close())
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

await main().then(() => process.exit(0), fail)
