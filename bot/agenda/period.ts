import { addDays, midnightInChina } from '../../retrieval/base/clock.ts'

/** Days from `from` to before `to`, both `YYYY-MM-DD`; `words` are those of the text. */
export type Period = { readonly from: string; readonly to: string; readonly words: string }

const digits = '一二三四五六七八九十'
const number = (text: string) =>
  /^\d+$/.test(text) ? Number(text) : text.startsWith('十') ? 10 + (digits.indexOf(text.slice(1)) + 1) : digits.indexOf(text) + 1
const monthOf = (year: number, month: number) => {
  const from = new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10)
  return { from, to: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10) }
}
const span = (from: string, days: number) => ({ from, to: addDays(from, days) })
const names = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

type Reader = readonly [RegExp, (found: RegExpExecArray, today: string) => { from: string; to: string } | null]

const year = (today: string) => Number(today.slice(0, 4))
const month = (today: string) => Number(today.slice(5, 7))
const monday = (today: string) => addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7))

const readers: readonly Reader[] = [
  [
    /(20\d{2})[年\-./](\d{1,2})[月\-./](\d{1,2})[日号]?/,
    (found, _) => dayOf(`${found[1]}-${found[2]?.padStart(2, '0')}-${found[3]?.padStart(2, '0')}`),
  ],
  [/(\d{1,2})月(\d{1,2})[日号]/, (found, today) => nearest(today, Number(found[1]), Number(found[2]))],
  [
    /(上上|上|这|本|下下|下)个?(?:周|星期|礼拜)([一二三四五六日天末])?/,
    (found, today) => ofWeek(today, found[1] ?? '', found[2]),
  ],
  [/(?<!\p{Script=Han})(?:周|星期|礼拜)([一二三四五六日天末])/u, (found, today) => ofWeek(today, '这', found[1])],
  [/大后天/, (_, today) => span(addDays(today, 3), 1)],
  [/后天/, (_, today) => span(addDays(today, 2), 1)],
  [/明[天日]|\btomorrow\b/, (_, today) => span(addDays(today, 1), 1)],
  [/今[天日晚]|\btoday\b|\btonight\b/, (_, today) => span(today, 1)],
  [/昨[天日]|\byesterday\b/, (_, today) => span(addDays(today, -1), 1)],
  [/上个?月|\blast month\b/, (_, today) => monthOf(year(today), month(today) - 1)],
  [/下个?月|\bnext month\b/, (_, today) => monthOf(year(today), month(today) + 1)],
  [/[这本]个?月|\bthis month\b/, (_, today) => monthOf(year(today), month(today))],
  [
    /(?<![\d年])(\d{1,2}|[一二三四五六七八九]|十[一二]?)月份?(?![\d一二三四五六七八九十])/,
    (found, today) => named(today, number(found[1] ?? '')),
  ],
  // 4号的路演; 2号楼 is a place.
  [/(?<![\d月第])(\d{1,2})[日号](?![\d楼会厅馆门线院厂店库房机场项个])/, (found, today) => soonest(today, Number(found[1]))],
  [/去年|\blast year\b/, (_, today) => ofYear(year(today) - 1)],
  [/今年|本年度?|\bthis year\b/, (_, today) => ofYear(year(today))],
  [/明年|\bnext year\b/, (_, today) => ofYear(year(today) + 1)],
  [
    /\b(last|this|next) (week|weekend)\b/,
    (found, today) => ofWeek(today, english[found[1] ?? ''] ?? '', found[2] === 'weekend' ? '末' : undefined),
  ],
  [new RegExp(`\\bin (${names.join('|')})\\b`), (found, today) => named(today, names.indexOf(found[1] ?? '') + 1)],
]
const english: Readonly<Record<string, string>> = { last: '上', this: '这', next: '下' }
const ofYear = (of: number) => ({ from: `${of}-01-01`, to: `${of + 1}-01-01` })

function dayOf(day: string) {
  return midnightInChina(day) === null ? null : span(day, 1)
}

/** A day without a year is the next such day, or one of the last two months. */
function nearest(today: string, inMonth: number, date: number) {
  const of = (plus: number) => `${year(today) + plus}-${String(inMonth).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  return dayOf([of(-1), of(0), of(1)].find((day) => day >= addDays(today, -60)) ?? of(0))
}

/** The next day of that number, today included. */
function soonest(today: string, date: number) {
  const days = [0, 1, 2].map((plus) => {
    const { from } = monthOf(year(today), month(today) + plus)
    return `${from.slice(0, 8)}${String(date).padStart(2, '0')}`
  })
  return dayOf(days.find((day) => day >= today && midnightInChina(day) !== null) ?? '')
}

function named(today: string, inMonth: number) {
  if (inMonth < 1 || inMonth > 12) return null
  return monthOf(year(today) + (inMonth < month(today) - 1 ? 1 : 0), inMonth)
}

const weeks: Readonly<Record<string, number>> = { 上上: -14, 上: -7, 这: 0, 本: 0, 下: 7, 下下: 14 }

function ofWeek(today: string, which: string, day: string | undefined) {
  const begins = addDays(monday(today), weeks[which] ?? 0)
  if (day === undefined) return span(begins, 7)
  return day === '末'
    ? span(addDays(begins, 5), 2)
    : span(addDays(begins, '一二三四五六日天'.indexOf(day.replace('天', '日'))), 1)
}

/** Pure: the days a text speaks of, as of `today`; null when it names none. @param text normalised, in lower case */
export function periodIn(text: string, today: string): Period | null {
  for (const [pattern, read] of readers) {
    const found = pattern.exec(text)
    const days = found === null ? null : read(found, today)
    if (found !== null && days !== null) return { ...days, words: found[0] }
  }
  return null
}
