import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Log, silentLog } from '../../retrieval/base/log.ts'
import { type Database, embeddedPool, openDatabase } from '../../retrieval/store/database.ts'
import { holdEmbedded } from '../../retrieval/store/embedded.ts'
import { makeHome } from '../fakes/database.ts'
import { type OtherProcess, otherProcess } from '../fakes/other-process.ts'

/** A database that is there already, to copy: opening a new one takes seconds. */
let made: string
let homes: string[] = []
let databases: Database[] = []
let others: OtherProcess[] = []

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'yuanqiao-made-'))
  await makeHome(made)
  const database = await open(made)
  await database.pool.query('create table note (id int primary key)')
  await database.close()
  databases = []
})
afterAll(() => rmSync(made, { recursive: true, force: true }))
afterEach(async () => {
  await Promise.all(others.map((each) => each.kill()))
  await Promise.all(databases.map((each) => each.close()))
  for (const each of homes) rmSync(each, { recursive: true, force: true })
  homes = []
  databases = []
  others = []
})

function home(...below: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'yuanqiao-home-'))
  homes.push(root)
  const folder = join(root, ...below)
  cpSync(join(made, 'database'), join(folder, 'database'), { recursive: true })
  return folder
}

async function open(folder: string, options: { exclusive?: boolean; log?: Log } = {}): Promise<Database> {
  const { exclusive = false, log = silentLog } = options
  const database = await openDatabase({ databaseUrl: null, home: folder, holder: 'npm test', exclusive, log })
  databases.push(database)
  return database
}

async function openElsewhere(folder: string, holder: string, exclusive = false): Promise<OtherProcess> {
  const other = otherProcess()
  others.push(other)
  await other.open(folder, { holder, exclusive })
  return other
}

async function ids(pool: Database['pool']): Promise<number[]> {
  return (await pool.query<{ id: number }>('select id from note order by id')).rows.map((row) => row.id)
}

test('kill -9 of the holder loses no committed row, and the next start takes over', async () => {
  const folder = home()
  const holder = await openElsewhere(folder, 'npm start')
  const committed: number[] = []
  const writing = (async () => {
    for (let id = 1; ; id += 1) {
      await holder.query('insert into note values ($1)', [id])
      committed.push(id)
    }
  })()
  await expect.poll(() => committed.length).toBeGreaterThan(20)
  await holder.kill()
  await expect(writing).rejects.toThrow('ended')

  const events: string[] = []
  const { pool } = await open(folder, { log: (event) => events.push(event) })
  expect(events).toEqual(['database_lock_taken_over'])
  expect(await ids(pool)).toEqual(expect.arrayContaining(committed))
})

