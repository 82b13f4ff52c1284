import { bare, isAsking } from '../../converse/wishes.ts'
import { confidentialIn } from '../public.ts'

/** What somebody wants of demands, besides submitting one. `number`: of the demand, null when none was said. */
export type ChainWish =
  | { readonly is: 'list' }
  | { readonly is: 'solve'; readonly number: string }
  | { readonly is: 'status' | 'withdraw'; readonly number: string | null }
  /** 保密：三号线、客户甲 */
  | { readonly is: 'hide'; readonly words: readonly string[] }

const hello = '(?:你好|您好|请问一?下?|想问一?下|问一?下|麻烦|帮我|给我|我?想?看看?|查一?下|查看|查询|看一?下|列出|列一?下)*'
const us = '(?:我们?(?:公司|企业|团队|单位|学校|学院|课题组|实验室|这边|厂)?|本公司|本单位|我司|咱们)'
const number = '(?:第)?(?:需求|榜单|榜)?\\s*d?\\s*(\\d{1,9})\\s*(?:号|项)?(?:需求|榜单|榜)?'
const openOnes = '(?:公开|发布|已发布|征集|正在征集|待解决|在榜|可以揭榜|可揭榜|企业|园区|技术|揭榜(?:挂帅)?|的|中)*'
const polite = '(?:吗|呢|啊|呀|吧|了|哦|谢谢)*'

const lists: readonly RegExp[] = [
  new RegExp(
    `^${hello}(?:现在|目前|最近|你们|园区|这里|平台|这边|都|还|上)*(?:有|发布了|征集)?(?:哪些|什么|啥)${openOnes}(?:需求|难题|榜单)${polite}$`,
  ),
  new RegExp(
    `^${hello}(?:园区|企业|技术|公开|揭榜(?:挂帅)?|当前|最新|的)*(?:榜单|需求(?:榜单?|清单|列表|大厅|墙))(?:有哪些|是什么|给我|看看)?${polite}$`,
  ),
  /^(?:please )?(?:show|list|see|view)?(?: me)?(?: all)?(?: the)? ?(?:open|published|current) (?:technology )?(?:needs|demands|challenges)(?: list| please)?$/,
  /^(?:what|which) (?:open |published |technology )*(?:needs|demands|challenges) (?:are (?:there|open|published)|do you have)(?: now)?$/,
]

const able = '(?:可以|能够?|会|有能力|有办法|有技术|来|想要?|要|愿意)'
const solves: readonly RegExp[] = [
  new RegExp(`^${hello}${us}?${able}*(?:揭榜|应榜|揭)(?:解决|承接)?${number}${polite}$`),
  new RegExp(`^${hello}${us}${able}+(?:做|解决|完成|承接|搞定|实现|满足)(?:得?了)?${number}${polite}$`),
  new RegExp(`^${hello}${number}${us}?${able}+(?:做|解决|完成|承接|搞定|实现|满足|揭榜?)(?:得?了)?${polite}$`),
  new RegExp(`^${hello}${number}${us}?(?:揭榜|应榜)${polite}$`),
  /^(?:i|we|our (?:team|company|lab)) (?:can|could|are able to|want to) (?:do|solve|meet|take|deliver)(?: on)?(?: the)? ?(?:need|demand|challenge|number|no)? ?d?(\d{1,9})$/,
]

const where =
  '(?:(?:到|进行到|进展到|处理到|办到|走到|推进到)(?:了)?(?:哪一?步|哪里|哪儿|什么(?:阶段|程度|地步|环节))|(?:进展|进度|状态|情况)?(?:怎么样|怎样|如何|是?什么(?:进度|状态|情况|阶段))|(?:的)?(?:进展|进度|状态)|有(?:什么)?(?:进展|结果|消息|下文|回音))'
