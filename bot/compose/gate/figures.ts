import { remembered } from '../../../retrieval/base/remembered.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import { dateStands, datesIn, type PartialDate } from './dates.ts'

type Kind = 'money' | 'foreign' | 'percent' | 'year' | 'month' | 'week' | 'working_day' | 'day' | 'hour' | 'count'
/** `at_most`: 最高 30 万元. A limit omitted or reversed makes another promise with the same number. */
type Bound = 'at_most' | 'at_least' | null
export type Figure = { readonly kind: Kind; readonly value: number; readonly bound: Bound; readonly unit: string }
export type Facts = { readonly figures: readonly Figure[]; readonly dates: readonly PartialDate[] }

/** Pure: every number of a text with what it counts, and every date; 三百万元, 300万元 and 3,000,000 yuan are the same. */
export const factsIn: (text: string) => Facts = remembered((text) => {
  const { dates, rest } = datesIn(spelledOut(normalize(text)))
  const figures = numbersIn(rest).flatMap(({ value, start, end, text: spelled }) => {
    const after = rest.slice(end)
    if (isWord(spelled, after, rest.slice(0, start))) return []
    return [{ ...measured(value, after, rest.slice(0, start)), bound: boundOf(rest.slice(0, start), after) }]
  })
  return { figures, dates }
})

const englishNumbers: Readonly<Record<string, number>> = {
  ...{ two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, fifteen: 15 },
  ...{ twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 },
}
const multiples: Readonly<Record<string, number>> = { hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 }
const spelledNumber = new RegExp(
  `\\b(${Object.keys(englishNumbers).join('|')}|\\d+(?:,\\d{3})*(?:\\.\\d+)?)((?:[\\s-]+(?:hundred|thousand|million|billion))+)?\\b`,
  'g',
)

/** Shares, halves and English number words as figures. */
function spelledOut(plain: string): string {
  return plain
    .replace(
      /百分之([\d.]+|[〇零一二两三四五六七八九十百点]+)/g,
      (_, share: string) => ` ${numbersIn(share)[0]?.value ?? share}%`,
    )
    .replace(/千分之([\d.]+|[〇零一二两三四五六七八九十点]+)/g, (_, share: string) => ` ${numbersIn(share)[0]?.value ?? share}‰`)
    .replace(/廿/g, '二十')
    .replace(/卅/g, '三十')
    .replace(/一半|半数|\bhalf\b/g, ' 50% ')
    .replace(/翻一?[倍番]|[双加]倍|\b(?:double[ds]?|twice)\b/g, ' 2倍 ')
    .replace(/半年/g, ' 0.5年')
    .replace(spelledNumber, (whole, word: string, many: string | undefined) => {
      const base = englishNumbers[word] ?? Number(word.replaceAll(',', ''))
      const factor = (many?.match(/[a-z]+/g) ?? []).reduce((product, each) => product * (multiples[each] ?? 1), 1)
      return many === undefined && !(word in englishNumbers) ? whole : ` ${Math.round(base * factor * 1e6) / 1e6} `
    })
}

/** 一般, 第三方, 统一: a Chinese digit that counts nothing; a single 一 rarely does. */
function isWord(spelled: string, after: string, before: string): boolean {
  if (!/^[\p{Script=Han}]$/u.test(spelled)) return false
  if (/第$/.test(before)) return /^(?:方|时间)/.test(after)
  if (spelled === '一') return !/^\s*(?:年|个月|周|天|倍|成(?![果立交本功员熟]))/.test(after)
  return !/^\s*(?:年|个|家|项|次|天|月|日|倍|成(?![果立交本功员熟])|名|人|级|类|种|批|期|件|周|小时|工作日|万|元|折)/.test(after)
}

const kinds: readonly (readonly [Kind, RegExp])[] = [
  ['foreign', /^\s*(?:[百千]?[万亿])?\s*(?:美元|欧元|港元|港币|日元|英镑|美金|usd|eur|dollars?|euros?)/],
  ['money', /^\s*(?:[百千]?[万亿])?\s*(?:元|块钱|人民币|rmb|cny|yuan|renminbi)/],
  ['percent', /^\s*(?:%|‰|个百分点|percent|per cent|percentage points?)/],
  ['working_day', /^\s*(?:个?工作日|(?:working|business)\s+days?)/],
  ['year', /^\s*(?:周?年|个?年度|years?)/],
  ['month', /^\s*(?:个月|months?)/],
  ['week', /^\s*(?:个?星期|周(?!年)|weeks?)/],
  ['day', /^\s*(?:个?自然日|天|日|days?)/],
  ['hour', /^\s*(?:个?小时|hours?)/],
]

