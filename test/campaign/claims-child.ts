/** One of the processes of the claims campaign: works on lanes and posts brokers' claims. */

import type { ActionResult } from '../../bot/handoff/desk/action.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { serverPool } from '../../retrieval/store/database.ts'
import { openTestDesk } from '../fakes/desk.ts'

export type ClaimCall = { readonly key: string; readonly broker: string; readonly ticket: string }
export type ClaimReply = { readonly key: string; readonly result: Pick<ActionResult, 'code' | 'owner'> }

const url = process.argv[2] ?? ''
const pool = serverPool(url, silentLog)
const desk = await openTestDesk({ database: { pool, kind: 'server', url, close: () => pool.end() } })
let stopping = false

async function work(): Promise<void> {
  const step = desk.worker()
  while (!stopping) if (!(await step())) await new Promise((go) => setTimeout(go, 2))
}

process.on('message', ({ key, broker, ticket }: ClaimCall) => {
  void (async () => {
    const person = await desk.deps.people.byId(broker)
    if (person === null) throw new Error('no such broker')
    process.send?.({ key, result: await desk.post(person, ticket, { do: 'claim' }) } satisfies ClaimReply)
  })()
})
process.on('disconnect', () => {
  stopping = true
})
process.send?.({ ready: true })
await Promise.all([work(), work()])
await desk.close()
process.exit(0)
