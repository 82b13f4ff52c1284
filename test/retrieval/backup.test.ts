import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { indexIfUnfinished } from '../../retrieval/store/backup/index-anew.ts'
import { checkBackup, migrationsOf, restoreBackup } from '../../retrieval/store/backup/restore.ts'
import { type Written, writeBackup } from '../../retrieval/store/backup/write.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { migrations } from '../../retrieval/store/migrate.ts'
import { ensureEmbedder, insertVectors, serve } from '../../retrieval/store/vectors.ts'
import { onServer, openTestDatabase } from '../fakes/database.ts'
import { openTestLibrary, policy, type TestLibrary } from '../fakes/library.ts'
import { nastyStrings } from '../fakes/nasty-strings.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuanqiao-backup-'))
const file = join(folder, 'park.backup')
const now = new Date('2026-11-26T04:00:00Z')
let park: TestLibrary
let written: Written

beforeAll(async () => {
  park = await openTestLibrary()
  written = await fillAndBackUp(park, park.database.pool)
})
afterAll(async () => {
  await park.close()
  rmSync(folder, { recursive: true })
})

async function fillAndBackUp(library: Pick<TestLibrary, 'documents'>, pool: Pool, to = file): Promise<Written> {
  await library.documents.replace(
    policy('贴息办法', { passages: ['贷款贴息最高50万元', '自二〇二五年起施行'], effectiveFrom: '2025-01-01' }),
  )
  await library.documents.replace(
    policy('贴息办法', { passages: ['贷款贴息最高80万元'], effectiveFrom: '2026-01-01', sha256: '2' }),
  )
  const secret = { visibility: 2, text: '底价三百万元', fields: { price_yuan: 3_000_000 } } as const
  await library.documents.replace(
    policy('膜材料', {
      kind: 'achievement',
      passages: [{ clause: null, heading: null, text: '膜材料成果', visibility: 2, protected: secret }],
    }),
  )
  const embedder = await ensureEmbedder(pool, 'm', 3, true)
  await serve(pool, embedder.id)
  const passages = await pool.query<{ passage: number; document: number }>(
    'select p.number as passage, d.number as document from passage p join document d on d.id = p.document_id',
  )
  await insertVectors(
    pool,
    embedder.id,
    passages.rows.map((row) => ({ ...row, vector: [0.1, 1 / 3, -0.7] })),
  )
  await pool.query(
    'insert into audit (actor, action, about, detail) select $1, action, $1, jsonb_build_object($1::text, action) from unnest($2::text[]) as action',
    ['王工', nastyStrings.filter((each) => !each.includes('\0'))],
  )
  return writeBackup(pool, to, [{ name: 'desk-secret', bytes: Buffer.from([0, 255, 10]) }], now)
}

