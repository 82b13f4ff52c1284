import { longestQuote } from './spans.ts'

const mark =
  '(?:（[一二三四五六七八九十]{1,3}）|\\([一二三四五六七八九十]{1,3}\\)|[①-⑳]|（\\d{1,2}）|(?<![\\d.])\\d{1,2}[.、．](?!\\d))'
/** Stands for items that are too many to show. */
export const leftOut = '……'

/** A quotation is read to the end of its sentence when the whole stays as short as this; in characters. */
const longestWhole = 160
const label = /[：:]\s*$/

/**
 * Pure: the sentence that a quotation is a part of, from the subject it stands under to the last condition, when all of it is short: 创业团队按照60%
 * alone would hide what enterprises get, 给予一年整改期 what follows. A label (联系人：) is never the end.
 * @param quote words of `text`
 * @returns words of `text`
 */
export function wholeSentence(quote: string, text: string, question: string): string {
  const start = text.indexOf(quote)
  if (start < 0 || !/\p{Script=Han}/u.test(quote)) return quote
  const line = text.lastIndexOf('\n', start - 1) + 1
  if (line < start && isRow.test(text.slice(line).split('\n')[0] ?? '')) return rowsFrom(text.slice(line, start + quote.length))
  const at = start - (ownMark.exec(text.slice(0, start))?.[0].length ?? 0)
  return sentenceOf(text.slice(at, start + quote.length).replace(nextMark, ''), at, text, question)
}

/** A row is read from its first cell, which says what it is about; rows at the end give way. */
function rowsFrom(rows: string): string {
  const lines = rows.split('\n')
  while (lines.length > 1 && [...lines.join('\n')].length > longestQuote) lines.pop()
  return lines.join('\n')
}

/** The mark of the item that is quoted (1.) and, at its end, that of the next. */
const ownMark = new RegExp(`${mark}\\s*$`, 'u')
const nextMark = new RegExp(`\\s*\\n\\s*${mark}\\s*$`, 'u')

function sentenceOf(quote: string, at: number, text: string, question: string): string {
  const before = text.slice(0, at)
  const rest = text.slice(at + quote.length)
  const from =
    /[；;，,]\s*$/.test(before) && !namesOwn(quote, before, question)
      ? Math.max(...['。', '\n', '？', '?'].map((stop) => before.lastIndexOf(stop))) + 1
      : at
  const more = /^\s*[；;，,、]/.test(rest) || label.test(quote) ? (/^[^。\n]*。?/.exec(rest)?.[0].length ?? 0) : 0
  const spans = [
    text.slice(from, at + quote.length + more),
    text.slice(at, at + quote.length + more),
    text.slice(from, at + quote.length),
  ].map((each) => each.trim())
  const whole = spans.find((each) => [...each].length <= longestWhole)
  if (whole !== undefined) return whole
  const next = label.test(quote) ? (/^\s*[^，。；;\n]*/.exec(rest)?.[0] ?? '') : ''
  return [...quote, ...next].length <= longestQuote ? `${quote}${next}` : quote
}

/** Whether a question names what a part of a sentence is about, and what stands before it does not. */
function namesOwn(quote: string, before: string, question: string): boolean {
  const subject = [...(/^[^，,]{2,16}/.exec(quote)?.[0] ?? '')]
  const sentence = before.slice(Math.max(...['。', '\n'].map((stop) => before.lastIndexOf(stop))) + 1)
  return subject.slice(1).some((each, index) => {
    const pair = `${subject[index]}${each}`
    return question.includes(pair) && !sentence.includes(pair)
  })
}

const isList = new RegExp(`${mark}|[：:]\\s*$`)
/** One more item of the list: its mark, up to the end of its line or sentence. */
const nextItem = new RegExp(`[；;，,。\\s]*${mark}[^；;。\\n]*`, 'y')
/** A table row as a line of label：value. */
const isRow = /^[^：；。\n]{1,20}：[^；\n]*(?:；[^：；。\n]{1,20}：[^；\n]*)*$/
const restOfRow = /^(?:；[^：；\n]{1,20}：[^；\n]*)+/

/**
 * Pure: extends a quotation that would break off within a list or a table row to its end: three of four papers, or a share without its cap,
 * tell too little. Where all of it is too long, the omission is marked.
 * @param quote words of `text`
 * @returns words of `text`, and whether more of the list follows
 */
export function ended(quote: string, text: string): { readonly quote: string; readonly goesOn: boolean } {
  const at = text.indexOf(quote)
  if (at < 0) return { quote, goesOn: false }
  const rest = text.slice(at + quote.length)
  const ends = endsOf(quote, rest)
  const last = ends.at(-1)
  if (last === undefined) return { quote, goesOn: false }
  // The omission mark needs room as well.
  const fits = (end: number) => [...quote, ...rest.slice(0, end)].length <= longestQuote - (end < last ? leftOut.length : 0)
  const end = [0, ...ends].findLast(fits)
  return end === undefined ? { quote, goesOn: false } : { quote: quote + rest.slice(0, end), goesOn: end < last }
}

/** @returns where each further item of the list, or the row, ends */
function endsOf(quote: string, rest: string): number[] {
  const lastLine = quote.slice(quote.lastIndexOf('\n') + 1)
  if (isRow.test(lastLine)) {
    const row = restOfRow.exec(rest)?.[0]
    if (row !== undefined) return [row.length]
  }
  if (!isList.test(quote)) return []
  const ends: number[] = []
  nextItem.lastIndex = 0
  for (let item = nextItem.exec(rest); item !== null; item = nextItem.exec(rest)) ends.push(nextItem.lastIndex)
  return ends
}

/** Who signed and on which day, with whatever stands below: part of the last clause's text, and no part of what it says. */
const signed =
  /[\s。]*\n[\p{Script=Han}（）()·、 \u3000]{4,50}\n\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年[^\n]{2,12}日(?:印发)?(?:\n[\s\S]*)?$/u
const signedAlone =
  /(?<=。)\s*\n[\p{Script=Han}（）()·、 \u3000]{2,40}(?:委员会|管委会|政府|办公室|中心|公司|大学|学院|研究院|[局厅部委署处])\s*$/u
const asksSigned = /印发|发布|发文|出台|颁布|制定|成文|落款|谁|哪[个些](?!天)|issued|who/

/** Pure: a quotation without the signature at its end, unless the question may be about that. */
export function unsigned(quote: string, question: string): string {
  if (asksSigned.test(question)) return quote
  const words = quote.replace(signed, (found) => (found.startsWith('。') ? '。' : '')).replace(signedAlone, '')
  return words.trim() === '' ? quote : words
}
