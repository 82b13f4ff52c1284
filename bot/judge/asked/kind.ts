import { normalize } from '../../../retrieval/text/normalize.ts'

/** Kinds of support, each with the character that any text about it contains. */
const kinds: readonly (readonly [RegExp, RegExp])[] = [
  [/贴息|利息(?:补|奖)/, /息|利率/],
  [/(?:减|免|退|抵)税|税收(?:优惠|减免|返还)|加计扣除/, /税|扣除/],
  [/(?:租金|房租)(?:补|减|优惠|怎)|[减免]租/, /租/],
  [/保费(?:补|奖)/, /保/],
  [/运费|物流费/, /运|物流/],
  [/落户|户口/, /户/],
]

/** Asks what something is: 种子期企业怎么认定, 小微企业如何界定, 什么叫概念验证. */
const asksWhatItIs = /(?:怎么|怎样|如何)(?:来)?(?:认定|界定|定义|划分|判定|判断)|什么(?:叫|才算|样的算)/
const saysWhatItIs = /认定|界定|是指|指的?是|所称|条件|标准|符合|具备|满足|分为|情形/

/** Asks by what something is measured (评价标准是什么), not into which classes it falls. */
const asksMeasure =
  /(?:评价|评审|评估|考核|评分|验收|收费|认定)(?:的)?(?:标准|指标|依据)[^,。]{0,4}(?:是|有|怎|如何|多少|什么|哪些)/
const saysMeasure = /标准|指标|评分|分值|权重|条件|应当|符合|不低于|不少于|以上|下列|元|成本/

/** Pure: whether a clause has no word for the kind of support asked for, or defines or measures nothing when that is asked for. */
export function otherKind(question: string, source: string): boolean {
  const [asked, said] = [normalize(question), normalize(source)]
  return (
    (asksMeasure.test(asked) && !saysMeasure.test(said)) ||
    kinds.some(([kind, word]) => kind.test(asked) && !word.test(said)) ||
    (asksWhatItIs.test(asked) && !saysWhatItIs.test(said))
  )
}
