import type { PoolClient } from 'pg'
import type { Actor, ReviewAction } from './review.ts'

type Database = Pick<PoolClient, 'query'>

/** Records an action on a document, in the transaction that performs it. */
export async function recordAction(
  client: Database,
  entry: Pick<ReviewAction, 'action'> & {
    readonly document: string
    readonly actor: Actor
    readonly field?: string
    readonly before?: unknown
    readonly after?: unknown
  },
): Promise<void> {
  await client.query(
    'insert into document_action (document, actor, action, field, before, after) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb)',
    [entry.document, entry.actor, entry.action, entry.field ?? null, json(entry.before), json(entry.after)],
  )
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** @returns the actions on a version, oldest first */
export async function readActions(database: Database, document: string): Promise<readonly ReviewAction[]> {
  const { rows } = await database.query<ReviewAction>(
    'select at, actor, action, field, before, after from document_action where document = $1 order by id',
    [document],
  )
  return rows
}
