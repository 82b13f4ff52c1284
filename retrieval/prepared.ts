import { hash } from 'node:crypto'
import type { Pool, QueryResult, QueryResultRow } from 'pg'
import { codeOf } from './base/errors.ts'

export type Ask = <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => Promise<QueryResult<Row>>

/** SQLSTATEs of a pooler that lost a prepared statement or hands out another client's. */
const strangers = new Set(['26000', '42P05', '0A000'])

/**
 * Runs a large statement that recurs. A server plans it once per connection, since planning takes as long as running. Without names on the
 * embedded database, which is one session for all clients, and behind a pooler that may switch sessions.
 */
export function prepared(pool: Pool, server: boolean): Ask {
  let named = server
  return async (text, values) => {
    if (!named) return pool.query(text, [...values])
    try {
      return await pool.query({ name: hash('md5', text, 'base64'), text, values: [...values] })
    } catch (error) {
      if (!strangers.has(codeOf(error))) throw error
      named = false
      return pool.query(text, [...values])
    }
  }
}
