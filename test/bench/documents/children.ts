import { readdirSync, readFileSync } from 'node:fs'

/** @returns the ids of the processes a process has started and not yet lost (Linux) */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    } catch {
      return [] // the thread has ended
    }
  })
}
