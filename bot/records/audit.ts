import type { ClientBase, Pool } from 'pg'

/** Records who did what to what; append-only by trigger. `detail` holds ids and codes, never message text. */
export async function recordAudit(
  db: Pool | ClientBase,
  entry: { actor: string; action: string; about: string; detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db.query('insert into audit (actor, action, about, detail) values ($1, $2, $3, $4)', [
    entry.actor,
    entry.action,
    entry.about,
    JSON.stringify(entry.detail ?? {}),
  ])
}
