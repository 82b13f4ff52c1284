import type { Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { recordAudit } from '../records/audit.ts'

export type ClosedTopic = { readonly id: string; readonly words: string; readonly closedBy: string; readonly closedAt: Date }

/** Topics switched off for the bot; the only writer of closed_topic. Read for every question, so no restart is needed. */
export function topics(pool: Pool) {
  return {
    /** @param words “租金 减免”: closes questions, and citations, that contain all of them; @throws AppError `bad_topic` */
    async close(words: string, by: string): Promise<void> {
      const plain = plainWords(words)
      if (plain.length < 2)
        throw new AppError('bad_topic', 'A topic needs a word of two characters or more', { hint: 'For example: 租金减免' })
      await transaction(pool, async (tx) => {
        await tx.query('insert into closed_topic (words, closed_by) values ($1, $2) on conflict (words) do nothing', [plain, by])
        await recordAudit(tx, { actor: by, action: 'topic_closed', about: `topic:${plain}` })
      })
    },

    /** @returns false when the topic was not closed */
    async open(words: string, by: string): Promise<boolean> {
      const plain = plainWords(words)
      return transaction(pool, async (tx) => {
        const { rowCount } = await tx.query('delete from closed_topic where words = $1', [plain])
        if (rowCount === 1) await recordAudit(tx, { actor: by, action: 'topic_opened', about: `topic:${plain}` })
        return rowCount === 1
      })
    },

    async list(): Promise<ClosedTopic[]> {
      const { rows } = await pool.query<ClosedTopic>(
        'select id::text, words, closed_by as "closedBy", closed_at as "closedAt" from closed_topic order by id',
      )
      return rows
    },

    /** @returns the words of every closed topic */
    async closed(): Promise<readonly string[]> {
      const { rows } = await pool.query<{ words: string }>('select words from closed_topic')
      return rows.map(({ words }) => words)
    },
  }
}

function plainWords(words: string): string {
  return normalize(words).split(/\s+/).filter(Boolean).join(' ')
}

/** Pure: whether any of some texts touches a closed topic. */
export function touchesAny(closed: readonly string[], texts: readonly string[]): boolean {
  return closed.some((words) => texts.some((text) => touches(text, words)))
}

/** Pure: whether all words of a topic are in the text. */
function touches(text: string, words: string): boolean {
  const plain = normalize(text)
  return words.split(' ').every((word) => plain.includes(word))
}
