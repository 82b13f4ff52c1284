import { remembered } from '../../retrieval/base/remembered.ts'
import { normalize } from '../../retrieval/text/normalize.ts'

/** What kind of words would answer a question. */
export type AnswerType = 'amount' | 'share' | 'date' | 'duration' | 'count' | 'phone' | 'link' | 'place' | 'who' | 'any'

const asked: readonly (readonly [AnswerType, RegExp])[] = [
  ['phone', /电话|热线|联系方式|号码|phone|hotline|contact number/],
  [
    'link',
    // A site that is merely mentioned (does the website collect …, 网站升级了什么) is not asked for.
    /网址|链接|邮箱|(?:哪[个些家]|什么)(?:官方|政府|政务|门户|网上|微信)*(?:网站|公众号|小程序)|(?:官网|网站|公众号|小程序)的?(?:是|叫|名称|地址|在哪(?!些)|[吗呢]?[?!。]*$)|\burl\b|e-?mail address|\b(?:which|what)(?:'s| is| are)?(?: the| your| its| their)?(?: \w+)? (?:web ?site|e-?mail)|\b(?:web ?site|web address|e-?mail) (?:of|for)\b|\blink to\b/,
  ],
  ['share', /百分之|比例|几成|税率|费率|多少%|percent|what share|\brate\b/],
  [
    'duration',
    /多久|多长时间|几天|几个月|几年|多少天|多少个?工作日|多少年|期限|时限|how long|how much (?:time|longer)|how many (?:days|months|years)/,
  ],
  ['date', /什么时候|何时|几时|哪天|哪一?年|几月|几号|什么时间|时间是|日期|截止|when\b|what (?:date|year|day)|deadline/],
  [
    'amount',
    /多少钱|多少元|多少万|多少\p{Script=Han}{0,3}[金费款](?=[\s\p{P}呢啊呀]|$)|金额|奖多少|补多少|给多少|最多.{0,6}多少|最高.{0,6}多少|奖励?多少|补贴多少|资助多少|额度|费用|价格|how much|\bamount|\bmaximum\b|\bup to\b/u,
  ],
  ['count', /多少(?:人|家|个|项|名|次|户|种|套|台|件|篇|所|条|辆|起|例)|几(?:个|家|项|名|次|种|类|人|条)|how many|数量/],
  ['place', /哪里|哪儿|何处|什么地方|地点|地址|在哪(?!些)|where\b|address|location/],
  [
    'who',
    /谁|哪个?(?:部门|单位|机构|公司|人|局)|哪些(?:部门|单位|机构)|什么(?:部门|单位|机构)|由哪|who\b|which (?:department|office|agency)/,
  ],
]

/**
 * @returns the first kind a question asks for; `any` when its words do not tell. Remembered, since rules and features ask for every clause
 */
export const answerTypeOf: (question: string) => AnswerType = remembered((question) => {
  const plain = normalize(question)
  return asked.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'any'
}, 50)

const number = '[\\d一二三四五六七八九十百千万亿两半〇零]'
const present: Readonly<Record<Exclude<AnswerType, 'any'>, RegExp>> = {
  amount: new RegExp(
    `${number}\\s*(?:万|亿)?\\s*(?:元|美元|欧元|rmb|yuan|cny|usd)|(?:rmb|cny|usd|\\$|￥|¥)\\s*\\d|免费|全额|\\d+\\s*(?:%|％)|免征|不收`,
  ),
  share: new RegExp(`\\d\\s*[%％‰]|百分之|${number}成|${number}分之|一半|percent`),
  date: /\d{1,4}\s*(?:年|月|日|[-/.]\d{1,2})|[一二三四五六七八九十]{1,3}[月日号]|世纪|季度|上旬|中旬|下旬|年底|年初|周[一二三四五六日]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{4}\b/,
  duration: new RegExp(
    `(?<!\\d{3})${number}\\s*\\(?(?:年(?!\\s*${number}{1,3}\\s*月)|个月|个?工作日|天|小时|分钟|周|日(?:内|后|前|以内|以上|\\))|days?|months?|years?|weeks?|hours?)|(?:工作日|天|个月|小时|分钟|年)\\)?:\\s*${number}|长期|即时|当场`,
  ),
  count: new RegExp(`${number}`),
  phone: /\d{3,4}[-\s]?\d{4,8}|\b1[3-9]\d{9}\b|\b\d{5,12}\b/,
  link: /https?:|www\.|\.(?:com|cn|gov|org|net)\b|@|公众号|小程序/,
  place:
    /(?:省|市|区|县|镇|乡|村|路|街|号|楼|大厦|中心|园|馆|室|厅|国|州|岛|山|河|湖|海|院|校|站|港|城|广场|窗口)|\b(?:road|street|floor|building|room|city|park)\b/,
  who: /(?:局|厅|部|委|会|府|办|中心|公司|院|校|所|处|科|组|集团|人|者|员|长|家|师|先生|女士|银行|机构|单位|企业)|\p{Lu}\p{Ll}+/u,
}

/** @returns whether a text holds words of the asked kind; true for `any` */
export function holds(type: AnswerType, text: string): boolean {
  return type === 'any' || present[type].test(asRead(type, text))
}

/** {@link holds} for a text already read; pieces of a text may be read apart and joined again. */
export function holdsRead(type: AnswerType, read: string): boolean {
  return type === 'any' || present[type].test(read)
}

/** Names are recognised by their capital letters, so their case is kept. */
export function asRead(type: AnswerType, text: string): string {
  return type === 'who' ? text : normalize(text)
}
