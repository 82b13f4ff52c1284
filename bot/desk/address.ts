import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../retrieval/base/folder.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { isAlive, startOf } from '../../retrieval/store/embedded/alive.ts'

const file = (home: string) => join(home, 'address')

/**
 * The running service tells commands beside it where it listens: PORT may be 0, or set for it alone. A home that cannot be written, as in a
 * locked container beside a server, is no reason not to run.
 * @returns a function that withdraws it
 */
export function tellAddress(home: string, url: string, log: Log): () => void {
  try {
    makeFolder(home, 0o700)
    writeFileSync(file(home), JSON.stringify({ url, pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 })
  } catch (error) {
    log('address_not_told', errorFields(error))
    return () => {}
  }
  return () => rmSync(file(home), { force: true })
}

/** @returns where the service that now runs in this home listens, or null */
export function addressOf(home: string): string | null {
  try {
    const told = JSON.parse(readFileSync(file(home), 'utf8')) as {
      readonly url: string
      readonly pid: number
      readonly started: string | null
    } // written above
    return isAlive(told) ? told.url : null
  } catch {
    return null // none was written, or only half
  }
}
