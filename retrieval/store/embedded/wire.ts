import { createServer, type Server } from 'node:net'
import { closeStatements, fatal, simpleQuery, statusOf } from './protocol.ts'
import { openSession, type Session } from './session.ts'

/** Runs the raw messages of one unit and returns the server's reply. Never rejects for an SQL error. */
export type Execute = (messages: Uint8Array) => Promise<Uint8Array>

/** A session that holds a transaction open and is silent for this long is ended: everybody else waits for it. */
const idleInTransactionMs = 60_000

export type WireServer = {
  readonly server: Server
  clients(): number
  /** Runs work of its own on the engine when its turn comes and no transaction is open; two requests meanwhile run once. */
  between(work: () => Promise<void>): void
  /** Ends every session; the transaction that is open is rolled back. */
  close(): Promise<void>
}

type Unit =
  | { readonly session: Session; readonly messages: Uint8Array }
  | { readonly session: null; readonly work: () => Promise<void> }

/**
 * Many clients on one single-session PostgreSQL (PGlite). What belongs together runs together: a simple query, or everything up to Sync;
 * while a session has a transaction open only its units run, so transactions are serial. The socket package of PGlite's makers queues
 * message by message, so unnamed statements of two clients overwrite each other.
 * One thing stays shared, the session itself: `set` (without `local`) and session-level advisory locks affect everybody.
 * @param greeting the server's answer to a client's first message, sent at once so that nobody waits to connect
 * @param password what a client must name as its database where anybody on the machine can connect; null for a socket
 * @param failed called once when the server itself breaks; it must not be used again
 */
export function wireServer(options: {
  execute: Execute
  greeting: Uint8Array
  password: string | null
  failed: (error: unknown) => void
  idleInTransactionMs?: number
}): WireServer {
  const { execute, greeting, password, failed } = options
  const queue: Unit[] = []
  const sessions = new Set<Session>()
  let owner: Session | null = null
  let busy = false
  let lastId = 0
  let patience: NodeJS.Timeout | undefined

  async function drain(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (let unit = nextUnit(queue, owner); unit !== null; unit = nextUnit(queue, owner)) await run(unit)
      if (owner !== null) patience ??= setTimeout(giveUpOn, options.idleInTransactionMs ?? idleInTransactionMs, owner)
    } catch (error) {
      failed(error)
      return // stays busy for ever: a broken server gets no more requests
    }
    busy = false
  }

  async function run(unit: Unit): Promise<void> {
    clearTimeout(patience) // before, not after: a long statement is not idleness
    patience = undefined
    if (unit.session === null) return unit.work()
    const { session, messages } = unit
    const reply = await execute(messages)
    session.say(reply)
    owner = statusOf(reply) === 'I' ? null : session
    if (owner === session && !sessions.has(session)) await rollback() // the client left meanwhile
  }

  async function rollback(): Promise<void> {
    await execute(Buffer.concat([closeStatements([]), simpleQuery('rollback')])) // Sync first: it may have left in mid-request
    owner = null
  }

  function giveUpOn(session: Session): void {
    session.end(fatal('25P03', 'terminating connection due to idle-in-transaction timeout'))
    leave(session)
  }

  function leave(session: Session): void {
    if (!sessions.delete(session)) return
    for (let index = queue.length - 1; index >= 0; index -= 1) if (queue[index]?.session === session) queue.splice(index, 1)
    if (owner === session) queue.unshift({ session, messages: Buffer.concat([closeStatements([]), simpleQuery('rollback')]) })
    if (session.statements.size > 0) queue.push({ session, messages: closeStatements(session.statements) })
    void drain()
  }

  const server = createServer((socket) => {
    lastId += 1
    const session: Session = openSession(socket, lastId, {
      started: (database) => {
        if (password === null || database === password) session.say(greeting)
        else session.end(fatal('28P01', 'this port belongs to an embedded database'))
      },
      unit: (messages) => {
        queue.push({ session, messages })
        void drain()
      },
    })
    sessions.add(session)
    socket.on('close', () => leave(session))
  })
  return {
    server,
    clients: () => sessions.size,
    between(work) {
      if (!queue.some((unit) => unit.session === null)) queue.push({ session: null, work })
      void drain()
    },
    async close() {
      server.close()
      for (const session of [...sessions]) {
        session.end(fatal('57P01', 'terminating connection because the embedded database is closing'))
        leave(session)
      }
      while (busy || queue.length > 0) await new Promise((go) => setImmediate(go))
    },
  }
}

function nextUnit(queue: Unit[], owner: Session | null): Unit | null {
  const index = owner === null ? 0 : queue.findIndex((unit) => unit.session === owner)
  return index < 0 ? null : (queue.splice(index, 1)[0] ?? null)
}
