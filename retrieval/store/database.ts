import pg from 'pg'
import { AppError, codeOf, toError } from '../base/errors.ts'
import { errorFields, type Log } from '../base/log.ts'
import { openEmbedded, patiently } from './embedded.ts'
import { migrate } from './migrate.ts'

/** A database that is open and up to date. One code path: `pool` is a `pg.Pool` whether a server or PGlite is behind it. */
export type Database = {
  readonly pool: pg.Pool
  readonly kind: 'server' | 'embedded'
  close(): Promise<void>
}

export type OpenDatabase = {
  /** A Postgres server, or null for the embedded database. */
  readonly databaseUrl: string | null
  /** Folder of the embedded database, its lock and its socket. */
  readonly home: string
  /** The command, as others are told when they find the embedded database in use. */
  readonly holder: string
  /** Refuse with `database_in_use` instead of joining a process that holds the embedded database. */
  readonly exclusive?: boolean
  readonly log: Log
}

const connectTimeoutMs = 15_000
const oldestServer = 150_000
const oldestVector = [0, 8]

/** @throws AppError `database_unavailable`, `database_too_old`, `database_in_use`, `embedded_failed`, or what `migrate` throws */
export async function openDatabase(options: OpenDatabase): Promise<Database> {
  return options.databaseUrl === null ? openEmbeddedDatabase(options) : openServer(options.databaseUrl, options.log)
}

async function openServer(url: string, log: Log): Promise<Database> {
  const pool = poolFor({ connectionString: url, max: 10 }, log)
  try {
    await checkServer(pool)
    await migrate(pool)
    await checkVector(pool)
    return { pool, kind: 'server', close: () => pool.end() }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** When the holder goes away between finding its lock and connecting, the next round may become the holder itself. */
async function openEmbeddedDatabase(options: OpenDatabase): Promise<Database> {
  const exclusive = options.exclusive === true
  const embedded = await openEmbedded({ home: options.home, holder: options.holder, exclusive, log: options.log })
  const pool = poolFor({ ...embedded.address, user: 'postgres', database: 'postgres', max: 8 }, options.log)
  const close = async () => {
    await pool.end()
    await embedded.close()
  }
  try {
    if (embedded.isHolder) await migrate(pool)
    else await patiently(() => migrate(pool))
    return { pool, kind: 'embedded', close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Idle clients whose server goes away must not end the process; the next query says so where somebody listens. */
export function poolFor(config: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ ...config, connectionTimeoutMillis: connectTimeoutMs, application_name: 'yuanqiao' })
  pool.on('error', (error) => log('database_connection_lost', errorFields(error)))
  return pool
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool
    .query<{ version: number; name: string }>(`select current_setting('server_version_num')::int as version, version() as name`)
    .catch((cause: unknown) => {
      throw new AppError('database_unavailable', `The database of DATABASE_URL cannot be reached (${codeOf(cause)})`, {
        hint: 'Is the server running, and are host, port, user, password and database right?',
        retry: true,
        cause: toError(cause),
      })
    })
  const version = rows[0]?.version ?? 0
  if (version < oldestServer)
    throw new AppError('database_too_old', `PostgreSQL 15 or newer is needed, this is ${rows[0]?.name}`, {
      hint: 'Upgrade the server, or use the image named in compose.yaml.',
    })
}

async function checkVector(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string }>(
    `select extversion as version from pg_extension where extname = 'vector'`,
  )
  const [major = 0, minor = 0] = (rows[0]?.version ?? '0.0').split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = oldestVector
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new AppError(
      'database_too_old',
      `pgvector ${oldestVector.join('.')} or newer is needed, this is ${rows[0]?.version ?? 'none'}`,
      {
        hint: 'Install a newer pgvector, then: alter extension vector update.',
      },
    )
  }
}
