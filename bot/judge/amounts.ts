import { normalize } from '../../retrieval/text/normalize.ts'
import { answerTypeOf, holds } from '../compose/answer-type.ts'
import { factsIn } from '../compose/gate/figures.ts'

/** Asked for so many days, months or years; 期限 alone may be answered with a day or an event. */
const howLong = /几|多少|多久|多长|how (?:long|many)|how much (?:time|longer)/

/**
 * Asked for so much money (“奖多少”, “多少钱”, “how much is”): not “多少人”, “支持多少台”, “how much experience”, and not whether costs are borne.
 */
const howMuch =
  /(?:奖|补|助|贴|给|拨|支持|经费|费用?|价格?|额度?).{0,6}多少(?=[\s\p{P}]|$|[呢呀啊吧了才补奖]|资助|资金|经费|费)|多少(?:钱|元|万)|how much(?=[\s\p{P}]*$|\s+(?:is|are|was|does|do|did|can|could|will|would|may|should|must|of|money|funding|subsidy|support|it|we|you|i)\b)/u

/** What stands for an amount without a figure and its unit: nothing, all of it, a part of it, so many times. */
const spelled =
  /免(?:费|征|收|缴|交|除|租|于)|减免|[全减]免|不收|全额|全部(?:由|补|报|承担|返还)|减半|半[价额]|分之|[\d一二三四五六七八九两](?:折|倍|块)|\b(?:free of charge|for free|no (?:fee|charge|cost)s?|in full|fully)\b|\b(?:one|two|three|four)[\s-](?:half|halves|thirds?|quarters?|fourths?|fifths?|tenths?)\b|\ba (?:third|quarter|fifth|tenth) of\b/
/** “30万”, “500,000”: said without its unit, and counting nothing. */
const large =
  /\d\s*[十百千]?[万亿](?![\d人家个项名次户种套台件篇所条辆起例亩吨平])|(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])(?!\s*[人家个项名次户种套台件篇亩吨平])/
/** The unit in a table's head or a form's label: what counts below it bears none. */
const unitAhead = /[(:|]\s*[百千]?[万亿]?(?:元|美元|yuan|rmb|cny|usd)\s*(?:\/.{1,4})?[):|]/

const lasting: ReadonlySet<string> = new Set(['year', 'month', 'week', 'working_day', 'day', 'hour'])

/**
 * Pure: whether a text lacks any figure of the kind a question asks for in so many words. Dates, terms, document and clause numbers are no
 * amounts.
 */
export function figureAbsent(question: string, text: string): boolean {
  const [asked, type] = [normalize(question), answerTypeOf(question)]
  if (type === 'duration' && howLong.test(asked)) return !lasts(text)
  return type === 'amount' && howMuch.test(asked) && !bearsAmount(text)
}

function lasts(text: string): boolean {
  return holds('duration', text) || factsIn(text).figures.some(({ kind }) => lasting.has(kind))
}

function bearsAmount(text: string): boolean {
  const plain = normalize(text)
  if (spelled.test(plain) || large.test(plain)) return true
  const { figures } = factsIn(text)
  if (figures.some(({ kind }) => kind === 'money' || kind === 'foreign' || kind === 'percent')) return true
  return unitAhead.test(plain) && figures.some(({ kind }) => kind === 'count')
}
