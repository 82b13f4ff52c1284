import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { codeOf } from '../../base/errors.ts'

/** @returns whether the process still runs: the pid exists and does not belong to a later process that reused it */
export function isAlive(meant: { readonly pid: number; readonly started: string | null }): boolean {
  try {
    process.kill(meant.pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false
  }
  return meant.started === null || startOf(meant.pid) === meant.started
}

/** @returns a mark that differs between two processes with the same pid; null when the system has none */
export function startOf(pid: number): string | null {
  if (process.platform === 'linux') return startOnLinux(pid)
  return process.platform === 'win32' ? null : startByPs(pid)
}

/** Field 22 of /proc/<pid>/stat, in clock ticks; the name in field 2 may hold spaces, so count from its closing bracket. */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const dead = fields[0] === 'Z' || fields[0] === 'X' // killed, but not yet reaped by its parent
    return dead ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

function startByPs(pid: number): string | null {
  try {
    const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    return said.trim() || null
  } catch {
    return null
  }
}
