import { addDays, midnightInChina } from '../../../retrieval/base/clock.ts'

/** When something takes place. Moments are `YYYY-MM-DDTHH:MM+08:00`. */
export type When = {
  readonly startsAt: string
  readonly endsAt: string | null
  /** Only the day is known; then `startsAt` is its midnight. */
  readonly dayOnly: boolean
}

type Day = { readonly is: 'day'; readonly day: string }
type Time = { readonly is: 'time'; readonly minutes: number }

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const halves = '上午|下午|中午|晚上|晚间|夜里|早上|凌晨|傍晚|晚|早'
/** Each kind of word a cell may hold, in the order in which they are looked for. `day*` name a day, the last two a time. */
const words = new RegExp(
  [
    '(?<y>\\d{4})\\s*[年\\-./]\\s*(?<m>\\d{1,2})\\s*[月\\-./]\\s*(?<d>\\d{1,2})\\s*[日号]?',
    '(?<um>\\d{1,2})/(?<ud>\\d{1,2})/(?<uy>\\d{2}|\\d{4})(?![\\d:])',
    `(?<bd>\\d{1,2})\\s+(?<bn>${months})[a-z]*\\.?,?\\s+(?<by>\\d{4})`,
    `(?<an>${months})[a-z]*\\.?\\s+(?<ad>\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?<ay>\\d{4})`,
    '(?<cm>\\d{1,2})\\s*月\\s*(?<cd>\\d{1,2})\\s*[日号]?',
    '(?<od>\\d{1,2})\\s*[日号](?!内|前)',
    `(?<half>${halves}|[ap]\\.?m\\.?)?\\s*(?<h>\\d{1,2})\\s*(?:[:点时]\\s*(?<min>\\d{1,2})?(?::\\d{2})?(?<thirty>半)?分?整?\\s*(?<after>[ap]\\.?m\\.?)?|(?<only>[ap]\\.?m\\.?))`,
    '(?<sm>\\d{1,2})[-./](?<sd>\\d{1,2})(?![\\d:])',
  ].join('|'),
  'giu',
)

/** Weekdays in brackets and the words around a day say nothing new. */
const weekdays = /[（(]\s*(?:周|星期|礼拜)[一二三四五六日天]\s*[)）]|(?:周|星期|礼拜)[一二三四五六日天]/gu

/**
 * Pure: reads when something takes place, as people write it in a cell: `2026-12-03 14:00-16:30`, `12月3日（周四）下午2点`, `12月3日至5日`.
 * @param year of days that name none; null when nothing says it
 * @returns null when the words name no moment, more than two days, or an end before the beginning; `no_year` when only the year is missing
 */
export function whenOf(text: string, year: number | null): When | 'no_year' | null {
  const found = read(text, year)
  if (found === 'no_year' || found === null) return found
  const days = [...new Set(found.flatMap((each) => (each.is === 'day' ? [each.day] : [])))]
  const [first, last = first, ...more] = days
  if (first === undefined || last === undefined || more.length > 0 || apart.test(text)) return null
  const times = found.flatMap((each) => (each.is === 'time' ? [each.minutes] : []))
  const [begins, ends] = [times[0], times.length > 1 ? times.at(-1) : undefined]
  const startsAt = moment(first, begins ?? 0)
  const endsAt = first !== last ? moment(last, ends ?? lastMinute) : ends === undefined ? null : moment(last, ends)
  if (endsAt !== null && endsAt <= startsAt) return null
  return { startsAt, endsAt, dayOnly: begins === undefined }
}

/** 3日、5日 are two days, not those between them. */
const apart = /[日号\d]\s*[、和及与]\s*(?:\d{1,2}\s*月\s*)?\d{1,2}\s*[日号]/u
const lastMinute = 24 * 60 - 1

const moment = (day: string, minutes: number) =>
  `${day}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}+08:00`

/** The days and times a text names, in order. */
function read(text: string, year: number | null): (Day | Time)[] | 'no_year' | null {
  const plain = text
    .normalize('NFKC')
    .replace(weekdays, ' ')
    .replace(/T(?=\d)/g, ' ')
    .trim()
  const serial = /^(\d{5})(?:\.(\d+))?$/.exec(plain)
  if (serial !== null) return ofSerial(Number(plain))
  const found: (Day | Time)[] = []
  let before: Readonly<Record<string, string | undefined>> = {}
  for (const match of plain.matchAll(words)) {
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {}
    if (groups['h'] !== undefined) {
      const minutes = minutesOf(groups, before, found)
      if (minutes === null) return null
      before = groups
      found.push({ is: 'time', minutes })
      continue
    }
    const day = dayIn(groups, year, found)
    if (typeof day !== 'object') return day === 'no_year' ? day : null
    found.push(day)
  }
  return found
}

