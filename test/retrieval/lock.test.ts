import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startOf } from '../../retrieval/store/embedded/alive.ts'
import { type Holder, rightTo, socketName, takeLock } from '../../retrieval/store/embedded/lock.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'yuanqiao-lock-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const inLock = (): Holder => JSON.parse(readFileSync(join(home, 'lock'), 'utf8'))
const left = (holder: Partial<Holder>) =>
  writeFileSync(
    join(home, 'lock'),
    JSON.stringify({
      pid: process.pid,
      started: startOf(process.pid),
      holder: 'npm start',
      since: '',
      socket: '',
      ready: true,
      ...holder,
    }),
  )

async function taken(holder = 'npm test') {
  const result = await takeLock(home, { holder, socket: '' })
  if ('holder' in result) throw new Error(`held by ${result.holder.holder}`)
  return result
}

test('the lock says who holds it, since when and where to find it, and goes with its holder', async () => {
  const { lock, stale } = await taken('npm start')
  expect(stale).toBeNull()
  expect(inLock()).toMatchObject({ pid: process.pid, started: startOf(process.pid), holder: 'npm start', ready: false })
  expect(Date.parse(inLock().since)).toBeGreaterThan(0)
  lock.update({ socket: '/somewhere', ready: true })
  expect(inLock()).toMatchObject({ socket: '/somewhere', ready: true })
  expect(await takeLock(home, { holder: 'another', socket: '' })).toMatchObject({ holder: { holder: 'npm start' } })
  lock.release()
  expect(readdirSync(home)).toEqual([])
})

test('a holder that lives keeps its lock, however old it is', async () => {
  left({ since: '2001-01-01T00:00:00.000Z' })
  expect(await takeLock(home, { holder: 'another', socket: '' })).toMatchObject({ holder: { since: '2001-01-01T00:00:00.000Z' } })
})

test('the lock of a process that ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  left({ pid: child.pid ?? 0, started: '1', holder: 'npm run ingest' })
  expect((await taken()).stale).toMatchObject({ holder: 'npm run ingest' })
  expect(inLock().holder).toBe('npm test')
})

test.runIf(process.platform === 'linux')('a pid that another process has now does not keep a lock', async () => {
  left({ started: '1' })
  await taken()
  expect(inLock().holder).toBe('npm test')
})

test.each(['', '{', 'null', '[]', '{"pid":"x"}', '\0\0\0'])('a lock that nobody can read (%j) is taken over', async (text) => {
  writeFileSync(join(home, 'lock'), text)
  await taken()
  expect(inLock().holder).toBe('npm test')
})

test.runIf(process.platform !== 'win32')('a holder whose pid says nothing here but whose socket answers is alive', async () => {
  const server = createServer().listen(join(home, socketName))
  await once(server, 'listening')
  left({ pid: 4_194_303, started: '1', socket: home, holder: 'in another container' })
  expect(await takeLock(home, { holder: 'another', socket: '' })).toMatchObject({ holder: { holder: 'in another container' } })
  server.close()
  await once(server, 'close')
  expect((await taken()).stale).toMatchObject({ holder: 'in another container' })
})

test('a lock that is not ours any more is not released', async () => {
  const { lock } = await taken()
  left({ holder: 'somebody else' })
  lock.update({ socket: '', ready: true })
  lock.release()
  expect(inLock().holder).toBe('somebody else')
})

test('the right to take over passes on when its owner was killed in the middle', async () => {
  left({ pid: 4_194_303, started: '1' })
  const first = await taken()
  first.lock.release()
  // The same stale lock again, and beside it the right to it, in the hands of a process that is dead as well.
  left({ pid: 4_194_303, started: '1' })
  const right = rightTo(home, join(home, 'lock'), readFileSync(join(home, 'lock'), 'utf8'))
  writeFileSync(right, JSON.stringify({ pid: 4_194_303, started: '2', holder: 'killed in the middle' }))
  await taken()
  expect(inLock().holder).toBe('npm test')
  expect(readdirSync(home)).toEqual(['lock'])
})

test('of eight processes that take and lose it hundreds of times, never two have it at once', async () => {
  const run = promisify(execFile)
  const racer = new URL('../fakes/lock-racer.ts', import.meta.url).pathname
  const races = Array.from({ length: 8 }, () => run(process.execPath, [racer, home, '60']))
  const won = (await Promise.all(races)).map(({ stdout }) => Number(stdout))
  expect(won).toEqual(Array.from({ length: 8 }, () => 60))
  expect(readdirSync(home).filter((name) => name !== 'lock')).toEqual([])
})
