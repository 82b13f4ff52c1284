import type { ClientBase, Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import { setTimer } from '../inbox.ts'
import { recordAudit } from '../records/audit.ts'
import { type Cause, type Found, findChanged, findMended, type RecalledClause } from './detect.ts'
import { namesOf } from './words.ts'

export type Recall = {
  readonly id: string
  readonly cause: Cause
  readonly title: string
  /** In the order of the document. */
  readonly clauses: readonly RecalledClause[]
  /** Their names, as people read them: `第三条、第五条`; null when none has one. */
  readonly clause: string | null
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
  /** Passages of the recall that any of their answers rested on. */
  readonly passages: readonly string[]
  readonly at: Date
  readonly toldAt: Date | null
}

const select = `
  select r.id::text, r.cause, r.title, r.wording, r.state, r.created_at as "createdAt", of.clauses,
         (select count(distinct a.conversation)::int from recall_clause c join answer_passage ap on ap.passage = c.passage and ap.as_valid
            join answer a on a.id = ap.answer where c.recall = r.id) as people,
         (select count(*)::int from recall_notice n where n.recall = r.id) as told
    from recall r
    cross join lateral (
      select json_agg(json_build_object('passage', c.passage, 'clause', c.clause, 'nowSays', c.now_says) order by p.position, c.passage) as clauses
        from recall_clause c left join passage p on p.id = c.passage where c.recall = r.id) of`

/**
 * Answers that are taken back: found by rule, confirmed once by a person, told to each chat once. The only writer of recall,
 * recall_clause and recall_notice.
 */
export type Recalls = ReturnType<typeof recalls>

export function recalls(pool: Pool, deps: { clock: () => Date }) {
  return {
    /** Looks for clauses that no longer say what people were told, and drops proposals that no longer hold. @returns how many are new */
    async look(): Promise<number> {
      const mended = await findMended(pool, deps.clock)
      if (mended.length > 0) await transaction(pool, (tx) => drop(tx, mended))
      const found = await findChanged(pool, deps.clock)
      for (const each of found) await transaction(pool, (tx) => propose(tx, each))
      return found.length
    },

    async list(state: Recall['state'] = 'proposed'): Promise<Recall[]> {
      return (await pool.query<Stored>(`${select} where r.state = $1 order by r.id`, [state])).rows.map(named)
    },

    async byId(id: string, db: Pool | ClientBase = pool): Promise<Recall | null> {
      if (!/^\d{1,18}$/.test(id)) return null
      return (await db.query<Stored>(`${select} where r.id = $1`, [id])).rows.map(named)[0] ?? null
    },

    /** Everybody who got an answer from it, with their last such answer. */
    async recipients(id: string): Promise<Recipient[]> {
      const { rows } = await pool.query<Recipient>(
        `select c.id::text as conversation, c.chat, c.person_name as "personName", last.question, last.at, last.passages, n.told_at as "toldAt"
           from (select a.conversation, array_agg(distinct rc.passage) as passages, max(a.at) as at,
                        (array_agg(a.question order by a.id desc))[1] as question
                   from recall_clause rc join answer_passage ap on ap.passage = rc.passage and ap.as_valid join answer a on a.id = ap.answer
                  where rc.recall = $1 group by a.conversation) last
           join conversation c on c.id = last.conversation left join recall_notice n on n.recall = $1 and n.conversation = c.id
          order by c.id`,
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

type Stored = Omit<Recall, 'clause'>

const named = (stored: Stored): Recall => ({ ...stored, clause: namesOf(stored.clauses) || null })

/** Clauses another process has just proposed are left to it. */
async function propose(tx: ClientBase, { title, cause, clauses }: Found): Promise<void> {
  const { rows } = await tx.query<{ id: string }>('insert into recall (cause, title) values ($1, $2) returning id::text', [
    cause,
    title,
  ])
  const id = rows[0]?.id
  const { rowCount } = await tx.query(
    `insert into recall_clause (recall, passage, cause, clause, now_says)
     select $1, each.passage, $2, each.clause, each."nowSays" from json_to_recordset($3) as each (passage text, clause text, "nowSays" text)
      order by each.passage
     on conflict (passage, cause) do nothing`,
    [id, cause, JSON.stringify(clauses)],
  )
  if (rowCount === 0) await tx.query('delete from recall where id = $1', [id])
}

/** Nobody was told: it is as if it had not been proposed. What a person decides at the same moment stays. */
async function drop(tx: ClientBase, mended: Awaited<ReturnType<typeof findMended>>): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `select id::text from recall r where state = 'proposed' and exists (
       select from recall_clause rc join json_to_recordset($1) as each (passage text, cause text) using (passage, cause) where rc.recall = r.id) for update`,
    [JSON.stringify(mended)],
  )
  const ids = rows.map((row) => row.id)
  await tx.query(
    `delete from recall_clause rc using json_to_recordset($2) as each (passage text, cause text)
      where rc.recall = any($1::bigint[]) and rc.passage = each.passage and rc.cause = each.cause`,
    [ids, JSON.stringify(mended)],
  )
  await tx.query(
    'delete from recall r where id = any($1::bigint[]) and not exists (select from recall_clause rc where rc.recall = r.id)',
    [ids],
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
