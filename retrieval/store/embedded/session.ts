import type { Socket } from 'node:net'
import { databaseOf, startupCodes, withOwnNames } from './protocol.ts'

/** Where a request ends and the server is to answer: Q query, S sync, F function, H flush, c and f end of a copy. */
const ends = 'QSFHcf'
/** PostgreSQL's own limits: 10 kB for the first message, 1 GB for the others. */
const longestStartup = 10_000
const longestMessage = 0x4000_0000

/** One client of the embedded database. */
export type Session = {
  readonly id: number
  /** Prepared statements it has made and not dropped. */
  readonly statements: Set<string>
  say(reply: Uint8Array): void
  end(lastWords?: Uint8Array): void
}

/**
 * Cuts a client's stream into units that must run without another client's message between.
 * @param hears `started` when the client has introduced itself, with the database it wants; `unit` for each request
 */
export function openSession(
  socket: Socket,
  id: number,
  hears: { started(database: string): void; unit(messages: Uint8Array): void },
): Session {
  let started = false
  let ended = false
  let unit: Buffer[] = []
  const session: Session = {
    id,
    statements: new Set(),
    say: (reply) => {
      if (reply.length > 0 && socket.writable) socket.write(reply)
    },
    end: (lastWords) => {
      ended = true
      if (lastWords !== undefined && socket.writable) socket.end(lastWords)
      else socket.destroy()
    },
  }

  function startup(message: Buffer): void {
    const code = message.readInt32BE(4)
    if (code === startupCodes.ssl || code === startupCodes.gss) socket.write('N')
    else if (code === startupCodes.cancel) session.end(Buffer.alloc(0))
    else {
      started = true
      hears.started(databaseOf(message))
    }
  }

  function typed(message: Buffer): void {
    const type = String.fromCharCode(message[0] ?? 0)
    if (type === 'X') {
      session.end(Buffer.alloc(0))
      return
    }
    const own = withOwnNames(message, `s${id}_`)
    if (own.made !== undefined) session.statements.add(own.made)
    if (own.dropped !== undefined) session.statements.delete(own.dropped)
    unit.push(own.message)
    if (!ends.includes(type)) return
    hears.unit(Buffer.concat(unit))
    unit = []
  }

  const read = messageReader(
    () => started,
    (message) => {
      if (ended) return // what follows the end of the session
      if (started) typed(message)
      else startup(message)
    },
  )
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    try {
      read(data)
    } catch {
      socket.destroy() // whatever this is, it does not speak our protocol
    }
  })
  return session
}

/** @returns a reader that cuts a stream into messages, however it arrives; @throws RangeError for an impossible length */
function messageReader(isStarted: () => boolean, take: (message: Buffer) => void): (data: Buffer) => void {
  const pieces: Buffer[] = []
  let size = 0
  let needed = 0

  function lengthOf(bytes: Buffer): number | null {
    const started = isStarted()
    if (bytes.length < (started ? 5 : 8)) return null
    const length = started ? 1 + bytes.readInt32BE(1) : bytes.readInt32BE(0)
    const [least, most] = started ? [5, longestMessage] : [8, longestStartup]
    if (length < least || length > most) throw new RangeError('not a PostgreSQL client')
    return length
  }

  return (data) => {
    pieces.push(data)
    size += data.length
    if (size < needed) return // joining on every packet would cost the square of a long message's length
    let bytes = Buffer.concat(pieces)
    for (;;) {
      const length = lengthOf(bytes)
      needed = length ?? 0
      if (length === null || bytes.length < length) break
      take(bytes.subarray(0, length))
      bytes = bytes.subarray(length)
    }
    pieces.splice(0, pieces.length, bytes)
    size = bytes.length
  }
}
