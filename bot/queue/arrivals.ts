import type { Clock } from '../../retrieval/base/clock.ts'
import { sanitiseDeep } from '../../retrieval/base/sanitise.ts'
import { type IncomingMessage, isByOthers } from '../channels/message.ts'

/** Something a channel received. `settleMs`: how long a short first message waits for the next. */
export type Arrival = { readonly channel: string; readonly message: IncomingMessage; readonly settleMs: number }

/** An arrival as it is stored, the `n`th of its batch. */
export function arrivalRow({ channel, message, settleMs }: Arrival, n: number, clock: Clock): Readonly<Record<string, unknown>> {
  const clean = sanitiseDeep(message)
  const [person, name] = isByOthers(clean) ? [null, null] : [clean.from.id, clean.from.name]
  const { externalId: key, chat } = clean
  return { n, channel, key, chat, person, name, payload: clean, run_at: runAt(settleMs, clock) }
}

/** Messages are due at once whatever the clock says; only a waiting burst uses it. */
function runAt(settleMs: number, clock: Clock): Date {
  return settleMs === 0 ? new Date(0) : new Date(clock().getTime() + settleMs)
}
