import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { silentLog } from '../../retrieval/base/log.ts'
import { poolFor } from '../../retrieval/store/database.ts'
import { startWorker } from '../../retrieval/store/embedded.ts'
import { migrate, migrations } from '../../retrieval/store/migrate.ts'

const serverUrl = process.env['TEST_DATABASE_URL'] ?? ''

/** True when the suite runs against a real server: tests that need true concurrency run only then. */
export const onServer = serverUrl !== ''

export type TestDatabase = {
  readonly pool: pg.Pool
  readonly kind: 'server' | 'embedded'
  readonly url: string | null
  close(): Promise<void>
}

/** A fresh, migrated database of its own; a server when TEST_DATABASE_URL is set, otherwise PGlite in memory from a template. */
export async function openTestDatabase(): Promise<TestDatabase> {
  return onServer ? openOnServer() : openInMemory()
}

const fingerprint = createHash('sha256')
  .update(
    migrations()
      .map((each) => each.sha256)
      .join(),
  )
  .digest('hex')
  .slice(0, 12)

async function openOnServer(): Promise<TestDatabase> {
  const template = `yuanqiao_template_${fingerprint}`
  const name = `yuanqiao_test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  await admin.query('select pg_advisory_lock(7239002)') // one builds the template, the others wait for it
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template])
  if (rowCount === 0) {
    await admin.query(`create database ${template}_building`)
    const building = poolFor({ connectionString: withDatabase(`${template}_building`) }, silentLog)
    await migrate(building)
    await building.end()
    await admin.query(`alter database ${template}_building rename to ${template}`)
  }
  await admin.query(`create database ${name} template ${template}`)
  await admin.query('select pg_advisory_unlock(7239002)')
  await admin.end()
  const url = withDatabase(name)
  const pool = poolFor({ connectionString: url, max: 10 }, silentLog)
  return {
    pool,
    kind: 'server',
    url,
    async close() {
      await pool.end()
      const cleaner = new pg.Client({ connectionString: serverUrl })
      await cleaner.connect()
      await cleaner.query(`drop database ${name} with (force)`)
      await cleaner.end()
    },
  }
}

function withDatabase(name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function openInMemory(): Promise<TestDatabase> {
  const template = await templateFile()
  const folder = mkdtempSync(join(tmpdir(), 'yq-test-'))
  const worker = await startWorker(
    { dataDir: 'memory://', socket: join(folder, '.s.PGSQL.5432'), template: readFileSync(template) },
    silentLog,
  )
  const pool = poolFor({ host: folder, port: 5432, user: 'postgres', database: 'postgres', max: 8 }, silentLog)
  return {
    pool,
    kind: 'embedded',
    url: null,
    async close() {
      await pool.end()
      await worker.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Built once per machine and schema; two processes that build at once both end with a whole file, since the rename is atomic. */
async function templateFile(): Promise<string> {
  const folder = join(tmpdir(), 'yuanqiao-test-template')
  const file = join(folder, `${fingerprint}.tar.gz`)
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const socket = mkdtempSync(join(tmpdir(), 'yq-tpl-'))
  const worker = await startWorker({ dataDir: 'memory://', socket: join(socket, '.s.PGSQL.5432') }, silentLog)
  const pool = poolFor({ host: socket, port: 5432, user: 'postgres', database: 'postgres', max: 2 }, silentLog)
  await migrate(pool)
  await pool.end()
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, await worker.dump())
  renameSync(draft, file)
  await worker.stop()
  rmSync(socket, { recursive: true, force: true })
  return file
}
