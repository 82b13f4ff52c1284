import { normalize } from '../../retrieval/text/normalize.ts'

/**
 * Questions whose answer is an opinion with legal or commercial weight. What a rule says about the matter may be quoted; these patterns
 * only catch the wish for advice on one's own case.
 */
const sensitive: readonly RegExp[] = [
  /(?:避税|逃税|偷税|节税|税务筹划|合理避)/,
  /(?:起诉|诉讼|打官司|仲裁|律师|赔偿多少|侵权了?吗|违法吗|合法吗|法律意见|法律责任)/,
  /(?:底价|最低价|便宜点|还价|砍价|报个价|报价是?多少|能不能优惠|折扣)/,
  /(?:保密协议|nda|商业秘密|技术秘密|泄密|涉密)/,
  /(?:专利|知识产权|权属|许可).{0,8}(?:归谁|怎么分|如何分配|条款怎么写|怎么谈)/,
  /(?:出口管制|禁止出口|限制出口|制裁|实体清单)/,
  /\b(?:lawsuit|sue|legal advice|legal opinion|tax avoidance|export control|sanction|non-disclosure|trade secret|lowest price|discount)/,
]

export function isSensitive(text: string): boolean {
  const plain = normalize(text)
  return sensitive.some((each) => each.test(plain))
}
