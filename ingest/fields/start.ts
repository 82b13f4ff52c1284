import { addDays } from '../../retrieval/base/clock.ts'
import { addMonths, countOf, datePattern, dayOf } from './dates.ts'
import type { Found, Sentence } from './validity.ts'

const begins = '(?:正式)?(?:起)?(?:施行|实施|实行|执行|生效|试行|试运行|适用|开始(?:施行|实施|执行))'
const dated = new RegExp(
  `(?:自|从|于)\\s*(${datePattern})\\s*(?:零时|0时|00:00)?\\s*(?:起|开始)?\\s*(?:正式)?\\s*(?:起)?(?:暂)?(?:施行|实施|实行|执行|生效|试行|适用|开始)`,
)
/** 自2025年7月1日零时起，停车收费按新标准执行 */
const heldOpen = new RegExp(
  `(?:自|从)\\s*(${datePattern})\\s*(?:零时|0时|00:00)?\\s*(?:起|开始)\\s*[，,][^。；;，,《》]{2,40}?(?:施行|实施|实行|执行)\\s*(?:[。；;]|$)`,
)
/** 自2025年第四季度起, 自2025年下半年起, 自2025年7月起: the first day of the period. */
const roughly = new RegExp(
  `(?:自|从|于)\\s*((?:19|20)\\d{2})\\s*年\\s*(?:第?\\s*([一二三四1-4])\\s*季度|([上下])半年|(\\d{1,2})\\s*月)\\s*(?:起|开始)\\s*[，,]?\\s*(?:正式)?${begins}`,
)
/** 自2020年1月1日至3月31日，实行… */
const spanned = new RegExp(
  `自\\s*(${datePattern})\\s*(?:起)?\\s*(?:至|到)\\s*(?:\\d{4}\\s*年)?\\s*\\d{1,2}\\s*月\\s*\\d{1,2}\\s*日\\s*(?:止)?[，,]?\\s*(?:期间)?(?:实行|施行|实施|执行|有效)`,
)
const periodFrom = new RegExp(
  `(?:有效期|施行期|执行期|实施期|试行期)限?\\s*(?:为|是|:|：)?\\s*(?:自|从)?\\s*(${datePattern})\\s*(?:起)?\\s*(?:至|到|-|—|~)`,
)
const relative = new RegExp(
  `自\\s*(?:本[\\p{Script=Han}]{2,4})?(?:印发|发布|公布|颁布|发文|下发|签发|公告|通过|批准|即)(?:之日|当日|日)?\\s*起?\\s*(?:的?第?(?:满)?\\s*([\\d一二三四五六七八九十]{1,3})\\s*(日|天|个月|月)\\s*(?:之)?(?:后|起)?)?\\s*(?:暂|试)?${begins}`,
  'u',
)
const inHead = new RegExp(`(?:^|[\\s，,；;（(])(${datePattern})\\s*(?:起)?\\s*施行`)
const headLines = 14
const longestHeadLine = 120

/**
 * The first day in force: 自…起施行, 自发布之日起（30日后）施行, or `… 施行` in the head of a law. The last such sentence counts: parts that begin later are
 * named before it, and the document's own start is its closing provision.
 */
export function startOf(lines: readonly string[], sentences: readonly Sentence[], issuedOn: Found | null): Found | null {
  const inText = sentences
    .toReversed()
    .map((sentence) => startIn(sentence.text, issuedOn))
    .find((each) => each !== null)
  const inHead = startInHead(lines)
  // An amended law keeps its first 施行 in the text; its head tells the start of this version.
  return inHead !== null && inHead.value > (inText?.value ?? '') ? inHead : (inText ?? inHead)
}

function startInHead(lines: readonly string[]): Found | null {
  for (const line of lines.slice(0, headLines)) {
    const match = inHead.exec(line.normalize('NFKC'))
    const day = dayOf(match?.[1] ?? '')
    if (match !== null && day !== null && line.length < longestHeadLine) return { value: day, phrase: match[0].trim() }
  }
  return null
}

/** The subject is another document, a part, a certificate, or what people must do. */
const elsewhere =
  /(?:证书|资质|合同|许可证|承诺|报告|名单|资格|营业执照|认定|项目|贷款|保单)[^，,。]{0,8}(?:有效期|期限)|(?:申报|报名|受理|征集|公示)(?:时间|期限?)|《[^》]*》[^，,。]{0,20}自[^，,。]{0,20}(?:废止|失效)/u

function startIn(sentence: string, issuedOn: Found | null): Found | null {
  if (!/施行|实施|执行|生效|试行|适用|有效|实行|开始/.test(sentence) || elsewhere.test(sentence)) return null
  for (const pattern of [dated, spanned, periodFrom, heldOpen]) {
    const match = pattern.exec(sentence)
    const day = dayOf(match?.[1] ?? '')
    if (match !== null && day !== null && speaksOfItself(sentence, match.index)) return { value: day, phrase: match[0] }
  }
  const rough = roughly.exec(sentence)
  if (rough !== null && speaksOfItself(sentence, rough.index)) {
    const day = firstDayOf(rough)
    if (day !== null) return { value: day, phrase: rough[0] }
  }
  const match = relative.exec(sentence)
  if (match === null || issuedOn === null || !speaksOfItself(sentence, match.index)) return null
  return { value: later(issuedOn.value, match[1], match[2]), phrase: match[0] }
}

function firstDayOf([, year, quarter, half, month]: RegExpExecArray): string | null {
  return dayOf(`${year}年${firstMonthOf(quarter, half) ?? Number(month)}月1日`)
}

function firstMonthOf(quarter: string | undefined, half: string | undefined): number | null {
  if (quarter !== undefined) return ((countOf(quarter) ?? 1) - 1) * 3 + 1
  if (half !== undefined) return half === '上' ? 1 : 7
  return null
}

/** 《另一办法》自…起施行, 企业自…起执行: the subject before the words is something else. */
function speaksOfItself(sentence: string, at: number): boolean {
  const before = sentence.slice(0, at)
  const subject = before.split(/[，,。；;:：]/).at(-1) ?? ''
  return (
    !/《[^》]+》[^《]{0,6}$/.test(subject) &&
    !/(?:企业|单位|纳税人|申请人|标准|价格|费率|税率|银行|项目)[^本]{0,6}$/u.test(subject)
  )
}

function later(day: string, count: string | undefined, unit: string | undefined): string {
  const value = count === undefined ? null : countOf(count)
  if (value === null) return day
  return unit === '个月' || unit === '月' ? addMonths(day, value) : addDays(day, value)
}
