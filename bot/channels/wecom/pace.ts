import { createHash } from 'node:crypto'
import { list, number, object, text } from '../base/loose.ts'
import type { StateChange } from '../channel.ts'

/**
 * WeCom silently drops what one member gets beyond 30 a minute or 1000 an hour. We stay a little below, since its minute may begin at any
 * time.
 */
const perMinute = 27
const perHour = 950
const minuteMs = 62_000
const hourMs = 3_660_000
/** WeCom recognises a repetition within this time; a retry after a crash comes well within it. */
export const repetitionMs = 300_000

type Entry = { readonly at: number; readonly what: string; readonly key: string }
type History = { readonly recent: readonly Entry[]; readonly minutes: readonly (readonly [number, number])[] }

/** `repeats`: whether WeCom may be asked to drop a repetition: not when the same words are meant to be sent twice. */
export type Slot = { readonly waitMs: number; readonly repeats: boolean }

/**
 * Pure: may one more message go to this member now? Taking the slot is recorded with it.
 * @param most limit for what may be skipped, such as steps of a preview, so that it leaves room for what may not
 */
export function takeSlot(
  stored: unknown,
  now: Date,
  message: { readonly what: string; readonly key: string },
  most = perMinute,
): StateChange<Slot> {
  const at = now.getTime()
  const history = historyOf(stored)
  const recent = history.recent.filter((each) => Math.abs(at - each.at) < repetitionMs)
  const minutes = history.minutes.filter(([minute]) => Math.abs(at - minute * 60_000) < hourMs)
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

/** Enough to tell two messages apart, too little to know what was said. */
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
