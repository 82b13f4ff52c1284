import type { Found, Kind } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { questionTermsOf } from '../../retrieval/text/terms.ts'
import { asksOrganisations, asksRecords, describedBriefly, kindDescribed, ofRules } from '../judge/asked/records.ts'
import { coveredCharacters, runsOf } from '../judge/characters.ts'
import { readOf } from '../judge/features/view.ts'
import { recordName } from './follow/references.ts'

/** More characters name a thing precisely enough to try an answer. */
const longestVague = 4
const mostOptions = 3
/** Whoever asks which there are wants to see them; with the button for a person this fills the longest list of buttons of any channel. */
const mostRecords = 5
/** Many clauses of one document may rank before the first clause of another that is just as likely meant. */
const nearlyAsGood = 0.7
const leastNamed = 0.5

const askers =
  '(?:请问一?下|请问|你好|您好|[呀啊哈]|想问(?:一下|下|问)?|公司|我们?(?:公司|企业)?|你们?|咱们?|(?:贵|本|咱)?园区|这边|这里|现在|目前|最近|近期|今年|都|还|[，, ])*'
const which = '(?:什么|啥|哪些|哪几[种个项])'
const kinds = '(?:补贴|补助|政策|奖励|资助|支持|扶持|优惠|措施|好处|福利|成果|技术|活动|服务|培训|路演|项目)'
const takes = '(?:申请|申报|享受|拿|领|报|参加|报名|转化|获得)'
const broad = new RegExp(
  `^${askers}(?:(?:能|可以|可)?(?:有没有|有|提供|${takes})(?:到|得到)?)?${which}(?:样的)?(?:优惠|扶持|支持|惠企|相关|最新|新|科技|的)*${kinds}+(?:可以|能|可|好)?(?:让|给|供)?(?:我们?|企业)?${takes}?的?[吗呢啊呀吧]*[?？。！!]*$|^${askers}(?:能|可以)${takes}(?:到)?${which}(?:呢|啊|呀)?[?？。！!]*$`,
)

/** Asks for everything on one matter: 孵化器有什么政策, 有没有支持初创企业的政策. A sum or a share (奖励, 补贴) may well be answered by one clause. */
const ofOneMatter = new RegExp(
  `^${askers}(?:(?:对|给|针对|关于)?[\\p{Script=Han}A-Za-z]{2,7}?)(?:方面|领域)?(?:都|还|能|可以)?(?:有|享受)(?:什么|啥|哪些|没有|没)(?:样的)?(?:优惠|扶持|支持|惠企|相关|最新|方面的?|的)*政策(?:可以|能)?(?:享受|申请|支持)?的?[吗呢啊呀吧嘛]*[?？。！!]*$|^${askers}(?:有没有|有什么|有啥|有哪些|有)(?:(?:支持|扶持|鼓励|针对|关于|适合|给|对|面向)[\\p{Script=Han}A-Za-z]{2,12}?|[\\p{Script=Han}A-Za-z]{2,8}?(?:方面|相关))的?(?:优惠|扶持|支持|相关|的)*政策(?:可以|能)?(?:享受|申请)?[吗呢啊呀吧嘛]*[?？。！!]*$|^(?:what|which) (?:kinds? of )?(?:support|policies|incentives|programmes|programs|help) (?:is|are) (?:there|available|offered)(?: (?:for|to) [a-z -]{3,40})?\\??$`,
  'iu',
)

/** Records this close to the best are listed too: they are asked for by their kind, not by what one of them says. */
const nearlyAsMuch = 0.75

const longestBroad = 40

/** Pure: whether a question is so broad that what one clause says cannot answer it: 有什么补贴, 有哪些活动. */
export function isBroad(question: string): boolean {
  const plain = question.replace(/\p{Extended_Pictographic}|\uFE0F/gu, '').trim()
  return plain.length <= longestBroad && (broad.test(plain) || ofOneMatter.test(plain))
}

const attributes =
  /联系(?:人|方式)?|电话(?:号码)?|申[请报]|办理|受理|报名|条件|资格|要求|材料|资料|手续|流程|程序|步骤|时间|日期|截止|期限|有效期|地[址点]|窗口|网址|标准|比例|金额|额度|上限|对象|范围|(?:责任|主管|牵头|受理)?(?:部门|单位)|负责人?|经办人?/gu
const asksOnly =
  /请问|麻烦|告诉|需要|应该|应当|提交|提供|准备|具体|到底|一般|大概|哪[些里儿个]?|什么(?:时候)?|何时|多少|多久|怎么样?|怎样|如何|几[号点月天]?|谁|有没有|[在是的到有要得能去找给向用都还您你我们咱公司企业这那个一下了吗呢啊呀吧钱]|可以|\p{P}|\s/gu

