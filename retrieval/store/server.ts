import type { Pool } from 'pg'
import { AppError } from '../base/errors.ts'

/** Facts a server reports about itself. `number` as in server_version_num; `available` and `installed` are versions of pgvector. */
export type ServerFacts = {
  readonly number: number
  readonly name: string
  readonly available: string | null
  readonly installed: string | null
}

/** PostgreSQL 15; older ones lack syntax the migrations use. */
const oldestServer = 150_000
/** The first pgvector with iterative scans; 0.8.2 and later have no known vulnerability. */
const oldestVector = [0, 8] as const

/** Run before anything is created on a server. @throws AppError as {@link faultOf}, or `database_unavailable` */
export async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<ServerFacts>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as name,
            (select default_version from pg_available_extensions where name = 'vector') as available,
            (select extversion from pg_extension where extname = 'vector') as installed`,
  )
  const fault = rows[0] === undefined ? null : faultOf(rows[0])
  if (fault !== null) throw fault
}

/** @returns why a server cannot be used (`database_too_old`, `vector_missing`, `vector_too_old`), or null */
export function faultOf({ number, name, available, installed }: ServerFacts): AppError | null {
  if (number < oldestServer) {
    return new AppError('database_too_old', `PostgreSQL 15 or newer is needed, this is ${name}`, {
      hint: 'Upgrade the server, or use the image named in compose.yaml.',
    })
  }
  const vector = installed ?? available
  if (vector === null) {
    return new AppError('vector_missing', 'The server of DATABASE_URL has no pgvector', {
      hint: 'Install the package postgresql-<version>-pgvector on it, or use the image named in compose.yaml.',
    })
  }
  if (isOlder(vector)) {
    return new AppError('vector_too_old', `pgvector ${oldestVector.join('.')} or newer is needed, this is ${vector}`, {
      hint: 'Install a newer pgvector on the server, then run in this database: alter extension vector update.',
    })
  }
  return null
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = oldestVector
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
