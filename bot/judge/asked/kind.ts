import { normalize } from '../../../retrieval/text/normalize.ts'
import { asksWhether } from './whether.ts'

/** Kinds of support, each with the character that any text about it contains. */
const kinds: readonly (readonly [RegExp, RegExp])[] = [
  [/贴息|利息(?:补|奖)/, /息|利率/],
  [/(?:减|免|退|抵)税|税收(?:优惠|减免|返还)|加计扣除/, /税|扣除/],
  [/(?:租金|房租)(?:补|减|优惠|怎)|[减免]租/, /租/],
  [/保费(?:补|奖)/, /保/],
  [/运费|物流费/, /运|物流/],
  [/落户|户口/, /户/],
]
/** 《…》保险费贴息多少: the kind may be left over from the previous question. */
const followsUp = /^《[^》]+》/

/** Pure: whether a clause has no word for the kind of support asked for. Whether one gets it may stand where only the conditions are. */
export function otherKind(question: string, source: string): boolean {
  if (followsUp.test(question) || asksWhether(question)) return false
  const [asked, said] = [normalize(question), normalize(source)]
  return kinds.some(([kind, word]) => kind.test(asked) && !word.test(said))
}
