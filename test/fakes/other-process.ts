import { fork } from 'node:child_process'
import { once } from 'node:events'
import { briefly } from './command.ts'
import type { Call, Failure, Reply } from './database-child.ts'

/** Another process with the database open. */
export type OtherProcess = {
  readonly pid: number
  open(home: string, options?: { holder?: string; exclusive?: boolean }): Promise<void>
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Queries on a client that stays checked out, for transactions. */
  askClient<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
}

/** What a call in the other process threw. */
export class OtherFailed extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export function otherProcess(): OtherProcess {
  const child = fork(new URL('./database-child.ts', import.meta.url), { execArgv: [...briefly], serialization: 'advanced' })
  const waiting = new Map<number, (reply: Reply | null) => void>()
  let lastId = 0
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const exited = once(child, 'exit').then(() => {
    for (const resolve of waiting.values()) resolve(null)
  })
  async function call<Row>(what: Call): Promise<Row[]> {
    lastId += 1
    const id = lastId
    const answered = new Promise<Reply | null>((resolve) => waiting.set(id, resolve))
    child.send({ id, call: what })
    const reply = await answered
    if (reply === null) throw new Error('the other process ended')
    if ('failed' in reply) throw new OtherFailed(reply.failed)
    return reply.rows as Row[] // what the caller says the statement returns
  }
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    pid: child.pid ?? 0,
    open: (home, { holder = 'other', exclusive = false } = {}) =>
      call({ do: 'open', home, holder, exclusive }).then(() => undefined),
    query: (sql, values = []) => call({ do: 'query', sql, values }),
    askClient: (sql, values = []) => call({ do: 'ask client', sql, values }),
    async close() {
      await call({ do: 'close' })
      await stop()
    },
    kill: stop,
  }
}
