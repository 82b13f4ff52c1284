import { nextKey, textsOf, type Work } from '../../converse/work.ts'
import type { InboxRow } from '../../queue/lanes.ts'
import type { Person } from '../people.ts'

/**
 * Gives the chat to a human of the person's own platform, where it has such: those suggested first, then everybody who may have it. The
 * promise was already given; the outcome is sent by the platform's own code.
 */
export function offerOnPlatform(
  work: Work,
  row: InboxRow,
  suggested: readonly Person[],
  everybody: readonly Person[],
  again = false,
): void {
  const texts = textsOf(work)
  const able = everybody.filter((person) => person.role !== 'staff' && !work.ticket?.excluded.includes(person.id))
  const to = [...new Map([...suggested, ...able].map((person) => [person.id, person])).values()].flatMap(({ wecom, name }) =>
    wecom === null ? [] : [{ account: wecom, said: texts('session_taken', { name }) }],
  )
  const key = nextKey(work, row)
  const { id, chat } = work.lane.conversation
  const body = { kind: 'hand_off' as const, to, queued: texts('session_queued'), ...(again ? { again: true as const } : {}) }
  work.effects.push((tx) => work.deps.outbox.put(tx, [{ key, chat, conversation: id, body }]))
}
