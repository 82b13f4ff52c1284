import { normalize } from '../../retrieval/text/normalize.ts'
import { answerTypeOf, holds } from '../compose/answer-type.ts'
import { factsIn } from '../compose/gate/figures.ts'

/** How often: 多久办一次. */
const howOften = /(?:多久|多长时间|几年|几个?月|几天)[^,。]{0,6}一(?:次|回|期|届|场)|how often/
const repeats =
  /每(?:年|季|月|周|日|天|个|隔|逢|次)|[\d一二两三四五六半]\s*(?:年|个?月|季度|周|天|日)|常|偶|很少|往往|every|once|twice|times|often|daily|weekly|monthly|annual|year/

/** Asks for a number of days, months or years. 期限 alone may also be answered with a day or an event. */
const howLong = /(?<![哪元])几|多少|多久|多长|how (?:long|many)|how much (?:time|longer)/

/**
 * Asks for a sum of money (“奖多少”, “多少钱”, “how much is”), not “多少人”, “支持多少台” or “how much experience”, and not whether costs are covered.
 */
const howMuch =
  /(?:奖|补|助|贴|给|拨|支持|经费|费用?|价格?|额度?).{0,6}多少(?=[\s\p{P}]|$|[呢呀啊吧了才补奖]|资助|资金|经费|费)|多少(?:钱|元|万|\p{Script=Han}{0,3}[金费款](?=[\s\p{P}呢啊呀]|$))|how much(?=[\s\p{P}]*$|\s+(?:is|are|was|does|do|did|can|could|will|would|may|should|must|of|money|funding|subsidy|support|it|we|you|i)\b)/u

/** “The maximum reward for …”, “what amount of support …”: names a sum, which is always money. */
const sumNamed =
  /\b(?:(?:maximum|highest|largest|biggest|total|full) (?:amount of )?(?:\w+ )?(?:rewards?|awards?|grants?|subsid(?:y|ies)|bonus(?:es)?|prizes?|funding|reimbursements?|compensation|allowances?|payments?|fees?|prices?|costs?|fines?|penalt(?:y|ies))|(?:what|which) amount of (?:money|funding|support|subsidy|grant|reward))(?=\s*$|\s*\p{P}|\s+(?:for|of|per|that|which|a|an|the|we|you|i|one|to|under|in|on|from|is|are|can|could|may|will|available|paid|payable|given)\b)/u

/** “What is the start-up grant?” names a sum too, as far as a text must have one. */
const sumMeant =
  /^\W*(?:(?:hi|hello|and|so)\W+)*what(?:'s| is| are) (?:the |your )?(?:[a-z-]+ ){0,2}(?:grants?|subsid(?:y|ies)|allowances?|rewards?|bonus(?:es)?)\s*[?.!]*$/

/** Asks for a fee: “登记费多少”, “学费是多少”. */
const feeNamed = /\p{Script=Han}费(?:用|标准)?(?:是|要|收|为)?多少(?=[\s\p{P}呢啊呀钱元]|$)/u
/** A text about a fee contains one of these. */
const anyFee = /[费价免缴付租]|收取|fee|charge|price|cost/

/** Asks for a percentage (“补贴比例是多少”, “百分之几”, “what percentage”), not whether something is proportionate or has the largest part. */
const whatShare =
  /(?:比例|百分比|占比|[税费]率).{0,6}(?:多少|多大|多高|几)|多[少大高](?:的)?(?:百分)?比|百分之(?:几|多少)|几成(?!立)|多少\s*%|(?:补|助|奖|贴|报销|资助|支持|返还|减免)(?:的)?(?:百分)?比例?[\s\p{P}]*$|\b(?:what|which) (?:percentage|percent|proportion|share) of\b|\bhow many percent\b/u
/** A percentage without a % sign: a fraction, a ratio, a decimal, or a table column headed %. */
const shareOtherwise = /\d\s*\/\s*\d|\d\s*(?:比|:)\s*\d|(?<![\d.])0\.\d|[(:|]\s*[%‰]\s*[):|]/

/** Words that stand for an amount without figure and unit: nothing, all of it, a part of it, a multiple. */
const spelled =
  /免(?:费|征|收|缴|交|除|租|于)|全免|不收(?:费|取|钱|租)|全额|全部(?:由|补|报|承担|返还)|减半|半[价额]|分之|[\d一二三四五六七八九两](?:折|倍|块)|\b(?:free of charge|for free|no (?:fee|charge|cost)s?|(?<!\breturn[^.;]{0,60})in full|fully)\b|\b(?:one|two|three|four)[\s-](?:half|halves|thirds?|quarters?|fourths?|fifths?|tenths?)\b|\ba (?:third|quarter|fifth|tenth) of\b/
/** A large number without its unit that counts nothing: “30万”, “500,000”. */
const large =
  /\d\s*[十百千]?[万亿](?![\d人家个项名次户种套台件篇所条辆起例亩吨平])|(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])(?!\s*[人家个项名次户种套台件篇亩吨平])/
