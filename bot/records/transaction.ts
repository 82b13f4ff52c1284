import type { Pool, PoolClient } from 'pg'

/** Lends a client inside one transaction; commits when `work` resolves, rolls back when it rejects. Never make a network call inside. */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A client whose rollback fails too is thrown away instead of going back into the pool.
    await client.query('rollback').catch((cause: Error) => {
      broken = cause
    })
    throw error
  } finally {
    client.release(broken)
  }
}
