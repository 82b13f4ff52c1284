import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { simpleQuery, startupMessage, statusOf } from '../../retrieval/store/embedded/protocol.ts'
import { type WireServer, wireServer } from '../../retrieval/store/embedded/wire.ts'

/** A stand-in for the engine, so that its timing is the test's: it keeps what it is told, and one transaction status. */
function engine() {
  const ran: string[] = []
  let status = 'I'
  let hold: Promise<void> | undefined
  return {
    ran,
    holdUntil: (until: Promise<void>) => {
      hold = until
    },
    async execute(messages: Uint8Array): Promise<Uint8Array> {
      const words = wordsOf(Buffer.from(messages))
      ran.push(...words)
      await hold
      if (words.includes('break')) throw new Error('broken')
      if (words.includes('begin')) status = 'T'
      if (words.includes('rollback') || words.includes('commit')) status = 'I'
      return ready(status)
    },
  }
}

const ready = (status: string): Buffer => Buffer.from([0x5a, 0, 0, 0, 5, status.charCodeAt(0)])

/** The text of simple queries; S and the like are left out. */
function wordsOf(messages: Buffer): string[] {
  const words: string[] = []
  for (let at = 0; at < messages.length; at += 1 + messages.readInt32BE(at + 1)) {
    if (messages[at] === 0x51) words.push(messages.toString('utf8', at + 5, at + messages.readInt32BE(at + 1)))
  }
  return words
}

let wire: WireServer
let folder: string
let sockets: Socket[] = []
let failures: unknown[] = []

async function serve(
  execute: (messages: Uint8Array) => Promise<Uint8Array>,
  idleInTransactionMs = 60_000,
  password: string | null = null,
): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'yuanqiao-wire-'))
  wire = wireServer({ execute, greeting: ready('I'), password, failed: (error) => failures.push(error), idleInTransactionMs })
  wire.server.listen(process.platform === 'win32' ? 0 : join(folder, 's'))
  await once(wire.server, 'listening')
}

async function client(database = 'postgres'): Promise<{ socket: Socket; heard: () => string; ask: (sql: string) => void }> {
  const address = wire.server.address()
  const socket = typeof address === 'string' ? connect(address) : connect(address?.port ?? 0, '127.0.0.1')
  sockets.push(socket)
  let heard = ''
  socket.on('data', (data) => {
    heard += data.toString('latin1')
  })
  socket.on('error', () => {})
  socket.write(startupMessage('postgres', database))
  await once(socket, 'data')
  heard = ''
  return { socket, heard: () => heard, ask: (sql) => socket.write(simpleQuery(sql)) }
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  wire.server.close()
  rmSync(folder, { recursive: true, force: true })
  sockets = []
  failures = []
})

test('while one client has a transaction open the others wait, in order, and are then served', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  const [a, b, c] = [await client(), await client(), await client()]
  a.ask('begin')
  await expect.poll(() => ran).toEqual(['begin'])
  b.ask('b1')
  await expect.poll(() => b.socket.bytesWritten).toBeGreaterThan(8)
  c.ask('c1')
  await client() // connects meanwhile without waiting
  a.ask('a1')
  a.ask('commit')
  await expect.poll(() => ran).toEqual(['begin', 'a1', 'commit', 'b1', 'c1'])
})

test('a client that leaves while its begin is running does not block the others', async () => {
  const { ran, execute, holdUntil } = engine()
  await serve(execute)
  const [a, b] = [await client(), await client()]
  const { promise, resolve: go } = Promise.withResolvers<void>()
  holdUntil(promise)
  a.ask('begin')
  await expect.poll(() => ran).toEqual(['begin'])
  a.socket.destroy()
  await expect.poll(() => wire.clients()).toBe(1)
  b.ask('b1')
  go()
  await expect.poll(() => ran).toEqual(['begin', 'rollback', 'b1'])
})