const statuses: readonly RegExp[] = [
  new RegExp(
    `^${hello}${us}(?:的|提的?|提交的?|登记的?|发布的?|报的?|那个|这个)*(?:技术)?需求(?:d?(\\d{1,9})号?)?(?:现在|目前|如今|都)?${where}?(?:了)?${polite}$`,
  ),
  new RegExp(`^${hello}(?:技术)?需求d?(\\d{1,9})号?(?:的)?(?:现在|目前)?${where}(?:了)?${polite}$`),
  new RegExp(`^${hello}d(\\d{1,9})号?(?:需求)?(?:的)?(?:现在|目前)?${where}(?:了)?${polite}$`),
  new RegExp(`^${hello}需求(?:的)?(?:进展|进度)(?:查询)?${polite}$`),
  /^(?:what is |what's |what s )?(?:the )?(?:status|progress) of (?:my|our) (?:need|demand|request) ?d?(\d{1,9})?$|^(?:where is|how is) (?:my|our) (?:need|demand|request) ?d?(\d{1,9})?$|^(?:my|our) (?:needs?|demands?)$/,
]

const withdraws: readonly RegExp[] = [
  new RegExp(
    `^${hello}(?:请|${us}|想|要|想要|需要)*(?:把|将)?(?:撤回|撤销|撤掉|撤下|取消|收回|下架|不要)(?:掉|一下|了)?(?:${us}|的|发布的?|登记的?|提的?|提交的?|那个|这个|技术)*(?:需求d?(\\d{1,9})?|d(\\d{1,9})(?:需求)?)(?:号)?${polite}$`,
  ),
  new RegExp(
    `^${hello}(?:请|${us})*(?:把|将)?(?:${us}|的|发布的?|登记的?|那个|这个|技术)*(?:需求d?(\\d{1,9})?|d(\\d{1,9})(?:需求)?)(?:号)?(?:请|要|想|帮我|给我)*(?:撤回|撤销|撤掉|撤下|收回|下架|取消)(?:掉|一下|了)?${polite}$`,
  ),
  /^(?:please )?(?:withdraw|cancel|take down) (?:my |our )?(?:need|demand) ?d?(\d{1,9})?$/,
]

/**
 * Pure: whole messages only, so that 揭榜挂帅怎么申报 stays a question. Behind the wish to solve one, what is offered may follow: 揭榜 3，我们有成熟工艺.
 */
export function chainWishOf(text: string): ChainWish | null {
  if ([...text].length > longestOffer) return null
  const plain = bare(text)
  const words =
    /^\s*(?:请)?(?:保密|不要(?:对外)?公开)(?:的?(?:词|内容))?\s*[:：]/.test(text) && !/[?？]/.test(text)
      ? confidentialIn(text)
      : []
  if (words.length > 0) return { is: 'hide', words }
  return (plain !== '' && [...plain].length <= longestWish ? plainWish(plain) : null) ?? solveIn(text)
}

const longestOffer = 400
const longestWish = 40

function plainWish(plain: string): ChainWish | null {
  if (lists.some((each) => each.test(plain))) return { is: 'list' }
  const status = numberIn(statuses, plain)
  if (status !== null) return { is: 'status', number: status || null }
  const withdrawn = isAsking(plain) ? null : numberIn(withdraws, plain)
  return withdrawn === null ? null : { is: 'withdraw', number: withdrawn || null }
}

function solveIn(text: string): ChainWish | null {
  const said = text.trim().replace(/^(?:你好|您好|hi|hello)[，,。！!\s]+/i, '')
  const [, first = '', rest = ''] = /^([^，,。；;：:！!\n]+)(?:[，,。；;：:！!\n]+([\s\S]*))?$/u.exec(said) ?? []
  if (isAsking(first) || isAsking(rest)) return null
  const number = numberIn(solves, bare(first))
  return number === null || number === '' ? null : { is: 'solve', number }
}

/** The number said in the first pattern that fits, '' when none was, null when no pattern fits. */
function numberIn(patterns: readonly RegExp[], plain: string): string | null {
  for (const each of patterns) {
    const match = each.exec(plain)
    if (match !== null) return match.slice(1).find((group) => group !== undefined) ?? ''
  }
  return null
}
