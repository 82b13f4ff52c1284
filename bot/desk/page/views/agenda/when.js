import { language } from '../../words.js'

const zone = 'Asia/Shanghai'
const format = (at, options) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, ...options }).format(new Date(at))

/** `2026年12月3日周四 14:00–16:30`, in China's time. */
export function eventTime({ startsAt, endsAt, dayOnly }) {
  const day = (at) => format(at, { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' })
  const clock = (at) => format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const begins = dayOnly ? day(startsAt) : `${day(startsAt)} ${clock(startsAt)}`
  if (endsAt === null) return begins
  if (day(endsAt) === day(startsAt)) return dayOnly ? begins : `${begins}–${clock(endsAt)}`
  return `${begins} – ${day(endsAt)}${dayOnly ? '' : ` ${clock(endsAt)}`}`
}
