import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { ofEveryRule } from './subject.ts'

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

/** Pays for a recognition, which every rule may do: what is recognised tells one from another. */
const act = /(?:被|通过|获得?|取得)?(?:首次|初次|第[一二三]次|重新|再次)?(?:被)?(?:认定|评定|获评|入选)(?:为|成|的|后)*/
const paid = /奖|补[贴助]?|资助|扶持|多少|钱/
const level = /国家级|[省市区县]级|(?:首次|初次|第[一二三]次|重新|再次)/g
/** Words that many kinds of things share. */
const shared =
  /^(?:企业|公司|单位|机构|中心|平台|项目|人才|团队|技术|科技|产品|基地|成果|创新|研究|服务|合同|奖励|补[贴助]|奖补|资助|扶持)$/
/** A part of a list, or a row, stands below what names its matter. */
const listed = /^\s*(?:[(（]|[一二三四五六七八九十\d]{1,3}[、.．)）]|\|)/

/** Whoever issued a rule (海高新规〔2025〕12号) is not what it is about. */
const number = /\p{Script=Han}{1,10}\s*[〔[(（]\s*\d{4}\s*[〕\])）]\s*\d+\s*号/gu

/**
 * Pure: whether a question asks what the recognition of something pays (高企认定奖多少) and neither clause nor title names that thing: what is paid
 * once a 中试基地 is recognised tells nothing of a 高新技术企业.
 * @param source title, heading and text, without the zone's own name
 */
export function recognisesAnother(question: string, source: string, text: string): boolean {
  const things = recognisedIn(normalize(question))
  const said = normalize(source).replace(number, ' ')
  return things.length > 0 && !listed.test(text) && !anything.test(normalize(text)) && !things.some((each) => names(said, each))
}

/** 企业通过认定的 names nothing that is recognised, so it may be the thing asked for. */
const anything = /(?:^|[,。;:\s])(?:企业|单位|机构|项目|申请人|申报单位)(?:通过|获得?|经|被)*(?:认定|评定|获评|入选)/u

/** What is recognised stands right before the act (高企首次认定), or behind it (首次认定高企). */
function recognisedIn(asked: string): string[] {
  const found = act.exec(asked)
  if (found === null || !paid.test(asked)) return []
  const behind = asked.slice(found.index + found[0].length).split(paid)[0] ?? ''
  return [...namesIn(asked.slice(0, found.index)), ...namesIn(behind)]
}

function namesIn(text: string): string[] {
  const plain = text.replace(level, ' ').replace(questionWords, ' ').replace(ofEveryRule, ' ')
  return (plain.match(/\p{Script=Han}{2,}/gu) ?? []).filter((each) => pairsOf(each).length > 0)
}

/** The pairs of characters that tell a thing from others. */
function pairsOf(word: string): string[] {
  const letters = [...word]
  return letters.slice(1).flatMap((each, index) => (shared.test(`${letters[index]}${each}`) ? [] : [`${letters[index]}${each}`]))
}

/** By a pair of its own, or as the full form of an abbreviation. */
function names(said: string, word: string): boolean {
  return pairsOf(word).some((pair) => said.includes(pair)) || new RegExp([...word].join('\\p{Script=Han}{0,4}'), 'u').test(said)
}
