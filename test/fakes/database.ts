import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { silentLog } from '../../retrieval/base/log.ts'
import { embeddedPool, serverPool } from '../../retrieval/store/database.ts'
import { socketName, takeLock } from '../../retrieval/store/embedded/lock.ts'
import { startThread, type Thread } from '../../retrieval/store/embedded/thread.ts'
import { addressOf } from '../../retrieval/store/embedded.ts'
import { migrate, migrations } from '../../retrieval/store/migrate.ts'
import { runFolder, templateFolder } from '../run.ts'
import { type Base, baseOf, restored } from './reset.ts'

const serverUrl = process.env['TEST_DATABASE_URL'] ?? ''

/** True when the suite runs against a real server: tests that need true concurrency run only then. */
export const onServer = serverUrl !== ''

export type TestDatabase = {
  readonly pool: pg.Pool
  readonly kind: 'server' | 'embedded'
  readonly url: string | null
  /** Where another process reaches it when there is no url. */
  readonly folder?: string | null
  close(): Promise<void>
}

/** A fresh, migrated database of its own; a server when TEST_DATABASE_URL is set, otherwise PGlite in memory from a template. */
export async function openTestDatabase(): Promise<TestDatabase> {
  return onServer ? openOnServer() : openInMemory(await schemaTemplate())
}

/** A database as `fill` leaves it. The embedded one is filled once per run of the suite and then copied. @param name of its content */
export async function openFilledDatabase(name: string, fill: (database: TestDatabase) => Promise<void>): Promise<TestDatabase> {
  const folder = process.env[runFolder]
  if (onServer || folder === undefined) {
    const database = await openTestDatabase()
    await fill(database)
    return database
  }
  const file = await madeOnce(folder, `${name}.tar`, async (draft) => {
    const made = await startInMemory(readFileSync(await schemaTemplate()))
    await fill({ pool: made.pool, kind: 'embedded', url: null, folder: made.folder, close: async () => {} })
    await keep(made, draft)
  })
  return openInMemory(file)
}

/** A database of its own on the server of TEST_DATABASE_URL, without a single table. */
export async function openEmptyServerDatabase(): Promise<TestDatabase> {
  return withAdmin((admin) => createDatabase(admin, 'template0'))
}

/** What a template depends on: when it changes, a new template is made. */
const fingerprint = createHash('sha256')
  .update('without the databases nobody opens')
  .update(
    migrations()
      .map((each) => each.sha256)
      .join(),
  )
  .digest('hex')
  .slice(0, 12)

function openOnServer(): Promise<TestDatabase> {
  return withAdmin(async (admin) => {
    await admin.query('select pg_advisory_lock(7239002)') // one builds the template, the others wait for it
    return createDatabase(admin, await templateDatabase(admin))
  })
}

async function templateDatabase(admin: pg.Client): Promise<string> {
  const name = `yuanqiao_template_${fingerprint}`
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name])
  if (rowCount !== 0) return name
  const draft = `${name}_building`
  await admin.query(`drop database if exists ${draft} with (force)`) // left by a run that was killed
  await admin.query(`create database ${draft}`)
  const pool = serverPool(addressFor(draft), silentLog)
  await migrate(pool).finally(() => pool.end())
  await admin.query(`alter database ${draft} rename to ${name}`)
  return name
}

async function createDatabase(admin: pg.Client, template: string): Promise<TestDatabase> {
  const name = `yuanqiao_test_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} template ${template}`)
  const url = addressFor(name)
  const pool = serverPool(url, silentLog)
  return {
    pool,
    kind: 'server',
    url,
    folder: null,
    async close() {
      await pool.end()
      await withAdmin((cleaner) => cleaner.query(`drop database ${name} with (force)`))
    },
  }
}

