import type { Evidence } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import type { Company, FactName } from './company.ts'

/** One condition of a rule that can be checked against a fact of the enterprise; `words` as they stand in the clause. */
export type Condition = {
  readonly words: string
  readonly fact: FactName
  readonly is: 'at_least' | 'at_most' | 'more' | 'less' | 'yes'
  /** Yuan, people or years; 1 for `yes`. */
  readonly value: number
  readonly evidence: Evidence
}
export type Checked = { readonly condition: Condition; readonly state: 'met' | 'missing' | 'uncertain' }

const asksWhether =
  /(?:我们?|我司|我公司|本公司|咱们?|这种(?:情况|企业)|(?:像)?我们这样).{0,30}(?:能不能|能否|可不可以|可以|能|够不够|符不符合|是否符合|符合|算不算|够|是不是).{0,16}(?:申请|申报|享受|领|拿|条件|资格|支持|补|奖|入驻|参加|报名|揭榜|发榜)|^(?:能不能|能否|可不可以|可以|能).{0,6}(?:入驻|参加|报名|揭榜|发榜|申请|申报|享受)[^，,]{0,16}[吗么?？]|(?:够|符合|满足)(?:不够|不符合|不满足)?.{0,6}(?:条件|资格)(?:吗|么|\?|？|$)|\b(?:are|do|can|could|would) we\b.{0,40}\b(?:eligible|qualify|apply|entitled)\b/

/** Pure: @returns whether somebody asks if their own enterprise qualifies */
export function asksEligibility(question: string): boolean {
  return (
    asksWhether.test(normalize(question)) &&
    !/(?:什么时候|怎么|如何|多少|哪里|哪些|what|when|how|where)/.test(normalize(question))
  )
}

/** Pure: @returns what they want to qualify for, as a question a rule answers: 我们能申请概念验证资助吗 → 概念验证资助的条件是什么？ */
export function topicOf(question: string): string {
  const parts = question
    .split(/[，,。；;]/)
    .filter((each) => asksWhether.test(normalize(each)) || !/我们?|我司|公司|团队/.test(each))
  const bare = (parts.length > 0 ? parts : [question])
    .join(' ')
    .replace(
      /(?:请问|想问)?(?:我们?|我司|我公司|本公司|咱们?)(?:公司|企业|团队|这种情况|这样)?的?|这种(?:情况|企业)|能不能|能否|可不可以|可以|够不够|符不符合|是否符合|符合|满足|够|算不算|是不是|能|申请|申报|享受|领取?|拿到?|的?(?:条件|资格|要求)|[吗么呢?？]/g,
      '',
    )
    .replace(/\b(?:are|do|can|could|would) we\b|\b(?:be )?(?:eligible|qualify|apply|entitled)\b(?: (?:for|to))?/gi, '')
    .trim()
  return /\p{Script=Han}/u.test(bare) ? `${bare}的条件是什么？` : `What are the conditions of ${bare}?`
}

const facts: readonly (readonly [FactName, RegExp, RegExp])[] = [
  ['rd_spend', /研发(?:费用|投入|经费)(?:加计扣除)?(?:备案额|总额|支出)?/, /元/],
  ['revenue', /(?:营业收入|销售收入|主营业务收入|年收入)/, /元/],
  ['capital', /(?:注册资本|实缴(?:注册)?资本)/, /元/],
  ['employees', /(?:从业人员|职工|员工|人员|团队)/, /人|名/],
  ['founded', /(?:成立|注册|设立)(?:时间)?/, /年/],
]
const titles: readonly (readonly [FactName, RegExp])[] = [
  ['high_tech', /高新技术企业/],
  ['tech_sme', /科技型中小企业/],
  ['in_park', /(?:在)?园区(?:内)?(?:依法)?注册|注册(?:地|登记)?在(?:本)?园区|园区企业|应当在园区/],
]
const isCondition = /应当?|须|必须|需|对象|是指|以上|以下|不少于|不低于|不超过|不多于|符合|具备|适用于|的企业|的，/
const noCondition = /给予|奖励|补助标准|最高|拨付|退回|追回|取消/

/** Pure: the conditions of a passage that can be checked against a fact; the words of each are a piece of the clause. */
export function conditionsIn(evidence: Evidence): Condition[] {
  const pieces = evidence.passage.text
    .split(/[，,；;。、\n：:]/)
    .map((each) => each.trim())
    .filter(Boolean)
  return pieces.flatMap((words) => {
    const plain = normalize(words)
    const figure = facts.find(([, name, unit]) => name.test(plain) && unit.test(plain) && numbersIn(plain).length > 0)
    if (figure !== undefined) return measured(words, plain, figure[0], evidence)
    const title = titles.find(([, name]) => name.test(plain))
    if (title === undefined || !isCondition.test(plain) || noCondition.test(plain)) return []
    return [{ words, fact: title[0], is: 'yes' as const, value: 1, evidence }]
  })
}

/** How a condition bounds its figure; the first that fits decides, since 不超过 holds 超过. */
const bounds: readonly (readonly [RegExp, Condition['is']])[] = [
  [/以下/, 'less'],
  [/不超过|不多于|不高于|以内|≤|最多/, 'at_most'],
  [/超过/, 'more'],
  [/不少于|不低于|以上|达到|至少|≥/, 'at_least'],
]

function measured(words: string, plain: string, fact: FactName, evidence: Evidence): Condition[] {
  const is = bounds.find(([said]) => said.test(plain))?.[1]
  const number = numbersIn(plain).at(-1)
  if (is === undefined || number === undefined || noCondition.test(plain)) return []
  const unit = /^\s*([万亿])/.exec(plain.slice(number.end))?.[1]
  const scale = { 万: 1e4, 亿: 1e8 }[unit ?? ''] ?? 1
  return [{ words, fact, is, value: number.value * scale, evidence }]
}

/**
 * Pure: checks each condition against what is known. A mismatch is uncertain, never a refusal: a person looks at the case.
 * @param year today's
 */
export function checked(conditions: readonly Condition[], company: Company, year: number): Checked[] {
  return conditions.map((condition) => {
    const known = company[condition.fact]
    if (known === undefined) return { condition, state: 'missing' }
    if (condition.is === 'yes') return { condition, state: known === true ? 'met' : 'uncertain' }
    const value = condition.fact === 'founded' ? year - Number(known) : Number(known)
    return { condition, state: holds(condition, value) ? 'met' : 'uncertain' }
  })
}

function holds({ is, value }: Condition, known: number): boolean {
  if (is === 'at_least') return known >= value
  if (is === 'more') return known > value
  return is === 'at_most' ? known <= value : known < value
}

/** Pure: conditions of the best document, one per fact, in the order of its clauses. */
export function conditionsOf(evidence: readonly Evidence[]): Condition[] {
  const best = evidence[0]?.passage.documentId
  const own = evidence.filter((each) => each.passage.documentId === best && each.passage.kind === 'policy').slice(0, 6)
  const all = [...own].sort((a, b) => a.passage.position - b.passage.position).flatMap(conditionsIn)
  return all.filter((each, index) => all.findIndex((other) => other.fact === each.fact) === index).slice(0, 5)
}
