import type { Channel } from '../channels/channel.ts'
import type { Outgoing } from '../channels/outgoing.ts'

/** A row that waits behind another in the same chat; `restsOn` as in the outbox. */
export type Waiting = {
  readonly id: string
  readonly body: Outgoing
  readonly attempts: number
  readonly restsOn?: readonly string[]
}

/** The new bodies of the rows: null = merged into the head. What one of them rests on, all of them do. */
export type Plan = {
  readonly rows: readonly { readonly id: string; readonly body: Outgoing | null }[]
  readonly restsOn: readonly string[]
}

/**
 * Pure: what of a chat's queue goes out with its head, where messages are counted. Only rows never tried before: after a try the platform
 * may have them; and none that may be out of date by itself.
 * @returns the head first, or null when nothing is saved
 */
export function joinPlan(head: Waiting, behind: readonly Waiting[], join: NonNullable<Channel['join']>): Plan | null {
  if (isDated(head.body)) return null
  const first = behind.findIndex(({ body, attempts }) => body.kind !== 'text' || attempts > 0 || isDated(body))
  const all = [head, ...(first < 0 ? behind : behind.slice(0, first))]
  const bodies = join(all.map((each) => each.body))
  if (bodies.length === 0 || bodies.length >= all.length) return null
  return {
    rows: all.map(({ id }, index) => ({ id, body: bodies[index] ?? null })),
    restsOn: [...new Set(all.flatMap((each) => each.restsOn ?? []))],
  }
}

function isDated(body: Outgoing): boolean {
  return body.kind === 'text' && body.until !== undefined
}
