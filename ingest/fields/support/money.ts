import { numbersIn } from '../../../retrieval/text/numbers.ts'

/** A sum of yuan as written: 300万元, 三百万元, 2,000元, 1亿元. */
export const money =
  '(?:\\d[\\d,]*(?:\\.\\d+)?|[一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]{1,6})\\s*(?:亿|千万|百万|万|千|百)?\\s*(?:人民币)?元'
/** A share as written: 15%, 5‰, 三成. */
export const share =
  '(?:\\d+(?:\\.\\d+)?\\s*[%％‰]|百分之[一二三四五六七八九十百零点壹贰叁肆伍陆柒捌玖拾]{1,6}|[一二三四五六七八九]成)'

/** @returns yuan, or null when the phrase names no sum */
export function yuanOf(phrase: string): number | null {
  return numbersIn(phrase.replace(/\s+/g, ''))[0]?.value ?? null
}

/** @returns 0.15 for 15 %, or null */
export function rateOf(phrase: string): number | null {
  const value = numbersIn(phrase.replace('百分之', ''))[0]?.value
  if (value === undefined) return null
  const divisor = phrase.includes('‰') ? 1000 : phrase.includes('成') ? 10 : 100
  return Math.round((value / divisor) * 1e8) / 1e8
}
