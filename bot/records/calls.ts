import type { ClientBase, Pool } from 'pg'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { Outgoing } from '../channels/outgoing.ts'
import { saidBy } from '../channels/plain.ts'
import { recordAudit } from './audit.ts'

/** Somebody who cannot receive messages until they write. */
export type Call = {
  /** The conversation's. */
  readonly id: string
  readonly chat: string
  readonly personName: string | null
  /** The person who was asked to call, or null. */
  readonly asked: string | null
  readonly since: Date
  /** Messages that wait, oldest first. */
  readonly words: readonly string[]
  /** The open case, or null. */
  readonly ticket: string | null
  /** What the person wrote lately, oldest first: it may contain a telephone number. */
  readonly lines: readonly string[]
}

type Who = { readonly id: string; readonly role: string }

const open = `call_task k join outbox o on o.id = k.outbox and o.state = 'held' join conversation c on c.id = k.conversation
  left join ticket t on t.conversation = c.id and t.state <> 'closed'`
/** Hidden from people with a conflict of interest; a case in hand is visible to its owner and the leads. */
const visible = `k.done_at is null and ($2 or t.owner is null or t.owner = $1)
  and not exists (select 1 from ticket x where x.conversation = c.id and $1 = any(x.excluded))`
const select = `
  select c.id::text, c.chat, c.person_name as "personName", min(p.name) as asked, min(k.created_at) as since, min(t.id)::text as ticket,
         jsonb_agg(o.body order by o.id) as bodies,
         array(select m.text from message m where m.conversation = c.id and m.author = 'person' order by m.id desc limit 50) as lines
    from ${open} left join person p on p.id = k.person where ${visible}`

/** Who is to be telephoned; the only writer of call_task. */
export type Calls = ReturnType<typeof calls>

export function calls(pool: Pool) {
  const read = async (person: Who, where: string, more: readonly string[]): Promise<Call[]> => {
    const { rows } = await pool.query<Omit<Call, 'words'> & { bodies: readonly Outgoing[] }>(
      `${select} ${where} group by c.id order by min(k.created_at) limit 200`,
      [person.id, person.role === 'lead', ...more],
    )
    return rows.map(({ bodies, lines, ...call }) => ({ ...call, words: bodies.map(saidBy), lines: lines.toReversed() }))
  }

  return {
    /** @returns false when these words already wait */
    async add(tx: ClientBase, task: { conversation: string; outbox: string; person: string | null }): Promise<boolean> {
      const { rowCount } = await tx.query(
        'insert into call_task (conversation, outbox, person) values ($1, $2, $3) on conflict (outbox) do nothing',
        [task.conversation, task.outbox, task.person],
      )
      return rowCount === 1
    },

    list: (person: Who) => (person.role === 'staff' ? Promise.resolve([]) : read(person, '', [])),

    async show(person: Who, conversation: string): Promise<Call | null> {
      if (!/^\d{1,18}$/.test(conversation)) return null
      return (await read(person, 'and c.id = $3', [conversation]))[0] ?? null
    },

    /** They were told by telephone. The waiting messages are still sent when they write. */
    async markDone(person: Who, conversation: string): Promise<void> {
      await transaction(pool, async (tx) => {
        const { rowCount } = await tx.query(
          'update call_task set done_at = park_now(), done_by = $2 where conversation = $1 and done_at is null',
          [conversation, person.id],
        )
        if (rowCount !== 0)
          await recordAudit(tx, { actor: `person:${person.id}`, action: 'telephoned', about: `conversation:${conversation}` })
      })
    },
  }
}
