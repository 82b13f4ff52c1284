import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError, codeOf, toError } from '../base/errors.ts'
import { makeFolder } from '../base/folder.ts'
import type { Log } from '../base/log.ts'
import { type Holder, type Lock, socketName, socketPort, takeLock } from './embedded/lock.ts'
import { startThread, type Thread } from './embedded/thread.ts'

/** How to reach an embedded database, for `pg`. */
export type Address = { readonly host: string; readonly port: number; readonly database: string }

/** The embedded database, held by this process. */
export type Held = {
  readonly address: Address
  /** Tells waiting processes that the database is open and migrated. */
  ready(): void
  /** @param patienceMs how long to wait for other processes that work through this one */
  close(patienceMs: number): Promise<void>
}

/** Unix sockets have a limit of about 104 bytes; longer homes get a socket under the system's temporary folder. */
const longestSocket = 100
const socketFolderPrefix = 'yuanqiao-'
/** The PostgreSQL that PGlite 0.5 is. */
const majorVersion = '18'

/** Opens `<home>/database`, or returns who holds it. @throws AppError `home_unusable`, `embedded_failed`, `embedded_other_version` */
export async function holdEmbedded(options: {
  home: string
  holder: string
  log: Log
  platform?: NodeJS.Platform
}): Promise<{ held: Held } | { holder: Holder }> {
  const home = resolve(options.home)
  const folder = makeFolders(home, options.platform ?? process.platform)
  const password = folder === null ? randomUUID() : ''
  const listensInHome = folder === home
  const dropFolder = () => {
    if (folder !== null && !listensInHome) rmSync(folder, { recursive: true, force: true })
  }
  const taken = await takeLock(home, { holder: options.holder, socket: folder ?? '', password })
  if ('holder' in taken) {
    dropFolder()
    return taken
  }
  if (taken.stale !== null) {
    options.log('database_lock_taken_over', { holder: taken.stale.holder, pid: taken.stale.pid })
    dropStaleFolder(taken.stale.socket, home)
  }
  try {
    const thread = await startThread(
      { dataDir: prepare(home), listen: folder === null ? 0 : join(folder, socketName), password: password || null },
      options.log,
    )
    rmSync(creatingMark(home), { force: true })
    return {
      held: heldBy(thread, { socket: folder ?? String(thread.port), password, lock: taken.lock, dropFolder, log: options.log }),
    }
  } catch (error) {
    dropFolder()
    taken.lock.release()
    throw error
  }
}

type Holding = { socket: string; password: string; lock: Lock; dropFolder: () => void; log: Log }

function heldBy(thread: Thread, holding: Holding): Held {
  const { socket, lock, dropFolder, log } = holding
  lock.update({ socket, ready: false })
  return {
    address: addressOf(holding),
    ready: () => lock.update({ socket, ready: true }),
    async close(patienceMs) {
      await linger(thread, patienceMs, log)
      try {
        await thread.stop()
      } finally {
        dropFolder()
        lock.release()
      }
    },
  }
}

/** Says so when it takes longer: to a person the command looks finished. */
async function linger(thread: Thread, patienceMs: number, log: Log): Promise<void> {
  const start = Date.now()
  let said = false
  for (let clients = await thread.clients(); clients > 0 && Date.now() - start < patienceMs; clients = await thread.clients()) {
    if (!said && Date.now() - start > 1000) {
      log('database_held_for_others', { clients })
      said = true
    }
    await new Promise((go) => setTimeout(go, 50))
  }
}

/** @param where as the lock says it */
export function addressOf(where: { readonly socket: string; readonly password?: string }): Address {
  const database = where.password || 'postgres'
  const port = Number(where.socket)
  return Number.isInteger(port) ? { host: '127.0.0.1', port, database } : { host: where.socket, port: socketPort, database }
}

/** @returns the folder of the socket; null on Windows, where a port on 127.0.0.1 serves instead */
function makeFolders(home: string, platform: NodeJS.Platform): string | null {
  try {
    makeFolder(home, 0o700)
    if (platform === 'win32') return null
    const fits = (folder: string) => Buffer.byteLength(join(folder, socketName)) <= longestSocket
    if (fits(home)) return home
    const root = fits(join(tmpdir(), `${socketFolderPrefix}123456`)) ? tmpdir() : '/tmp'
    return mkdtempSync(join(root, socketFolderPrefix))
  } catch (cause) {
    throw new AppError('home_unusable', `The folder of YUANQIAO_HOME cannot be used (${codeOf(cause)})`, {
      hint: 'Set YUANQIAO_HOME to a folder that this user may write, or DATABASE_URL to a Postgres server.',
      cause: toError(cause),
    })
  }
}

/** A holder that was killed leaves its temporary folder behind. */
function dropStaleFolder(socket: string, home: string): void {
  const isOurs =
    socket !== home && basename(socket).startsWith(socketFolderPrefix) && [tmpdir(), '/tmp'].includes(dirname(socket))
  if (isOurs) rmSync(socket, { recursive: true, force: true })
}

const creatingMark = (home: string): string => join(home, 'database.creating')

/** A first start that was killed leaves half a database in which nothing was ever stored: it is created again. @returns the data folder */
function prepare(home: string): string {
  const folder = join(home, 'database')
  if (existsSync(creatingMark(home))) rmSync(folder, { recursive: true, force: true })
  const versionFile = join(folder, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    writeFileSync(creatingMark(home), '')
    return folder
  }
  const version = readFileSync(versionFile, 'utf8').trim()
  if (version === majorVersion) return folder
  throw new AppError('embedded_other_version', `${folder} was written by PostgreSQL ${version}, this is ${majorVersion}`, {
    hint: 'Make a backup with the version of Yuanqiao that wrote it, set the folder aside, and restore the backup.',
  })
}
