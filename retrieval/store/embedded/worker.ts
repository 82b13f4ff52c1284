import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { firstColumn, simpleQuery, startupMessage } from './protocol.ts'
import { upkeep, upkeepEveryMs, upkeepParameters } from './upkeep.ts'
import { wireServer } from './wire.ts'

/** What `thread.ts` sends: where the data lies and where to listen (a socket path, or a port on 127.0.0.1; 0 = any). */
export type WorkerStart = {
  readonly dataDir: string
  readonly listen: string | number
  /** Null for a socket, which only its owner can open. */
  readonly password: string | null
  readonly template?: Uint8Array
  readonly upkeepEveryMs?: number
  /** Further PostgreSQL settings, as on its command line. */
  readonly parameters?: readonly string[]
  /** PGlite already compiled; without it the thread compiles its own. */
  readonly engine?: WebAssembly.Module
}
/** `ready` is the port, or null for a socket. */
export type WorkerSays = { readonly ready: number | null } | { readonly clients: number } | { readonly dump: Uint8Array }
export type WorkerHears = 'close' | 'clients' | 'dump'

/** Marks PGlite's own kind of longjmp, an ordinary SQL error, as opposed to a crash. */
const longJump = 100

/** PGlite computes synchronously; in a thread of its own it never keeps the process from acknowledging a message. */
async function main(start: WorkerStart): Promise<void> {
  const template = start.template === undefined ? {} : { loadDataDir: new Blob([Buffer.from(start.template)]) }
  const engine = start.engine === undefined ? {} : { pgliteWasmModule: start.engine }
  const startParams = [...PGlite.defaultStartParams, ...upkeepParameters, ...(start.parameters ?? [])]
  const db = await PGlite.create({ dataDir: start.dataDir, extensions: { vector }, startParams, ...engine, ...template })
  endWhenBroken(db)
  const execute = async (messages: Uint8Array) => {
    const parts: Uint8Array[] = []
    await db.execProtocolRawStream(messages, { onRawData: (data) => parts.push(data.slice()) })
    return Buffer.concat(parts)
  }
  const greeting = await execute(startupMessage('postgres', 'postgres'))
  const wire = wireServer({ execute, greeting, password: start.password, failed: fail })
  const ask = async (sql: string) => firstColumn(await execute(simpleQuery(sql)))
  const keeping = setInterval(() => wire.between(() => upkeep(ask)), start.upkeepEveryMs ?? upkeepEveryMs)
  const say = (message: WorkerSays) => parentPort?.postMessage(message)
  parentPort?.on('message', async (heard: WorkerHears) => {
    if (heard === 'clients') say({ clients: wire.clients() })
    else if (heard === 'dump') say({ dump: new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer()) })
    else {
      clearInterval(keeping)
      await wire.close()
      await ask('checkpoint')
      await db.close()
      process.exit(0)
    }
  })
  const ready = () => {
    const address = wire.server.address()
    say({ ready: address === null || typeof address === 'string' ? null : address.port })
  }
  wire.server.once('error', fail)
  if (typeof start.listen === 'number') wire.server.listen(start.listen, '127.0.0.1', ready)
  else wire.server.listen(start.listen, ready)
}

/**
 * PGlite continues after every exception of its WebAssembly, for ever where the exception recurs. One that is not an SQL error means memory
 * can no longer be trusted: the thread ends, and the files recover as after any crash.
 */
function endWhenBroken(db: PGlite): void {
  const { mod } = db as unknown as { mod?: { _PostgresMainLoopOnce?: () => void } } // not public; a PGlite without it just continues
  const once = mod?._PostgresMainLoopOnce
  if (mod === undefined || once === undefined) return
  mod._PostgresMainLoopOnce = () => {
    try {
      once()
    } catch (error) {
      const jump = error !== null && typeof error === 'object' && 'status' in error && error.status === longJump
      if (!jump) fail(error)
      throw error
    }
  }
}

function fail(error: unknown): void {
  process.stderr.write(`embedded database: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

await main(workerData as WorkerStart) // set by thread.ts alone
