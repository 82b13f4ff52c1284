import { addDays, dayInChina, midnightInChina } from '../../retrieval/base/clock.ts'
import type { EventType } from '../../retrieval/evidence.ts'

/** The agenda is what takes place in the park; `event` alone also means what happened to a ticket. */
export type ParkEvent = {
  readonly id: string
  readonly family: string
  readonly number: string | null
  readonly title: string
  readonly type: EventType
  readonly startsAt: Date
  readonly endsAt: Date | null
  /** Only the day is known; `startsAt` is then the midnight in China with which it begins. */
  readonly dayOnly: boolean
  readonly place: string | null
  readonly details: Readonly<Record<string, string>>
  /** null = no limit */
  readonly seats: number | null
  readonly closesAt: Date | null
  readonly asksFor: readonly string[]
  /** Its row in the table that is in force; null when none names it. */
  readonly passage: string | null
  readonly demo: boolean
  readonly state: 'on' | 'postponed' | 'cancelled' | 'held'
  readonly decided: boolean
  readonly revision: number
  readonly attendance: number | null
  /** People who have a place, and people who wait for one. */
  readonly taken: number
  readonly waiting: number
}

const hourMs = 3_600_000
/** An event without an end counts as over after this. */
const usualHours = 3

/** Pure: the moment at which it is over. */
export function overAt({ startsAt, endsAt, dayOnly }: Pick<ParkEvent, 'startsAt' | 'endsAt' | 'dayOnly'>): Date {
  if (endsAt !== null) return endsAt
  return new Date(startsAt.getTime() + (dayOnly ? 24 : usualHours) * hourMs)
}

/** Pure: whether it is still to come or under way. */
export function isAhead(event: Pick<ParkEvent, 'startsAt' | 'endsAt' | 'dayOnly' | 'state'>, now: Date): boolean {
  return event.state !== 'held' && overAt(event) > now
}

/** Pure: places that are free; null without a limit. */
export function seatsLeft({ seats, taken }: Pick<ParkEvent, 'seats' | 'taken'>): number | null {
  return seats === null ? null : Math.max(0, seats - taken)
}

/** `open` · `closed`: the deadline is over · `begun` · `off`: cancelled, put off, held or no longer listed */
export type Joining = 'open' | 'closed' | 'begun' | 'off'

/** Pure: whether one can sign up now; a full one is open too, for the waiting list. */
export function joining(event: ParkEvent, now: Date): Joining {
  if (event.state !== 'on' || event.passage === null) return 'off'
  // What takes a whole day is joined until that day is over in words only; on the day itself one goes there.
  if (event.startsAt <= now) return 'begun'
  return event.closesAt !== null && event.closesAt < now ? 'closed' : 'open'
}

/** Nobody is written to between these hours in China, except about what is due. */
const nightFrom = 21
const nightTo = 8

function hourInChina(at: Date): number {
  return new Date(at.getTime() + 8 * hourMs).getUTCHours()
}

const atHour = (day: string, hour: number) => new Date((midnightInChina(day)?.getTime() ?? 0) + hour * hourMs)

/** Pure: `at`, or the morning after when it is night; never later than two hours before `due`, since then it is due. */
export function awake(at: Date, due: Date): Date {
  const hour = hourInChina(at)
  if (hour >= nightTo && hour < nightFrom) return at
  const day = dayInChina(at)
  const morning = atHour(hour < nightTo ? day : addDays(day, 1), nightTo)
  return morning.getTime() <= due.getTime() - 2 * hourMs ? morning : at
}

export type Reminder = { readonly name: 'day' | 'hour'; readonly at: Date }

/**
 * Pure: when whoever signed up is reminded: a day before, by day, and an hour before. Of an event of which only the day is known, the
 * morning before. What lies in the past at `now` is left out.
 */
export function remindersOf({ startsAt, dayOnly }: Pick<ParkEvent, 'startsAt' | 'dayOnly'>, now: Date): Reminder[] {
  const before = new Date(startsAt.getTime() - 24 * hourMs)
  const [day, hour] = [dayInChina(before), hourInChina(before)]
  const byDay = hour < nightTo ? atHour(day, nightTo) : hour >= nightFrom ? atHour(day, nightFrom) : before
  const all: Reminder[] = dayOnly
    ? [{ name: 'day', at: atHour(day, 9) }]
    : [
        { name: 'day', at: byDay },
        { name: 'hour', at: new Date(startsAt.getTime() - hourMs) },
      ]
  return all.filter(({ at }) => at > now)
}

/** Pure: a reminder that comes late, after a stop, is void when its event has begun, or when the hour before has come for the day before. */
export function isTimely(name: Reminder['name'], event: Pick<ParkEvent, 'startsAt' | 'dayOnly'>, now: Date): boolean {
  if (event.dayOnly) return now.getTime() < event.startsAt.getTime() + nightTo * hourMs
  return now.getTime() < event.startsAt.getTime() - (name === 'day' ? 2 * hourMs : 0)
}

const weekdays = {
  zh: ['日', '一', '二', '三', '四', '五', '六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const

/** Pure: `12月3日（周四）14:00–16:30`; with the year when it is another one than that of `now`. */
export function whenInWords(
  { startsAt, endsAt, dayOnly }: Pick<ParkEvent, 'startsAt' | 'endsAt' | 'dayOnly'>,
  now: Date,
  language: 'zh' | 'en',
): string {
  const first = dayInWords(startsAt, now, language)
  const lasts = endsAt !== null && dayInChina(endsAt) !== dayInChina(startsAt)
  const begins = dayOnly ? first : `${first}${language === 'en' ? ' ' : ''}${timeInChina(startsAt)}`
  if (endsAt === null || (dayOnly && !lasts)) return begins
  if (!lasts) return `${begins}–${timeInChina(endsAt)}`
  const last = dayInWords(endsAt, now, language)
  return `${begins} – ${last}${timeInChina(endsAt) === '23:59' ? '' : ` ${timeInChina(endsAt)}`}`
}

/** Pure: `14:00` */
export function timeInChina(at: Date): string {
  return new Date(at.getTime() + 8 * hourMs).toISOString().slice(11, 16)
}

/** Pure: `12月3日（周四）`, `Thu 2026-12-03` */
export function dayInWords(at: Date, now: Date, language: 'zh' | 'en'): string {
  const day = dayInChina(at)
  const weekday = weekdays[language][new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''
  if (language === 'en') return `${weekday} ${day}`
  const [year, month, date] = day.split('-').map(Number)
  return `${dayInChina(now).startsWith(`${year}-`) ? '' : `${year}年`}${month}月${date}日（周${weekday}）`
}

/** Pure: whether people learn there. */
export function isTraining({ type }: Pick<ParkEvent, 'type'>): boolean {
  return type === 'training' || type === 'broker_training' || type === 'contract_training'
}
