import { isRecord, type Passage } from '../../retrieval/evidence.ts'
import { type AskedNumber, documentNumbersAsked } from '../../retrieval/text/document-numbers.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'
import { mayAnswer } from '../../retrieval/validity.ts'
import { answerTypeOf, holds } from '../compose/answer-type.ts'
import { askedAttribute, formLabels, matches, saysSense } from '../compose/attribute.ts'
import { headed } from '../compose/extract/head.ts'
import type { Draft } from '../draft.ts'
import { asksSum, figureAbsent, saysEnough } from './amounts.ts'
import { otherBound } from './asked/bounds.ts'
import { priceAbsent } from './asked/costs.ts'
import { englishAbsent } from './asked/english.ts'
import { otherKind } from './asked/kind.ts'
import { figureElsewhere, sumOfAnother } from './asked/pieces.ts'
import { doingAbsent, stepsAbsent } from './asked/predicate.ts'
import { otherClause, quoteSilent } from './asked/quoted.ts'
import { asksRecords, otherThing } from './asked/records.ts'
import { withoutZone } from './asked/subject.ts'
import { nowhere } from './asked/where.ts'
import { bearerAbsent, predicateAbsent } from './asked/whether.ts'
import { applicantAbsent, bankAbsent, officeAbsent } from './asked/whom.ts'
import { otherYear, yearAbsent } from './asked/years.ts'
import { paidToAnother } from './beneficiary.ts'
import { asksPapers, materialsAbsent } from './materials.ts'
import { otherStep } from './opposites.ts'
import { elsewhere, otherLevel } from './regions.ts'

/** What a cited passage must not lack. Codes are stable. */
export type Rule =
  | 'not_in_force'
  | 'document_number_absent'
  | 'year_absent'
  | 'number_absent'
  | 'region_absent'
  | 'subject_absent'
  | 'field_absent'

/** Pure: the first hard rule that a draft breaks, or null. No score and no model may override one. */
export function brokenRule(
  question: string,
  draft: Pick<Draft, 'cited'> & Partial<Pick<Draft, 'quotes' | 'generated'>>,
): Rule | null {
  const cited = draft.cited[0]?.passage
  if (cited === undefined) return null
  if (!draft.cited.every((each) => mayAnswer(each.passage.status))) return 'not_in_force'
  const about = `${cited.title} ${cited.docNo ?? ''} ${cited.heading ?? ''} ${cited.text} ${cited.issuedOn ?? ''} ${cited.effectiveFrom ?? ''} ${cited.effectiveTo ?? ''}`
  const source = normalize(about)
  if (!bears(about, documentNumbersAsked(question)) || otherClause(question, cited)) return 'document_number_absent'
  if (yearAbsent(question, source, cited)) return 'year_absent'
  if (!quantities(question).every((each) => quantities(about).includes(each))) return 'number_absent'
  if (elsewhere(question, cited.regions, source)) return 'region_absent'
  const quoted = draft.generated === true ? null : quotedRule(question, draft.quotes?.[0], cited)
  if (quoted !== null) return quoted
  return fieldAbsent(question, cited) ? 'field_absent' : levelRule(question, cited)
}

/** Whose words, year or step the quotation has. */
function quotedRule(question: string, quote: string | undefined, cited: Passage): Rule | null {
  if (quote === undefined) return null
  if (isUnderstood(cited) && otherYear(question, quote)) return 'year_absent'
  return quoteElse(question, quote, cited) ? 'field_absent' : null
}

/** Of a rule that ingest understood the place is known, and so the level of government. */
function levelRule(question: string, cited: Passage): Rule | null {
  const { kind, title, docNo, heading, text, regions } = cited
  if (kind !== 'policy' || !isUnderstood(cited)) return null
  return otherLevel(question, `${title} ${docNo ?? ''} ${heading ?? ''} ${text}`, regions) ? 'region_absent' : null
}

/** Pure: whether ingest found a clause or a document number: then the passage has a rule's wording. */
export function isUnderstood({ clause, docNo }: Pick<Passage, 'clause' | 'docNo'>): boolean {
  return clause !== null || docNo !== null
}

