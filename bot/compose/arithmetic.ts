import type { Evidence } from '../../retrieval/evidence.ts'
import type { SupportItem } from '../../retrieval/support.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import { termsOf } from '../../retrieval/text/terms.ts'

/** A sum computed by code from a clause's figures and an amount the person named. Yuan; `rate` 0.05 for 5 %. */
export type Calculation = {
  readonly rate: number
  readonly amount: number
  readonly product: number
  /** The limit that applies, when the clause names one. */
  readonly cap: number | null
  readonly result: number
}

const own =
  /((?:成交额|交易额|合同(?:总)?(?:额|金额)?|投入|投资(?:额)?|费用|花费|服务费|营收|收入|销售额|租金|贷款|利息|保费|律师费|研发费|金额|支付|付了?|花了?|签了?)(?:一共|大概|大约|约|有|是|为|了|共|达到?|金额|额)*\s*)([\d,.]+\s*[百千]?[万亿]?\s*元?|[一二两三四五六七八九十百千万亿]{2,}\s*元?)(?:的|元|块)?|([\d,.]+\s*[百千]?[万亿]\s*元?)(?:的)?(?=(?:技术)?(?:合同|成交|交易|研发|服务费|投资|设备|保费|租金|利息))/

/** Pure: @returns the person's own amount, and the question without it: what the rule says does not depend on it */
export function ownAmount(question: string): { readonly amount: number | null; readonly rest: string } {
  const match = own.exec(question)
  const phrase = match?.[2] ?? match?.[3]
  const value = phrase === undefined ? undefined : numbersIn(phrase)[0]?.value
  if (match === null || phrase === undefined || value === undefined || value < 1000) return { amount: null, rest: question }
  return { amount: value, rest: question.replace(match[0], match[1] ?? '') }
}

/** Pure: rate × amount, at most the cap, from the one matching item of the clause; null when it is ambiguous. */
export function calculated(question: string, amount: number, { passage }: Evidence): Calculation | null {
  const items = supportItems(passage.fields['support']).filter((each) => each.rate !== null && each.rate < 1)
  const item = items.length === 1 ? items[0] : closest(question, items)
  if (item?.rate == null) return null
  const product = tidy(item.rate * amount)
  const cap = item.cap
  return { rate: item.rate, amount, product, cap, result: cap === null ? product : Math.min(product, cap) }
}

/** Of several items the one that shares most words with the question, if there is exactly one. */
function closest(question: string, items: readonly SupportItem[]): SupportItem | undefined {
  const asked = new Set(termsOf(question).filter((term) => [...term].length > 1))
  const ranked = items
    .map((item) => ({
      item,
      shared: termsOf(`${item.base ?? ''} ${item.target ?? ''} ${item.phrase}`).filter((term) => asked.has(term)).length,
    }))
    .sort((a, b) => b.shared - a.shared)
  const [first, second] = ranked
  return first !== undefined && first.shared > (second?.shared ?? 0) ? first.item : undefined
}

function supportItems(value: unknown): readonly SupportItem[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (each): each is SupportItem => each !== null && typeof each === 'object' && 'rate' in each && 'phrase' in each,
  )
}

/** @returns 40000 → 4万元 / RMB 40,000 */
export function yuan(amount: number, language: 'zh' | 'en'): string {
  if (language === 'en') return `RMB ${amount.toLocaleString('en-US')}`
  if (amount >= 1e8) return `${tidy(amount / 1e8)}亿元`
  return amount >= 1e4 ? `${tidy(amount / 1e4)}万元` : `${amount}元`
}

function tidy(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

/** Whether words ask for a sum. */
export function asksForCalculation(question: string): boolean {
  return /多少|几万|能(?:拿|补|奖|领|报)|可以(?:拿|补|领)|算(?:一下|下)|测算|how much/.test(normalize(question))
}
