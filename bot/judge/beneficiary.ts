import { normalize } from '../../retrieval/text/normalize.ts'
import { questionTermsOf } from '../../retrieval/text/terms.ts'
import { termSet } from './features/view.ts'

const institution = '机构|院所|高校|学校|平台|基地|载体|孵化器|加速器|(?:运营|服务|推荐|依托|举办|主办)(?:单位|方|企业)|经纪人'
/** A payment to an institution, with its sum: “奖励机构15万元”, “给予运营单位最高50万元”. */
const paid = new RegExp(
  `(?:奖励|补助|补贴|资助|给予|奖补)(?:给|该|其|上述|所在|相关)?[\\p{Script=Han}]{0,4}?(?:${institution})(?:最高|一次性|不超过|每\\p{Script=Han}{1,2}|各|共)?\\s*[\\d一二两三四五六七八九十百]`,
  'u',
)
const figures = /\d\s*(?:[万亿]|元|%)|[一二两三四五六七八九十百]+万/
/** Words of every reward, which tell nothing apart. */
const general = new Set(['企业', '公司', '奖励', '补贴', '补助', '资助', '给予', '园区', '单位', '技术', '科技', '每家', '一家'])

/**
 * Pure: whether all sums of a quotation go to an institution, for something the question does not mention. What an institution gets is not
 * what an enterprise gets.
 * @param quote words shown
 */
export function paidToAnother(question: string, quote: string): boolean {
  const sums = normalize(quote)
    .split(/[。\n]/)
    .filter((sentence) => figures.test(sentence))
  const asked = questionTermsOf(question).filter((term) => [...term].length > 1 && !general.has(term))
  // A question without a subject of its own, or in another script, shares no word with any clause.
  if (asked.length === 0 || !/\p{Script=Han}/u.test(question)) return false
  return sums.length > 0 && sums.every((sentence) => goesElsewhere(asked, sentence))
}

/** Everything up to the sum says whom and what it is for. */
function goesElsewhere(asked: readonly string[], sentence: string): boolean {
  const found = paid.exec(sentence)
  if (found === null) return false
  const head = termSet(sentence.slice(0, found.index + found[0].length))
  return !asked.some((term) => head.has(term))
}
