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
/** What a rule says about it is still looked up. */
const ofRules = /政策|补贴|补助|奖|资助|条件|材料|流程|登记|怎么|如何|多少/

/** The status of one's own case, a call that did not come, or the wish for another broker: only a person can help. */
const ownMatter: readonly RegExp[] = [
  /(?:我们?|我司|我公司|本公司)(?:的|提交|报|上次|之前|那个)?[^，,。？?]{0,12}(?:编号|申请|材料|需求|问题|事情?|项目|单子|工单)[^，,。？?]{0,10}(?:到哪(?:一?步|里|儿)了?|(?:办|处理|审|弄|进展|进行|走)(?:得|到|的)?(?:怎么样|怎样|如何|什么程度|哪一?步)了?|有(?:结果|消息|进展|回复|下文)了?(?:吗|没有?)?|什么进度|进度(?:如何|怎么样)?)[吗呢啊]?[?？。！!]*$/,
  /(?:说(?:好)?(?:了)?(?:要|会)?|答应)(?:给|跟|和)?我们?(?:回|打|联系|发)[^，,。？?]{0,8}[，,\s]*(?:一直|到现在|还是?|都)?(?:没|没有|不)(?:打|回|联系|发|消息|来)?[^，,。？?]{0,8}[。！!]*$/,
  /(?:^|[，,。\s])(?:能不能|可以|想|要|请|给我|帮我)*(?:换(?:一?个|一?位)?(?:人|经纪人|同事|老师)?|换人)(?:来)?(?:对接|跟进|负责|处理|联系)?(?:可以|行|好)?[吗吧呢]?[?？。！!]*$/,
]

/** Pure: whether somebody asks about the status of their own case, or for another broker. */
export function asksOwnMatter(text: string): boolean {
  const plain = text.trim()
  return plain.length <= longestDeal && !/政策|补贴|奖励|资助|条件/.test(plain) && ownMatter.some((each) => each.test(plain))
}

/** Pure: whether somebody wants to do business with others (签合同, 卖技术, 找人合作): no document does that for them, a broker does. */
export function wishesDeal(text: string): boolean {
  const plain = text.trim()
  return plain.length <= longestDeal && !isAsking(plain) && !ofRules.test(plain) && deals.some((each) => each.test(plain))
}
