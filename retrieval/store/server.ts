import type { Pool } from 'pg'
import { AppError } from '../base/errors.ts'

const oldestServer = 150_000
/** The first pgvector with iterative scans; 0.8.2 and later have no known hole. */
const oldestVector = [0, 8] as const

/**
 * What a server must be before anything is created on it.
 * @throws AppError `database_unavailable`, `database_too_old`, `vector_missing`, `vector_too_old`
 */
export async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; name: string; available: string | null; installed: string | null }>(
    `select current_setting('server_version_num')::int as version,
            current_setting('server_version') as name,
            (select default_version from pg_available_extensions where name = 'vector') as available,
            (select extversion from pg_extension where extname = 'vector') as installed`,
  )
  const server = rows[0]
  if (server === undefined) return
  if (server.version < oldestServer) {
    throw new AppError('database_too_old', `PostgreSQL 15 or newer is needed, this is ${server.name}`, {
      hint: 'Upgrade the server, or use the image named in compose.yaml.',
    })
  }
  const vector = server.installed ?? server.available
  if (vector === null) {
    throw new AppError('vector_missing', 'The server of DATABASE_URL has no pgvector', {
      hint: 'Install the package postgresql-<version>-pgvector on it, or use the image named in compose.yaml.',
    })
  }
  if (isOlder(vector)) {
    throw new AppError('vector_too_old', `pgvector ${oldestVector.join('.')} or newer is needed, this is ${vector}`, {
      hint: 'Install a newer pgvector on the server, then run: alter extension vector update.',
    })
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = oldestVector
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