/** Every row of every table as text, but what a database says about itself. */
async function contents(pool: Pool): Promise<Record<string, string[]>> {
  const tables = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'migration' order by 1`,
  )
  const found: Record<string, string[]> = {}
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ row: string }>(
      `select t::text as row from ${name} t where to_jsonb(t) ->> 'name' is distinct from 'documents' order by 1`,
    )
    if (rows.length > 0) found[name] = rows.map(({ row }) => row)
  }
  return found
}

test('a restored database holds the same rows, derived ones and sequences included, and answers the same', async () => {
  const other = await openTestDatabase()
  try {
    await restoreBackup(other.pool, await checkBackup(file))
    const restored = await contents(other.pool)
    expect(restored).toEqual(await contents(park.database.pool))
    expect(Object.keys(restored)).toEqual(
      expect.arrayContaining([
        'audit',
        'document',
        'embedder',
        'passage',
        'passage_protected',
        'passage_code',
        'passage_vector',
        'posting',
        'term_count',
      ]),
    )
    const library = await openTestLibrary({}, other)
    const asked = async (from: TestLibrary) =>
      (await from.ask('贷款贴息多少')).evidence.map(({ passage, signals }) => [passage.id, signals])
    expect(await asked(library)).toEqual(await asked(park))
    await library.documents.replace(policy('新办法')) // numbers go on behind those that came
    expect(await library.clauses('新办法')).toContain('新办法#第1条')
  } finally {
    await other.close()
  }
})

test('a backup states what it holds, is readable by its owner alone, and keeps the files of the park', async () => {
  expect(written).toMatchObject({ files: 1, tables: { document: 3, passage: 4 } })
  const backup = await checkBackup(file)
  expect(backup.header).toMatchObject({ yuanqiao: 1, at: now.toISOString() })
  expect(backup.files).toEqual([{ name: 'desk-secret', bytes: Buffer.from([0, 255, 10]) }])
  expect(migrationsOf(backup)).toEqual(migrations())
})

test('a backup that is not whole, not one, or of a newer version changes nothing', async () => {
  const text = gunzipSync(readFileSync(file)).toString()
  const spoilt: Record<string, [Uint8Array, string]> = {
    cut: [readFileSync(file).subarray(0, -200), 'backup_unreadable'],
    'without its end': [gzipSync(text.slice(0, text.lastIndexOf('{"end"'))), 'backup_incomplete'],
    'one figure changed': [gzipSync(text.replace('50万元', '51万元')), 'backup_incomplete'],
    'a line lost': [gzipSync(text.replace(/\{"table":"audit".*\n/, '')), 'backup_incomplete'],
    'other text': [gzipSync('{"hello":1}\n'), 'backup_unreadable'],
    'not packed': [Buffer.from(text), 'backup_unreadable'],
    empty: [Buffer.alloc(0), 'backup_unreadable'],
  }
  for (const [name, [bytes, code]] of Object.entries(spoilt)) {
    const path = join(folder, 'spoilt')
    writeFileSync(path, bytes)
    await expect(checkBackup(path), name).rejects.toMatchObject({ code })
  }
  await expect(checkBackup(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'backup_missing' })
  await expect(checkBackup(file, migrations().slice(0, -1))).rejects.toMatchObject({ code: 'backup_newer' })
})

/** The lines of a backup, changed, with a count and a checksum that fit. */
function resealed(change: (lines: string[]) => string[]): Uint8Array {
  const lines = change(gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(0, -1))
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return gzipSync(`${lines.join('\n')}\n${JSON.stringify({ end: { lines: lines.length, sha256: hash.digest('hex') } })}\n`)
}

test('a backup that somebody changed, checksum and all, is an error that says so, and leaves nothing', async () => {
  const head = (change: (header: string) => string) => resealed(([first = '', ...rest]) => [change(first), ...rest])
  const rows = (change: (line: string) => string) =>
    resealed((lines) => lines.map((line) => (line.startsWith('{"table":"document"') ? change(line) : line)))
  const spoilt: Record<string, Uint8Array> = {
    'a file cut short': resealed(([first = '', ...rest]) => [first, '{"file":"x', ...rest]),
    'a file without content': resealed(([first = '', ...rest]) => [first, '{"file":"desk-secret"}', ...rest]),
    'an end cut short': gzipSync(`${gunzipSync(readFileSync(file)).toString().split('\n').slice(0, -2).join('\n')}\n{"end":\n`),
    'a header without migrations': head(() => '{"yuanqiao":1}'),
    'a column nobody knows': head((line) => line.replaceAll('"title"', '"titel"')),
    'rows cut short': rows((line) => line.slice(0, -3)),
    'no rows': rows(() => '{"table":"document","rows":5}'),
    'a table nobody knows': resealed((lines) => [...lines, '{"table":"pg_authid","rows":[["1"]]}']),
  }
  const empty = await openTestDatabase()
  const path = join(folder, 'changed')
  for (const [name, bytes] of Object.entries(spoilt)) {
    writeFileSync(path, bytes)
    const restoring = checkBackup(path).then((backup) => restoreBackup(empty.pool, backup))
    await expect(restoring, name).rejects.toMatchObject({ code: expect.stringMatching(/^backup_/), hint: expect.any(String) })
    expect((await empty.pool.query('select from document')).rowCount, name).toBe(0)
  }
  await empty.close()
})

test('a restore that was cut off before its texts could be searched is finished by the next start', async () => {
  const cut = await openTestDatabase()
  await restoreBackup(cut.pool, await checkBackup(file))
  const whole = await contents(cut.pool)
  // As it is left when the process dies between the rows of an older backup and their index.
  await cut.pool.query('delete from posting')
  await cut.pool.query('delete from term_count')
  await cut.pool.query(`insert into library_state (name, value) values ('unindexed', 'true')`)
  await indexIfUnfinished(cut.pool)
  expect(await contents(cut.pool)).toEqual(whole)
  await cut.close()
})

test('a restore into a database that has rows is refused and changes nothing', async () => {
  const before = await contents(park.database.pool)
  await expect(restoreBackup(park.database.pool, await checkBackup(file))).rejects.toMatchObject({ code: 'database_not_empty' })
  expect(await contents(park.database.pool)).toEqual(before)
})

test('a file that cannot be written is a clear error and leaves no draft', async () => {
  await expect(writeBackup(park.database.pool, join(folder, 'no', 'where'), [], now)).rejects.toMatchObject({
    code: 'backup_unwritable',
  })
})

test.skipIf(!onServer)('a backup of the embedded database restores into a server', async () => {
  const embedded = await openDatabase({
    databaseUrl: null,
    home: join(folder, 'home'),
    holder: 'a test',
    exclusive: true,
    log: silentLog,
  })
  const server = await openTestDatabase()
  try {
    const source = await openTestLibrary({}, { ...embedded, url: null })
    const path = join(folder, 'embedded.backup')
    await fillAndBackUp(source, embedded.pool, path)
    await restoreBackup(server.pool, await checkBackup(path))
    expect(await contents(server.pool)).toEqual(await contents(embedded.pool))
  } finally {
    await embedded.close()
    await server.close()
  }
})