/** Whether the quotation pays somebody else, or only says since when a rule holds and which one it replaced. */
function quoteElse(question: string, quote: string, cited: Passage): boolean {
  const { text } = cited
  if (asksSum(question) && paidToAnother(question, headed(quote, text))) return true
  const asked = normalize(question)
  if (
    isUnderstood(cited) &&
    (quoteSilent(question, headed(quote, text)) ||
      otherStep(question, quote) ||
      sumOfAnother(question, headed(quote, text), cited))
  )
    return true
  return (closing.test(quote.trim()) && !asksClosing.test(asked)) || (signature.test(quote.trim()) && !asksIssued.test(asked))
}

const closing =
  /^(?:第.{1,5}条\s*)?[^。;；]{0,40}(?:(?:自|从)[^。;；，,]{4,20}起(?:施行|实施|执行|生效)|同时废止|予以废止|有效期(?:为|至)?[^。;；，,]{1,12})[^。;；]{0,16}。?$/u
/** 某管理委员会 2025年5月20日 tells who issued the rule and when, and nothing else. */
const signature =
  /^[\p{Script=Han}、（）()\s]{4,50}(?:委员会|管委会|政府|[局厅部委署办]|办公室|中心)[\s\u3000]*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日(?:印发|发布)?$/u
const asksIssued = /印发|发布|发文|出台|颁布|制定|成文|谁发|哪个?(?:部门|单位|机构|局)发|issued|published/
const asksClosing =
  /有效|施行|实施|执行|生效|到期|过期|解释|废止|失效|取消|什么时候|何时|哪[天年]|几[月号年]|期限|多久|多长|日期|时间|截止|还能|还可以|when|valid|effective|force|expire|how long/

/** What an enterprise is paid stands in a rule; the price in an achievement record is no subsidy. */
function paysNothing(question: string, kind: Passage['kind'], record: string): boolean {
  if (!isRecord(kind)) return false
  const support = /补贴|补助|资助|奖励|奖补|贴息|减免|subsid|grant/.exec(normalize(question))?.[0]
  return support !== undefined && !record.includes(support)
}

function bears(text: string, asked: readonly AskedNumber[]): boolean {
  const own = asked.length === 0 ? [] : documentNumbersAsked(text)
  return asked.every(({ year, serial }) =>
    own.some((each) => each.serial === serial && (year === null || each.year === null || each.year === year)),
  )
}

/** Amounts and percentages that a question takes for given (“补贴50万元的条件”): a passage without them is about something else. */
function quantities(text: string): string[] {
  const plain = normalize(text).replace(/百分之([\d.]+|[〇零一二两三四五六七八九十百点]+)/g, (whole, share: string) =>
    numbersIn(share)[0] === undefined ? whole : ` ${numbersIn(share)[0]?.value}%`,
  )
  return numbersIn(plain).flatMap(({ value, end, text: spelled }) => {
    const unit = /^\s*(%|万元|亿元|元|万美元|美元)/.exec(plain.slice(end))?.[1]
    const money = /万|亿/.test(spelled) && unit === '元' ? '元' : unit
    if (money === undefined) return bareSum(value, spelled, plain.slice(end))
    const factor = money === '万元' ? 1e4 : money === '亿元' ? 1e8 : 1
    return [`${Math.round(value * factor * 100) / 100}${money === '%' ? '%' : ''}`]
  })
}

/** A sum without its unit that counts nothing: “奖励500万吗”. */
function bareSum(value: number, spelled: string, after: string): string[] {
  return /[万亿]$/.test(spelled) && /^\s*(?:[吗呢吧嘛么的给奖补资]|\p{P}|$)/u.test(after) ? [String(value)] : []
}

/**
 * Some things are either written in a text or not: a telephone number, a web page, a number of days or years, an amount. A form states what
 * is known field by field, so a field without a line is not known.
 */
