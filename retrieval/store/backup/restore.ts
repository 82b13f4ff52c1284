import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Pool, PoolClient } from 'pg'
import { AppError, codeOf, toError } from '../../base/errors.ts'
import { clearState, noteUnindexed } from '../library-state.ts'
import { migrations as allMigrations, type Migration, migrate } from '../migrate.ts'
import { transaction } from '../transaction.ts'
import { indexAnew } from './index-anew.ts'
import { plainValues, quoted, readTables, type Table } from './tables.ts'
import type { End, Header, HomeFile, KeptFile, Rows } from './write.ts'

export type Backup = { readonly file: string; readonly header: Header; readonly files: readonly HomeFile[] }

/** Reads a whole backup before anything is touched. @throws AppError `backup_missing`, `backup_unreadable`, `backup_incomplete`, `backup_newer` */
export async function checkBackup(file: string, known: readonly Migration[] = allMigrations()): Promise<Backup> {
  const hash = createHash('sha256')
  const files: HomeFile[] = []
  let header: Header | null = null
  let end: End['end'] | null = null
  let lines = 0
  for await (const line of linesOf(file)) {
    if (end !== null) throw incomplete(file)
    if (line.startsWith('{"end":')) {
      end = parsed<End>(line)?.end ?? null
      if (end === null) throw incomplete(file)
      continue
    }
    lines++
    hash.update(line).update('\n')
    header ??= headerOf(line, file)
    if (line.startsWith('{"file":')) files.push(homeFile(parsed<KeptFile>(line), file))
  }
  if (header === null || end === null || end.lines !== lines || end.sha256 !== hash.digest('hex')) throw incomplete(file)
  const strange = header.migrations.find((each) => !known.some((one) => one.name === each.name && one.sha256 === each.sha256))
  if (strange !== undefined) {
    throw new AppError(
      'backup_newer',
      `${file} was written by another version of Yuanqiao: this one does not know ${strange.name}`,
      {
        hint: 'Restore it with the version that wrote it, or a newer one.',
      },
    )
  }
  return { file, header, files }
}

/** @returns the migrations a database must have had, and no others, before the rows of the backup fit */
export function migrationsOf({ header }: Backup, known: readonly Migration[] = allMigrations()): Migration[] {
  return known.filter((each) => header.migrations.some((one) => one.name === each.name))
}

/**
 * Restores a backup into an empty database that has had exactly the migrations of {@link migrationsOf}, in one transaction; later
 * migrations run afterwards.
 * @returns rows by table
 * @throws AppError `database_not_empty`, `backup_incomplete`
 */
export async function restoreBackup(pool: Pool, backup: Backup): Promise<Readonly<Record<string, number>>> {
  const restored: Record<string, number> = {}
  const current = migrationsOf(backup).length === allMigrations().length
  await transaction(pool, async (client) => {
    await client.query(plainValues)
    const tables = new Map((await readTables(client)).map((table) => [table.name, table]))
    await mustBeEmpty(client, [...tables.keys()])
    for await (const line of linesOf(backup.file)) {
      if (!line.startsWith('{"table":')) continue
      const { table: name, rows } = JSON.parse(line) as Rows
      const columns = backup.header.tables.find((each) => each.name === name)?.columns ?? []
      await insert(client, tables.get(name), columns, rows)
      restored[name] = (restored[name] ?? 0) + rows.length
    }
    for (const table of tables.values()) await continueCounting(client, table)
    if (current) await indexAnew(client)
    else await noteUnindexed(client)
  }).catch((error: unknown) => {
    throw isOfTheFile(error) ? incomplete(backup.file, error) : error
  })
  if (current) return restored
  await migrate(pool)
  await transaction(pool, indexAnew)
  return restored
}

/** Whoever changed a line and its checksum may have written what is no row. */
function isOfTheFile(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError || /^(?:22|23|42)[0-9A-Z]{3}$/.test(codeOf(error))
}

/** Rows that migrations write are replaced; any other row would be mixed up with the backup's. */
async function mustBeEmpty(client: PoolClient, tables: readonly string[]): Promise<void> {
  await clearState(client)
  for (const name of tables) {
    const { rowCount } = await client.query(`select from ${quoted(name)} limit 1`)
    if (rowCount === 0) continue
    throw new AppError(
      'database_not_empty',
      `The database has rows already (in ${name}); a backup is restored into an empty one`,
      {
        hint: 'Stop the bot, then name a fresh database in DATABASE_URL, or a fresh folder in YUANQIAO_HOME.',
      },
    )
  }
}

/** The documents that were just inserted have already written the library's version, so that row is overwritten. */
async function insert(client: PoolClient, table: Table | undefined, names: readonly string[], rows: Rows['rows']): Promise<void> {
  if (table === undefined) throw new SyntaxError('the backup names a table that its own migrations do not make')
  const types = names.map((name) => table.columns.find((each) => each.name === name)?.type ?? 'text')
  await client.query(
    `insert into ${quoted(table.name)} (${names.map(quoted).join(', ')}) overriding system value
     select ${types.map((type, at) => `(row ->> ${at})::${type}`).join(', ')} from json_array_elements($1::json) as row${table.name === 'library_state' ? ' on conflict do nothing' : ''}`,
    [JSON.stringify(rows)],
  )
}

/** Identity columns continue after the largest restored value. */
async function continueCounting(client: PoolClient, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter((each) => each.identity)) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column.name)}), 0) + 1, false) from ${quoted(name)}`,
      [quoted(name), column.name],
    )
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const part of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      const pieces = (rest + decoder.decode(part, { stream: true })).split('\n')
      rest = pieces.pop() ?? ''
      yield* pieces
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new AppError('backup_missing', `There is no ${file}`, { hint: 'Check the path.' })
    throw new AppError('backup_unreadable', `${file} cannot be read as a backup: ${toError(error).message}`, {
      hint: 'Is it a file that npm run backup wrote, and was it copied whole?',
      cause: error,
    })
  } finally {
    source.destroy()
  }
  if (rest !== '') yield rest
}

function headerOf(line: string, file: string): Header {
  const header = parsed<Header>(line)
  if (header?.yuanqiao === 1 && Array.isArray(header.migrations) && Array.isArray(header.tables)) return header as Header
  throw new AppError('backup_unreadable', `${file} is not a backup of Yuanqiao`, {
    hint: 'Give a file that npm run backup wrote.',
  })
}

/** As `writeBackup` writes it; whoever changed a line may have spoilt it. */
function parsed<Line>(line: string): Partial<Line> | null {
  try {
    return JSON.parse(line) as Partial<Line>
  } catch {
    return null
  }
}

function homeFile(kept: Partial<KeptFile> | null, file: string): HomeFile {
  const { file: name, base64 } = kept ?? {}
  if (typeof name !== 'string' || typeof base64 !== 'string') throw incomplete(file)
  if (/^[\w.-]+$/.test(name) && !name.startsWith('.')) return { name, bytes: Buffer.from(base64, 'base64') }
  throw new AppError('backup_unreadable', `${file} names a file outside the park's folder`, {
    hint: 'Give a file that npm run backup wrote.',
  })
}

function incomplete(file: string, cause?: unknown): AppError {
  return new AppError('backup_incomplete', `${file} is not whole: its end is missing or something in it was changed`, {
    hint: 'Copy it again from where it was written, or take the backup before it. Nothing was changed.',
    cause,
  })
}