/** @returns 'bad' when the calendar has no such day */
function dayIn(
  groups: Readonly<Record<string, string | undefined>>,
  year: number | null,
  found: readonly (Day | Time)[],
): Day | 'no_year' | 'bad' {
  const known = found.findLast((each) => each.is === 'day')?.day
  const named = groups['an'] ?? groups['bn']
  const month =
    named === undefined ? (groups['m'] ?? groups['um'] ?? groups['cm'] ?? groups['sm'] ?? known?.slice(5, 7)) : monthOf(named)
  const day = groups['d'] ?? groups['ud'] ?? groups['bd'] ?? groups['ad'] ?? groups['cd'] ?? groups['od'] ?? groups['sd']
  const told =
    groups['y'] ?? groups['uy'] ?? groups['by'] ?? groups['ay'] ?? known?.slice(0, 4) ?? (year === null ? undefined : `${year}`)
  if (month === undefined) return 'bad'
  if (told === undefined) return 'no_year'
  const full = `${told.length === 2 ? `20${told}` : told}-${month.padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`
  return midnightInChina(full) === null ? 'bad' : { is: 'day', day: full }
}

const monthOf = (name: string) => String(months.split('|').indexOf(name.slice(0, 3).toLowerCase()) + 1)

/** 下午2:00-4:30: the second time is in the afternoon too, unless that were before the first. */
function minutesOf(
  groups: Readonly<Record<string, string | undefined>>,
  before: Readonly<Record<string, string | undefined>>,
  found: readonly (Day | Time)[],
): number | null {
  const half = groups['half'] ?? groups['after'] ?? groups['only']
  const hour = Number(groups['h'])
  const minute = groups['thirty'] === undefined ? Number(groups['min'] ?? 0) : 30
  const last = found.at(-1)
  const inherits =
    half === undefined && last?.is === 'time' && isLate(before['half']) && hour < 12 && hour * 60 + minute < last.minutes
  return onClock(hour, minute, inherits ? '下午' : (half ?? ''))
}

/** @returns minutes of the day; null when the clock does not show it */
function onClock(hour: number, minute: number, half: string): number | null {
  // The midnight a day ends with: 24:00, 晚上12点.
  if (minute === 0 && (hour === 24 || (hour === 12 && /^[晚夜]/u.test(half)))) return lastMinute
  if (hour > 23 || minute > 59) return null
  if (hour === 12 && /^(?:a|凌)/iu.test(half)) return minute
  const late = isLate(half) || (/^中午/u.test(half) && hour < 6)
  return (late && hour < 12 ? hour + 12 : hour) * 60 + minute
}

function isLate(half: string | undefined): boolean {
  return /^(?:下午|晚|夜|傍晚|p)/iu.test(half ?? '')
}

/** Days since 1899-12-30, as a spreadsheet stores them where a cell has no format of a date. */
function ofSerial(serial: number): (Day | Time)[] | null {
  const days = Math.floor(serial)
  if (days < 40_000 || days > 60_000) return null
  const minutes = Math.round((serial - days) * 24 * 60)
  const day: Day = { is: 'day', day: addDays('1899-12-30', days) }
  return minutes === 0 || minutes >= 24 * 60 ? [day] : [day, { is: 'time', minutes }]
}

const count = '([一两二三四五六七八九十]|\\d{1,2})\\s*'
const daysAhead = new RegExp(`[前提]前?\\s*${count}[天日]|${count}days? before`, 'iu')
const hoursAhead = new RegExp(`[前提]前?\\s*${count}(?:个)?小时|${count}hours? before`, 'iu')
const counted = (found: RegExpExecArray | null) => {
  const number = found?.[1] ?? found?.[2]
  return number === undefined || /^\d/.test(number)
    ? Number(number ?? 0)
    : number === '两'
      ? 2
      : '一二三四五六七八九十'.indexOf(number) + 1
}

/** 活动前3天, 开始前2小时; null when the words are not these. */
function aheadOf(startsAt: string, plain: string): string | null {
  const [days, hours] = [counted(daysAhead.exec(plain)), counted(hoursAhead.exec(plain))]
  if (days > 0) return moment(addDays(startsAt.slice(0, 10), -days), lastMinute)
  return hours === 0 ? null : `${new Date(Date.parse(startsAt) + (8 - hours) * 3_600_000).toISOString().slice(0, 16)}+08:00`
}

/**
 * Pure: the last moment for signing up.
 * @param startsAt of the event, for 活动前3天 and 开始前2小时; null when it is unknown
 * @returns null for none (不限, 现场报名, 额满为止); 'bad' when the words are not understood
 */
export function closesAt(text: string, startsAt: string | null, year: number | null): string | null | 'bad' {
  const plain = text.normalize('NFKC').trim()
  if (
    plain === '' ||
    /^(?:无|不限|[-—/]+|长期|随时|现场.*|(?:名?额|报?)满(?:即止|为止)?.*|\D*先到先得|(?:活动)?开始前|none|open|no deadline)$/iu.test(
      plain,
    )
  )
    return null
  const ahead = startsAt === null ? null : aheadOf(startsAt, plain)
  if (ahead !== null) return ahead
  const found = whenOf(plain.replace(/(?:截止|之?前)$/u, ''), year)
  if (found === null || found === 'no_year') return 'bad'
  return found.endsAt ?? (found.dayOnly ? moment(found.startsAt.slice(0, 10), lastMinute) : found.startsAt)
}
