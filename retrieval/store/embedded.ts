import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { WorkerHears, WorkerSays, WorkerStart } from './embedded-worker.ts'
import { takeLock } from './lock.ts'

/** How to reach an embedded database, for `pg`. */
export type Address = { readonly host: string; readonly port: number }

/** The embedded database, held by this process or reached through the one that holds it. */
export type Embedded = { readonly address: Address; readonly isHolder: boolean; close(): Promise<void> }

const portOfSocket = 5432
/** Unix sockets have a limit of about 104 bytes; longer homes get a socket under the system's temporary folder. */
const longestSocket = 90
/** A short command that holds the database waits this long for others that came in meanwhile. */
const lingerMs = 30_000
const startPatienceMs = 60_000

/** @param exclusive refuse instead of joining, for a command that must be the only one of its kind */
export async function openEmbedded(options: { home: string; holder: string; exclusive: boolean; log: Log }): Promise<Embedded> {
  const home = resolve(options.home)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const folder = socketFolder(home)
  const taken = takeLock(home, { holder: options.holder, socket: folder ?? '' })
  if ('holder' in taken) {
    if (folder !== null && folder !== home) rmSync(folder, { recursive: true, force: true })
    const { pid, holder, since, socket } = taken.holder
    if (options.exclusive) {
      throw new AppError(
        'database_in_use',
        `The embedded database in ${options.home} is in use by “${holder}” (process ${pid}, since ${since})`,
        {
          hint: 'Stop that process first, or set YUANQIAO_HOME to another folder, or use a Postgres server with DATABASE_URL.',
          retry: true,
        },
      )
    }
    return { address: addressOf(socket), isHolder: false, close: async () => {} }
  }
  try {
    const running = await startWorker(
      { dataDir: join(home, 'database'), socket: folder === null ? '' : join(folder, `.s.PGSQL.${portOfSocket}`) },
      options.log,
    )
    return {
      address: addressOf(folder ?? running.ready),
      isHolder: true,
      async close() {
        await linger(running, options.exclusive ? 0 : lingerMs)
        await running.stop()
        if (folder !== null && folder !== home) rmSync(folder, { recursive: true, force: true })
        taken.lock.release()
      },
    }
  } catch (error) {
    taken.lock.release()
    throw error
  }
}

/** @returns null on Windows, where a port on 127.0.0.1 serves instead */
function socketFolder(home: string): string | null {
  if (process.platform === 'win32') return null
  const short = Buffer.byteLength(join(home, `.s.PGSQL.${portOfSocket}`)) <= longestSocket
  return short ? home : mkdtempSync(join(tmpdir(), 'yq-'))
}

function addressOf(socket: string): Address {
  return /^\d+$/.test(socket) ? { host: '127.0.0.1', port: Number(socket) } : { host: socket, port: portOfSocket }
}

export type RunningWorker = {
  readonly ready: string
  ask(what: 'clients'): Promise<number>
  dump(): Promise<Uint8Array>
  stop(): Promise<void>
}

/** Starts the thread that runs PGlite; one that dies by itself is started again on the same socket, since its data is safe. */
export async function startWorker(start: WorkerStart, log: Log): Promise<RunningWorker> {
  let worker = await spawn(start)
  let stopping = false
  const revive = async () => {
    if (stopping) return
    log('embedded_database_restarted')
    worker = await spawn(start)
    worker.thread.once('exit', () => void revive())
  }
  worker.thread.once('exit', () => void revive())
  return {
    ready: worker.ready,
    async ask() {
      const said = await answerTo(worker.thread, 'clients', (message) => 'clients' in message)
      return 'clients' in said ? said.clients : 0
    },
    async dump() {
      const said = await answerTo(worker.thread, 'dump', (message) => 'dump' in message)
      if (!('dump' in said)) throw new AppError('unexpected', 'The embedded database gave no dump')
      return said.dump
    },
    async stop() {
      stopping = true
      const exited = once(worker.thread, 'exit')
      worker.thread.postMessage('close' satisfies WorkerHears)
      await exited
    },
  }
}

async function spawn(start: WorkerStart): Promise<{ thread: Worker; ready: string }> {
  if (start.socket !== '') rmSync(start.socket, { force: true }) // left behind by a holder that was killed
  const thread = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: start })
  const said = await new Promise<WorkerSays>((resolveSaid, reject) => {
    thread.once('message', resolveSaid)
    thread.once('error', (cause) =>
      reject(
        new AppError('embedded_failed', 'The embedded database could not be opened', {
          hint: 'If the folder was copied while in use, restore a backup; the folder is named by YUANQIAO_HOME.',
          cause,
        }),
      ),
    )
  })
  if (!('ready' in said)) throw new AppError('embedded_failed', 'The embedded database did not start')
  return { thread, ready: said.ready }
}

function answerTo(thread: Worker, question: WorkerHears, fits: (said: WorkerSays) => boolean): Promise<WorkerSays> {
  return new Promise((resolveSaid) => {
    const hear = (said: WorkerSays) => {
      if (!fits(said)) return
      thread.off('message', hear)
      resolveSaid(said)
    }
    thread.on('message', hear)
    thread.postMessage(question)
  })
}

/** Other commands may be working through this process; a short one lets them finish. */
async function linger(running: RunningWorker, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs
  while (Date.now() < until && (await running.ask('clients')) > 0) await new Promise((go) => setTimeout(go, 50))
}

/** Tries again while the holder is still starting. @throws AppError `database_in_use` when it never answers */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + startPatienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (cause) {
      if (Date.now() > until) {
        throw new AppError('database_in_use', 'The process that holds the embedded database does not answer', {
          hint: 'Look into <YUANQIAO_HOME>/lock: it names that process.',
          retry: true,
          cause,
        })
      }
      await new Promise((go) => setTimeout(go, 200))
    }
  }
}
