import pg from 'pg'
import type { Clock } from '../base/clock.ts'
import { AppError, toError } from '../base/errors.ts'
import { errorFields, type Log } from '../base/log.ts'
import type { Holder } from './embedded/lock.ts'
import { type Address, addressOf, type Held, holdEmbedded } from './embedded.ts'
import { type Migration, migrate, missing } from './migrate.ts'
import { endLostConnections } from './server/lost.ts'
import { checkServer } from './server.ts'
import { unavailable } from './unavailable.ts'

/** An open, migrated database. One code path: `pool` is a `pg.Pool` whether a server or PGlite is behind it. */
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
  /** The command, as shown to others who find the embedded database in use. */
  readonly holder: string
  /** Refuse with `database_in_use` instead of joining a process that holds the embedded database. */
  readonly exclusive?: boolean
  /** A scripted one is told to the database too, so that rows bear its times (`park_now()`); on the embedded database by its holder. */
  readonly clock?: Clock
  /** Apply no migrations after these to a fresh database: for a backup of an older version. */
  readonly migrations?: readonly Migration[]
  readonly log: Log
}

/** How long to wait for a connection. The embedded database answers one client at a time, so it may take longer. */
const connectTimeoutMs = { server: 15_000, embedded: 60_000 }
const poolSize = { server: 10, embedded: 8 }
/** Creating an embedded database takes 5 s, several times that on a slow and busy machine. */
const startPatienceMs = 60_000
/** How long a short command that holds the database waits for others that joined meanwhile and are still working. */
const lingerMs = 300_000

/**
 * @throws AppError `database_unavailable`, `database_too_old`, `vector_missing`, `vector_too_old`, `database_in_use`,
 *   `database_older`, `home_unusable`, `embedded_failed`, `embedded_other_version`, or what `migrate` throws
 */
export async function openDatabase(options: OpenDatabase): Promise<Database> {
  return options.databaseUrl === null ? openEmbeddedDatabase(options) : openServer(options.databaseUrl, options)
}

async function openServer(url: string, { log, migrations, clock }: OpenDatabase): Promise<Database> {
  const pool = serverPool(url, log, clock)
  try {
    await checkServer(pool)
    await migrate(pool, migrations)
    return { pool, kind: 'server', close: once(() => pool.end()) }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** Joins the holder or becomes it. When the holder ends while we are joining, the next round tries both again. */
async function openEmbeddedDatabase(options: OpenDatabase): Promise<Database> {
  const until = Date.now() + startPatienceMs
  for (;;) {
    const found = await holdEmbedded(options)
    if ('held' in found) return hold(found.held, options)
    if (options.exclusive === true) throw inUse(found.holder, options.home)
    const joined = await join(found.holder, options.log)
    if (joined !== null) return joined
    if (Date.now() > until) throw inUse(found.holder, options.home)
    await new Promise((go) => setTimeout(go, 100))
  }
}

async function hold(held: Held, options: OpenDatabase): Promise<Database> {
  const pool = embeddedPool(held.address, options.log)
  const close = (patienceMs: number) => pool.end().then(() => held.close(patienceMs))
  try {
    await migrate(pool, options.migrations)
    const script = scriptText(options.clock)
    if (script !== '') await pool.query(`select set_config('yuanqiao.clock', $1, false)`, [script])
    held.ready()
    return { pool, kind: 'embedded', close: once(() => close(options.exclusive === true ? 0 : lingerMs)) }
  } catch (error) {
    await close(0)
    throw error
  }
}

/** @returns null while the holder is still starting, or when it has just gone */
async function join(holder: Holder, log: Log): Promise<Database | null> {
  if (!holder.ready) return null
  const pool = embeddedPool(addressOf(holder), log)
  try {
    const lacks = await missing(pool)
    if (lacks.length === 0) return { pool, kind: 'embedded', close: once(() => pool.end()) }
    throw new AppError(
      'database_older',
      `“${holder.holder}” (process ${holder.pid}) holds the database and is an older version`,
      {
        hint: 'Restart it, so that it brings the database up to date.',
        retry: true,
      },
    )
  } catch (error) {
    await pool.end()
    if (error instanceof AppError && error.code !== 'database_unavailable') throw error
    return null
  }
}

function inUse({ pid, holder, since, ready }: Holder, home: string): AppError {
  const state = ready ? '' : ', still starting'
  const message = `The embedded database in ${home} is in use by “${holder}” (process ${pid}, since ${since}${state})`
  return new AppError('database_in_use', message, {
    hint: 'Stop that process first, or set YUANQIAO_HOME to another folder, or use a Postgres server with DATABASE_URL.',
    retry: true,
  })
}

/**
 * A statement may take two minutes and a transaction may idle for one, so that one mistake does not stop everybody. Set after connecting:
 * pgbouncer refuses these as start-up parameters.
 */
export function serverPool(url: string, log: Log, clock?: Clock): pg.Pool {
  return poolFor(
    {
      connectionString: url,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      onConnect: (client) =>
        client.query(
          `select set_config('statement_timeout', '120s', false), set_config('idle_in_transaction_session_timeout', '60s', false),
                  set_config('hnsw.iterative_scan', 'relaxed_order', false), set_config('yuanqiao.clock', $1, false)`,
          [scriptText(clock)],
        ),
    },
    log,
  )
}

/** As `park_now()` reads it: start, rate and origin; '' for the real time. */
function scriptText(clock: Clock | undefined): string {
  const script = clock?.script
  return script === undefined ? '' : [script.start, script.rate, script.origin].join(',')
}

/** `ssl` is set explicitly: PGSSLMODE in the environment is meant for a server. */
export function embeddedPool(address: Address, log: Log): pg.Pool {
  return poolFor({ ...address, user: 'postgres', ssl: false }, log, 'embedded')
}

/** Every pool of ours: a lost connection never ends the process, and a failure to connect is a clear `database_unavailable`. */
export function poolFor(config: pg.PoolConfig, log: Log, kind: Database['kind'] = 'server'): pg.Pool {
  const pool = new pg.Pool({
    max: poolSize[kind],
    connectionTimeoutMillis: connectTimeoutMs[kind],
    application_name: 'yuanqiao',
    ...config,
  })
  if (kind === 'server') endLostConnections(pool, config, { log })
  pool.on('error', (error) => log('database_connection_lost', errorFields(error)))
  // A client that is lent out and idle has no listener of the pool's; its next query fails with the reason.
  pool.on('connect', (client) => client.on('error', () => {}))
  return withClearErrors(pool, kind)
}

/** `pool.query` also connects through `pool.connect`, so this one place covers every failure to connect. */
function withClearErrors(pool: pg.Pool, kind: Database['kind']): pg.Pool {
  const connect = pool.connect.bind(pool)
  type Done = (error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: boolean | Error) => void) => void
  const attempt = async () => connect() // async: an unreadable address throws synchronously
  const clear = (done?: Done): Promise<pg.PoolClient> | undefined => {
    const attempted = attempt().catch((cause: unknown) => Promise.reject(unavailable(kind, cause)))
    if (done === undefined) return attempted
    attempted.then(
      (client) => done(undefined, client, client.release.bind(client)),
      (error: unknown) => done(toError(error), undefined, () => {}),
    )
    return undefined
  }
  pool.connect = clear as typeof pool.connect // the same two forms, which an assignment cannot infer
  return pool
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
