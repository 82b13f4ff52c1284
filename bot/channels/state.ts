import type { Pool } from 'pg'
import type { ChannelState } from './channel.ts'

/** The durable memory of one channel; last write wins. */
export function channelState(pool: Pool, channel: string): ChannelState {
  return {
    async get(name) {
      const { rows } = await pool.query<{ value: unknown }>('select value from channel_state where channel = $1 and name = $2', [
        channel,
        name,
      ])
      return rows[0]?.value
    },
    async set(name, value) {
      await pool.query(
        `insert into channel_state (channel, name, value) values ($1, $2, $3)
         on conflict (channel, name) do update set value = excluded.value`,
        [channel, name, JSON.stringify(value)],
      )
    },
  }
}
