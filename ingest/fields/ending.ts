import { countOf, countPattern, datePattern, dayOf, lastDayOf, lastOfMonth } from './dates.ts'
import type { Found, Sentence } from './validity.ts'

export type Ending = {
  readonly day: Found | null
  readonly event: string | null
  /** It names an end before its own start: one of the two was read or written wrongly. */
  readonly contradiction: string | null
}

const kinds = '(?:有效期|施行期|执行期|实施期|试行期|政策期|适用期)限?'
const month = '(?:19|20)\\d{2}\\s*年\\s*(?:\\d{1,2}\\s*月\\s*(?:底|末)?|底|末)'
export const endPattern = `(${datePattern}|${month})`
const end = endPattern
const until = new RegExp(
  `(?:${kinds}|有效|施行|执行|实施|试行|延续|延长|暂定)[^。；\\n《》]{0,24}?(?:至|到|截至|截止到?|截止于|为止|—+|–|~|-)\\s*${end}`,
)
const span = new RegExp(
  `自\\s*(?:${datePattern}|[\\p{Script=Han}]{0,6}之日)\\s*(?:起)?(?:暂|试)?(?:施行|实施|执行|试行|生效)?[^。；\\n《》]{0,8}?(?:至|到)\\s*${end}\\s*(?:止|有效|期间有效|期满)?`,
  'u',
)
/** 自2020年1月1日至3月31日，实行…: the year is given once. */
const short =
  /自\s*((?:19|20)\d{2})\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?:起)?\s*(?:至|到)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:止)?[，,]?\s*(?:期间)?(?:实行|施行|实施|执行|有效)/
const period = new RegExp(
  `(?:${kinds}|(?:暂行|试行|施行|执行|有效)(?=\\s*(?:暂定)?\\s*(?:为)?\\s*${countPattern}\\s*(?:年|个月)(?!以|内|前|后|度)))\\s*(?:暂定|暂)?\\s*(?:为|是|共)?\\s*(?:自[\\p{Script=Han}]{2,10}之日起)?\\s*(?:为|共)?\\s*(${countPattern})\\s*(年半|年|个月)(?:零?\\s*(${countPattern})\\s*个月)?`,
  'u',
)
const lapses = new RegExp(`${end}\\s*(?:起)?\\s*(?:自行|自动|同时)?(?:废止|失效|停止执行|终止|期满)`)
const event =
  /(?:有效期|施行|执行|实施|试行|生效|截止|终止|停止|失效|解除)[^。；\n]{0,24}?(?:至|到|视|直至)?[^。；\n]{0,30}?(?:疫情[^。；，\n]{0,16}(?:结束|解除|缓解)|响应[^。；，\n]{0,8}(?:结束|解除|终止)|结束之日|解除之日|另行(?:公告|通知|发布)|新(?:的)?(?:政策|规定|办法)[^。；，\n]{0,6}(?:出台|发布)[^。；，\n]{0,4}(?:为止|之日))|结束之日起停止执行|(?:有效期限?|(?:施行|执行|实施|试行)期限?|期限)[^。；，\n]{0,8}(?:与|同|随|按照?)[^。；，\n]{1,24}(?:一致|同步|执行)/

/** 有效期 of something else: a certificate, a filing, a guarantee. */
const another =
  /(?:证|证书|备案|资质|合同|许可|承诺书?|报告|名单|资格|执照|认定|登记|注册|专利权?|商标|保函|标识|检验|贷款|债券|批文|批复|报价|投标|入库|培训|协议|药品|消毒剂|产品|公示)[^，,。；]{0,8}(?:有效期|期限)|延长[^，,。；]{0,14}(?:有效期|期限)/u
const itself =
  /(?:本|该)(?:办法|细则|规定|意见|若干措施|措施|若干政策|政策措施|政策|通知|通告|公告|方案|指南|条例|制度|规则|决定|若干意见|文件|法|实施意见|实施办法|实施细则|暂行办法|清单|规程|规范|标准|计划|条款|政策意见|扶持政策|操作规程|实施方案)|(?:以上|上述|前述)(?:政策|措施|规定|条款)|自\s*(?:印发|发布|公布|颁布|发文|下发|签发)(?:之日|当日|日)?\s*起?|现(?:公告|通知|通告)如下|^(?:政策|文件)?(?:有效期|施行期|执行期|试行期)|^自[^，。]{4,18}(?:施行|实施|实行|执行|试行)|(?:^|[，,])(?:政策)?(?:执行|实施|施行|有效)期限?(?:与|同|随)[^。，]{1,24}(?:一致|同步)/u
const closing = 0.82

/** The last day in force: a named day, the end of a period counted from its start, or an event. A proposal that a person confirms. */
export function endOf(sentences: readonly Sentence[], start: Found | null, issuedOn: Found | null): Ending {
  const from = start ?? issuedOn
  const own = sentences.filter(speaksOfItself).toReversed()
  for (const { text } of own) {
    const found = named(text) ?? counted(text, from)
    if (found === null) continue
    const early = from !== null && found.value < from.value
    return early
      ? { day: null, event: null, contradiction: `${found.phrase} / ${from.phrase}` }
      : { day: found, event: null, contradiction: null }
  }
  const open = own.map(({ text }) => event.exec(text)?.[0] ?? null).find((each) => each !== null)
  return { day: null, event: open ?? null, contradiction: null }
}

/** Only the closing words, or a sentence that names the document (or follows one that does), speak of the whole. */
function speaksOfItself({ text, before, at }: Sentence): boolean {
  if (!/有效|施行|执行|实施|试行|实行|生效|废止|失效|期满|截止|期限/.test(text) || another.test(text)) return false
  if (/《[^》]+》[^。]{0,30}(?:废止|失效|停止执行)/.test(text) && !itself.test(text)) return false
  const follows = /^(?:有效期|试行期|施行期|执行期|期满|期限)/.test(text) || (at > closing && /施行|实施|执行/.test(before))
  return itself.test(text) || (follows && itself.test(before))
}

function named(sentence: string): Found | null {
  for (const pattern of [until, span, lapses]) {
    const match = pattern.exec(sentence)
    const day = endDay(match?.[1] ?? '')
    const ofAnother = match !== null && /《[^》]*》[^，,。]{0,12}$/.test(sentence.slice(0, match.index))
    if (match !== null && day !== null && !ofAnother) return { value: day, phrase: match[0] }
  }
  const match = short.exec(sentence)
  const day = match === null ? null : dayOf(`${match[1]}年${match[2]}月${match[3]}日`)
  return match === null || day === null ? null : { value: day, phrase: match[0] }
}

/** @returns the last day of what {@link endPattern} finds: a day, 2025年12月 or 2025年底 */
export function endDay(phrase: string): string | null {
  if (phrase === '') return null
  const day = dayOf(phrase)
  if (day !== null) return day
  const [, year = '', of = '12'] = /^(\d{4})\s*年\s*(?:(\d{1,2})\s*月)?/.exec(phrase) ?? []
  return year === '' ? null : lastOfMonth(Number(year), Number(of))
}

/** 有效期三年 counts from the day the document starts. */
function counted(sentence: string, start: Found | null): Found | null {
  const match = period.exec(sentence)
  const count = countOf(match?.[1] ?? '')
  if (match === null || count === null || start === null) return null
  const months = (match[2] === '个月' ? count : count * 12) + (match[2] === '年半' ? 6 : 0) + (countOf(match[3] ?? '') ?? 0)
  return { value: lastDayOf(start.value, months), phrase: match[0] }
}