test('a client that sits in a transaction is ended and told why; others asking meanwhile do not prolong it', async () => {
  const { ran, execute } = engine()
  await serve(execute, 100)
  const [a, b] = [await client(), await client()]
  a.ask('begin')
  await expect.poll(() => ran).toEqual(['begin'])
  const asking = setInterval(() => b.ask('b'), 20)
  await expect.poll(() => ran).toContain('rollback')
  clearInterval(asking)
  await expect.poll(() => a.heard()).toContain('C25P03')
  await expect.poll(() => a.socket.closed).toBe(true)
  await expect.poll(() => ran.at(-1)).toBe('b')
})

test('what a client left unsaid is not run when it leaves', async () => {
  const { ran, execute, holdUntil } = engine()
  await serve(execute)
  const [a, b] = [await client(), await client()]
  const { promise, resolve: go } = Promise.withResolvers<void>()
  holdUntil(promise)
  b.ask('b1')
  await expect.poll(() => ran).toEqual(['b1'])
  a.ask('a1')
  a.socket.end()
  await expect.poll(() => wire.clients()).toBe(1)
  go()
  b.ask('b2')
  await expect.poll(() => ran).toEqual(['b1', 'b2'])
})

test('work of the server waits for the end of a transaction, and is done once however often it was asked for', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  const a = await client()
  a.ask('begin')
  await expect.poll(() => ran).toEqual(['begin'])
  for (let time = 0; time < 3; time += 1) wire.between(async () => void (await execute(simpleQuery('upkeep'))))
  a.ask('commit')
  a.ask('a1')
  await expect.poll(() => ran).toEqual(['begin', 'commit', 'upkeep', 'a1'])
})

test('after the engine broke it is not asked again', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  const a = await client()
  a.ask('break')
  await expect.poll(() => failures).toHaveLength(1)
  a.ask('more')
  await expect.poll(() => a.socket.bytesWritten).toBeGreaterThan(20)
  expect(ran).toEqual(['break'])
})

test('bytes that are not the protocol end that connection and no other', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  const good = await client()
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\0\0\0\0\0', '\x7f\xff\xff\xff\0\x03\0\0']) {
    const address = wire.server.address()
    const socket = typeof address === 'string' ? connect(address) : connect(address?.port ?? 0, '127.0.0.1')
    sockets.push(socket)
    socket.write(Buffer.from(bytes, 'latin1'))
    await expect.poll(() => socket.closed).toBe(true)
  }
  const late = await client()
  late.socket.write(Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff]))
  await expect.poll(() => late.socket.closed).toBe(true)
  good.ask('still here')
  await expect.poll(() => ran).toEqual(['still here'])
})

test('where a password is set a client that does not know it is sent away', async () => {
  const { ran, execute } = engine()
  await serve(execute, 60_000, 'postgres')
  const known = await client()
  const unknown = await client('other')
  unknown.ask('steal')
  await expect.poll(() => unknown.socket.closed).toBe(true)
  known.ask('mine')
  await expect.poll(() => ran).toEqual(['mine'])
})

test('closing ends a transaction that is open and says so to every client', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  const [a, b] = [await client(), await client()]
  a.ask('begin')
  await expect.poll(() => ran).toEqual(['begin'])
  await wire.close()
  expect(ran).toEqual(['begin', 'rollback'])
  await expect.poll(() => [a.heard(), b.heard()].every((each) => each.includes('C57P01'))).toBe(true)
})

test('property: however a stream is cut into pieces, the same queries are run', async () => {
  const { ran, execute } = engine()
  await serve(execute)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      async (queries, cuts) => {
        ran.length = 0
        const wanted = queries.map((each) => each.replaceAll('\0', ' ').toWellFormed())
        const { socket } = await client()
        const bytes = Buffer.concat(wanted.map(simpleQuery))
        for (let at = 0; at < bytes.length; ) {
          const size = cuts.next().value ?? 1
          socket.write(bytes.subarray(at, at + size))
          at += size
        }
        await expect.poll(() => ran).toEqual(wanted)
        socket.destroy()
      },
    ),
    { numRuns: 20 },
  )
})

test('the status of a reply is the last one it tells', () => {
  expect(statusOf(Buffer.concat([ready('I'), ready('T')]))).toBe('T')
  expect(statusOf(Buffer.from([0x32, 0, 0, 0, 4]))).toBeNull()
  expect(statusOf(Buffer.alloc(0))).toBeNull()
})
