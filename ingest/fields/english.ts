import { datePattern, dayOf, lastDayOf } from './dates.ts'
import type { Found, ValidityFields } from './validity.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month = `(?:(?:${months.join('|')})[a-z]*\\.?)`
/** 2 September 2025, 2nd of September 2025, September 2, 2025, 2025-09-02 */
const day = `(?:\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${month},?\\s+\\d{4}|${month}\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4}|${datePattern})`

const issued = new RegExp(`\\b(?:issued|adopted|published|promulgated|dated|released)\\b[^.]{0,80}?(${day})`, 'i')
const alone = new RegExp(`^[(\\s]*(${day})[)\\s]*$`, 'i')
/** Who signs and when, on one line: “Administrative Committee of the Park, 15 January 2026”. */
const signed = new RegExp(
  `^[A-Z][\\w ,&'’()-]{2,100}\\b(?:committee|bureau|office|government|authority|commission|department|council|cent(?:re|er)|park|zone)\\b[\\w ]{0,40},?\\s+(${day})\\s*$`,
  'i',
)
const from = new RegExp(
  `\\b(?:(?:take|takes|taking|come|comes|enter|enters)\\s+(?:effect|into\\s+(?:effect|force))|effective|in\\s+(?:force|effect)|applies|valid|implemented)\\s+(?:(?:from|as\\s+of|as\\s+from|on|since|with\\s+effect\\s+from)\\s+)+(${day})`,
  'i',
)
const to = new RegExp(`\\b(?:until|to|through|expires?\\s+on|expiring\\s+on|valid\\s+until)\\s+(${day})`, 'i')
const counts: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, eight: 8, ten: 10 }
const period = new RegExp(
  `\\b(?:(?:remains?|is|are|be|stays?)\\s+)?(?:valid|effective|in\\s+(?:force|effect))\\s+for\\s+(?:a\\s+(?:period|term)\\s+of\\s+)?(${Object.keys(counts).join('|')}|\\d{1,2})\\s+(year|month)s?\\b`,
  'i',
)
/** Certificates, permits and the like also have a validity. */
const another = /\b(?:certificate|permit|licen[cs]e|contract|voucher|recognition|qualification|visa|lease|guarantee)s?\b/i
/** Lines at the beginning and the end in which a day on a line of its own is the document's. */
const headLines = 12

/** Dates of validity in an English text, each with its phrase. */
export function englishValidity(lines: readonly string[]): ValidityFields {
  const own = lines.flatMap((line) => line.normalize('NFKC').split(/(?<=[.;])\s+(?=[A-Z(])/))
  const effectiveFrom = first(from, own)
  const issuedOn = first(issued, own) ?? atTheEdges(alone, lines) ?? atTheEdges(signed, lines)
  const start = effectiveFrom ?? issuedOn
  return {
    issuedOn,
    effectiveFrom,
    effectiveTo: effectiveFrom === null ? null : (first(to, own.filter(itself)) ?? counted(own, start)),
    endsWithEvent: null,
    contradiction: null,
  }
}

function atTheEdges(pattern: RegExp, lines: readonly string[]): Found | null {
  return first(pattern, lines.slice(0, headLines)) ?? first(pattern, lines.slice(-headLines))
}

function itself(sentence: string): boolean {
  return from.test(sentence) || /\b(?:valid|effective|force|expires?|expiring)\b/i.test(sentence)
}

function first(pattern: RegExp, sentences: readonly string[]): Found | null {
  for (const sentence of sentences) {
    const match = pattern.exec(sentence)
    const value = match?.[1] === undefined ? null : spelledDay(match[1])
    if (match !== null && value !== null) return { value, phrase: match[0] }
  }
  return null
}

function counted(sentences: readonly string[], start: Found | null): Found | null {
  const sentence = sentences.find((each) => period.test(each) && !another.test(each))
  const [phrase, count = '', unit] = period.exec(sentence ?? '') ?? []
  const value = counts[count.toLowerCase()] ?? Number(count)
  if (phrase === undefined || start === null || !(value > 0)) return null
  return { value: lastDayOf(start.value, unit === 'month' ? value : value * 12), phrase }
}

function spelledDay(phrase: string): string | null {
  const named = months.findIndex((each) => new RegExp(`\\b${each}`, 'i').test(phrase))
  if (named < 0) return dayOf(phrase)
  const year = /\d{4}/.exec(phrase)?.[0]
  const date = /\b(\d{1,2})(?!\d)/.exec(phrase)?.[1]
  return dayOf(`${year}年${named + 1}月${date}日`)
}
