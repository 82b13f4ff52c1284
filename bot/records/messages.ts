import type { ClientBase, Pool } from 'pg'
import { jsonOf, type Write } from '../queue/write.ts'

/** One line of what was said, in a conversation. */
export type TranscriptLine = {
  /** Grows; a page asks for what came after its last line. */
  readonly id: string
  readonly author: 'person' | 'bot' | 'broker' | 'note'
  readonly authorName: string | null
  readonly text: string
  /** The id of the bot's answer in this line, or null. */
  readonly answer: string | null
  readonly at: Date
}

export type NewLine = {
  readonly conversation: string
  readonly inbox: string | null
  readonly author: TranscriptLine['author']
  readonly authorName?: string | null
  readonly text: string
  readonly answer?: string | null
}

const columns = 'm.id::text, m.author, m.author_name as "authorName", m.text, m.answer::text, m.at'

/** The transcript, in order; the only writer of message. */
export type Messages = ReturnType<typeof messages>

export function messages(pool: Pool) {
  return {
    /** Adds lines to the transcript, in order. */
    lines,

    /** @param after only lines after this one; @returns the last lines of a conversation, oldest first */
    async of(conversation: string, limit = 20, after = '0', db: Pool | ClientBase = pool): Promise<TranscriptLine[]> {
      const { rows } = await db.query<TranscriptLine>(
        `select ${columns} from message m where m.conversation = $1 and m.id > $3 order by m.id desc limit $2`,
        [conversation, limit, after],
      )
      return rows.reverse()
    },

    /** The transcript of a chat address, for pages that reload. Without internal notes. */
    async ofChat(chat: string, limit = 50): Promise<TranscriptLine[]> {
      const { rows } = await pool.query<TranscriptLine>(
        `select ${columns} from message m join conversation c on c.id = m.conversation
          where c.chat = $1 and m.author <> 'note' order by m.id desc limit $2`,
        [chat, limit],
      )
      return rows.reverse()
    },

    async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
      await tx.query('delete from message where conversation = $1 and ($2::timestamptz is null or at < $2)', [
        conversation,
        before,
      ])
    },
  }
}

function lines(of: readonly NewLine[]): Write {
  const rows = of.map(({ conversation, inbox, author, authorName = null, text, answer = null }, n) => {
    return { n, conversation, inbox, author, author_name: authorName, text, answer }
  })
  return (p) => `insert into message (conversation, inbox, author, author_name, text, answer)
    select m.conversation, m.inbox, m.author, m.author_name, m.text, m.answer
      from lane, jsonb_to_recordset(${p(jsonOf(rows))}::jsonb)
        as m(n int, conversation bigint, inbox bigint, author text, author_name text, text text, answer bigint) order by m.n`
}
