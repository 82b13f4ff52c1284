import { numbersIn } from '../../../retrieval/text/numbers.ts'

/** A day or part of one: what is not stated is null. */
export type PartialDate = { readonly year: number | null; readonly month: number | null; readonly day: number | null }

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthName =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const numeral = '[\\d〇零一二三四五六七八九十]'
const ordinal = '(\\d{1,2})(?:st|nd|rd|th)?'

/** Tried in this order; text read by one is removed for the next. `of` names the groups. */
const spellings: readonly { readonly pattern: RegExp; readonly of: string }[] = [
  { pattern: new RegExp(`(${numeral}{4})\\s*年\\s*(${numeral}{1,3})\\s*月\\s*(${numeral}{1,3})\\s*[日号]`, 'g'), of: 'ymd' },
  { pattern: /(?<!\d)((?:19|20)\d{2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)/g, of: 'ymd' },
  { pattern: new RegExp(`\\b${monthName}\\s+${ordinal},?\\s+((?:19|20)\\d{2})\\b`, 'g'), of: 'mdy' },
  { pattern: new RegExp(`\\b${ordinal}\\s+(?:of\\s+)?${monthName},?\\s+((?:19|20)\\d{2})\\b`, 'g'), of: 'dmy' },
  { pattern: new RegExp(`(${numeral}{4})\\s*年\\s*(${numeral}{1,3})\\s*月(?!\\s*份?额)`, 'g'), of: 'ym' },
  { pattern: new RegExp(`\\b${monthName},?\\s+((?:19|20)\\d{2})\\b`, 'g'), of: 'my' },
  { pattern: new RegExp(`(?<!个)(${numeral}{1,3})\\s*月\\s*(${numeral}{1,3})\\s*[日号]`, 'g'), of: 'md' },
  { pattern: new RegExp(`\\b${monthName}\\s+${ordinal}\\b`, 'g'), of: 'md' },
  { pattern: new RegExp(`\\b${ordinal}\\s+(?:of\\s+)?${monthName}\\b`, 'g'), of: 'dm' },
  { pattern: /(?<!\d)((?:19|20)\d{2}|[〇零一二三四五六七八九]{4})\s*年(?!\s*期)/g, of: 'y' },
  {
    pattern: new RegExp(`(?<![个\\d〇零一二三四五六七八九十])(${numeral}{1,3})\\s*月(?!\\s*(?:租|薪|均|度|费|息|供))`, 'g'),
    of: 'm',
  },
  { pattern: /\b(january|february|march|april|june|july|august|september|october|november|december)\b/g, of: 'm' },
  { pattern: /\b((?:19|20)\d{2})(?=\s*(?:[),;.。，]|$|and|to\b))/g, of: 'y' },
]

/** Pure: the dates of a normalised text in all their spellings, and the text without them. */
export function datesIn(plain: string): { readonly dates: readonly PartialDate[]; readonly rest: string } {
  const dates: PartialDate[] = []
  let rest = plain
  for (const { pattern, of } of spellings) {
    rest = rest.replace(pattern, (whole, ...groups: string[]) => {
      const date = dateOf(of, groups)
      if (date === null) return whole
      dates.push(date)
      return ' '.repeat(whole.length)
    })
  }
  return { dates, rest }
}

function dateOf(of: string, groups: readonly string[]): PartialDate | null {
  const part = (name: string) => (of.includes(name) ? partOf(groups[of.indexOf(name)] ?? '') : null)
  const date = { year: part('y'), month: part('m'), day: part('d') }
  const wrong = (value: number | null, from: number, to: number) => value !== null && !(value >= from && value <= to)
  return wrong(date.year, 1900, 2199) || wrong(date.month, 1, 12) || wrong(date.day, 1, 31) ? null : date
}

function partOf(text: string): number {
  const named = months.findIndex((each) => text.startsWith(each))
  return named >= 0 ? named + 1 : (numbersIn(text)[0]?.value ?? Number.NaN)
}

/** A year of another calendar is a different year. */
const calendars =
  /农历|阴历|旧历|民国|令和|平成|昭和|佛历|回历|公元前|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年|\b(?:lunar|hijri|b\.?c\.?e?)\b/

/** Pure: whether a text counts days by a calendar its evidence does not name; both normalised. */
export function otherCalendar(said: string, evidence: string): boolean {
  const named = calendars.exec(said)?.[0]
  return named !== undefined && !evidence.includes(named)
}

/** @returns whether some date of the evidence states at least as much, and the same */
export function dateStands(said: PartialDate, evidence: readonly PartialDate[]): boolean {
  return evidence.some(
    (each) =>
      (said.year === null || said.year === each.year) &&
      (said.month === null || said.month === each.month) &&
      (said.day === null || said.day === each.day),
  )
}
