import { longestQuote } from './spans.ts'

const mark =
  '(?:（[一二三四五六七八九十]{1,3}）|\\([一二三四五六七八九十]{1,3}\\)|[①-⑳]|（\\d{1,2}）|(?<![\\d.])\\d{1,2}[.、．](?!\\d))'
/** Stands for items that are too many to show. */
export const leftOut = '……'

const isList = new RegExp(`${mark}|[：:]\\s*$`)
/** One more item of the list: its mark, up to the end of its line or sentence. */
const nextItem = new RegExp(`[；;，,。\\s]*${mark}[^；;。\\n]*`, 'y')
/** A table row as a line of label：value. */
const isRow = /^[^：；\n]{1,20}：[^；\n]*(?:；[^：；\n]{1,20}：[^；\n]*)*$/
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
