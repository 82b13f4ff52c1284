import { addDays, midnightInChina } from '../../retrieval/base/clock.ts'

/** Dates of Chinese documents: 2025年3月1日, 二〇二五年三月一日, 2025-03-01, 2025.3.1. Days are `YYYY-MM-DD`. */

const digit: Readonly<Record<string, string>> = {
  〇: '0',
  零: '0',
  '○': '0',
  Ｏ: '0',
  O: '0',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
}

export const datePattern =
  '(?:[12]\\d{3}|[一二][〇零○ＯO一二三四五六七八九]{3})\\s*(?:年|[-./])\\s*(?:\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*(?:月|[-./])\\s*(?:\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*日?'
const date = new RegExp(datePattern, 'g')

/** @returns the day a phrase names, or null when it names none or no day of the calendar */
export function dayOf(phrase: string): string | null {
  const parts = phrase
    .normalize('NFKC')
    .split(/[年月日\s\-./]+/)
    .filter(Boolean)
    .map(numeralOf)
  const [year, month, day] = parts
  if (year === undefined || month === undefined || day === undefined || year < 1949 || year > 2100) return null
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return midnightInChina(text) === null ? null : text
}

function numeralOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (text.length === 4) return Number([...text].map((each) => digit[each] ?? '').join(''))
  return small(text)
}

/** 一 … 三十一 */
function small(text: string): number {
  const [tens = '', ones = ''] = text.includes('十') ? text.split('十') : ['', text]
  const value = (each: string, missing: number) => (each === '' ? missing : Number(digit[each] ?? Number.NaN))
  return text.includes('十') ? value(tens, 1) * 10 + value(ones, 0) : value(ones, 0)
}

/** @returns every day a text names, with its position */
export function daysIn(text: string): { day: string; phrase: string; at: number }[] {
  return [...text.normalize('NFKC').matchAll(date)].flatMap((match) => {
    const day = dayOf(match[0])
    return day === null ? [] : [{ day, phrase: match[0], at: match.index }]
  })
}

/** @returns the last day of a period of `months` that begins on `day`: the same day `months` later, less one */
export function lastDayOf(day: string, months: number): string {
  return addDays(addMonths(day, months), -1)
}

/** @returns the same day of a later month; past the end of a shorter month it flows over, as 31 January and one month is 2 or 3 March */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, date)).toISOString().slice(0, 10)
}

/** @returns the last day of a month (1…12), or null when there is no such month */
export function lastOfMonth(year: number, month: number): string | null {
  if (year < 1949 || year > 2100 || month < 1 || month > 12) return null
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}

/** Numerals that cannot be altered, used for amounts and periods in contracts. */
const capitals: Readonly<Record<string, string>> = {
  ...{ 两: '二', 壹: '一', 贰: '二', 叁: '三', 肆: '四', 伍: '五' },
  ...{ 陆: '六', 柒: '七', 捌: '八', 玖: '九', 拾: '十' },
}
export const countPattern = '[\\d一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}'

/** @returns a count written in digits or Chinese numerals up to 99, or null */
export function countOf(text: string): number | null {
  const plain = text.normalize('NFKC')
  const value = /^\d{1,3}$/.test(plain) ? Number(plain) : small([...plain].map((each) => capitals[each] ?? each).join(''))
  return Number.isFinite(value) && value > 0 ? value : null
}
