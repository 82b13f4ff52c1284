import { normalize } from '../../retrieval/text/normalize.ts'

/**
 * Questions whose answer is an opinion with legal or commercial weight. What a rule says about the matter may be quoted; these patterns
 * only catch the wish for advice on one's own case.
 */
const sensitive: readonly RegExp[] = [
  /(?:避税|逃税|偷税|节税|税务筹划|合理避)/,
  /起诉|(?:诉讼|仲裁)(?!.{0,6}(?:补[贴助]|资助|奖励|支持|费|保险))|打官司|律师函|(?:找|请|聘|咨询|介绍|推荐|需要|派|有没有|有)(?:一?[个位名下])?(?:专业|好)?的?律师(?!事务所|会见|执业)|赔偿多少|侵权了?吗|违法吗|合法吗|法律意见|法律责任/,
  /(?:底价|最低价|便宜点|还价|砍价|报个价|报价是?多少|(?<!(?:租金?|物业费?|利率|利息|贷款|水电费?|检测费?).{0,6})(?:能不能优惠|折扣))/,
  /(?:保密协议|\bnda\b|商业秘密|技术秘密|泄密|涉密)/,
  /(?:专利|知识产权|权属|许可).{0,8}(?:归谁|怎么分|如何分配|条款怎么写|怎么谈)/,
  /(?:出口管制|禁止出口|限制出口|制裁|实体清单)/,
  /被(?:人|别人|他人|对方|同行)?侵权(?:了|该|要|怎么|如何|能)/,
  /(?:有没有|有无|有什么|有哪些|是否有|存在|是不是有)法律风险|(?:看看|看一?下|审一?下|审核一?下|把把?关).{0,12}(?:合同|协议)/,
  /(?:谈|聊|商量|商谈|洽谈)(?:一?[谈聊下])?(?:的是|一下)?.{0,6}(?:价格|价钱|转让费|许可费|独占|排他|合同条款)/,
  /少[交缴](?:一?点|些)?.{0,4}税/,
  /\b(?:infringed|legal risks?|negotiat\w+ (?:\w+ ){0,4}(?:prices?|terms|licen[cs]es?|fees?|royalt\w+))\b/,
  /\b(?:lawsuits?|sue|legal advice|legal opinion|tax avoidance|export controls?|sanctions?|non-disclosure|trade secrets?|lowest price|(?<!(?:rent|lease|interest|loan)\b.{0,12})discounts?)\b/,
]

export function isSensitive(text: string): boolean {
  const plain = normalize(text)
  return sensitive.some((each) => each.test(plain))
}
