import type { ClientBase, Pool } from 'pg'
import { AppError } from '../../retrieval/base/errors.ts'
import { transaction } from '../../retrieval/store/transaction.ts'
import type { Batch, ChannelState, StateChange } from './channel.ts'

/** The durable memory of one channel; of two `set`s the last wins, of two `change`s the second sees the first. */
export function channelState(pool: Pool, channel: string): ChannelState {
  return {
    async get(name) {
      const { rows } = await pool.query<{ value: unknown }>('select value from channel_state where channel = $1 and name = $2', [
        channel,
        name,
      ])
      return rows[0]?.value
    },
    set: (name, value) => write(pool, channel, name, value),
    async change<Result>(name: string, step: (value: unknown, now: Date) => StateChange<Result>) {
      return transaction(pool, async (tx) => {
        // A row must exist before it can be locked; JSON's null stands for “nothing yet”.
        await tx.query(`insert into channel_state (channel, name, value) values ($1, $2, 'null') on conflict do nothing`, [
          channel,
          name,
        ])
        const { rows } = await tx.query<{ value: unknown; now: Date }>(
          `select value, clock_timestamp() as now from channel_state where channel = $1 and name = $2 for update`,
          [channel, name],
        )
        const { value, result } = step(rows[0]?.value ?? undefined, rows[0]?.now ?? new Date())
        if (value !== undefined)
          await tx.query('update channel_state set value = $3 where channel = $1 and name = $2', [
            channel,
            name,
            JSON.stringify(value),
          ])
        return result
      })
    },
  }
}

async function write(db: Pool | ClientBase, channel: string, name: string, value: unknown): Promise<void> {
  await db.query(
    `insert into channel_state (channel, name, value) values ($1, $2, $3)
     on conflict (channel, name) do update set value = excluded.value`,
    [channel, name, JSON.stringify(value)],
  )
}

/**
 * Moves a channel's cursor and writes what it remembers beside it, in the transaction that stores the page's messages.
 * @throws AppError `state_moved` when the cursor is no longer where the page was read from: another process was faster
 */
export async function moveState(tx: ClientBase, channel: string, moved: Batch['moved'], also: Batch['also']): Promise<void> {
  const to = JSON.stringify(moved.to)
  const { rowCount } =
    moved.from === undefined
      ? await tx.query(
          `insert into channel_state (channel, name, value) values ($1, $2, $3)
           on conflict (channel, name) do update set value = excluded.value where channel_state.value = 'null'`,
          [channel, moved.name, to],
        )
      : await tx.query('update channel_state set value = $3 where channel = $1 and name = $2 and value = $4', [
          channel,
          moved.name,
          to,
          JSON.stringify(moved.from),
        ])
  if (rowCount !== 1) throw new AppError('state_moved', 'Another process has stored this page already', { retry: true })
  for (const { name, value } of also) await write(tx, channel, name, value)
}
