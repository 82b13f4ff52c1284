import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { ClientBase, Pool } from 'pg'
import { AppError, codeOf, toError } from '../base/errors.ts'
import { transaction } from './transaction.ts'

/**
 * One numbered file of plain SQL, forward only, run in a transaction of its own. If its first line is `-- no transaction` (for `create
 * index concurrently`), its statements, each ending in `;` at the end of a line, run one by one and must tolerate being run again after a
 * crash (`drop index concurrently if exists …` first).
 */
export type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }

const folder = new URL('./migrations/', import.meta.url)
/** Arbitrary, but the same in every process: concurrent starters queue on this lock. */
const lockKey = 7_239_001
const table = `create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`

/** @returns the migrations of this code, in order */
export function migrations(from: URL = folder): Migration[] {
  return readdirSync(from)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, from), 'utf8').replaceAll('\r\n', '\n')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Brings the database up to date: each migration once, in order. Safe with many starters at once.
 * @returns the names that were applied now
 * @throws AppError `migration_changed`, `database_newer`, `migration_failed`
 */
export async function migrate(pool: Pool, known: readonly Migration[] = migrations()): Promise<string[]> {
  const applied: string[] = []
  const pending = await missing(pool, known)
  for (const migration of known) {
    if (!pending.includes(migration.name)) continue
    const apply = migration.sql.startsWith('-- no transaction\n') ? applyStepwise : applyAtOnce
    if (await apply(pool, migration, known)) applied.push(migration.name)
  }
  return applied
}

/**
 * @returns the names of migrations the database has not had
 * @throws AppError `migration_changed`, `database_newer`
 */
export async function missing(pool: Pool, known: readonly Migration[] = migrations()): Promise<string[]> {
  const { rows } = await pool.query<{ exists: boolean }>(`select to_regclass('migration') is not null as exists`)
  return rows[0]?.exists === true ? pendingOf(pool, known) : known.map((each) => each.name)
}

async function pendingOf(client: Pick<ClientBase, 'query'>, known: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name')
  check(rows, known)
  return known.map((each) => each.name).filter((name) => !rows.some((row) => row.name === name))
}

async function applyAtOnce(pool: Pool, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  return inTurn(() =>
    transaction(pool, async (tx) => {
      if (!(await locked(tx, 'pg_try_advisory_xact_lock'))) return null
      await tx.query(`set local statement_timeout = 0`)
      return apply(tx, migration, known, [migration.sql])
    }),
  )
}

let lastStepwise: Promise<unknown> = Promise.resolve()

/**
 * One after the other within this process, since the embedded database grants a session lock to all its clients; other processes do not
 * migrate that database.
 */
function applyStepwise(pool: Pool, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  const mine = lastStepwise.then(() => stepByStep(pool, migration, known))
  lastStepwise = mine.catch(() => {})
  return mine
}

/** On a connection that is not used again: its settings and its lock end with it. */
async function stepByStep(pool: Pool, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  const client = await pool.connect()
  try {
    await inTurn(async () => ((await locked(client, 'pg_try_advisory_lock')) ? true : null))
    await client.query('set statement_timeout = 0')
    return await apply(client, migration, known, migration.sql.split(/;[ \t]*(?:\n|$)/))
  } finally {
    await client.query(`select pg_advisory_unlock(${lockKey})`).catch(() => {})
    client.release(true)
  }
}

async function apply(client: ClientBase, migration: Migration, known: readonly Migration[], steps: string[]): Promise<boolean> {
  await client.query(table)
  if (!(await pendingOf(client, known)).includes(migration.name)) return false
  for (const step of steps) if (step.replaceAll(/^\s*--.*$/gm, '').trim() !== '') await run(client, migration.name, step)
  await client.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256])
  return true
}

/**
 * Polls until it is our turn. Waiting inside PostgreSQL would hold a snapshot, and `create index concurrently` waits for snapshots:
 * starters would deadlock.
 */
async function inTurn(attempt: () => Promise<boolean | null>): Promise<boolean> {
  for (;;) {
    const done = await attempt()
    if (done !== null) return done
    await new Promise((go) => setTimeout(go, 50))
  }
}

async function locked(client: ClientBase, how: 'pg_try_advisory_xact_lock' | 'pg_try_advisory_lock'): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`select ${how}($1) as locked`, [lockKey])
  return rows[0]?.locked === true
}

async function run(client: ClientBase, name: string, sql: string): Promise<void> {
  await client.query(sql).catch((cause: unknown) => {
    throw new AppError('migration_failed', `${name} failed (${codeOf(cause)}): ${toError(cause).message}`, {
      hint:
        codeOf(cause) === '42501'
          ? 'The user of DATABASE_URL lacks a right: let the owner of the server run “create extension vector” in this database, or grant “create” on it.'
          : 'Nothing of this step was kept. Restore a backup, or ask for help with this message.',
      cause,
    })
  })
}

function check(rows: readonly { name: string; sha256: string }[], known: readonly Migration[]): void {
  for (const row of rows) {
    const file = known.find((each) => each.name === row.name)
    if (file === undefined) {
      throw new AppError('database_newer', `The database knows ${row.name}, this program does not`, {
        hint: 'A newer version has used this database: run that version, or restore a backup.',
      })
    }
    if (file.sha256 !== row.sha256) {
      throw new AppError('migration_changed', `${row.name} was changed after it was applied`, {
        hint: 'Put the file back as it was and write the change as a new migration.',
      })
    }
  }
}