/** The unit in a table's header or a form's label; the figures below it carry none. */
const unitAhead = /[(:|]\s*[百千]?[万亿]?(?:元|美元|yuan|rmb|cny|usd)\s*(?:\/.{1,4})?[):|]/

/** Asks for a date by name, or for the end of a period; not for when something becomes possible. */
const whatDay =
  /截止(?:日期|时间|日|到)|(?:申报|申请|报名|受理|征集|提交)(?:的)?(?:截止|开始|起止)?(?:日期|时间)|(?:几月|几号|哪天|哪一天|哪年|哪一年)|什么时候(?:截止|开始|结束|申[报请]|报名|受理|提交|报(?![销道]))|\b(?:deadline|closing date|what (?:date|day))\b/
/** Anything that states a time, by figure or by word. */
const anyTime =
  /[\d〇零一二三四五六七八九十]\s*(?:年(?!内|拨)|月|日|号|季度|点)|世纪|年代|上旬|中旬|下旬|年底|年初|月底|月初|春|夏|秋|冬|节|长期|常年|全年|随时|即日|当天|次日|当年|次年|工作日|每[年月季周日](?!度?(?:累计|总计|合计|最[高多]|不超过|不高于|给予|补|奖|按|\s*\d))|不限|周[一二三四五六日]|\b(?:\d{4}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|annual|every|always)/

/** States a time by an event. A text with neither knows of no time at all. */
const someTime =
  /[前后初末]|期|时[候段刻]?|日|月|年|天|以来|起|截至|随即|立即|及时|\d|\b(?:after|before|when|during|until|since|upon|within)\b/

/** Asks whether one may still apply; only a date, or a word for one, can tell. */
const stillOpen =
  /来得及|(?<![了过的][^,。]*)(?:还|现在|目前|今年)(?:能|可以|可不可以|能不能|有机会|接受|受理)[^,。]{0,8}(?:申[请报]|报名?|参加|提交|受理)|(?:截止|开始|过期|结束)(?:了)?(?:吗|没有?|么)|too late|still (?:open|apply|possible)|(?:can|may) (?:we|i) still/

/** Pure: whether a text states a date, a period or another time. */
export function tellsWhen(text: string): boolean {
  const plain = normalize(text)
  return holds('date', text) || anyTime.test(plain) || factsIn(text).dates.length > 0
}

const lasting: ReadonlySet<string> = new Set(['year', 'month', 'week', 'working_day', 'day', 'hour'])
/** A period may be given by its first and last day. */
const fromTo =
  /(?<!\d)1[0-8]\d\d\s*(?:年\s*)?(?:至|到|~|-|—|–|to\b|until\b)\s*(?:1[0-9]|20)\d\d|[\d年月日号]\s*(?:起?至|到|~|-|—|–|to\b|until\b)\s*[\da-z一二三四五六七八九十]/
/** 3月31日前 and “the first month of each quarter” are calendar dates, not durations. */
const dayBefore =
  /\d{1,2}\s*月\s*\d{1,2}\s*日?\s*(?:[之以]?前)?|第[一二三四五六七八九十\d]+个?(?:自然)?(?:年|季度|月|周|日|天)|(?<![\d.])\d{1,2}日至\d{1,2}日/g
const early = /(?<!\d)1[0-8]\d\d\s*(?:年\s*)?(?:至|到|~|-|—|–|to\b|until\b)/
const moments = /\d\s*(?:分钟|秒|多年|minutes?|seconds?)|\d:\d\d/

