import type { ClientBase, Pool } from 'pg'
import type { Reason } from '../decide.ts'

export type Ticket = {
  /** Also its number, as people see it. */
  readonly id: string
  readonly conversation: string
  readonly reason: Reason
  readonly need: string
  readonly state: 'waiting' | 'claimed' | 'closed'
  readonly owner: string | null
  readonly ownerName: string | null
  readonly deskChat: string | null
  readonly openedAt: Date
  readonly promisedAt: Date | null
}

export type NewTicket = {
  readonly conversation: string
  readonly reason: Reason
  readonly need: string
  /** Everything a broker should know, as it was when the ticket was opened. */
  readonly packet: Readonly<Record<string, unknown>>
  readonly promisedAt: Date | null
}

const select = `
  select t.id::text, t.conversation::text, t.reason, t.need, t.state, t.owner::text, p.name as "ownerName",
         t.desk_chat as "deskChat", t.opened_at as "openedAt", t.promised_at as "promisedAt"
    from ticket t left join person p on p.id = t.owner`

/** One hand-off, one row; the row decides who owns it. The only writer of ticket. */
export type Tickets = ReturnType<typeof tickets>

export function tickets(pool: Pool) {
  return {
    /** Opens a ticket, or returns the one that is open already: a conversation has at most one. */
    async open(tx: ClientBase, ticket: NewTicket): Promise<{ id: string; isNew: boolean }> {
      const made = await tx.query<{ id: string }>(
        `insert into ticket (conversation, reason, need, packet, promised_at) values ($1, $2, $3, $4, $5)
         on conflict (conversation) where state <> 'closed' do nothing returning id::text`,
        [ticket.conversation, ticket.reason, ticket.need, JSON.stringify(ticket.packet), ticket.promisedAt],
      )
      if (made.rows[0] !== undefined) return { id: made.rows[0].id, isNew: true }
      const { rows } = await tx.query<{ id: string }>(
        `select id::text from ticket where conversation = $1 and state <> 'closed'`,
        [ticket.conversation],
      )
      return { id: rows[0]?.id ?? '', isNew: false }
    },

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

    /** The first claim wins. @returns whether `person` owns it now */
    async claim(tx: ClientBase, id: string, person: string): Promise<boolean> {
      const { rowCount } = await tx.query(
        `update ticket set state = 'claimed', owner = $2, claimed_at = now() where id = $1 and state = 'waiting'`,
        [id, person],
      )
      return rowCount === 1
    },

    /** A claimed ticket goes to somebody else who asked for it. */
    async transfer(tx: ClientBase, id: string, person: string): Promise<void> {
      await tx.query(`update ticket set owner = $2 where id = $1 and state = 'claimed'`, [id, person])
    },

    async noteFirstReply(tx: ClientBase, id: string): Promise<void> {
      await tx.query('update ticket set first_reply_at = now() where id = $1 and first_reply_at is null', [id])
    },

    /** @returns false when it was closed already */
    async close(tx: ClientBase, id: string, how: 'broker' | 'nobody' | 'person_left'): Promise<boolean> {
      const { rowCount } = await tx.query(
        `update ticket set state = 'closed', closed_at = now(), closed_how = $2 where id = $1 and state <> 'closed'`,
        [id, how],
      )
      return rowCount === 1
    },

    /** @param chat null forgets a topic that was deleted, so that a new one is opened */
    async setDeskChat(tx: ClientBase | Pool, id: string, chat: string | null): Promise<void> {
      await tx.query('update ticket set desk_chat = $2 where id = $1', [id, chat])
    },

    /** The figures of a closed ticket stay, its words go. */
    async erase(tx: ClientBase, conversation: string): Promise<void> {
      await tx.query(`update ticket set need = '', packet = '{}' where conversation = $1 and state = 'closed'`, [conversation])
    },

    /** Open tickets per owner, for routing by load. */
    async loads(): Promise<ReadonlyMap<string, number>> {
      const { rows } = await pool.query<{ owner: string; count: number }>(
        `select owner::text, count(*)::int as count from ticket where state = 'claimed' and owner is not null group by owner`,
      )
      return new Map(rows.map((row) => [row.owner, row.count]))
    },
  }
}
