import { canonicalDocumentNumber, documentNumbersIn } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import { answerTypeOf, holds } from '../compose/answer-type.ts'
import type { Draft } from '../draft.ts'

/** What a cited passage must not lack; codes are stable. */
export type Rule = 'not_in_force' | 'document_number_absent' | 'year_absent' | 'number_absent' | 'region_absent' | 'field_absent'

/** Pure: the first hard rule a draft breaks, or null. No score and no model may override one. */
export function brokenRule(question: string, draft: Pick<Draft, 'cited'>): Rule | null {
  const cited = draft.cited[0]?.passage
  if (cited === undefined) return null
  if (!draft.cited.every((each) => mayAnswer(each.passage.status))) return 'not_in_force'
  const about = `${cited.title} ${cited.docNo ?? ''} ${cited.heading ?? ''} ${cited.text} ${cited.issuedOn ?? ''} ${cited.effectiveFrom ?? ''} ${cited.effectiveTo ?? ''}`
  const source = normalize(about)
  if (!numbersOfDocuments(question).every((each) => numbersOfDocuments(about).includes(each))) return 'document_number_absent'
  if (!years(question).every((year) => source.includes(year))) return 'year_absent'
  if (!quantities(question).every((each) => quantities(about).includes(each))) return 'number_absent'
  if (elsewhere(question, cited.regions, source)) return 'region_absent'
  return fieldAbsent(question, cited.text) ? 'field_absent' : null
}

function numbersOfDocuments(text: string): string[] {
  return documentNumbersIn(text).map(({ year, serial }) => `${year}:${serial}`)
}

function years(text: string): string[] {
  const plain = normalize(text)
  if (canonicalDocumentNumber(plain) !== null) return []
  return [...plain.matchAll(/(?<!\d)((?:19|20)\d{2})\s*年/g)].map((match) => match[1] ?? '')
}

/** Amounts and shares a question takes for given (“补贴50万元的条件”): a passage without them is about something else. */
function quantities(text: string): string[] {
  const plain = normalize(text)
  return numbersIn(text).flatMap(({ value, end, text: spelled }) => {
    const unit = /^\s*(%|万元|亿元|元|万美元|美元)/.exec(plain.slice(end))?.[1]
    const money = /万|亿/.test(spelled) && unit === '元' ? '元' : unit
    if (money === undefined) return []
    const factor = money === '万元' ? 1e4 : money === '亿元' ? 1e8 : 1
    return [`${Math.round(value * factor * 100) / 100}${money === '%' ? '%' : ''}`]
  })
}

const regionName =
  /([\p{Script=Han}]{2,3}(?:省|市|自治区|自治州)|[\p{Script=Han}]{2,3}(?:区|县))(?!域|别|块|间|分|政|级|长|场|内|委|属|民|直)/gu
const notRegions =
  /^(?:我省|我市|本省|本市|全省|全市|各省|各市|各区|各县|城市|超市|上市|开市|都市|园区|社区|地区|景区|校区|辖区|片区|新区|市场|小区|厂区|库区|灾区|疫区|山区|农村|街区|某市|该市|外省|跨省|跨市|省市|区县|县市|示范区|开发区|高新区|保税区)/

/**
 * A question about a place the document is not for. A document without a place of its own is national, or its text must say: then
 * only a text that speaks of another place, and never of the asked one, is about something else.
 */
function elsewhere(question: string, own: readonly string[], source: string): boolean {
  const asked = regions(question)
  if (asked.length === 0 || asked.some((region) => source.includes(region))) return false
  if (own.length > 0) return !asked.some((region) => own.some((each) => each.includes(region)))
  return regions(source.slice(0, 400)).length > 0
}

/** Places a text names; “我市” and “园区” name none. */
function regions(text: string): string[] {
  const plain = normalize(text).replace(/^(?:请问|想问|问下|咨询)/, '')
  const names = [...plain.matchAll(regionName)].map((match) => match[1] ?? '')
  return names.filter((name) => !notRegions.test(name) && !endsLikeNoRegion.test(name)).map(trimmed)
}

const endsLikeNoRegion = /(?:园区|社区|地区|景区|新区|开发区|示范区|高新区|保税区|超市|上市|城市|都市)$/

/** A name may have swallowed the word before it: 在云汀市 → 云汀市. */
function trimmed(name: string): string {
  return name.replace(/^[在到从对给是由向于和与及的了]/u, '')
}

/** Some things are either written in a text or not: a telephone number, an address, a web page. */
function fieldAbsent(question: string, text: string): boolean {
  const type = answerTypeOf(question)
  return (type === 'phone' || type === 'link') && !holds(type, text)
}
