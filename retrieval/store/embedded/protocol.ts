/**
 * The few facts of PostgreSQL's wire protocol (version 3) that sharing one session among clients needs.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

/** Codes a client may send before its first typed message, in the second field. */
export const startupCodes = { ssl: 80_877_103, gss: 80_877_104, cancel: 80_877_102 }

/** I idle, T in a transaction, E in a failed one. */
export type Status = 'I' | 'T' | 'E'

/** @returns the status in the last ReadyForQuery of a reply; null when the server is not done with the client's request */
export function statusOf(reply: Uint8Array): Status | null {
  const view = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength)
  let status: Status | null = null
  for (let at = 0; at + 5 <= view.length; at += 1 + view.readInt32BE(at + 1)) {
    const letter = String.fromCharCode(view[at + 5] ?? 0)
    if (view[at] === 0x5a && (letter === 'I' || letter === 'T' || letter === 'E')) status = letter
  }
  return status
}

/** @returns the first column of every row of a reply, as text; null counts as empty */
export function firstColumn(reply: Uint8Array): string[] {
  const view = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength)
  const values: string[] = []
  for (let at = 0; at + 11 <= view.length; at += 1 + view.readInt32BE(at + 1)) {
    if (view[at] === 0x44) values.push(view.toString('utf8', at + 11, at + 11 + Math.max(0, view.readInt32BE(at + 7))))
  }
  return values
}

function message(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

export const simpleQuery = (sql: string): Buffer => message('Q', sql)

/** The first message of a client, which the server expects once. */
export function startupMessage(user: string, database: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length, 0)
  head.writeInt32BE(0x0003_0000, 4)
  return Buffer.concat([head, body])
}

/** @returns the database a client's first message asks for */
export function databaseOf(startup: Buffer): string {
  const words = startup.toString('utf8', 8).split('\0')
  const at = words.findIndex((word, index) => index % 2 === 0 && word === 'database')
  return at < 0 ? '' : (words[at + 1] ?? '')
}

/** An error that ends the connection. @param code five letters of SQLSTATE */
export const fatal = (code: string, text: string): Buffer =>
  message('E', 'SFATAL', 'VFATAL', `C${code}`, `M${text}`, Buffer.from([0]))

/** @returns messages that drop prepared statements */
export const closeStatements = (names: Iterable<string>): Buffer =>
  Buffer.concat([...[...names].map((name) => message('C', Buffer.from('S'), name)), message('S')])

/**
 * Prefixes a client's named prepared statements, so that two clients may use the same name.
 * @returns the message to run, and the full name of the statement it made or dropped
 */
export function withOwnNames(original: Buffer, prefix: string): { message: Buffer; made?: string; dropped?: string } {
  const type = String.fromCharCode(original[0] ?? 0)
  const body = original.subarray(5)
  if (type === 'P') {
    const [name, rest] = splitName(body)
    if (name === '') return { message: original }
    return { message: message('P', prefix + name, rest), made: prefix + name }
  }
  if (type === 'B') {
    const [portal, afterPortal] = splitName(body)
    const [name, rest] = splitName(afterPortal)
    return name === '' ? { message: original } : { message: message('B', portal, prefix + name, rest) }
  }
  if ((type === 'D' || type === 'C') && body[0] === 0x53) {
    const [name] = splitName(body.subarray(1))
    if (name === '') return { message: original }
    const renamed = message(type, Buffer.from('S'), prefix + name)
    return type === 'C' ? { message: renamed, dropped: prefix + name } : { message: renamed }
  }
  return { message: original }
}

function splitName(body: Buffer): [string, Buffer] {
  const end = Math.max(0, body.indexOf(0))
  return [body.toString('utf8', 0, end), body.subarray(end + 1)]
}
