import type { Found } from '../../retrieval/evidence.ts'
import { coveredCharacters, runsOf } from './characters.ts'
import { bestWindow, inPassage, pairsOf } from './features/terms.ts'
import { mass, readOf } from './features/view.ts'

/** With all of these below, the best passage shares so little with the question that the library is not about it. */
const shared = { pairs: 0.12, window: 0.21, characters: 0.25 }
const wordless = 0.5

/**
 * Pure: whether a question is about nothing the library covers. Words of the trade (补贴, 成果, 专利 …) keep a question on topic even when
 * nothing fits: then a person answers instead of a refusal.
 */
export function offTopic(question: string, found: Found): boolean {
  if (ours.test(question)) return false
  const best = found.evidence[0]
  if (best === undefined) return true
  const read = readOf(best)
  const pairs = pairsOf(found.terms)
  const [paired, characters] = [inPassage(pairs, read), coveredCharacters(runsOf(question), read.plain).share]
  // Not one word is shared, so the few characters that a short question shares are chance.
  if (pairs.length > 0 && paired === 0 && characters < wordless) return true
  return (
    paired < shared.pairs &&
    characters < shared.characters &&
    bestWindow(best.passage.text, found.terms) / (mass(found.terms) || 1) < shared.window
  )
}

/** Words of the trade: enterprises use them when they ask about rules and technology. */
const ours =
  /政策|补贴|补助|资助|奖励|扶持|申报|申请|登记|认定|备案|合同|专利|商标|知识产权|成果|技术|研发|科研|科技|项目|企业|公司|园区|孵化|中试|概念验证|路演|揭榜|人才|税|融资|贷款|投资|基金|转化|许可|转让|经纪|办法|细则|通知|指南|条例|文件|第[一二三四五六七八九十\d]+条|场地|租金|仪器|平台|实验室|高校|院所|设备|装备|材料|工艺|仪器|样机|产品|专家|联合开发|合作|量产|活动|培训|对接会|创业|创新|办理|受理|代办|补(?:点|些)?钱|给不给钱|(?:给|能|还|会)补吗|骗补|成熟度|TRL|能补|补多少|补到|多少平|平方?米|高企|专精特新|小巨人|瞪羚|独角兽|收费|名额|贴息|利息|保险|保费|投保|退保|险种|担保|质押|抵押|拨付|到账|兑付|公示|评审|验收|绩效|职称|\b(?:policy|policies|subsid|grant|fund|support|award|apply|application|patent|technology|achievement|enterprise|company|compan|contract|regist|incubat|pilot|research|r&d|equipment|material|prototype|partner|tax|talent|license|licence|park|invest|event|roadshow|workshop|training|expert|incentive|reward)/i