/** Asks for a number of things (“多少设备”, “how many offices”), not for the time they take or a number printed on them. */
const howMany =
  /多少(?!个?(?:小时|分钟?|秒|周|星期|季度|学期|月|日|天|年|世纪|岁|号|期|届|[呢呀啊吧了]))\p{Script=Han}|how many (?!\w*\s?(?:hours|minutes|seconds|weeks|days|months|years|times)\b)\w/u
/** People and things with a measure word of their own: “几名院士”, “多少家企业”. */
const howManyOf = /(?:几|多少)(名|位|家|户|件|台|套|篇|字|页|份|间|栋|辆)/
/** Asks for an area: 最多多少平, 场地要多大. */
const howLarge =
  /多少(?:个)?(?:平(?!台)|㎡|亩)|(?:场地|厂房|办公室?|实验室|房子|场所|面积)[^,。]{0,4}多大|多大(?:的)?面积|how (?:large|big) (?:is|are|must|should|can) (?:\w+ ){0,3}(?:space|office|site|premises|lab|laboratory|area|workshop|plant)\b|how many square/
const area = /平方|平米|㎡|m2|亩|公顷|square|sq/
const countedBy: Readonly<Record<string, string>> = {
  名: '名位人个',
  位: '名位人个',
  家: '家户个',
  户: '家户个',
  件: '件项个份',
  台: '台套辆个',
  套: '台套个',
  篇: '篇项个',
}

function bearsUnit(plain: string, unit: string): boolean {
  const units = countedBy[unit] ?? unit
  const figure = new RegExp(
    `[\\d一二两三四五六七八九十百千万亿半]\\s*[余多来]?\\s*[${units}](?!月|工作日|自然日|小时|季度|年)|[${units}人]数|(?:数量|名额|总数)[^,。;:]{0,4}[\\d一二两三四五六七八九十]|(?:数量|名额|总数)\\s*[:|]|${unit}[)）]?\\s*[:|]`,
  )
  return figure.test(plain.replace(numbering, ' ')) || /[|\t]/.test(plain)
}

/** A shorter text (“每年最高30万”) does not say what it is about; in characters. */
const leastSaid = 20
const leastWords = 15

/** Pure: whether a text is long enough that what it does not name is not meant. */
export function saysEnough(text: string): boolean {
  const [letters, words] = [text.match(/\p{Script=Han}/gu)?.length ?? 0, text.match(/[a-z]{2,}/gi)?.length ?? 0]
  return letters >= leastSaid || words >= leastWords
}

/** Clause and document numbers count nothing; nor does a lone 一 or “one”, which is not read as a figure. */
const numbering =
  /第\s*[\d〇零一二三四五六七八九十百]+\s*[条款项章节编号批届期]|[(〔[]\s*[\d一二三四五六七八九十]+\s*[)〕\]](?:\s*\d+\s*号)?|(?:^|\n)\s*(?:\d+[.、](?!\d)|[一二三四五六七八九十]+、)|\b(?:article|section|chapter|clause|no\.?)\s*\d+/g
const single = /一\s*[个家项名台套件位处间]|唯一|\b(?:one|single|none|no|once|each|every|all)\b/

/**
 * Pure: whether a text lacks any figure of the kind a question explicitly asks for. Dates, periods, document and clause numbers are no
 * amounts.
 */
export function figureAbsent(question: string, text: string): boolean {
  const [asked, type] = [normalize(question), answerTypeOf(question)]
  if ((stillOpen.test(asked) && !tellsWhen(text)) || rateUntold(asked, text)) return true
  if (type === 'date') return dayAbsent(asked, text)
  if (type === 'duration' && howLong.test(asked)) return termAbsent(asked, text)
  if (asksSum(question) || sumMeant.test(asked)) return sumAbsent(asked, text)
  if (type === 'share' && whatShare.test(asked)) return !bearsShare(text)
  if (howLarge.test(asked)) return !area.test(normalize(text))
  const unit = howManyOf.exec(asked)?.[1]
  if (unit !== undefined && !counts(text, unit)) return true
  return (type === 'any' || type === 'count') && howMany.test(asked) && !counts(text)
}

function sumAbsent(asked: string, text: string): boolean {
  return !bearsAmount(text) || (feeNamed.test(asked) && !anyFee.test(normalize(text)))
}

