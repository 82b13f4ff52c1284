import type { Pool } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { People, Person } from '../handoff/people.ts'
import type { Outbox } from '../outbox.ts'
import { said } from '../render.ts'
import type { Recalls } from './recalls.ts'
import { whatOf } from './words.ts'

export type AnnounceNeeds = {
  readonly recalls: Recalls
  readonly people: People
  readonly outbox: Pick<Outbox, 'put'>
  /** The brokers' shared chat, or null. */
  readonly desk: string | null
  readonly chatOf: (person: Person) => string | null
  readonly texts: Texts
}

/** Older ones were announced by whichever process found them. */
const lookBackMs = 24 * 3_600_000

/**
 * Announces, to each lead and the desk once, that an answer that no longer holds waits for a person's decision.
 * @returns how many recent ones wait
 */
export async function announceRecalls(pool: Pool, deps: AnnounceNeeds): Promise<number> {
  const since = Date.now() - lookBackMs // as the database dates it, whatever clock the park is given
  const waiting = (await deps.recalls.list('proposed')).filter((each) => each.people > 0 && each.createdAt.getTime() > since)
  if (waiting.length === 0) return 0
  const leads = (await deps.people.list()).filter((person) => person.role === 'lead')
  const chats = new Set([deps.desk, ...leads.map(deps.chatOf)].filter((chat) => chat !== null))
  const items = waiting.flatMap(({ id, title, clauses, clause, cause, people }) => {
    const what = whatOf(cause, clauses.length, deps.texts)
    const body = said(deps.texts('recall_waits', { title, clause: clause ?? '', what, people }))
    return [...chats].map((chat) => ({ key: `recall:${id}:waits:${chat}`, chat, conversation: null, body }))
  })
  await transaction(pool, (tx) => deps.outbox.put(tx, items))
  return waiting.length
}
