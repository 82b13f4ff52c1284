import { isAsking } from '../wishes.ts'

const longestDeal = 40
const wants = '(?:想要?|要|希望|打算|准备|求)'
const own =
  '(?:我们?(?:公司|企业|团队)?|我司|本公司|这边|手[上里]|你好|您好|有(?:一?[个项]|些)?[^，,。？?]{0,12}(?:技术|成果|专利|项目))'
const deal =
  '(?:签(?:订|署)?(?:个|一?份)?(?:技术|开发|转让|许可|服务)?(?:合同|协议)|签约|(?:发布|展示|推介|登记)(?:一?[个项])?(?:我们的?)?(?:技术|成果|专利)|发布|(?:转让|出售|卖(?:给|掉|出去)?|许可)(?:给)?(?:企业|公司|别人|出去)?|找(?:人|企业|公司|伙伴|合作方|合作伙伴|投资人?|买家|下家)(?:合作|对接|投资)?|(?:合作|对接|谈合作)(?:一下)?)'
const deals: readonly RegExp[] = [
  new RegExp(
    `^(?:${own}[，,。\\s]*)*${wants}(?:把|将)?(?:我们?的?|这[个项]|[^，,。？?]{0,10}?(?:技术|成果|专利|项目))?${deal}(?:一下|吧|了|的?(?:技术|成果|专利|项目))?[。！!～~]*$`,
  ),
  /^(?:i|we) (?:want|would like|wish|need|am looking|are looking) (?:to )?(?:for )?(?:sell|license|transfer|sign|publish|find|a)\b.{0,30}(?:partner|buyer|contract|technology|patent|investor)s?[.!]*$/i,
]
/** What a rule says of it is looked up all the same. */
const ofRules = /政策|补贴|补助|奖|资助|条件|材料|流程|登记|怎么|如何|多少/

/** Pure: whether somebody tells what they want to do with others (签合同, 卖技术, 找人合作): no document does that for them, a broker does. */
export function wishesDeal(text: string): boolean {
  const plain = text.trim()
  return plain.length <= longestDeal && !isAsking(plain) && !ofRules.test(plain) && deals.some((each) => each.test(plain))
}
