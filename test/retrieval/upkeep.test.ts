import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLog } from '../../retrieval/base/log.ts'
import { embeddedPool } from '../../retrieval/store/database.ts'
import { socketName } from '../../retrieval/store/embedded/lock.ts'
import { startThread } from '../../retrieval/store/embedded/thread.ts'
import { addressOf } from '../../retrieval/store/embedded.ts'
import { makeHome } from '../fakes/database.ts'

test('an embedded database that is written to without end keeps its log small and clears dead rows away', async () => {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-upkeep-'))
  await makeHome(home)
  const listen = process.platform === 'win32' ? 0 : join(home, socketName)
  const thread = await startThread({ dataDir: join(home, 'database'), listen, password: null, upkeepEveryMs: 50 }, silentLog)
  const pool = embeddedPool(addressOf({ socket: thread.port === null ? home : String(thread.port) }), silentLog)
  await pool.query('create table note (id int primary key, text text)')
  await pool.query(`insert into note select n, repeat(md5(n::text), 30) from generate_series(1, 20000) as n`)
  for (let round = 0; round < 12; round += 1) await pool.query('update note set id = id')
  const logged = () => {
    const files = readdirSync(join(home, 'database', 'pg_wal')).map((name) => statSync(join(home, 'database', 'pg_wal', name)))
    return files.filter((file) => file.isFile()).reduce((sum, file) => sum + file.size, 0) / 1024 / 1024
  }
  const dead = async () =>
    (await pool.query<{ dead: number }>(`select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'note'`)).rows[0]
      ?.dead
  await expect.poll(dead).toBeLessThan(5000)
  expect(logged()).toBeLessThan(200) // 300 without
  const { rows } = await pool.query('select count(*)::int as count from note')
  expect(rows).toEqual([{ count: 20000 }])
  await pool.end()
  await thread.stop()
  rmSync(home, { recursive: true, force: true })
})
