import { list, number, object, text } from '../../base/loose.ts'

/** Messages per message of the person, within 48 hours; all as documented for `kf/send_msg`. */
const mostPerMessage = 5
const windowMs = 48 * 3_600_000
/** Reserved for what must not fail: that a human takes over, that there is more to read. */
const reserved = 1
/** Clocks differ, and what is sent in the last second arrives after it. */
const marginMs = 60_000

/**
 * Recent sends, oldest first; `key` tells a retry of a message from another message. `at`: when the person last wrote before, by the
 * platform's clock, so that ours may go as it likes; our time when that is unknown.
 */
export type Said = { readonly sends: readonly { readonly key: string; readonly at: number }[] }

/** @param value as stored, or nothing yet */
export function saidOf(value: unknown): Said {
  const sends = list(object(value)?.['sends']).flatMap((each) => {
    const key = text(object(each)?.['key'])
    const at = number(object(each)?.['at'])
    return key === null || at === null ? [] : [{ key, at }]
  })
  return { sends }
}

/**
 * Pure: may one more message be sent now? It is counted before it is sent, so a process that dies in between has counted it.
 * @param heardAt when the person last wrote (ms); null when unknown: then the platform decides
 * @returns what to remember, or why the message must wait for the person: nothing more may be sent, or only what is urgent
 */
export function countSend(of: {
  readonly said: Said
  readonly heardAt: number | null
  readonly now: number
  readonly key: string
  readonly urgent: boolean
}): Said | 'window_closed' | 'window_full' {
  const { said, heardAt, now, key } = of
  if (heardAt !== null && now - heardAt > windowMs - marginMs) return 'window_closed'
  if (said.sends.some((each) => each.key === key)) return said
  const since = heardAt === null ? 0 : said.sends.filter((each) => each.at >= heardAt).length
  if (since >= mostPerMessage) return 'window_closed'
  if (since >= mostPerMessage - reserved && !of.urgent) return 'window_full'
  return { sends: [...said.sends.slice(1 - mostPerMessage), { key, at: heardAt ?? now }] }
}

/** Pure: the platform refuses more; whatever was counted, the five are used up until the person writes. @param at as in {@link Said} */
export function usedUp(at: number): Said {
  return { sends: Array.from({ length: mostPerMessage }, (_, index) => ({ key: `used:${at}:${index}`, at })) }
}