/** Pure: whether a question names what is wanted of a rule and no rule: 申请条件是什么, 联系人电话是多少. Any clause would answer it. */
export function namesNoMatter(question: string): boolean {
  const plain = normalize(question)
  const rest = plain.replace(attributes, '')
  return rest !== plain && rest.replace(asksOnly, '') === ''
}

/**
 * A question of one bare word (“补贴”, “人才政策”) fits many documents, so asking back beats guessing.
 * @returns the titles it may mean when there are several, else an empty list; for a broad question even a single one
 */
export function ambiguity(question: string, found: Found): string[] {
  const wanted = asksRecords(question) ? 'achievement' : asksOrganisations(question) ? 'organisation' : null
  if (wanted !== null && describedBriefly(question)) {
    const names = recordsLike(found, wanted, question)
    if (names.length > 1) return names.slice(0, mostRecords)
  }
  if (isBroad(question) || namesNoMatter(question))
    return [...new Set(found.evidence.map((each) => each.passage.title))].slice(0, mostOptions)
  const characters = new Set(questionTermsOf(question).filter((term) => [...term].length === 1 || /^[a-z]+$/.test(term)))
  if (characters.size === 0 || characters.size > longestVague) return []
  const best = found.evidence[0]?.score ?? 0
  const meant = found.evidence.filter((each) => each.score >= best * nearlyAsGood)
  // Of a word that stands nowhere no document is meant.
  const runs = runsOf(question).filter((each) => [...each].length > 1)
  if (runs.length > 0 && !meant.some((each) => coveredCharacters(runs, readOf(each).plain).share > leastNamed)) return []
  const titles = [...new Set(meant.map((each) => each.passage.title))]
  return titles.length > 1 ? titles.slice(0, mostOptions) : []
}

/** Names of the records found nearly as well as the best that speak of the kind of thing asked for. */
function recordsLike({ evidence }: Found, kind: Kind, question: string): string[] {
  const least = (evidence[0]?.score ?? 0) * nearlyAsMuch
  const described = runsOf(kindDescribed(question))
  const records = evidence.filter(
    ({ passage, score }) =>
      passage.kind === kind &&
      (kind === 'organisation' || score >= least) &&
      (described.length === 0 || coveredCharacters(described, normalize(passage.text)).share > leastNamed),
  )
  return [...new Set(records.flatMap(({ passage }) => recordName(passage.text) ?? []))]
}

/** 谁能做中试, 哪家机构能提供水质检测服务 */
const offers =
  /^(?:请问)?(?:谁|哪[家个些]?(?:机构|平台|单位|公司)?)(?:能|可以|会|在)?(?:做|提供|办)(\p{Script=Han}{2,8}?)(?:的?服务)?[吗呢啊呀]?[?？。！!]*$/u

/**
 * Pure: the name of the one institution that offers what a short question asks for; null when none or several do. A word of two characters is
 * too little to be sure of, so that one is named and asked back about.
 */
export function soleBody(question: string, found: Found): string | null {
  const [, what] = offers.exec(question.trim()) ?? []
  if (what === undefined || ofRules.test(what)) return null
  const names = found.evidence.filter(({ passage }) => passage.kind === 'organisation' && normalize(passage.text).includes(what))
  const [only, ...others] = new Set(names.flatMap(({ passage }) => recordName(passage.text) ?? []))
  return others.length === 0 ? (only ?? null) : null
}

const longestTopic = 8
const leastTopic = 3
/** Words of a request or a remark; a topic has none. */
const more =
  /[?？]|多少|什么|怎么|如何|哪|几|吗|呢|谁|能|可以|想|要|找|帮|请|给|有没|我|你|他|好|谢|奖|补|助|贴|减|免|材料|条件|时间|电话|流程|标准|比例|申[请报]|^(?:是|不|没)/

/**
 * Pure: the title of the rule that a message of one bare topic (专精特新) names; null when it asks something, or names none. What about it is
 * wanted has to be asked.
 */
export function topicOf(question: string, { evidence }: Found): string | null {
  const plain = question.trim().replace(/[。！!\s]+$/, '')
  const numbered = byNumber(plain, evidence)
  if (numbered !== null) return numbered
  const best = evidence[0]?.passage
  if (best?.kind !== 'policy' || !/^\p{Script=Han}+$/u.test(plain) || more.test(plain)) return null
  const length = [...plain].length
  return length >= leastTopic &&
    length <= longestTopic &&
    best.title.replace(/[（）()]/g, '').includes(plain.replace(/[（）()]/g, ''))
    ? best.title
    : null
}

/** The title of the rule whose document number is the whole message: 云园管〔2025〕3号. */
function byNumber(plain: string, evidence: Found['evidence']): string | null {
  const squeezed = (text: string) => normalize(text).replace(/[\s\p{P}]/gu, '')
  const whole = squeezed(plain)
  if (!/\d号$/.test(whole)) return null
  return evidence.find(({ passage }) => passage.docNo !== null && squeezed(passage.docNo) === whole)?.passage.title ?? null
}
