import { createHash } from 'node:crypto'
import { list, number, object, text } from '../base/loose.ts'
import type { StateChange } from '../channel.ts'

/**
 * WeCom drops what one member gets beyond 30 a minute or 1000 an hour, and tells nobody; so we stay a little below, for its clock starts a
 * minute when it likes.
 */
const perMinute = 27
const perHour = 950
const minuteMs = 62_000
const hourMs = 3_660_000
/** A repetition within this is recognised by WeCom; a try after a crash comes well within. */
export const repetitionMs = 300_000

type Entry = { readonly at: number; readonly what: string; readonly key: string }
type History = { readonly recent: readonly Entry[]; readonly minutes: readonly (readonly [number, number])[] }

/** `repeats`: whether WeCom may be asked to drop a repetition: not when the same words were meant to be said twice. */
export type Slot = { readonly waitMs: number; readonly repeats: boolean }

/**
 * Pure: may one more message go to this member now? Taking the slot is written down with it.
 * @param most for what may be left out, such as the steps of a preview: it leaves room for what may not
 */
export function takeSlot(
  stored: unknown,
  now: Date,
  message: { readonly what: string; readonly key: string },
  most = perMinute,
): StateChange<Slot> {
  const at = now.getTime()
  const history = historyOf(stored)
  const recent = history.recent.filter((each) => at - each.at < repetitionMs)
  const minutes = history.minutes.filter(([minute]) => at - minute * 60_000 < hourMs)
  const lately = recent.filter((each) => at - each.at < minuteMs)
  const oldest = lately.at(-most)
  if (oldest !== undefined) return { result: { waitMs: oldest.at + minuteMs - at, repeats: false } }
  const total = minutes.reduce((sum, [, count]) => sum + count, 0)
  const first = minutes[0]
  if (total >= perHour && first !== undefined)
    return { result: { waitMs: Math.max(1_000, first[0] * 60_000 + hourMs - at), repeats: false } }
  const { what, key } = message
  const minute = Math.floor(at / 60_000)
  const counted = minutes.some(([each]) => each === minute)
  return {
    value: {
      recent: [...recent, { at, what, key }],
      minutes: counted ? minutes.map(([each, count]) => [each, each === minute ? count + 1 : count]) : [...minutes, [minute, 1]],
    },
    result: { waitMs: 0, repeats: recent.every((each) => each.what !== what || each.key === key) },
  }
}

/** Enough to tell two messages apart, and too little to know what was said. */
export function fingerprint(payload: unknown): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('base64url').slice(0, 12)
}

function historyOf(stored: unknown): History {
  const value = object(stored)
  return {
    recent: list(value?.['recent']).flatMap((each) => {
      const entry = object(each)
      const at = number(entry?.['at'])
      return at === null ? [] : [{ at, what: text(entry?.['what']) ?? '', key: text(entry?.['key']) ?? '' }]
    }),
    minutes: list(value?.['minutes']).flatMap((each) => {
      const [minute, count] = list(each).map(number)
      return minute == null || count == null ? [] : [[minute, count] as const]
    }),
  }
}
