import { normalize } from '../../../retrieval/text/normalize.ts'
import { bearsAmount } from '../amounts.ts'
import { summed } from './pieces.ts'

/** Asks what something costs, or how much one may borrow: 停车费一个月多少, 押金要交多少, 能贷多少. */
const asksPrice =
  /(?:\p{Script=Han}费(?!用)|租金|押金|保证金|工资|薪水)(?:用|标准)?(?:一般|大概|大约|要|得)?(?:交|付|收)?(?:每?一?(?:平(?:方)?米?|个?月|年|天|次|度|吨|家|人))?(?:要|得|是|收|交|付)?(?:多少|几(?:块|元|钱))|(?:贷|借)(?:款|到)?多少|(?:要|得|花|收|交|付|赔)(?:花|交|付|收|出|赔)?多少(?:\p{Script=Han}{0,3}[金费款钱]|费用)|收费(?:是|标准)?(?:是)?多少|\bwhat is the (?:rent|fee|price|cost|salary)\b|\bhow much (?:is|are) the (?:rent|fees?|prices?|costs?|salar(?:y|ies)|deposit)\b/u
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
