import type { ClientBase, Pool } from 'pg'
import type { Outcome, OutcomeDetail } from './desk/action.ts'
import type { HowClosed, NewTicket, Offer, Ticket } from './ticket.ts'

/** Columns for other readers of tickets. */
export const ticketColumns = `t.id::text, t.conversation::text, t.reason, t.need, t.state, t.owner::text, p.name as "ownerName",
         t.desk_chat as "deskChat", t.priority, t.excluded::text[], t.opened_at as "openedAt", t.promised_at as "promisedAt",
         t.first_promised_at as "firstPromisedAt",
         t.first_reply_at as "firstReplyAt", t.claimed_at as "claimedAt", t.follow_up_at as "followUpAt", t.escalated_at as "escalatedAt", t.closed_at as "closedAt",
         t.closed_how as "closedHow", t.outcome, t.satisfaction`

const select = `select ${ticketColumns} from ticket t left join person p on p.id = t.owner`

/** One hand-off, one row; the row decides who owns it. The only writer of ticket. */
export type Tickets = ReturnType<typeof tickets>

export function tickets(pool: Pool) {
  return {
    ...writes,

    /** @param db the transaction, when inside one: a second connection would wait for it for ever */
    async openOf(conversation: string, db: Pool | ClientBase = pool): Promise<Ticket | null> {
      const { rows } = await db.query<Ticket>(`${select} where t.conversation = $1 and t.state <> 'closed'`, [conversation])
      return rows[0] ?? null
    },

    async byId(id: string, db: Pool | ClientBase = pool): Promise<Ticket | null> {
      const { rows } = await db.query<Ticket>(`${select} where t.id = $1`, [id])
      return rows[0] ?? null
    },

    async byDeskChat(chat: string): Promise<Ticket | null> {
      const { rows } = await pool.query<Ticket>(`${select} where t.desk_chat = $1`, [chat])
      return rows[0] ?? null
    },

    /** The packet of the time it was opened. */
    async packetOf(id: string, db: Pool | ClientBase = pool): Promise<Readonly<Record<string, unknown>>> {
      const { rows } = await db.query<{ packet: Readonly<Record<string, unknown>> }>('select packet from ticket where id = $1', [
        id,
      ])
      return rows[0]?.packet ?? {}
    },

    /** Tickets a person owns now, oldest first. */
    async ownedBy(person: string, db: Pool | ClientBase = pool): Promise<Ticket[]> {
      const { rows } = await db.query<Ticket>(`${select} where t.owner = $1 and t.state = 'claimed' order by t.id`, [person])
      return rows
    },

    /** The last ticket a person had, open or closed. */
    async lastOf(person: string): Promise<Ticket | null> {
      const { rows } = await pool.query<Ticket>(`${select} where t.owner = $1 order by t.closed_at desc nulls first limit 1`, [
        person,
      ])
      return rows[0] ?? null
    },

    /**
     * Tickets that wait for a first word, or for one of their next owner.
     * @param account the chats of one account of a platform, `kf:wk…`
     * @returns with their conversations
     */
    async unanswered(account: string): Promise<{ readonly id: string; readonly conversation: string }[]> {
      const { rows } = await pool.query<{ id: string; conversation: string }>(
        `select t.id::text, t.conversation::text from ticket t join conversation c on c.id = t.conversation
          where t.state = 'waiting' and (t.first_reply_at is null or t.claimed_at is not null) and starts_with(c.chat, $1) order by t.id`,
        [`${account}:`],
      )
      return rows
    },

    /** The last ticket of a conversation, open or closed. */
    async latestOf(conversation: string, db: Pool | ClientBase = pool): Promise<Ticket | null> {
      const { rows } = await db.query<Ticket>(`${select} where t.conversation = $1 order by t.id desc limit 1`, [conversation])
      return rows[0] ?? null
    },

    /** Open tickets per owner, for routing by load. */
    async loads(db: Pool | ClientBase = pool): Promise<ReadonlyMap<string, number>> {
      const { rows } = await db.query<{ owner: string; count: number }>(
        `select owner::text, count(*)::int as count from ticket where state = 'claimed' and owner is not null group by owner`,
      )
      return new Map(rows.map((row) => [row.owner, row.count]))
    },
  }
}

