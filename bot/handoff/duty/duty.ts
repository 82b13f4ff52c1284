import { AppError } from '../../../retrieval/base/errors.ts'

/** When a broker is on duty, in China's time. Weekdays 1 = Monday … 7 = Sunday; minutes since midnight. */
export type Hours = readonly { readonly days: readonly number[]; readonly from: number; readonly to: number }[]
/** Days that differ from the week, from an editable file; none are invented. */
export type Calendar = { get(day: string): 'off' | 'work' | undefined }

const minute = 60_000
const day = 1_440

/**
 * Reads `1-5 09:00-17:30`, also `1-5 09:00-12:00,13:30-17:30; 6 10:00-12:00`.
 * @throws AppError `bad_hours`
 */
export function parseHours(text: string): Hours {
  return text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .flatMap((part) => {
      const match = /^([1-7](?:[-,，][1-7])*)\s+(.+)$/.exec(part)
      if (match === null) throw badHours(text)
      const days = daysOf(match[1] ?? '')
      return (match[2] ?? '').split(/[,，]/).map((span) => {
        const [from, to] = span.split('-').map((clock) => minutesOf(clock.trim()))
        if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to) || from >= to) throw badHours(text)
        return { days, from, to }
      })
    })
}

function badHours(text: string): AppError {
  return new AppError('bad_hours', `“${text}” is not a duty time`, {
    hint: 'Write days (1 = Monday) and times: "1-5 09:00-17:30".',
  })
}

function daysOf(text: string): number[] {
  return text.split(/[,，]/).flatMap((each) => {
    const [from = 0, to = from] = each.split('-').map(Number)
    const count = ((to - from + 7) % 7) + 1 // 6-2 goes over the week's end
    return Array.from({ length: count }, (_, index) => ((from + index - 1) % 7) + 1)
  })
}

function minutesOf(clock: string): number {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock)
  const value = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2])
  return value <= day ? value : Number.NaN
}

/** The spans of duty on the day in China that is `offset` days after `at`, as instants. */
function spansOn(hours: Hours, at: Date, offset: number, calendar: Calendar): { from: Date; to: Date }[] {
  const midnight = Math.floor((at.getTime() / minute + 8 * 60) / day + offset) * day - 8 * 60
  const local = new Date((midnight + 8 * 60) * minute)
  const special = calendar.get(local.toISOString().slice(0, 10))
  if (special === 'off') return []
  const weekday = special === 'work' ? 1 : local.getUTCDay() || 7
  return hours
    .filter((each) => each.days.includes(weekday))
    .map((each) => ({ from: new Date((midnight + each.from) * minute), to: new Date((midnight + each.to) * minute) }))
    .sort((a, b) => a.from.getTime() - b.from.getTime())
}

/** @param hours null = always on duty */
export function isOnDuty(hours: Hours | null, at: Date, calendar: Calendar = new Map()): boolean {
  return hours === null || spansOn(hours, at, 0, calendar).some((span) => span.from <= at && at < span.to)
}

/** @returns the next moment on duty (now when on duty), or null when there is none within 30 days */
export function nextOnDuty(hours: Hours | null, at: Date, calendar: Calendar = new Map()): Date | null {
  if (isOnDuty(hours, at, calendar)) return at
  for (let offset = 0; offset <= 30; offset += 1) {
    const span = spansOn(hours ?? [], at, offset, calendar).find((each) => each.from > at)
    if (span !== undefined) return span.from
  }
  return null
}

const weekdays = ['日', '一', '二', '三', '四', '五', '六']
const englishDays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** @returns `11月25日（周三）10:00` or `Wed 25 Nov, 10:00 (Beijing time)` */
export function sayTime(at: Date, language: 'zh' | 'en'): string {
  const local = new Date(at.getTime() + 8 * 60 * minute)
  const clock = local.toISOString().slice(11, 16)
  if (language === 'zh') return `${local.getUTCMonth() + 1}月${local.getUTCDate()}日（周${weekdays[local.getUTCDay()]}）${clock}`
  const month = local.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' })
  return `${englishDays[local.getUTCDay()]} ${local.getUTCDate()} ${month}, ${clock} (Beijing time)`
}

/** @returns `周一至周五 09:00-17:30` or `Mon to Fri 09:00-17:30`; spans of other days behind a semicolon */
export function sayHours(hours: Hours, language: 'zh' | 'en'): string {
  const name = (weekday: number) =>
    language === 'zh' ? `周${weekdays[weekday % 7]}` : (englishDays[weekday % 7] ?? String(weekday))
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const byDays = new Map<string, string[]>()
  for (const { days, from, to } of hours) {
    const [first = 1, last = first] = [days[0], days.at(-1)]
    const inRow = days.length > 1 && last - first === days.length - 1
    const range = inRow
      ? `${name(first)}${language === 'zh' ? '至' : ' to '}${name(last)}`
      : days.map(name).join(language === 'zh' ? '、' : ', ')
    byDays.set(range, [...(byDays.get(range) ?? []), `${clock(from)}-${clock(to)}`])
  }
  const comma = language === 'zh' ? '、' : ', '
  return [...byDays].map(([range, spans]) => `${range} ${spans.join(comma)}`).join(language === 'zh' ? '；' : '; ')
}
