import { createHash } from 'node:crypto'
import type { Pool, QueryResult, QueryResultRow } from 'pg'
import { codeOf } from './base/errors.ts'

export type Ask = <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => Promise<QueryResult<Row>>

/** A pooler between us and the server lost the statement or has it from somebody else. */
const strangers = new Set(['26000', '42P05', '0A000'])

/**
 * Asks a large statement that comes again and again: a server plans it once per connection, which takes as long as running it does. The
 * embedded database is one session for everybody, where names would collide, and a pooler may hand us another's session: without names then.
 */
export function prepared(pool: Pool, server: boolean): Ask {
  let named = server
  return async (text, values) => {
    if (!named) return pool.query(text, [...values])
    try {
      return await pool.query({ name: createHash('md5').update(text).digest('base64'), text, values: [...values] })
    } catch (error) {
      if (!strangers.has(codeOf(error))) throw error
      named = false
      return pool.query(text, [...values])
    }
  }
}