/** The lock ends with the connection. */
async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function addressFor(database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

/** One whose tests are over, as new again, or else a new one. */
async function openInMemory(template: string): Promise<TestDatabase> {
  const waiting = idle.findIndex((each) => each.template === template)
  const { made, base } = (await again(waiting < 0 ? undefined : idle.splice(waiting, 1)[0])) ?? (await begun(template))
  return {
    pool: made.pool,
    kind: 'embedded',
    url: null,
    folder: made.folder,
    async close() {
      if (process.env[runFolder] === undefined) return made.stop() // outside the suite a process ends when nothing is left to do
      await made.pool.end()
      idle.push({ template, made, base })
      for (const each of idle.splice(0, idle.length - mostIdle)) await each.made.stop()
    },
  }
}

type Begun = { readonly made: InMemory; readonly base: Base }
/** Databases whose tests are over, in the order of their closing; each takes some 200 MB. */
const idle: (Begun & { readonly template: string })[] = []
const mostIdle = 3
const bases = new Map<string, Base>()
const leavingMs = 1000

async function begun(template: string): Promise<Begun> {
  const made = await startInMemory(readFileSync(template))
  const base = bases.get(template) ?? (await baseOf(made.pool))
  bases.set(template, base)
  return { made, base }
}

/** @returns null when it cannot be used again: it has ended, somebody is still connected, or its schema was changed */
async function again(left: Begun | undefined): Promise<Begun | null> {
  if (left === undefined) return null
  const { made, base } = left
  const pool = embeddedPool(addressOf({ socket: made.folder }), silentLog)
  const usable = (await isLeft(made.thread)) && (await restored(pool, base).catch(() => false))
  if (usable) return { made: { ...made, pool }, base }
  await pool.end()
  await made.stop()
  return null
}

/** @returns whether nobody is connected any more; that somebody has gone is noticed a moment later */
async function isLeft(thread: Thread): Promise<boolean> {
  for (const until = Date.now() + leavingMs; Date.now() < until; ) {
    if ((await thread.clients()) === 0) return true
    await new Promise((go) => setTimeout(go, 5))
  }
  return false
}

type InMemory = { pool: pg.Pool; thread: Thread; folder: string; stop(): Promise<void> }

/** Buffers beside files that are in memory anyway would only cost time at every start. */
const parameters = ['-c', 'shared_buffers=16MB']

async function startInMemory(template?: Uint8Array): Promise<InMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-'))
  const listen = process.platform === 'win32' ? 0 : join(folder, socketName)
  const start = { dataDir: 'memory://', password: null, listen, parameters }
  const thread = await startThread(template === undefined ? start : { ...start, template }, silentLog)
  const pool = embeddedPool(addressOf({ socket: thread.port === null ? folder : String(thread.port) }), silentLog)
  return {
    pool,
    thread,
    folder: thread.port === null ? folder : String(thread.port),
    async stop() {
      if (!pool.ended) await pool.end()
      await thread.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Creates the embedded database of a home as a first start does, in a fraction of the time. */
export async function makeHome(home: string): Promise<void> {
  const folder = join(home, 'database')
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-xf', await schemaTemplate(), '-C', folder], { stdio: 'ignore' })
}

/** Built once per machine and schema. */
function schemaTemplate(): Promise<string> {
  const folder = process.env[templateFolder] ?? join(tmpdir(), 'yuanqiao-test-template')
  return madeOnce(folder, `${fingerprint}.tar`, async (draft) => {
    dropOld(folder)
    const made = await startInMemory()
    await migrate(made.pool)
    // A third of the bytes, which every test database would unpack.
    await made.pool.query(`update pg_database set datistemplate = false where datname <> current_database()`)
    for (const name of ['template0', 'template1']) await made.pool.query(`drop database ${name}`)
    await keep(made, draft)
  })
}

/** Stops it cleanly and keeps its files, so that no copy needs recovery. */
async function keep({ pool, thread, stop }: InMemory, file: string): Promise<void> {
  await pool.query('checkpoint')
  writeFileSync(file, gunzipSync(await thread.dump()))
  await stop()
}

const dayMs = 86_400_000

/** Deletes templates of old schemas. */
function dropOld(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.includes('.tar'))) {
    const file = join(folder, name)
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.atimeMs ?? 0) > dayMs) rmSync(file, { force: true })
  }
}

/** @returns a file that `make` writes unless it exists; others that need it meanwhile wait for it */
async function madeOnce(folder: string, name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const file = join(folder, name)
  mkdirSync(folder, { recursive: true })
  while (!existsSync(file)) {
    const taken = await takeLock(folder, { holder: 'test', socket: '' })
    if ('lock' in taken) await unlessThere(file, make).finally(() => taken.lock.release())
    else await new Promise((go) => setTimeout(go, 50))
  }
  return file
}

async function unlessThere(file: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(file)) return
  const draft = `${file}.${randomUUID()}`
  await make(draft)
  renameSync(draft, file)
}
