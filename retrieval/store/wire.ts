import { createServer, type Server, type Socket } from 'node:net'

/** Runs the raw messages of one unit of work and hands back what the server says. */
export type Execute = (messages: Uint8Array) => Promise<Uint8Array>

/** A session that holds a transaction open and says nothing for this long is ended: everybody else waits for it. */
const idleInTransactionMs = 60_000

const sslRequest = 80_877_103
const gssRequest = 80_877_104
const cancelRequest = 80_877_102

/**
 * Many clients on one single-session PostgreSQL (PGlite). What belongs together runs together: a simple query, or everything up
 * to Sync; and while a session has a transaction open only its own units run. The socket package of the same makers queues
 * message by message, so that two clients' unnamed statements overwrite each other; hence this one.
 */
export function wireServer(execute: Execute): { server: Server; clients: () => number } {
  const queue: Unit[] = []
  const sessions = new Set<Session>()
  let owner: Session | null = null
  let busy = false

  async function drain(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (let unit = nextUnit(queue, owner); unit !== null; unit = nextUnit(queue, owner)) {
        const reply = await execute(unit.messages)
        unit.session.say(reply)
        const status = statusOf(reply)
        if (status !== null) owner = status === 'I' ? null : unit.session
        watch(owner)
      }
    } finally {
      busy = false
    }
  }

  let patience: NodeJS.Timeout | undefined
  function watch(session: Session | null): void {
    clearTimeout(patience)
    if (session !== null) patience = setTimeout(() => session.end(), idleInTransactionMs)
  }

  function leave(session: Session): void {
    sessions.delete(session)
    for (let index = queue.length - 1; index >= 0; index -= 1) if (queue[index]?.session === session) queue.splice(index, 1)
    if (owner === session) queue.unshift({ session, messages: simpleQuery('rollback') })
    void drain()
  }

  const server = createServer((socket) => {
    const session = openSession(socket, (messages) => {
      queue.push({ session, messages })
      void drain()
    })
    sessions.add(session)
    socket.on('close', () => leave(session))
  })
  return { server, clients: () => sessions.size }
}

type Unit = { readonly session: Session; readonly messages: Uint8Array }
type Session = { say(reply: Uint8Array): void; end(): void }

function nextUnit(queue: Unit[], owner: Session | null): Unit | null {
  const index = owner === null ? 0 : queue.findIndex((unit) => unit.session === owner)
  return index < 0 ? null : (queue.splice(index, 1)[0] ?? null)
}

/** Cuts the stream of one client into units. */
function openSession(socket: Socket, run: (messages: Uint8Array) => void): Session {
  let buffered = Buffer.alloc(0)
  let unit: Buffer[] = []
  let started = false

  function startup(): boolean {
    if (buffered.length < 8) return false
    const length = buffered.readInt32BE(0)
    const code = buffered.readInt32BE(4)
    if (buffered.length < length) return false
    const message = buffered.subarray(0, length)
    buffered = buffered.subarray(length)
    if (code === sslRequest || code === gssRequest) socket.write('N')
    else if (code === cancelRequest) socket.end()
    else {
      started = true
      run(message)
    }
    return true
  }

  function typed(): boolean {
    if (buffered.length < 5) return false
    const length = 1 + buffered.readInt32BE(1)
    if (buffered.length < length) return false
    const message = buffered.subarray(0, length)
    const type = String.fromCharCode(message[0] ?? 0)
    buffered = buffered.subarray(length)
    if (type === 'X') {
      socket.end()
      return true
    }
    unit.push(message)
    if ('SQcf'.includes(type)) {
      run(Buffer.concat(unit))
      unit = []
    }
    return true
  }

  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    buffered = Buffer.concat([buffered, data])
    while (started ? typed() : startup());
  })
  return {
    say: (reply) => {
      if (reply.length > 0 && socket.writable) socket.write(reply)
    },
    end: () => socket.destroy(),
  }
}

/** @returns the transaction status of the last ReadyForQuery in a reply: I idle, T in a transaction, E in a failed one */
function statusOf(reply: Uint8Array): 'I' | 'T' | 'E' | null {
  const view = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength)
  let status: 'I' | 'T' | 'E' | null = null
  for (let at = 0; at + 5 <= view.length; at += 1 + view.readInt32BE(at + 1)) {
    const letter = String.fromCharCode(view[at + 5] ?? 0)
    if (view[at] === 0x5a && (letter === 'I' || letter === 'T' || letter === 'E')) status = letter
  }
  return status
}

function simpleQuery(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`)
  const message = Buffer.alloc(5 + text.length)
  message.write('Q', 0)
  message.writeInt32BE(4 + text.length, 1)
  text.copy(message, 5)
  return message
}
