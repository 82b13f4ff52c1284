import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { wireServer } from './wire.ts'

/** What `embedded.ts` sends: where the data lies and where to listen (a socket path, or port 0 on 127.0.0.1). */
export type WorkerStart = { readonly dataDir: string; readonly socket: string; readonly template?: Uint8Array }
export type WorkerSays =
  | { readonly ready: string }
  | { readonly clients: number }
  | { readonly dump: Uint8Array }
  | { readonly closed: true }
export type WorkerHears = 'close' | 'clients' | 'dump'

/** PGlite computes synchronously; in a thread of its own it never stops the process from acknowledging a message. */
async function main(start: WorkerStart): Promise<void> {
  const template = start.template === undefined ? {} : { loadDataDir: new Blob([Buffer.from(start.template)]) }
  const db = await PGlite.create({ dataDir: start.dataDir, extensions: { vector }, ...template })
  const { server, clients } = wireServer(async (messages) => {
    const parts: Uint8Array[] = []
    await db.execProtocolRawStream(messages, { onRawData: (data) => parts.push(data.slice()) })
    return Buffer.concat(parts)
  })
  const say = (message: WorkerSays) => parentPort?.postMessage(message)
  parentPort?.on('message', async (heard: WorkerHears) => {
    if (heard === 'clients') say({ clients: clients() })
    else if (heard === 'dump') say({ dump: new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer()) })
    else {
      server.close()
      await db.close()
      say({ closed: true })
      parentPort?.close()
      process.exit(0)
    }
  })
  const ready = () => {
    const address = server.address()
    say({ ready: typeof address === 'string' ? address : String(address?.port) })
  }
  if (start.socket === '') server.listen(0, '127.0.0.1', ready)
  else server.listen(start.socket, ready)
}

await main(workerData as WorkerStart) // set by embedded.ts alone
