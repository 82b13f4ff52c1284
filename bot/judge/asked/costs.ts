import { normalize } from '../../../retrieval/text/normalize.ts'
import { bearsAmount } from '../amounts.ts'
import { summed } from './pieces.ts'

/** Asks what something costs, or how much one may borrow: 停车费一个月多少, 押金要交多少, 能贷多少. */
const asksPrice =
  /(?:\p{Script=Han}费(?!用)|租金|押金|保证金|工资|薪水)(?:用|标准)?(?:一般|大概|大约|要|得)?(?:交|付|收)?(?:每?一?(?:平(?:方)?米?|个?月|年|天|次|度|吨|家|人))?(?:要|得|是|收|交|付)?(?:多少|几(?:块|元|钱))|(?:贷|借)(?:款|到)?多少|(?:要|得|花|收)(?:花|交|付|收|出)?多少(?:钱|费用)|收费(?:是|标准)?(?:是)?多少|\bwhat is the (?:rent|fee|price|cost|salary)\b|\bhow much (?:is|are) the (?:rent|fees?|prices?|costs?|salar(?:y|ies)|deposit)\b/u
/** 保费补贴多少 asks for what is paid to the asker. */
const asksSupport = /补|奖|助|贴|减|免|返|退|报销|抵|subsid|grant|reimburs|reduc|support|award/
/** Words of somebody who pays support. */
const pays = /给予|补贴|补助|奖励|资助|贴息|减免|补偿|报销|抵扣|subsid|grant|reimburs|reward/

/** Pure: whether a price is asked for and all sums of a text are support that is paid, or there are none. */
export function priceAbsent(question: string, text: string): boolean {
  const asked = normalize(question)
  if (!asksPrice.test(asked) || asksSupport.test(asked)) return false
  const sums = summed(text)
  if (sums.length === 0 && ownFigure.test(normalize(text))) return false
  return sums.length === 0 ? !bearsAmount(text) : sums.every((each) => pays.test(each))
}

/** 两个月租金作为押金 is a price as well. */
const ownFigure =
  /[\d一二两三四五六七八九十半]\s*(?:个月|倍|折)[^。;]{0,8}(?:租金|押金|保证金|工资)|(?:押金|保证金|费)[^。;]{0,12}[\d一二两三四五六七八九十半]\s*(?:个月|倍|折)/

/** Asks for an area: 最多多少平, 场地要多大. */
const asksArea =
  /多少(?:个)?(?:平(?!台)|㎡|亩)|面积[^,。]{0,8}(?:多大|多少)|(?:多大|多少)(?:的)?面积|(?:场地|厂房|办公室?|实验室|房子|场所)[^,。]{0,4}多大|how (?:large|big)|how many square/
const area = /平方|平米|㎡|m2|亩|公顷|square|sq/

/** Pure: whether an area is asked for and the text has none. */
export function areaAbsent(question: string, text: string): boolean {
  return asksArea.test(normalize(question)) && !area.test(normalize(text))
}
