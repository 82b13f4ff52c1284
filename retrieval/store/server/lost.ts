import pg from 'pg'
import { errorFields, type Log } from '../../base/log.ts'

/** A statement that takes this long is asked after. */
const slowMs = 10_000
const probeWithinMs = 5_000

/** What of `pg`'s client is not in its types: whether it waits for an answer, to what, by whom it is served, and its socket. */
type Waiting = pg.PoolClient & {
  readonly readyForQuery: boolean
  readonly _activeQuery: unknown
  readonly processID: number
  readonly connection: { readonly stream: { destroy(error: Error): void } }
}
type Held = { readonly client: Waiting; query: unknown; idle: boolean; since: number }

/**
 * A network that drops packets, or a server replaced by another, leaves connections on which no answer ever comes, and every worker would
 * wait on one. So a new connection is asked about each that has waited long: when the server says twice that it is not working for it, or
 * does not know it, the connection is dead. While the server cannot be asked nothing is ended; behind a pooler, which gives false numbers,
 * neither.
 */
export function endLostConnections(
  pool: pg.Pool,
  config: pg.ClientConfig,
  { log, slow = slowMs }: { readonly log: Log; readonly slow?: number },
): void {
  const held = new Map<pg.PoolClient, Held>()
  pool.on('acquire', (client) => {
    held.set(client, { client: client as Waiting, query: null, idle: false, since: performance.now() }) // see Waiting
  })
  pool.on('release', (_, client) => void held.delete(client))
  let asking = false
  const beat = setInterval(() => {
    if (pool.ending) return clearInterval(beat)
    const slowOnes = [...held.values()].filter((each) => waits(each) && performance.now() - each.since > slow)
    if (asking || slowOnes.length === 0) return
    asking = true
    void lookAfter(slowOnes, config, log).finally(() => {
      asking = false
    })
  }, slow / 2)
  beat.unref()
}

/** Between two statements nobody waits, and whoever waits for another one than last time has been answered since. */
function waits(held: Held): boolean {
  const { client } = held
  if (client.readyForQuery || client._activeQuery !== held.query)
    Object.assign(held, { query: client._activeQuery, idle: false, since: performance.now() })
  return !client.readyForQuery
}

async function lookAfter(slow: readonly Held[], config: pg.ClientConfig, log: Log): Promise<void> {
  const working = await workingFor(config).catch(() => null)
  if (working === null) return
  for (const each of slow) {
    const idle = !working.has(each.client.processID)
    if (idle && each.idle && waits(each)) {
      log('database_connection_lost', errorFields(new Error('no answer')))
      each.client.connection.stream.destroy(new Error('Connection lost: the server is not working on what it was asked'))
    }
    each.idle = idle
  }
}

/** @returns the backends at work; null behind a pooler */
async function workingFor(config: pg.ClientConfig): Promise<ReadonlySet<number> | null> {
  const probe = new pg.Client({ ...config, connectionTimeoutMillis: probeWithinMs, query_timeout: probeWithinMs })
  probe.on('error', () => {})
  try {
    await probe.connect()
    const { rows } = await probe.query<{ pid: number; mine: number; idle: boolean }>(
      `select pid, pg_backend_pid() as mine, state = 'idle' as idle from pg_stat_activity where datname = current_database()`,
    )
    const told = (probe as pg.Client & { readonly processID?: number }).processID // see Waiting
    if (rows[0]?.mine !== told) return null
    return new Set(rows.filter((row) => row.idle !== true).map((row) => row.pid))
  } finally {
    probe.end().catch(() => undefined)
  }
}