function fieldAbsent(question: string, { kind, clause, title, docNo, heading, text }: Passage): boolean {
  const about = `${title} ${docNo ?? ''} ${heading ?? ''}`
  const understood = isUnderstood({ clause, docNo })
  if (kind === 'policy' && asksRecords(question)) return true
  if (isRecord(kind) && (asksPapers(question) || otherThing(question, `${about} ${text}`))) return true
  if (paysNothing(question, kind, normalize(`${about} ${text}`))) return true
  return (
    matterOther(question, about, text, understood) ||
    kindAbsent(question, text, { understood, priced: isRecord(kind) }) ||
    attributeAbsent(question, title, text)
  )
}

/**
 * Whether the passage is about another matter: another step of a scale, another beneficiary, or nothing that the yes-or-no question is
 * about.
 */
function matterOther(question: string, about: string, text: string, understood: boolean): boolean {
  const source = understood ? withoutZone(`${about} ${text}`) : `${about} ${text}`
  return (
    otherStep(question.replace(loosely, ''), source) ||
    neither(question, source) ||
    (understood && (otherKind(question, source) || askedElse(question, about, text))) ||
    (saysEnough(text) && ((understood && predicateAbsent(question, source)) || bearerAbsent(question, source)))
  )
}

/** Whether what is done, for whom, or the figure's own statement is another than the asked one. */
function askedElse(question: string, about: string, text: string): boolean {
  const source = `${about} ${text}`
  return (
    doingAbsent(question, source) ||
    applicantAbsent(question, source) ||
    (saysEnough(text) && englishAbsent(question, about, text)) ||
    officeAbsent(question, text) ||
    bankAbsent(question, text) ||
    figureElsewhere(question, about, text)
  )
}

/** The 号码 of a car or a certificate is no telephone number. */
const otherNumber = /(?:注册|登记|证件?|身份证?|车牌|牌照|专利|编|批准文?)号码/

/** Whether the text holds nothing of the kind asked for. A record may state a price as 200元起. */
function kindAbsent(
  question: string,
  text: string,
  { understood, priced }: { readonly understood: boolean; readonly priced: boolean },
): boolean {
  const type = answerTypeOf(question)
  if ((type === 'phone' || type === 'link') && !otherNumber.test(normalize(question)) && !holds(type, text)) return true
  if (stepsAbsent(question, text)) return true
  return (
    figureAbsent(question, text) ||
    (understood && priceAbsent(question, text)) ||
    materialsAbsent(question, text) ||
    (!priced && otherBound(question, text)) ||
    nowhere(question, text, understood)
  )
}

/** Removes the document's own name (窗口地址查询), which is not what is asked. */
function withoutName(question: string, title: string): string {
  const name = normalize(title)
  return name.length >= leastName ? normalize(question).replace(name, ' ') : question
}
const leastName = 4

function attributeAbsent(question: string, title: string, text: string): boolean {
  const attribute = askedAttribute(withoutName(question, title))
  if (attribute === null) return false
  const labels = formLabels(text)
  if (attribute.sense === 'complaint' && !saysSense(attribute, text)) return true
  if (attribute.name === 'agency' && !anyAgency.test(text)) return true
  return labels.length > 0 && !labels.some((label) => matches(attribute, label))
}

/** People say these words of any sum a rule computes from; a rule, and whoever quotes one, does not. */
const loosely = /合同额|实际|预计/g

/** Any authority may be named so; an academician is none. */
const anyAgency =
  /[局厅署司所]|委员会|[管党工]委|办公室|部(?!分|署)|处(?!理|罚|置)|中心|院(?!士)|机关|机构|单位|政府|街道|银行|公司|平台|窗口|主管|[a-z]{3}/iu

/** “税前还是税后”, “原件还是复印件”: a passage with neither word leaves the choice open. */
function neither(question: string, source: string): boolean {
  const [, one, other] = /(\p{Script=Han}{2})还是(\p{Script=Han}{2})/u.exec(normalize(question)) ?? []
  const plain = normalize(source)
  return one !== undefined && other !== undefined && !plain.includes(one) && !plain.includes(other)
}