/** Writers; each runs inside the caller's transaction. */
const writes = {
  open,

  /**
   * Gives an open ticket to somebody, or back to the queue (`to` null), if its owner is still `from`.
   * @returns false when somebody else was faster: then nothing changed
   */
  async give(tx: ClientBase, id: string, from: string | null, to: string | null): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update ticket set owner = $3::bigint, state = case when $3::bigint is null then 'waiting' else 'claimed' end,
              claimed_at = case when $3::bigint is null then claimed_at else coalesce(claimed_at, park_now()) end
        where id = $1 and state <> 'closed' and owner is not distinct from $2::bigint`,
      [id, from, to],
    )
    return rowCount === 1
  },

  async exclude(tx: ClientBase, id: string, person: string): Promise<void> {
    await tx.query('update ticket set excluded = array_append(excluded, $2::bigint) where id = $1 and $2 <> all(excluded)', [
      id,
      person,
    ])
  },

  async noteFirstReply(tx: ClientBase, id: string): Promise<void> {
    await tx.query('update ticket set first_reply_at = park_now() where id = $1 and first_reply_at is null', [id])
  },

  /** @param by who closed it, when it was a registered person; @returns false when it was already closed */
  async close(tx: ClientBase, id: string, how: HowClosed, by: string | null = null): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update ticket set state = 'closed', closed_at = park_now(), closed_how = $2, closed_by = $3 where id = $1 and state <> 'closed'`,
      [id, how, by],
    )
    return rowCount === 1
  },

  /** @returns false when it is open, or the person has a newer one that is */
  async reopen(tx: ClientBase, id: string, owner: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update ticket t set state = 'claimed', owner = $2, closed_at = null, closed_how = null, closed_by = null, reopened_at = park_now()
        where t.id = $1 and t.state = 'closed'
          and not exists (select 1 from ticket o where o.conversation = t.conversation and o.state <> 'closed')`,
      [id, owner],
    )
    return rowCount === 1
  },

  async setOutcome(tx: ClientBase, id: string, outcome: Outcome, detail: OutcomeDetail): Promise<void> {
    await tx.query('update ticket set outcome = $2, outcome_detail = $3, outcome_at = park_now() where id = $1', [
      id,
      outcome,
      JSON.stringify(detail),
    ])
  },

  /** The satisfaction of a ticket of this conversation; the last tap counts. */
  async setSatisfaction(tx: ClientBase, conversation: string, id: string, value: number): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update ticket set satisfaction = $3, satisfied_at = park_now() where id = $2 and conversation = $1 and state = 'closed'`,
      [conversation, id, value],
    )
    return rowCount === 1
  },

  async setPromise(tx: ClientBase, id: string, promise: { by?: Date; followUp?: Date; escalated?: Date }): Promise<void> {
    await tx.query(
      `update ticket set promised_at = coalesce($2, promised_at), first_promised_at = coalesce(first_promised_at, $2),
              follow_up_at = coalesce($3, follow_up_at), escalated_at = coalesce(escalated_at, $4) where id = $1`,
      [id, promise.by ?? null, promise.followUp ?? null, promise.escalated ?? null],
    )
  },

  /** No time is promised any more. */
  async forgetPromise(tx: ClientBase, id: string): Promise<void> {
    await tx.query('update ticket set promised_at = null where id = $1', [id])
  },

  /** Makes an open case a complaint with first priority. @returns false when it is one already, or closed */
  async complain(tx: ClientBase, id: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update ticket set reason = 'complaint', priority = 1 where id = $1 and state <> 'closed' and reason <> 'complaint'`,
      [id],
    )
    return rowCount === 1
  },

  async noteOffered(tx: ClientBase, id: string, offers: readonly Offer[]): Promise<void> {
    await tx.query('update ticket set offered = offered || $2::jsonb where id = $1', [id, JSON.stringify(offers)])
  },

  async offers(tx: ClientBase, id: string): Promise<readonly Offer[]> {
    return (
      (await tx.query<{ offered: readonly Offer[] }>('select offered from ticket where id = $1', [id])).rows[0]?.offered ?? []
    )
  },

  /** @returns the cards that could still be used; afterwards none can, and no new ones are recorded for it */
  async takeOffers(tx: ClientBase, id: string): Promise<readonly Offer[]> {
    const { rows } = await tx.query<{ offered: readonly Offer[] }>(
      `with held as (select id, offered from ticket where id = $1 for update)
       update ticket t set offered = '[]' from held where t.id = held.id returning held.offered`,
      [id],
    )
    return rows[0]?.offered ?? []
  },

  /** @param chat null forgets a deleted topic, so that a new one is opened */
  async setDeskChat(tx: ClientBase | Pool, id: string, chat: string | null): Promise<void> {
    await tx.query('update ticket set desk_chat = $2 where id = $1', [id, chat])
  },

  /** The figures of a closed ticket stay, its words are erased. */
  async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
    await tx.query(
      `update ticket set need = '', packet = '{}', outcome_detail = outcome_detail - 'note'
        where conversation = $1 and state = 'closed' and ($2::timestamptz is null or closed_at < $2)`,
      [conversation, before],
    )
  },
}

/** Opens a ticket, or returns the open one: a conversation has at most one. */
async function open(tx: ClientBase, ticket: NewTicket): Promise<{ id: string; isNew: boolean }> {
  const made = await tx.query<{ id: string }>(
    `insert into ticket (conversation, reason, need, packet, priority, excluded, promised_at, first_promised_at, follow_up_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
     on conflict (conversation) where state <> 'closed' do nothing returning id::text`,
    [
      ticket.conversation,
      ticket.reason,
      ticket.need,
      JSON.stringify(ticket.packet),
      ticket.priority,
      ticket.excluded,
      ticket.promisedAt,
      ticket.followUpAt,
    ],
  )
  if (made.rows[0] !== undefined) return { id: made.rows[0].id, isNew: true }
  const { rows } = await tx.query<{ id: string }>(`select id::text from ticket where conversation = $1 and state <> 'closed'`, [
    ticket.conversation,
  ])
  return { id: rows[0]?.id ?? '', isNew: false }
}

/** Somebody new has a conflict of interest with enterprises that wait or are being looked after: those cases are hidden from them. */
export async function excludeFrom(tx: ClientBase, person: string, enterprises: readonly string[]): Promise<void> {
  await tx.query(
    `update ticket t set excluded = array_append(t.excluded, $1::bigint)
       from conversation c left join verified_account v on v.account in (c.person, c.chat) and v.revoked_at is null
      where c.id = t.conversation and t.state <> 'closed' and t.owner is distinct from $1::bigint and $1 <> all(t.excluded)
        and exists (select 1 from unnest($2::text[]) name
                     where name <> '' and strpos(concat_ws(' ', t.need, c.person_name, v.enterprise), name) > 0)`,
    [person, enterprises],
  )
}
