import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Pool, PoolClient } from 'pg'
import { AppError, codeOf, toError } from '../../base/errors.ts'
import { transaction } from '../transaction.ts'
import { plainValues, quoted, readTables, type Table } from './tables.ts'

/** First line of a backup. Lines of rows and files follow, and a last line with count and checksum. */
export type Header = {
  readonly yuanqiao: 1
  readonly at: string
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[]
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
}
export type Rows = { readonly table: string; readonly rows: readonly (readonly (string | null)[])[] }
export type KeptFile = { readonly file: string; readonly base64: string }
export type End = { readonly end: { readonly lines: number; readonly sha256: string } }

/** A file beside the database that belongs to the park: its name without a folder, and its content. */
export type HomeFile = { readonly name: string; readonly bytes: Uint8Array }

export type Written = { readonly rows: number; readonly files: number; readonly tables: Readonly<Record<string, number>> }

const rowsPerLine = 200

/**
 * Writes everything of one moment to a file of gzipped JSON lines that only its owner can read: it holds conversations and secrets. The
 * file gets its name only when it is whole. On the embedded database others wait meanwhile.
 * @throws AppError `backup_unwritable`
 */
export async function writeBackup(pool: Pool, file: string, files: readonly HomeFile[], now: Date): Promise<Written> {
  const path = resolve(file)
  const draft = `${path}.${randomUUID().slice(0, 8)}.part`
  const written = { rows: 0, files: 0, tables: {} as Record<string, number> }
  try {
    await transaction(pool, async (client) => {
      await client.query('set transaction isolation level repeatable read, read only')
      await client.query(plainValues)
      const lines = Readable.from(sealed(linesOf(client, files, now, written)))
      await pipeline(lines, createGzip({ level: 6 }), createWriteStream(draft, { mode: 0o600, flags: 'wx' }))
    })
    await flushed(draft)
    await rename(draft, path)
    await flushed(dirname(path))
    return written
  } catch (error) {
    await rm(draft, { force: true })
    if (!fileFaults.has(codeOf(error))) throw error
    throw new AppError('backup_unwritable', `${path} cannot be written: ${toError(error).message}`, {
      hint: 'Give a file in a folder that exists, may be written to and has room.',
      cause: error,
    })
  }
}

const fileFaults = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOSPC', 'EROFS', 'EISDIR', 'ENOTDIR', 'EDQUOT'])

async function* linesOf(
  client: PoolClient,
  files: readonly HomeFile[],
  now: Date,
  written: { rows: number; files: number; tables: Record<string, number> },
): AsyncGenerator<string> {
  const tables = await readTables(client)
  const migrations = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name')
  const header: Header = {
    yuanqiao: 1,
    at: now.toISOString(),
    migrations: migrations.rows,
    tables: tables.map(({ name, columns }) => ({ name, columns: columns.map((each) => each.name) })),
  }
  yield JSON.stringify(header)
  for (const { name, bytes } of files) {
    written.files++
    yield JSON.stringify({ file: name, base64: Buffer.from(bytes).toString('base64') } satisfies KeptFile)
  }
  for (const table of tables) {
    for await (const rows of rowsOf(client, table)) {
      written.rows += rows.length
      written.tables[table.name] = (written.tables[table.name] ?? 0) + rows.length
      yield `{"table":${JSON.stringify(table.name)},"rows":[${rows.join(',')}]}`
    }
  }
}

/** Every value as Postgres prints it, so that every type comes back unchanged. */
async function* rowsOf(client: PoolClient, { name, columns }: Table): AsyncGenerator<readonly string[]> {
  const values = columns.map((each) => `${quoted(each.name)}::text`).join(', ')
  await client.query(
    `declare backup_rows no scroll cursor for select json_build_array(${values})::text as row from ${quoted(name)}`,
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${rowsPerLine} from backup_rows`)
    if (rows.length === 0) break
    yield rows.map(({ row }) => row)
  }
  await client.query('close backup_rows')
}

/** Lines with line ends, and a last one with their count and checksum. */
async function* sealed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  let count = 0
  for await (const line of lines) {
    count++
    hash.update(line).update('\n')
    yield `${line}\n`
  }
  yield `${JSON.stringify({ end: { lines: count, sha256: hash.digest('hex') } } satisfies End)}\n`
}

async function flushed(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
