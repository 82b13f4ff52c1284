import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Env } from '../../retrieval/base/env.ts'
import { AppError, codeOf, toError } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { placeOf } from '../../retrieval/settings.ts'
import { type Database, openDatabase, poolFor } from '../../retrieval/store/database.ts'
import { calibrations } from '../calibrate/store.ts'
import type { Calibration } from '../judge/calibration.ts'
import { shippedModel } from '../judge/judge.ts'
import { parkSettings } from '../open.ts'

/** Runs in a new database on the server of DATABASE_URL, or in an embedded one in a temporary folder; both are removed afterwards. */
export async function inThrowAwayDatabase<T>(env: Env, holder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const server = env['DATABASE_URL']
  return server === undefined || server === '' ? inFolder(holder, work) : onServer(server, holder, work)
}

async function inFolder<T>(holder: string, work: (database: Database) => Promise<T>): Promise<T> {
  let home: string | null = null
  return cleanedUp(
    async () => {
      home = mkdtempSync(join(tmpdir(), 'yuanqiao-eval-')) // here, where whoever is interrupted cleans up
      const database = await openDatabase({ databaseUrl: null, home, holder, exclusive: true, log: silentLog })
      return await work(database).finally(() => database.close())
    },
    async () => {
      if (home !== null) rmSync(home, { recursive: true, force: true })
    },
  )
}

async function onServer<T>(server: string, holder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const name = `yuanqiao_eval_${randomUUID().replaceAll('-', '')}`
  const admin = poolFor({ connectionString: server, max: 1 }, silentLog)
  const url = new URL(server)
  url.pathname = `/${name}`
  return cleanedUp(
    async () => {
      await admin.query(`create database ${name}`).catch(noDatabase)
      // Nothing in it need survive a crash, and 58,800 articles are as many commits.
      await admin.query(`alter database ${name} set synchronous_commit to off`)
      const database = await openDatabase({ databaseUrl: url.href, home: '', holder, log: silentLog })
      return await work(database).finally(() => database.close())
    },
    async () => {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  )
}

function noDatabase(cause: unknown): never {
  if (codeOf(cause) !== '42501') throw cause
  throw new AppError(
    'no_throw_away_database',
    'The account of DATABASE_URL may not create a database, and this needs one of its own',
    {
      hint: 'Allow it with ALTER ROLE … CREATEDB, or leave DATABASE_URL out: then an embedded one is used.',
      cause,
    },
  )
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Cleans up even when a long measurement is interrupted. */
async function cleanedUp<T>(work: () => Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  let stopped = false
  const stop = (_: NodeJS.Signals, number: number) => {
    stopped = true
    void cleanUp()
      .catch((error: unknown) => process.stderr.write(`${toError(error).message}\n`))
      .finally(() => process.exit(128 + number))
  }
  for (const each of signals) process.once(each, stop)
  try {
    return await work()
  } finally {
    // Errors caused by dropping the database are not failures; the process is about to end.
    if (stopped) await new Promise(() => undefined)
    for (const each of signals) process.off(each, stop)
    await cleanUp()
  }
}

/** Opens the park's own database for the short time of `work`. */
export async function inParkDatabase<T>(env: Env, holder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const settings = parkSettings(env)
  const database = await openDatabase({
    ...placeOf(settings),
    holder,
    exclusive: false,
    log: silentLog,
  })
  return work(database).finally(() => database.close())
}

/** The calibration the park's bot uses; null when it has none, or when there is no park here yet (none is created by asking). */
export async function parkCalibration(env: Env, holder: string): Promise<Calibration | null> {
  const settings = parkSettings(env)
  const there =
    settings.DATABASE_URL === undefined
      ? existsSync(join(settings.YUANQIAO_HOME, 'database'))
      : await migrated(settings.DATABASE_URL)
  if (!there) return null
  return inParkDatabase(env, holder, async ({ pool }) => {
    const kept = await calibrations(pool).current(shippedModel.version)
    return kept === null ? null : { ...kept.content, model: kept.model }
  })
}

async function migrated(server: string): Promise<boolean> {
  const pool = poolFor({ connectionString: server, max: 1 }, silentLog)
  try {
    const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('calibration') is not null as there`)
    return rows[0]?.there === true
  } finally {
    await pool.end()
  }
}
