import type { ClientBase } from 'pg'
import type { Known } from '../demand/fields.ts'

export type NewDemand = {
  readonly conversation: string
  readonly person: string | null
  readonly need: string
  readonly fields: Known
  readonly anonymous: boolean
}

/** What enterprises need; the only writer of demand. */
export type Demands = typeof demands

export const demands = {
  /** @returns the number people see */
  async add(tx: ClientBase, { conversation, person, need, fields, anonymous }: NewDemand): Promise<string> {
    const { rows } = await tx.query<{ id: string }>(
      'insert into demand (conversation, person, need, fields, anonymous) values ($1, $2, $3, $4, $5) returning id::text',
      [conversation, person, need, JSON.stringify(fields), anonymous],
    )
    return rows[0]?.id ?? ''
  },

  /** Links the ticket in which a broker looks after it. */
  async link(tx: ClientBase, id: string, ticket: string | null): Promise<void> {
    await tx.query('update demand set ticket = $2 where id = $1', [id, ticket])
  },

  async erase(tx: ClientBase, conversation: string, before: Date | null = null): Promise<void> {
    await tx.query('delete from demand where conversation = $1 and ($2::timestamptz is null or created_at < $2)', [
      conversation,
      before,
    ])
  },
}
