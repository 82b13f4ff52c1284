import { longestQuote } from './spans.ts'

/** A reward on top of another (再奖励20万元, a further RMB 200,000): the words before it say whom it goes to, and for what. */
const onTop =
  /(?<![不一])(?:再|另外?|还)(?:行|按|可)?(?:额外|一次性)?(?:给予|给|奖|补[贴助偿]|资助|追加|叠加)|追加(?:奖|补|资助)|\b(?:an? (?:further|additional|extra)|another) (?:(?:rmb|cny|usd|yuan)\b|[\d¥$€])/i
const reward = /奖|补|资助|给予|支持|\b(?:rmb|cny|usd|yuan|grant|reward|award|subsid|reimburs|pa(?:id|ys?))/i
const sentenceEnd = /[。！？!?\n]+[”’」』）)]?|\.(?=\s)/g

/**
 * Pure: moves the start of a quotation back to the beginning of the sentence with 再, or one sentence further in the same paragraph when
 * that sentence names no reward. Unchanged when the result would be too long for a phone.
 * @param quote words of `text`
 */
export function headed(quote: string, text: string): string {
  const at = text.indexOf(quote)
  const further = onTop.exec(quote)
  if (at < 0 || further === null) return quote
  const word = at + further.index
  const starts = [0, ...[...text.matchAll(sentenceEnd)].map((match) => match.index + match[0].length)].filter(
    (start) => start <= word,
  )
  const own = starts.at(-1) ?? 0
  const before = starts.at(-2)
  const sameParagraph = before !== undefined && !text.slice(before, own).includes('\n')
  const from = reward.test(text.slice(own, word)) || !sameParagraph ? own : before
  if (from >= at) return quote
  const whole = text.slice(from, at + quote.length).trim()
  return [...whole].length <= longestQuote ? whole : quote
}
