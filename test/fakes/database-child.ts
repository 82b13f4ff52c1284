/** The other process of a test: opens the database, runs queries, dies when it is killed. Driven by other-process.ts. */
import type { PoolClient } from 'pg'
import { codeOf, toError } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type Database, openDatabase } from '../../retrieval/store/database.ts'

export type Call =
  | { readonly do: 'open'; readonly home: string; readonly holder: string; readonly exclusive: boolean }
  | { readonly do: 'query' | 'ask client'; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly do: 'close' }
export type Reply = { readonly id: number; readonly rows: unknown[] } | { readonly id: number; readonly failed: Failure }
export type Failure = { readonly code: string; readonly message: string; readonly hint: string; readonly retry: boolean }

let database: Database | undefined
let client: PoolClient | undefined

async function answer(call: Call): Promise<unknown[]> {
  if (call.do === 'open') {
    database = await openDatabase({
      databaseUrl: null,
      home: call.home,
      holder: call.holder,
      exclusive: call.exclusive,
      log: silentLog,
    })
    return []
  }
  if (call.do === 'close') {
    client?.release()
    client = undefined
    await database?.close()
    return []
  }
  if (database === undefined) throw new Error('not open')
  if (call.do === 'query') return (await database.pool.query(call.sql, [...call.values])).rows
  client ??= await database.pool.connect()
  return (await client.query(call.sql, [...call.values])).rows
}

function failureOf(error: unknown): Failure {
  const hint = error !== null && typeof error === 'object' && 'hint' in error ? String(error.hint) : ''
  const retry = error !== null && typeof error === 'object' && 'retry' in error && error.retry === true
  return { code: codeOf(error), message: toError(error).message, hint, retry }
}

process.on('message', ({ id, call }: { id: number; call: Call }) => {
  answer(call).then(
    (rows) => process.send?.({ id, rows } satisfies Reply),
    (error: unknown) => process.send?.({ id, failed: failureOf(error) } satisfies Reply),
  )
})
process.on('disconnect', () => process.exit(0))