function measured(value: number, after: string, before: string): Omit<Figure, 'bound'> {
  const multiple = /^\s*([百千]?[万亿])/.exec(after)?.[1] ?? ''
  const whole = tidy(value * [...multiple].reduce((product, each) => product * (scale[each] ?? 1), 1))
  const found = kinds.find(([, pattern]) => pattern.test(after))?.[0]
  if (found === 'percent') return { kind: 'percent', value: /^\s*‰/.test(after) ? tidy(value / 10) : value, unit: '%' }
  if (/^\s*成(?![果立交本功员熟都为长份])/.test(after)) return { kind: 'percent', value: tidy(value * 10), unit: '%' }
  if (found !== undefined) return { kind: found, value: whole, unit: '' }
  if (/(?:rmb|cny|¥)\s*$/.test(before)) return { kind: 'money', value: whole, unit: '' }
  if (/(?:usd|us\$|\$|€|eur)\s*$/.test(before)) return { kind: 'foreign', value: whole, unit: '' }
  return { kind: 'count', value: whole, unit: /^\s*(\p{Script=Han})/u.exec(after)?.[1] ?? '' }
}

const scale: Readonly<Record<string, number>> = { 百: 100, 千: 1e3, 万: 1e4, 亿: 1e8 }

function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

const most =
  /(?:最高|最多|至多|上限|封顶|不超过|不足|未满|(?<!不|不得)低于|(?<!不|不得)少于|(?<!不|不得)小于|不高于|不得超过|不多于|最长|≤|<=|up to|at most|no more than|maximum(?: of)?|capped at|not exceed(?:ing)?)\D{0,8}$/
const least =
  /(?:最低|最少|至少|(?<!不|不得)超过|(?<!不|不得)高于|(?<!不|不得)大于|不低于|不少于|不小于|不得低于|不得少于|下限|≥|>=|at least|no less than|minimum(?: of)?|not less than)\D{0,8}$/

function boundOf(before: string, after: string): Bound {
  const near = before.slice(-24)
  if (least.test(near)) return 'at_least'
  if (most.test(near)) return 'at_most'
  const unit = after.slice(0, 12)
  if (/^[^\d，。；,;]{0,6}(?:以下|以内|封顶|or less|at most)/.test(unit)) return 'at_most'
  return /^[^\d，。；,;]{0,6}(?:以上|or more|at least)/.test(unit) ? 'at_least' : null
}

/** @returns what is wrong with a sentence's figures and dates, or null when the evidence holds them all */
export function figuresWrong(said: Facts, evidence: Facts): 'number' | 'unit' | 'bound' | 'date' | null {
  if (said.dates.some((each) => !dateStands(each, evidence.dates))) return 'date'
  for (const figure of said.figures) {
    const same = evidence.figures.filter((each) => sameThing(figure, each))
    if (same.length === 0) {
      const elsewhere = evidence.figures.some((each) => each.value === figure.value)
      return elsewhere ? 'unit' : 'number'
    }
    if (!same.some((each) => boundFits(figure, each))) return 'bound'
  }
  return null
}

/** A stated year may be part of a date in the evidence; a bare number must be one somewhere. */
function sameThing(said: Figure, held: Figure): boolean {
  if (said.value !== held.value) return false
  if (said.kind === 'count') return held.kind === 'count' && unitsFit(said.unit, held.unit)
  return said.kind === held.kind
}

/** Units of counts are Chinese measure words; an English sentence has none to compare. */
function unitsFit(said: string, held: string): boolean {
  return said === '' || held === '' || said === held || !measureWords.has(said) || !measureWords.has(held)
}

const measureWords = new Set([...'家项个件名人次级类种批期篇台套条倍亩户'])

/** A reversed limit is false; an amount without its limit promises more than the rule does. */
function boundFits(said: Figure, held: Figure): boolean {
  if (said.bound !== null)
    return held.bound === null ? said.kind !== 'money' && said.kind !== 'percent' : said.bound === held.bound
  return held.bound === null
}
