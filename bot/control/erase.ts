import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { setTimer } from '../inbox.ts'
import { recordAudit } from '../records/audit.ts'

/**
 * Erases a person's data at a request that came outside their own chat: in their lane, after what is being said there.
 * @param chat as the desk shows it, `telegram:42`
 * @throws AppError `unknown_chat`
 */
export async function requestErasure(pool: Pool, chat: string, by: string): Promise<void> {
  await transaction(pool, async (tx) => {
    const { rows } = await tx.query<{ id: string }>('select id::text from conversation where chat = $1', [chat])
    const id = rows[0]?.id
    if (id === undefined)
      throw new AppError('unknown_chat', `There is no conversation ${chat}`, { hint: 'The desk shows chats as telegram:42.' })
    await setTimer(tx, id, `erase:${id}:${randomUUID()}`, new Date(0), { kind: 'timer', name: 'erase', ticket: '', round: 1 })
    await recordAudit(tx, { actor: by, action: 'erasure_requested', about: `conversation:${id}` })
  })
}
