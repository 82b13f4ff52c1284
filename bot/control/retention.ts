import type { ClientBase, Pool } from 'pg'
import { transaction } from '../../retrieval/store/transaction.ts'
import { signups } from '../agenda/signups.ts'
import { offers } from '../chain/offers.ts'
import type { ConverseDeps } from '../converse/work.ts'
import { recordAudit } from '../records/audit.ts'
import { restingSince } from '../records/demands.ts'

type Writers = Pick<
  ConverseDeps,
  'answers' | 'messages' | 'inbox' | 'outbox' | 'tickets' | 'eraseFaq' | 'demand' | 'verified' | 'clock'
>

/** Erases the words of one conversation wherever they are kept. @param before only what is older; null = all */
export async function eraseAll(deps: Writers, tx: ClientBase, conversation: string, before: Date | null): Promise<void> {
  await deps.answers.erase(tx, conversation, before)
  await deps.messages.erase(tx, conversation, before)
  await deps.inbox.erase(tx, conversation, before)
  await deps.outbox.erase(tx, conversation, before)
  await deps.eraseFaq(tx, conversation, before)
  await deps.demand.store.erase(tx, conversation, before)
  await offers.erase(tx, conversation, before)
  await deps.tickets.erase(tx, conversation, before)
  await signups.erase(tx, conversation, before, deps.clock())
  if (before === null) await deps.verified.forget(tx, conversation)
}

/** Erases what is older than the park keeps; open cases keep what belongs to them. @returns conversations that lost words */
export async function expire(pool: Pool, deps: Writers, before: Date): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select c.id::text from conversation c
      where not exists (select 1 from ticket t where t.conversation = c.id and t.state <> 'closed')
        and (exists (select 1 from message m where m.conversation = c.id and m.at < $1)
             or exists (select 1 from answer a where a.conversation = c.id and a.at < $1)
             or exists (select from demand d where d.conversation = c.id and ${restingSince('$1::timestamptz')})
             or exists (select 1 from event_signup s join event e on e.id = s.event
                         where s.conversation = c.id and s.at < $1 and coalesce(e.ends_at, e.starts_at) < $1))
      order by c.id limit 500`,
    [before],
  )
  for (const { id } of rows)
    await transaction(pool, async (tx) => {
      await eraseAll(deps, tx, id, before)
      await recordAudit(tx, { actor: 'retention', action: 'data_erased', about: `conversation:${id}` })
    })
  return rows.length
}
