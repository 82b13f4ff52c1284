import type { Kind } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'

/** Asks for several records, of which the first is as good a guess as the next: 环保类成果有哪些, 有纳米材料的成果吗. */
const ofRecords =
  /^(?:[^，,。？?]{0,24})(?:有(?:没有|哪些|什么|啥)?|哪些|什么|所有的?|全部的?)[^，,。？?]{0,14}(?:成果|专利技术)(?:可以(?:转让|合作|许可|用|转化))?[吗么呢啊呀]?[?？。！!]*$|^[^，,。？?]{0,20}成果(?:都)?(?:有(?:哪些|什么|没有)?)(?:[吗么呢啊呀])?[?？。！!]*$/
/** Words of rules: which achievements a rule pays for is a question about the rule. */
export const ofRules = /政策|补贴|补助|奖|资助|办法|细则|登记|评价|认定|怎么|如何|条件|申[报请]|规定|转化支持/

/** Pure: whether achievement records are asked for by their properties; no rule answers that. */
export function asksRecords(question: string): boolean {
  const plain = question.trim()
  return ofRecords.test(plain) && !ofRules.test(plain)
}

const bodies = '(?:机构|平台|实验室|服务商|事务所|中介|专家|检测中心|测试中心|孵化器|众创空间)'
/** Asks who offers something: 有哪些检测机构, 有没有做知识产权代理的机构, 哪家机构能做CMA检测. */
const ofBodies = new RegExp(
  `^[^，,。？?]{0,12}(?:有(?:没有|哪些|什么|啥)?|哪些|哪几?家|推荐(?:一下|几家|一家)?|介绍(?:一下|几家|一家)?|找(?:一?家|个|几家)?)[^，,。？?]{0,14}${bodies}(?:(?:可以|能|会|在)?(?:提供|做|办|帮忙|服务)[^，,。？?]{0,10})?[吗么呢啊呀]?[?？。！!]*$`,
)

/** Pure: whether institutions, platforms or experts are asked for by what they offer. */
export function asksOrganisations(question: string): boolean {
  const plain = question.trim()
  return ofBodies.test(plain) && !ofRules.test(plain)
}

/** Pure: the only kinds to search; empty for all kinds. */
export function kindsAsked(question: string): { readonly kinds?: readonly Kind[] } {
  return asksRecords(question) ? { kinds: ['achievement'] } : {}
}

const askers =
  /我们?(?:公司|企业)?|你们?|园区|这里|这边|请问|想(?:要|看看?|了解|找)?|看看|有(?:没有|哪些|什么|啥)?|哪些|什么|所有的?|全部的?|可以|能|转让|合作|许可|成果|专利技术|(?:服务)?机构|平台|实验室|服务商|事务所|中介|专家|哪几?家|推荐|介绍|一下|几家|一家|找|做|提供|方面|领域|类|的|都|[吗么呢啊呀]|[\s\p{P}]/gu
const mostOfKind = 5

/** What kind of thing is asked for: 检测 of 有哪些检测机构; empty when it is not said. */
export const kindDescribed = (question: string): string => question.replace(askers, '')

/** Pure: whether the question names a kind (环保, 纳米材料) and not one thing: if nobody has a 超疏水自清洁幕墙涂层, other coatings are no alternative. */
export function describedBriefly(question: string): boolean {
  return [...kindDescribed(question)].length <= mostOfKind
}

/**
 * Pure: whether a record is of another thing than the kind that is asked for: one with 接口 is no 脑机接口. Of the kind's pairs of characters
 * half must stand in it, since people shorten and turn names around (纳米材料: 纳米与膜材料).
 */
export function otherThing(question: string, record: string): boolean {
  if (!asksRecords(question) || !describedBriefly(question)) return false
  const kind = [...normalize(kindDescribed(question)).replace(/\P{Script=Han}/gu, '')]
  const pairs = kind.slice(1).map((each, index) => `${kind[index]}${each}`)
  const source = normalize(record)
  return pairs.filter((each) => source.includes(each)).length * 2 < pairs.length
}
