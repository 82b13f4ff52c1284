import { createHash, randomUUID } from 'node:crypto'
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { codeOf } from '../../base/errors.ts'
import { makeFolder } from '../../base/folder.ts'
import { isAlive, startOf } from './alive.ts'

/** Who holds the embedded database, as written in `<home>/lock`. */
export type Holder = {
  readonly pid: number
  /** Start time of the process, so that a reused pid is not taken for the holder; null where the system does not tell. */
  readonly started: string | null
  /** The command, as a person would name it. */
  readonly holder: string
  readonly since: string
  /** Where others reach the database through the holder: the folder of a socket, or a port on 127.0.0.1. */
  readonly socket: string
  /** Needed to use the port; empty for a socket. */
  readonly password: string
  /** False while the holder is still opening and migrating the database. */
  readonly ready: boolean
}

export type Lock = {
  /** Replaces what others read in the lock. */
  update(change: { socket: string; ready: boolean }): void
  /** Gives the lock up, when it is still ours. */
  release(): void
}

type Contents = Holder & { readonly id: string }

/** On a disk without hard links an empty lock file is still being written, for at most this long. */
const writingMs = 2000

/**
 * Takes `<home>/lock`, or returns who holds it. Only a dead holder's lock is taken over; age never matters, because a busy holder must not
 * lose its data to a second process (PGlite itself has no lock and loses rows silently).
 * @returns the stale holder too, when there was one, so that what it left behind can be removed
 */
export async function takeLock(
  home: string,
  wanted: { holder: string; socket: string; password?: string },
): Promise<{ lock: Lock; stale: Holder | null } | { holder: Holder }> {
  makeFolder(home, 0o700)
  const path = join(home, 'lock')
  const id = randomUUID()
  const mine: Contents = {
    pid: process.pid,
    started: startOf(process.pid),
    password: '',
    ...wanted,
    ready: false,
    since: new Date().toISOString(),
    id,
  }
  for (let waited = 0; ; waited += 20) {
    if (create(home, path, mine)) return { lock: lockOf(home, path, mine), stale: null }
    const text = read(path)
    const other = text === null ? null : parse(text)
    if (other !== null && (isAlive(other) || (await answers(other.socket)))) return { holder: other }
    const beingWritten = text === '' && waited < writingMs
    if (text !== null && !beingWritten && takeOver(home, path, text, mine))
      return { lock: lockOf(home, path, mine), stale: other }
    await new Promise((go) => setTimeout(go, 20))
  }
}

function lockOf(home: string, path: string, mine: Contents): Lock {
  const isMine = () => {
    const text = read(path)
    return text !== null && parse(text)?.id === mine.id
  }
  return {
    update: (change) => {
      if (isMine()) replace(home, path, { ...mine, ...change })
    },
    release: () => {
      if (isMine()) rmSync(path, { force: true })
    },
  }
}

/**
 * Replaces a dead holder's lock by ours. The right to replace exactly these contents is itself a lock beside it; if its owner dies, the
 * right to replace that one is again a lock, and so on. So one of any number of starters wins, and nobody ever moves a live lock.
 * @returns false when somebody else was faster
 */
function takeOver(home: string, path: string, stale: string, mine: Contents): boolean {
  const right = rightTo(home, path, stale)
  if (!create(home, right, mine)) {
    const text = read(right)
    if (text === null) return false
    const other = parse(text)
    if (other !== null && isAlive(other)) return false
    if (!takeOver(home, right, text, mine)) return false
  }
  try {
    if (read(path) !== stale) return false
    replace(home, path, mine)
    return true
  } finally {
    rmSync(right, { force: true })
  }
}

/** @returns the file that stands for the right to replace what `path` holds now */
export function rightTo(home: string, path: string, stale: string): string {
  return join(home, `lock.after.${createHash('sha256').update(`${path}\n${stale}`).digest('hex').slice(0, 24)}`)
}

/** A hard link appears at once with its contents, or not at all: nobody ever reads a half-written lock. */
function create(home: string, path: string, contents: Contents): boolean {
  const draft = draftOf(home, contents)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    return createWithoutLink(path, contents)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** For disks without hard links (exFAT, some network and FUSE file systems). */
function createWithoutLink(path: string, contents: Contents): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeFileSync(file, textOf(contents))
    closeSync(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function replace(home: string, path: string, contents: Contents): void {
  renameSync(draftOf(home, contents), path)
}

function draftOf(home: string, contents: Contents): string {
  const draft = join(home, `lock.draft.${randomUUID()}`)
  writeFileSync(draft, textOf(contents), { mode: 0o600 })
  return draft
}

const textOf = (contents: Contents): string => `${JSON.stringify(contents)}\n`

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Anything that is not ours (an old file, a disk error) counts as stale. */
function parse(text: string): Contents | null {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object' || !('pid' in value) || !Number.isInteger(value.pid)) return null
    const field = (name: string) => String((value as Record<string, unknown>)[name] ?? '') // an object, checked above
    return {
      pid: Number(value.pid),
      started: field('started') || null,
      holder: field('holder'),
      since: field('since'),
      socket: field('socket'),
      password: field('password'),
      ready: field('ready') === 'true',
      id: field('id'),
    }
  } catch {
    return null
  }
}

/** The pid of a holder in another container means nothing here, but its socket answers. */
function answers(socket: string): Promise<boolean> {
  if (socket === '') return Promise.resolve(false)
  const port = Number(socket)
  return new Promise((resolve) => {
    const probe = Number.isInteger(port) ? connect(port, '127.0.0.1') : connect(join(socket, socketName))
    const finish = (yes: boolean) => {
      probe.destroy()
      resolve(yes)
    }
    probe.once('connect', () => finish(true))
    probe.once('error', () => finish(false))
    probe.setTimeout(1000, () => finish(false))
  })
}

/** `pg` looks for this name in the folder it is given as host. */
export const socketPort = 5432
export const socketName = `.s.PGSQL.${socketPort}`
