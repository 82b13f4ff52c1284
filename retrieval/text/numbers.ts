import { remembered } from '../base/remembered.ts'
import { normalize } from './normalize.ts'

// biome-ignore format: one line is easier to check
const digitValue: Readonly<Record<string, number>> = {
  〇: 0, 零: 0, 一: 1, 壹: 1, 二: 2, 贰: 2, 两: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5, 六: 6, 陆: 6, 七: 7, 柒: 7, 八: 8, 捌: 8, 九: 9, 玖: 9,
}
const smallUnit: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const bigUnit: Readonly<Record<string, number>> = { 万: 1e4, 亿: 1e8 }

/** Digits with separators and decimals, or a run of Chinese numerals, then optional 百千万亿. */
const numeral =
  /(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)([十百千]?[万亿]{0,2})|[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[〇零一二三四五六七八九]+[万亿]?)?/gu

export type NumberFound = { readonly value: number; readonly start: number; readonly end: number; readonly text: string }

/**
 * Numbers in a text whatever their spelling: 300万, 三百万, 3,000,000 and 3000000 all give 3000000; 二〇二五 gives 2025. A lone Chinese digit
 * counts too (三 is 3): the caller looks at what stands beside it. Positions are in the normalised text.
 */
export const numbersIn: (text: string) => readonly NumberFound[] = remembered((text) => {
  const normal = normalize(text)
  return [...normal.matchAll(numeral)].flatMap((match) => {
    const value =
      match[1] === undefined ? chineseValue(match[0]) : Number(match[1].replaceAll(',', '')) * unitValue(match[2] ?? '')
    return value === null || !Number.isFinite(value)
      ? []
      : [{ value: tidy(value), start: match.index, end: match.index + match[0].length, text: match[0] }]
  })
})

function unitValue(units: string): number {
  return [...units].reduce((product, each) => product * (smallUnit[each] ?? bigUnit[each] ?? 1), 1)
}

/** @returns the value of Chinese numerals, or null when they are not a number (万一, 百千) */
function chineseValue(text: string): number | null {
  const point = text.indexOf('点')
  if (point > 0) return decimalValue(text, point)
  const characters = [...text]
  if (characters.every((each) => each in digitValue)) return Number(characters.map((each) => digitValue[each]).join(''))
  let sum: Sum | null = { total: 0, section: 0, digit: null, unit: 1 }
  for (const each of characters)
    sum = sum && (each in digitValue ? withDigit(sum, digitValue[each] ?? 0) : withUnit(sum, unitValue(each)))
  // 三百五 is 350, 一万五 is 15000; 三百零五 and 十五 are what they say.
  return sum && sum.total + sum.section + (sum.digit ?? 0) * Math.max(1, sum.unit / 10)
}

/** total: closed by 亿 and 万; section: below the next 万; digit: not yet multiplied; unit: the last one, or 10 after a zero. */
type Sum = { readonly total: number; readonly section: number; readonly digit: number | null; readonly unit: number }

function withDigit(sum: Sum, digit: number): Sum | null {
  if (sum.digit !== null && sum.digit !== 0) return null
  return { ...sum, digit, unit: digit === 0 ? 10 : sum.unit }
}

function withUnit({ total, section, digit }: Sum, unit: number): Sum | null {
  if (!digit && unit !== 10 && section + total === 0) return null
  if (unit < 1e4) return { total, section: section + (digit || 1) * unit, digit: null, unit }
  const below = section + (digit ?? 0)
  return { total: unit === 1e8 ? (total + below) * unit : total + below * unit, section: 0, digit: null, unit }
}

function decimalValue(text: string, point: number): number | null {
  const unit = bigUnit[text.at(-1) ?? ''] ?? 1
  const whole = chineseValue(text.slice(0, point))
  const digits = [...text.slice(point + 1)].flatMap((each) => digitValue[each] ?? []).join('')
  return whole === null ? null : Number(`${whole}.${digits}`) * unit
}

/** 5.55 * 10000 is 55499.99999 in binary: amounts are compared, so they are rounded to six decimals. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
