import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Pool, PoolClient } from 'pg'
import { AppError, codeOf, toError } from '../base/errors.ts'
import { transaction } from './transaction.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Any number, the same in every process: eight starters at once queue up behind it. */
const lockKey = 7_239_001

type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }

/** @returns the migrations of this code, in order */
export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Brings the database up to date: each file once, in order, in a transaction of its own. Safe with
 * many starters at once.
 * @returns the names that were applied now
 * @throws AppError `migration_changed`, `database_newer`, `migration_failed`
 */
export async function migrate(pool: Pool): Promise<string[]> {
  const applied: string[] = []
  const known = migrations()
  await transaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [lockKey])
    await tx.query(
      `create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    )
  })
  for (const migration of known) if (await applyOnce(pool, migration, known)) applied.push(migration.name)
  return applied
}

async function applyOnce(pool: Pool, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  return transaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [lockKey])
    const { rows } = await tx.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name')
    check(rows, known)
    if (rows.some((row) => row.name === migration.name)) return false
    await run(tx, migration)
    await tx.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256])
    return true
  })
}

async function run(tx: PoolClient, migration: Migration): Promise<void> {
  await tx.query(migration.sql).catch((cause: unknown) => {
    throw new AppError('migration_failed', `${migration.name} failed (${codeOf(cause)}): ${toError(cause).message}`, {
      hint: migration.name.startsWith('0001')
        ? 'If the extension is missing: install pgvector on the server, or run “create extension vector” as its owner.'
        : 'Nothing was changed; restore a backup or ask for help with this message.',
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
