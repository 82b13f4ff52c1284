import type { Channel, Outgoing } from '../channels/channel.ts'

/** A row that waits behind another in the same chat. */
export type Waiting = { readonly id: string; readonly body: Outgoing; readonly attempts: number }

/**
 * Pure: what of a chat's queue goes out with its head where messages are counted. Only words that nobody has tried to send: after a try the
 * platform may have them already.
 * @returns the head's new body and what the rows behind it become (null = gone with the head), or null when nothing is saved
 */
export function joinPlan(
  head: Outgoing,
  behind: readonly Waiting[],
  join: NonNullable<Channel['join']>,
): { readonly body: Outgoing; readonly rest: readonly { readonly id: string; readonly body: Outgoing | null }[] } | null {
  const first = behind.findIndex(({ body, attempts }) => body.kind !== 'text' || attempts > 0)
  const more = first < 0 ? behind : behind.slice(0, first)
  const [body, ...others] = join([head, ...more.map((each) => each.body)])
  if (body === undefined || others.length >= more.length) return null
  return { body, rest: more.map(({ id }, index) => ({ id, body: others[index] ?? null })) }
}
