import type { ClientBase, Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { setTimer } from '../inbox.ts'
import { recordAudit } from '../records/audit.ts'
import { type Cause, type Found, findChanged } from './detect.ts'

export type Recall = {
  readonly id: string
  readonly passage: string
  readonly cause: Cause
  readonly title: string
  readonly clause: string | null
  /** The clause as it reads now, when it was changed. */
  readonly nowSays: string | null
  /** The wording of whoever confirmed it; null = the standard text. */
  readonly wording: string | null
  readonly state: 'proposed' | 'confirmed' | 'dismissed'
  /** Conversations that got an answer from it. */
  readonly people: number
  /** How many of these were told so far. */
  readonly told: number
  readonly createdAt: Date
}

/** Somebody who was given an answer that no longer holds. */
export type Recipient = {
  readonly conversation: string
  readonly chat: string
  readonly personName: string | null
  readonly question: string
  readonly at: Date
  readonly toldAt: Date | null
}

const select = `
  select r.id::text, r.passage, r.cause, r.title, r.clause, r.now_says as "nowSays", r.wording, r.state, r.created_at as "createdAt",
         (select count(distinct a.conversation)::int from answer_passage ap join answer a on a.id = ap.answer where ap.passage = r.passage and ap.as_valid) as people,
         (select count(*)::int from recall_notice n where n.recall = r.id) as told
    from recall r`

/**
 * Answers that are taken back: found by rule, confirmed once by a person, told to each chat once. The only writer of recall and
 * recall_notice.
 */
export type Recalls = ReturnType<typeof recalls>

export function recalls(pool: Pool, deps: { clock: () => Date }) {
  return {
    /** Looks for clauses that no longer say what people were told. @returns how many are new */
    async look(): Promise<number> {
      const found = await findChanged(pool, deps.clock)
      for (const each of found) await propose(pool, each)
      return found.length
    },

    async list(state: Recall['state'] = 'proposed'): Promise<Recall[]> {
      return (await pool.query<Recall>(`${select} where r.state = $1 order by r.id`, [state])).rows
    },

    async byId(id: string, db: Pool | ClientBase = pool): Promise<Recall | null> {
      if (!/^\d{1,18}$/.test(id)) return null
      return (await db.query<Recall>(`${select} where r.id = $1`, [id])).rows[0] ?? null
    },

    /** Everybody who got an answer from it, with their last such answer. */
    async recipients(id: string): Promise<Recipient[]> {
      const { rows } = await pool.query<Recipient>(
        `select distinct on (c.id) c.id::text as conversation, c.chat, c.person_name as "personName", a.question, a.at, n.told_at as "toldAt"
           from recall r join answer_passage ap on ap.passage = r.passage join answer a on a.id = ap.answer
           join conversation c on c.id = a.conversation left join recall_notice n on n.recall = r.id and n.conversation = c.id
          where r.id = $1 and ap.as_valid order by c.id, a.id desc`,
        [/^\d{1,18}$/.test(id) ? id : '0'],
      )
      return rows
    },

    /**
     * A person confirms it: everybody concerned is told, each in the order of their own chat.
     * @param wording replaces the standard text;
     * @returns how many chats
     * @throws AppError `unknown_recall`
     */
    async confirm(id: string, by: string, wording: string | null = null): Promise<number> {
      const recipients = await this.recipients(id)
      await transaction(pool, async (tx) => {
        await decide(tx, id, 'confirmed', by, wording)
        for (const { conversation } of recipients)
          await setTimer(tx, conversation, `recall:${id}:${conversation}`, new Date(0), {
            kind: 'timer',
            name: 'recall',
            ticket: id,
            round: 1,
          })
      })
      return recipients.length
    },

    /** A person decides that nobody is told. @throws AppError `unknown_recall` */
    dismiss: (id: string, by: string) => transaction(pool, (tx) => decide(tx, id, 'dismissed', by, null)),

    /** @returns false when this chat was already told */
    async noteTold(tx: ClientBase, id: string, conversation: string): Promise<boolean> {
      const { rowCount } = await tx.query(
        'insert into recall_notice (recall, conversation) values ($1, $2) on conflict (recall, conversation) do nothing',
        [id, conversation],
      )
      return rowCount === 1
    },
  }
}

async function propose(pool: Pool, found: Found): Promise<void> {
  await pool.query(
    `insert into recall (passage, cause, title, clause, now_says) values ($1, $2, $3, $4, $5) on conflict (passage, cause) do nothing`,
    [found.passage, found.cause, found.title, found.clause, found.nowSays],
  )
}

async function decide(
  tx: ClientBase,
  id: string,
  state: 'confirmed' | 'dismissed',
  by: string,
  wording: string | null,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update recall set state = $2, decided_by = $3, decided_at = park_now(), wording = $4 where id = $1 and state = 'proposed'`,
    [/^\d{1,18}$/.test(id) ? id : '0', state, by, wording],
  )
  if (rowCount !== 1)
    throw new AppError('unknown_recall', `No recall with the number ${id} waits for a decision`, {
      hint: 'npm run control -- recall list shows what waits.',
    })
  await recordAudit(tx, { actor: by, action: `recall_${state}`, about: `recall:${id}` })
}
