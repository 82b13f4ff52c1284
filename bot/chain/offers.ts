import type { ClientBase, Pool } from 'pg'

export type NewOffer = {
  readonly demand: string
  readonly conversation: string
  readonly ticket: string | null
  readonly words: string
}

/** Who says they can solve which published demand; the only writer of demand_offer. */
export const offers = {
  /** @returns false when this conversation has offered already */
  async add(tx: ClientBase, { demand, conversation, ticket, words }: NewOffer): Promise<boolean> {
    const { rowCount } = await tx.query(
      'insert into demand_offer (demand, conversation, ticket, words) values ($1, $2, $3, $4) on conflict (demand, conversation) do nothing',
      [demand, conversation, ticket, words.slice(0, 2_000)],
    )
    return rowCount === 1
  },

  /** The demands somebody offered to solve in this case. */
  async ofTicket(db: Pool | ClientBase, ticket: string): Promise<readonly { readonly demand: string; readonly words: string }[]> {
    const { rows } = await db.query<{ demand: string; words: string }>(
      'select demand::text, words from demand_offer where ticket = $1 order by id',
      [ticket],
    )
    return rows
  },

  async has(db: Pool | ClientBase, demand: string, conversation: string): Promise<boolean> {
    return (
      (await db.query('select 1 from demand_offer where demand = $1 and conversation = $2', [demand, conversation])).rowCount ===
      1
    )
  },

  async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
    await tx.query('delete from demand_offer where conversation = $1 and ($2::timestamptz is null or at < $2)', [
      conversation,
      before,
    ])
  },
}
