import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../base/errors.ts'

/** Who has the embedded database, as written into `<home>/lock`. */
export type Holder = {
  readonly pid: number
  /** Start time of the process in clock ticks, so that a reused pid is not taken for the holder; null where the system does not tell. */
  readonly started: string | null
  /** The command, as a person would name it. */
  readonly holder: string
  readonly since: string
  /** Where others reach the database through the holder: a socket path, or a port on 127.0.0.1. */
  readonly socket: string
}

export type Lock = { release(): void }

/**
 * Takes `<home>/lock`, or tells who has it. Only a dead holder's lock is taken over; age never matters, since a busy holder
 * must not lose its data to a second process (PGlite itself has no lock and loses rows silently).
 */
export function takeLock(home: string, wanted: { holder: string; socket: string }): { lock: Lock } | { holder: Holder } {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const path = join(home, 'lock')
  const mine: Holder = { pid: process.pid, started: startOf(process.pid), ...wanted, since: new Date().toISOString() }
  for (;;) {
    if (create(path, home, mine)) return { lock: { release: () => releaseMine(path, mine) } }
    const text = read(path)
    const other = text === null ? null : parse(text)
    if (other !== null && isAlive(other)) return { holder: other }
    if (text !== null) removeStale(path, home, text)
  }
}

/** A link appears at once and with its content, or not at all: nobody ever reads a half-written lock. */
function create(path: string, home: string, holder: Holder): boolean {
  const draft = join(home, `lock.${randomUUID()}`)
  writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Of several starters that saw the same stale lock one moves it away; whoever moved a fresh one by mistake puts it back. */
function removeStale(path: string, home: string, stale: string): void {
  const aside = join(home, `lock.stale.${randomUUID()}`)
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return
  }
  if (read(aside) !== stale) {
    try {
      linkSync(aside, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

function releaseMine(path: string, mine: Holder): void {
  const text = read(path)
  const holder = text === null ? null : parse(text)
  if (holder?.pid === mine.pid && holder.since === mine.since) rmSync(path, { force: true })
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Something that is not ours (an old file, a disk error) counts as stale. */
function parse(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object' || !('pid' in value) || typeof value.pid !== 'number') return null
    const field = (name: string) => String((value as Record<string, unknown>)[name] ?? '') // an object, checked above
    return {
      pid: value.pid,
      started: field('started') || null,
      holder: field('holder'),
      since: field('since'),
      socket: field('socket'),
    }
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false
  }
  return holder.started === null || startOf(holder.pid) === holder.started
}

/** Field 22 of /proc/<pid>/stat; the command name in field 2 may hold spaces, so count from its closing bracket. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