describe('one that is open, for several questions', () => {
  let folder: string
  let held: Database
  beforeAll(async () => {
    folder = home()
    held = await open(folder)
    databases = []
    homes = []
  })
  afterEach(() => held.pool.query('truncate note'))
  afterAll(async () => {
    await held.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a second process works through the first', async () => {
    const other = await openElsewhere(folder, 'npm run ingest')
    await other.query('insert into note values (1)')
    await held.pool.query('insert into note values (2)')
    expect(await other.query('select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }])
    expect(await ids(held.pool)).toEqual([1, 2])
  })

  test('a transaction in one process is not seen in another, which waits for it', async () => {
    const other = await openElsewhere(folder, 'npm run ingest')
    await other.askClient('begin')
    await other.askClient('insert into note values (1)')
    const seen = ids(held.pool)
    await other.askClient('insert into note values (2)')
    await other.askClient('commit')
    expect(await seen).toEqual([1, 2])
  })

  test('a process that is killed in a transaction leaves nothing of it, and nobody waits for it', async () => {
    const other = await openElsewhere(folder, 'npm run ingest')
    await other.askClient('begin')
    await other.askClient('insert into note values (1)')
    const seen = ids(held.pool)
    await other.kill()
    expect(await seen).toEqual([])
  })

  test('timers of the process go on while the database computes', async () => {
    let ticks = 0
    const timer = setInterval(() => {
      ticks += 1
    }, 1)
    for (let round = 0; round < 4; round += 1) await held.pool.query('select sum(sqrt(n)) from generate_series(1, 1000000) as n')
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(50) // 4 or 5 if each statement stopped the process
  })
})

test('a command that must be alone is told who holds the database', async () => {
  const folder = home()
  const holder = await openElsewhere(folder, 'npm start')
  await expect(open(folder, { exclusive: true })).rejects.toMatchObject({
    code: 'database_in_use',
    retry: true,
    message: expect.stringContaining(`“npm start” (process ${holder.pid}, since 20`),
    hint: expect.stringContaining('Stop that process'),
  })
})

test('a short command that holds the database waits for those who came in', async () => {
  const folder = home()
  const holder = await open(folder)
  const other = await openElsewhere(folder, 'npm run ask')
  let closed = false
  const closing = holder.close().then(() => {
    closed = true
  })
  for (let id = 1; id <= 20; id += 1) await other.query('insert into note values ($1)', [id])
  expect(closed).toBe(false)
  await other.close()
  await closing
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('a process whose holder was killed gets an error that says so, lives on, and can open the database again', async () => {
  const folder = home()
  const holder = await openElsewhere(folder, 'npm start')
  const joined = await open(folder)
  const client = await joined.pool.connect()
  await client.query('begin')
  await client.query('insert into note values (1)')
  await holder.kill()
  await expect(client.query('select 1')).rejects.toThrow()
  client.release(true)
  await expect(joined.pool.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable', retry: true })
  await joined.close()
  const again = await open(folder)
  expect(await ids(again.pool)).toEqual([])
})

test('a home with a name too long for a socket works, and what a killed holder left in the temporary folder goes', async () => {
  const folder = home('园区'.repeat(30))
  const socketOf = () => String(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).socket)
  const holder = await openElsewhere(folder, 'npm start')
  const left = socketOf()
  await holder.kill()
  expect(existsSync(left)).toBe(true)
  const { pool, close } = await open(folder)
  const other = await openElsewhere(folder, 'npm run ask')
  await other.query('insert into note values (1)')
  expect(await ids(pool)).toEqual([1])
  expect(existsSync(left)).toBe(false)
  const mine = socketOf()
  await other.close()
  await close()
  expect(existsSync(mine)).toBe(false)
})

test('files of another PostgreSQL are left alone', async () => {
  const folder = home()
  writeFileSync(join(folder, 'database', 'PG_VERSION'), '17\n')
  await expect(open(folder)).rejects.toMatchObject({ code: 'embedded_other_version' })
  expect(readdirSync(folder)).not.toContain('lock')
})

test('files that cannot be opened are an error with a hint, and the lock is free again', async () => {
  const folder = home()
  rmSync(join(folder, 'database', 'global'), { recursive: true })
  await expect(open(folder)).rejects.toMatchObject({ code: 'embedded_failed', hint: expect.stringContaining('backup') })
  expect(readdirSync(folder)).not.toContain('lock')
})

test('a home that cannot be written is an error with a hint', async () => {
  const folder = home()
  await expect(open(join(folder, 'database', 'PG_VERSION'))).rejects.toMatchObject({
    code: 'home_unusable',
    hint: expect.stringContaining('YUANQIAO_HOME'),
  })
})

test('a statement that breaks the engine is an error to its client alone, and no row is lost', async () => {
  const events: string[] = []
  const { pool } = await open(home(), { log: (event) => events.push(event) })
  await pool.query('insert into note values (1)')
  await pool.query(`create function deep(n int) returns int language plpgsql as 'begin return deep(n + 1); end'`)
  await expect(pool.query('select deep(1)')).rejects.toThrow()
  await expect.poll(() => ids(pool).catch(() => null)).toEqual([1])
  expect(events).toContain('embedded_database_restarted')
})

test('a database that cannot be opened for a while, as on a full disk, is open again when it can', async () => {
  const folder = home()
  const events: string[] = []
  const { pool } = await open(folder, { log: (event) => events.push(event) })
  await pool.query('insert into note values (1)')
  await pool.query(`create function deep(n int) returns int language plpgsql as 'begin return deep(n + 1); end'`)
  const control = join(folder, 'database', 'global')
  renameSync(control, `${control}.away`)
  await expect(pool.query('select deep(1)')).rejects.toThrow()
  const failed = () => events.filter((each) => each === 'embedded_database_failed').length
  await expect.poll(failed, { timeout: 60_000 }).toBeGreaterThan(6)
  renameSync(`${control}.away`, control)
  await expect.poll(() => ids(pool).catch(() => null)).toEqual([1])
})

test('eight that start at once where a first start was cut short begin it again, once, and share one database', async () => {
  const folder = home()
  writeFileSync(join(folder, 'database.creating'), '')
  rmSync(join(folder, 'database', 'base'), { recursive: true })
  const starters = await Promise.all(Array.from({ length: 8 }, (_, index) => openElsewhere(folder, `starter ${index}`)))
  await Promise.all(
    starters.map((each, index) =>
      each.query(`insert into channel_state (channel, name, value) values ('test', $1, '1')`, [index]),
    ),
  )
  const counts = await Promise.all(starters.map((each) => each.query(`select count(*)::int as count from channel_state`)))
  expect(counts).toEqual(starters.map(() => [{ count: 8 }]))
  expect(await starters[0]?.query(`select to_regclass('note')::text as note`)).toEqual([{ note: null }])
  expect(readdirSync(folder)).not.toContain('database.creating')
})

test('where there are no sockets a port serves those who can read the lock, and nobody else', async () => {
  const folder = home()
  const found = await holdEmbedded({ home: folder, holder: 'npm test', log: silentLog, platform: 'win32' })
  if (!('held' in found)) throw new Error('not held')
  const own = embeddedPool(found.held.address, silentLog)
  found.held.ready()
  await own.query('insert into note values (1)')
  const other = await openElsewhere(folder, 'npm run ask')
  expect(await other.query('select id from note')).toEqual([{ id: 1 }])
  const stranger = embeddedPool({ ...found.held.address, database: 'postgres' }, silentLog)
  await expect(stranger.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' })
  await Promise.all([own.end(), stranger.end(), other.close()])
  await found.held.close(0)
})
