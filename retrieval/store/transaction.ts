import type { Pool, PoolClient } from 'pg'
import { AppError } from '../base/errors.ts'

/** Runs `work` in one transaction. No network calls inside, and queries only through `client`: the embedded database has one connection. */
export async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    const { command } = await client.query('commit')
    if (command === 'ROLLBACK') {
      throw new AppError('transaction_lost', 'A statement of this transaction failed unnoticed, so nothing of it was stored')
    }
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** A transaction that writes the library. One at a time across processes; see `documentStore`. */
export function inLibraryLock<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock(720350118)')
    return work(client)
  })
}