/** 利率是多少: a share of something computed from the rate is not the rate. */
function rateUntold(asked: string, text: string): boolean {
  const rate = /([利税费汇]率)[^,。]{0,4}?(?:多少|多高|几)/.exec(asked)?.[1]
  if (rate === undefined) return false
  return !new RegExp(
    `${rate}(?:[^,。;\\d]{0,8}?|[^。;]{0,20}?[:|][^。;\\d]{0,8})[\\d一二三四五六七八九十百]|[\\d.]+%[^,。;]{0,3}的[^,。;]{0,6}${rate}`,
  ).test(normalize(text))
}

/** 审核要几天 is not told in years. */
const inDays = /(?:几|多少)(?:天|个?工作日)/
const anyDays =
  /[\d一二两三四五六七八九十半]\s*[(]?个?(?:工作日|自然日|日|天|周|星期|月|小时|分钟)|即时|当场|当[天日]|(?:工作日|天|月|小时)[)）]?\s*[:|]|\b(?:days?|weeks?|months?|hours?)\b/

function termAbsent(asked: string, text: string): boolean {
  if (inDays.test(asked) && !anyDays.test(normalize(text))) return true
  return howOften.test(asked) ? !repeats.test(normalize(text)) : !lasts(text)
}

/** Asks for the next date: 下一期什么时候. How often it is held is no answer. */
const nextOne = /下一?[期次批届场轮]|这一?[期次批届场]|最近一?[期次批届场]|\bnext (?:round|batch|session|course|one)\b/
const ofCalendar =
  /[\d〇零一二三四五六七八九十]\s*(?:月(?!度)|日|号|季度)|上旬|中旬|下旬|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/

/** 最晚什么时候提交 is told by 在服务完成后六个月内 as well. */
const byWhen = /最晚|最迟|截止|之?前|过期|逾期|期限|时限|by when|latest|deadline/
const withinSo = /(?:后|起|之日)[^,。;]{0,10}?[\d一二两三四五六七八九十]+个?(?:月|工作日|日|天|年)(?:之?内|以内|前)/

function dayAbsent(asked: string, text: string): boolean {
  if (byWhen.test(asked) && withinSo.test(normalize(text))) return false
  if (nextOne.test(asked) && !ofCalendar.test(normalize(text))) return true
  return !tellsWhen(text) && (whatDay.test(asked) || !someTime.test(normalize(text)))
}

/** Pure: whether a sum of money is explicitly asked for. */
export function asksSum(question: string): boolean {
  const asked = normalize(question)
  return feeNamed.test(asked) || (answerTypeOf(question) === 'amount' && (howMuch.test(asked) || sumNamed.test(asked)))
}

function lasts(text: string): boolean {
  const plain = normalize(text)
  if (holds('duration', plain.replace(dayBefore, ' ')) || moments.test(plain)) return true
  const { figures } = factsIn(plain.replace(dayBefore, ' '))
  const { dates } = factsIn(text)
  return figures.some(({ kind }) => lasting.has(kind)) || ((dates.length > 1 || early.test(plain)) && fromTo.test(plain))
}

/** @param unit what is to be counted; money never counts it */
function counts(text: string, unit?: string): boolean {
  if (unit !== undefined) return bearsUnit(normalize(text), unit)
  if (bearsAmount(text)) return true
  const plain = normalize(text).replace(numbering, ' ')
  return single.test(plain) || factsIn(plain).figures.some(({ kind }) => !lasting.has(kind))
}

/** Pure: whether a text holds an amount of money, a percentage, or a word that stands for one. */
export function bearsAmount(text: string): boolean {
  const plain = normalize(text)
  if (spelled.test(plain) || large.test(plain)) return true
  const { figures } = factsIn(text)
  if (figures.some(({ kind }) => kind === 'money' || kind === 'foreign' || kind === 'percent')) return true
  return unitAhead.test(plain) && figures.some(({ kind }) => kind === 'count')
}

function bearsShare(text: string): boolean {
  const plain = normalize(text)
  if (spelled.test(plain) || shareOtherwise.test(plain) || holds('share', text)) return true
  return factsIn(text).figures.some(({ kind }) => kind === 'percent')
}
