import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../base/errors.ts'
import { errorFields, type Log } from '../../base/log.ts'
import { withoutRoom } from '../../base/machine.ts'
import type { WorkerHears, WorkerSays, WorkerStart } from './worker.ts'

/** The thread that runs PGlite, as the rest of the process sees it. */
export type Thread = {
  /** The port on 127.0.0.1; null when it listens on a socket. */
  readonly port: number | null
  /** How many connections are open; 0 when the thread is down. */
  clients(): Promise<number>
  /** The whole data folder as a gzipped tarball. */
  dump(): Promise<Uint8Array>
  stop(): Promise<void>
}

/** A thread that does not close its database in this time is killed, which is no worse than a crash. */
const closePatienceMs = 20_000
/** A thread that fails this often in a row is started more and more seldom, but for ever: a full disk has room again some day. */
const hastyRevivals = 5
const firstPauseMs = 500
const longestPauseMs = 30_000
const healthyMs = 60_000

type Running = { readonly worker: Worker; readonly port: number | null }

/**
 * Starts the thread. One that dies is started again at the same address, since its files are safe; clients lose their connections and their
 * pools make new ones. (A database in memory is lost, so it stays down.)
 * @throws AppError `embedded_failed`
 */
export async function startThread(start: WorkerStart, log: Log): Promise<Thread> {
  const inMemory = start.dataDir.startsWith('memory:')
  let current: Running | null = null
  const stopping = new AbortController()
  let reviving: Promise<void> = Promise.resolve()
  let failures = 0

  async function run(listen: string | number): Promise<Running> {
    const running = await spawn({ ...start, listen })
    const since = Date.now()
    current = running
    running.worker.once('exit', () => {
      current = null
      if (stopping.signal.aborted) return
      failures = Date.now() - since > healthyMs ? 1 : failures + 1
      log('embedded_database_broke', { failures })
      if (!inMemory) reviving = revive(running.port ?? listen)
    })
    return running
  }

  async function revive(listen: string | number): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await rest(failures, stopping.signal)
        if (stopping.signal.aborted) return
        await run(listen)
        log('embedded_database_restarted', { failures })
        return
      } catch (error) {
        failures += 1
        log('embedded_database_failed', errorFields(error))
      }
    }
  }

  const { port } = await run(start.listen)
  const worker = () => current?.worker ?? null
  return {
    port,
    async clients() {
      const said = await ask(worker(), 'clients')
      return said !== null && 'clients' in said ? said.clients : 0
    },
    async dump() {
      const said = await ask(worker(), 'dump')
      if (said !== null && 'dump' in said) return said.dump
      throw new AppError('embedded_failed', 'The embedded database could not be dumped', { retry: true })
    },
    async stop() {
      stopping.abort()
      await reviving // one that is just being started must be ended too: the lock is about to be given up
      const last = worker()
      if (last !== null) await (inMemory ? last.terminate() : end(last))
    },
  }
}

async function rest(failures: number, signal: AbortSignal): Promise<void> {
  const often = failures - hastyRevivals
  if (often > 0)
    await wait(Math.min(firstPauseMs * 2 ** (often - 1), longestPauseMs), undefined, { signal }).catch(() => undefined)
}

let compiled: Promise<WebAssembly.Module> | undefined

/** PGlite's own code, compiled once per process and shared by every thread that starts. */
function engine(): Promise<WebAssembly.Module> {
  compiled ??= readFile(new URL('./pglite.wasm', import.meta.resolve('@electric-sql/pglite'))).then((bytes) =>
    WebAssembly.compile(bytes),
  )
  return compiled
}

async function spawn(start: WorkerStart): Promise<Running> {
  if (typeof start.listen === 'string') rmSync(start.listen, { force: true }) // left behind by a holder that was killed
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...start, engine: await engine() } satisfies WorkerStart,
  })
  let reason: unknown
  worker.on('error', (error) => {
    reason = error // without a listener it would end the process
  })
  const said = await nextWord(worker, (each) => 'ready' in each)
  if (said !== null && 'ready' in said) return { worker, port: said.ready }
  const full = start.dataDir.startsWith('memory:') ? null : await withoutRoom(start.dataDir)
  if (full !== null) throw full
  throw new AppError('embedded_failed', 'The embedded database could not be opened', {
    hint: 'Look at the lines above. If its folder (YUANQIAO_HOME) was copied while in use, restore a backup.',
    cause: reason,
  })
}

async function end(worker: Worker): Promise<void> {
  const kill = setTimeout(() => void worker.terminate(), closePatienceMs)
  const exited = once(worker, 'exit')
  worker.postMessage('close' satisfies WorkerHears)
  await exited
  clearTimeout(kill)
}

function ask(worker: Worker | null, question: WorkerHears): Promise<WorkerSays | null> {
  if (worker === null) return Promise.resolve(null)
  const answer = nextWord(worker, (said) => question in said)
  worker.postMessage(question)
  return answer
}

/** @returns the next message that fits, or null when the thread ended first */
function nextWord(worker: Worker, fits: (said: WorkerSays) => boolean): Promise<WorkerSays | null> {
  return new Promise((resolve) => {
    const finish = (said: WorkerSays | null) => {
      worker.off('message', hear)
      worker.off('exit', gone)
      resolve(said)
    }
    const hear = (said: WorkerSays) => {
      if (fits(said)) finish(said)
    }
    const gone = () => finish(null)
    worker.on('message', hear)
    worker.on('exit', gone)
  })
}
