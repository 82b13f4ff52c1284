import type { Pool } from 'pg'
import { ChannelError } from '../../channels/channel.ts'
import type { Outgoing, Receipt } from '../../channels/outgoing.ts'
import type { Claimed, OutboxDeps } from '../sending.ts'

/** A ticket's topic is usually open within this. */
const noAddressMs = 300
const firstRetryMs = 1_000
const longestRetryMs = 300_000
/** Parts of one message; more than any packet has. */
const mostParts = 40

/**
 * Gives a message to its channel.
 * @param isLost whether the process paused and somebody else has the message by now
 * @returns null when it does; @throws ChannelError
 */
export async function deliver(deps: OutboxDeps, row: Claimed, isLost: () => Promise<boolean>): Promise<Receipt | null> {
  const address = await deps.addressOf(row)
  const channel = address === null ? undefined : deps.channelOf(address)
  if (address === null || channel === undefined)
    throw new ChannelError('unavailable', 'No channel for this address is open yet', { retryAfterMs: noAddressMs })
  const body = (await deps.lapsed?.(row)) ?? (await withEarlier(deps.pool, row.body))
  return (await isLost()) ? null : channel.send(address, body, sendKey(row))
}

/** How long to wait after a failure: as the platform asks, else longer each time. */
export function retryAfterMs(error: unknown, attempts: number): number {
  const asked = error instanceof ChannelError ? error.retryAfterMs : undefined
  return asked ?? Math.min(firstRetryMs * 2 ** Math.min(attempts - 1, 10), longestRetryMs)
}

/**
 * What the platform reported as undelivered is a new message to it; a retry of the same message never is. When it was made belongs to it: a
 * database set back to an earlier moment numbers anew, and the platform would take its next answers for repetitions and drop them.
 */
function sendKey({ key, resent, madeAt }: Claimed): string {
  return `${key}@${madeAt}${resent === 0 ? '' : `~${resent}`}`
}

/** Adds to a message that settles an earlier one the receipt of that one's last part, where the buttons are. */
async function withEarlier(pool: Pool, body: Outgoing): Promise<Outgoing> {
  if (body.kind !== 'text' || body.settles === undefined) return body
  const { key } = body.settles
  const keys = Array.from({ length: mostParts }, (_, index) => (index === 0 ? key : `${key}+${index}`))
  const { rows } = await pool.query<{ receipt: Receipt }>(
    `select receipt from outbox where key = any($1) and state = 'sent' order by id desc limit 1`,
    [keys],
  )
  return { ...body, settles: { ...body.settles, sent: rows[0]?.receipt ?? null } }
}
