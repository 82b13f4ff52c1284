import type { EventType } from '../../retrieval/evidence.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { type Period, periodIn } from './period.ts'

/** What somebody wants to know of the agenda. */
export type AgendaQuestion = {
  /** Only these types; null for all. */
  readonly types: readonly EventType[] | null
  readonly period: Period | null
  /** What took place is asked for, not what is to come. */
  readonly past: boolean
  /** Words that say which: 新材料 of 新材料路演什么时候; '' without any. */
  readonly about: string
}

/** No type of ours: the word itself says which, in a title or in the column for types. */
const gatherings = '沙龙|论坛|推介会|发布会|交流会|分享会|研讨会|座谈会'
const trainings: readonly EventType[] = ['training', 'broker_training', 'contract_training']
/** Words for events with the types they stand for; the longer ones first. */
const kinds: readonly (readonly [string, readonly EventType[] | null])[] = [
  ['技术(?:经纪|经理)人?的?(?:培训班?|研修班?|课程)', ['broker_training']],
  ['(?:技术)?合同(?:认定)?(?:登记)?的?(?:业务)?培训班?', ['contract_training']],
  ['(?:惠企|科技|产业)*政策(?:宣讲|解读|说明|宣介)(?:会|活动)?', ['briefing']],
  ['(?:政策)?宣讲(?:会|活动)?|说明会', ['briefing']],
  ['(?:大院大所)?开放日', ['open_day']],
  ['(?:产业链|供需|成果|技术|融资)*对接(?:会|活动)', ['matchmaking']],
  ['(?:项目|融资|成果|创业)*路演(?:日|会|活动|专场)?', ['roadshow']],
  ['(?:创新创业|创业|创新)?(?:大赛|比赛|竞赛)', ['contest']],
  ['(?:上门)?辅导(?:日|会|活动)', ['coaching']],
  ['培训(?:班|会|课程?|活动)?|讲座|公开课|训练营', trainings],
  [gatherings, null],
  ['活动', null],
  ['trainings?(?: courses?)? for (?:technology )?brokers', ['broker_training']],
  ['road ?shows?|pitch(?:es| days?| events?)', ['roadshow']],
  ['open days?', ['open_day']],
  ['(?:broker )?trainings?(?: courses?| sessions?)?|workshops?|courses?|seminars?|lectures?', trainings],
  ['briefings?', ['briefing']],
  ['contests?|competitions?', ['contest']],
  ['events?|activities|meet-?ups?', null],
]
const event = kinds.map(([words]) => words).join('|')

/** What goes on in laboratories and markets is no event of the park. */
const otherActivities =
  /(?:研发|研究|科研|开发|科技|技术|经营|生产|创新|转化|转移|交易|业务|商业|违法|开展|经济|投资|孵化|服务|申报|审核|评审|检查|实验)(?:的)?活动/u
/** Words of rules: what a park pays for events, and what one must do to hold one. */
const ofRules =
  /补[贴助偿]|奖[励金]|资助|报销|经费|费用|收费|花费|多少钱|支持(?!单位)|政策|办法|细则|规定|规则|条件|要求|标准|资格|(?:什么|哪些|啥|交|准备|需要?|要)(?:什么)?材料|材料(?:清单|要求|怎么|有哪)|证书|学时|流程|程序|怎么(?:办|申|报(?!名)|弄|搞|举办|承办)|如何(?:办|申|报(?!名)|举办|承办)|申[请报领]|承办|举办单位|备案|审批|发票|扣|核减|涉密|保密|ppt|获奖|税|合同(?!(?:认定)?(?:登记)?的?(?:业务)?培训)|subsid|fund|grant|reimburs|reward|fee|cost|require|condition|appl(?:y|ication)|eligib|policy|certificate/u

const ends = '(?:推荐(?:一下)?|没有?)?[吗么呢嘛啊呀吧的了哈]*'
const asksWhen = '什么时候|什么时间|啥时候|几号|哪[一]?[天日]|何时|几点|多会儿|时间'
const asksMore = `${asksWhen}|在哪(?:里|儿|个地方)?|哪里|什么地方|地点|地址|怎么[去走]|谁(?:主办|组织|讲|办)|主办(?:方|单位)?(?:是谁)?|联系(?:人|谁|方式|电话)|找谁|有?(?:什么|哪些)?(?:内容|议程)|面向谁|还有(?:名额|位置|位子)|(?:还)?有名额|剩(?:余|多少)?(?:名额|位置)?|名额(?:还)?(?:有|剩)?多少|多少(?:名额|人)|满了|报满|(?:还)?(?:能|可以)(?:报名|参加|去|报(?![销奖告备税账价送关]))|报名(?:截止|时间|到)|截止`
const coming =
  '最近|近期|近来|接下来|这几天|这段时间|后面|往后|以后|下一?[次场期]|下期|即将|未来|目前|现在|园区|你们|这边|这里|咱们?|我们|贵园区?|还|都|请问|想(?:问|知道|了解)(?:一?下)?|看看|查(?:一?下)?|帮我(?:查|看)?|告诉我|有关|关于|要|会|将|是|举办|举行|召开|开展|组织|安排|办|开|的'
const has = '有没有|有什么|有哪些|有啥|有无|有|还有|哪些|什么|啥|没有|几[场个次]'
const about = '[^，,。;；?？!！]{0,14}?'

const patterns: readonly RegExp[] = [
  // 下周有培训吗, 最近有什么活动可以参加
  new RegExp(`^${about}(?:${has})${about}(?:${event})(?:可以|能|好|要)?(?:参加|报名|去|听|看)?${ends}$`, 'u'),
  // 近期活动, 12月活动安排, 活动预告
  new RegExp(
    `^${about}(?:${event})(?:的)?(?:安排|日程表?|预告|计划表?|时间表|列表|清单|一览|信息|日历|通知)?(?:最近|近期)?(?:${has})?${ends}$`,
    'u',
  ),
  // 路演什么时候, 新材料路演在哪里
  new RegExp(
    `^${about}(?:${event})${about}(?:${asksMore})(?:办|举办|举行|开|开始|开放|召开|结束|报名|截止|参加|有|呢|啊|吗|了|的|是)*${ends}$`,
    'u',
  ),
  // 什么时候有路演, 哪天开培训
  new RegExp(`^${about}(?:${asksWhen}|在哪里?)(?:${about})(?:${event})${ends}$`, 'u'),
  /^(?:do you (?:have|offer) |have you |are there |is there |what |which |any |when |where |show |list |tell )(?!.*\b(?:how|why|can i get|this(?! (?:week|month|year))|that|about|should)\b).*\b(?:road ?shows?|pitch\w*|open days?|trainings?|workshops?|seminars?|lectures?|courses?|briefings?|contests?|competitions?|events?|activities|meet-?ups?)\b/u,
  /^(?:upcoming|next|coming) (?:road ?shows?|trainings?|workshops?|events?|open days?)\b/u,
]
/** A bare 路演 or 培训 asks for nothing yet; a time, or a word for what is to come, makes it a question. */
const bareEvent = new RegExp(`^(?:${event})${ends}$`, 'u')
/** How a project gets on a stage is a matter of rules; how one gets into a training is not. */
const asksHowToJoin = new RegExp(`^${about}(?:${event})(?:怎么|如何|怎样)(?:才能|去)?(?:报名|参加|预约)${ends}$`, 'u')
const asksHow = (plain: string, types: readonly EventType[] | null) =>
  asksHowToJoin.test(plain) && types?.includes('roadshow') !== true && types?.includes('contest') !== true

const pastWords =
  /过去|以前|之前|上次|上[一]?[场期]|往期|历史|办过|举办过|开过|已经(?:办|举办|结束)|\b(?:past|previous|last (?:event|training|roadshow)|were there|was there)\b/u

/** Pure: whether a question is about events at all; everything else need not look at the agenda. */
export function mayConcernEvents(question: string): boolean {
  const plain = plainOf(question)
  return (
    plain.length <= 60 &&
    (new RegExp(event, 'u').test(plain) || new RegExp(asksMore, 'u').test(plain) || /报名|参加|\b(?:when|where)\b/u.test(plain))
  )
}

export function plainOf(question: string): string {
  return normalize(question)
    .toLowerCase()
    .replace(/[?？!！。.]+\s*$/u, '')
    .replace(/^(?:(?:你好|您好|嗨|在吗|hi|hello|hey)(?:呀|啊)?[\s,，!！。~～]*)+/u, '')
    .replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '')
    .trim()
}

/** Pure: whether these are words for a gathering of which we have no type: 沙龙. */
export function isGathering(about: string): boolean {
  return new RegExp(`^(?:${gatherings})$`, 'u').test(about)
}

/** Pure: what a question asks of the agenda; null when it asks for something else, above all for what rules say about events. */
export function agendaAsked(question: string, today: string): AgendaQuestion | null {
  const plain = plainOf(question)
  if (plain === '' || plain.length > 60 || bareEvent.test(plain)) return null
  const withoutKinds = plain.replace(new RegExp(event, 'gu'), '')
  if (ofRules.test(withoutKinds) || otherActivities.test(plain)) return null
  const kind = kinds.find(([words]) => new RegExp(words, 'u').test(plain))
  if (kind === undefined || !(patterns.some((pattern) => pattern.test(plain.replace(/[，,]/gu, ''))) || asksHow(plain, kind[1])))
    return null
  const period = periodIn(plain, today)
  const rest = aboutIn(plain, period) || (kind[0] === gatherings ? (new RegExp(gatherings, 'u').exec(plain)?.[0] ?? '') : '')
  // 科技服务活动 of nobody's agenda: the word for all events needs a sign that the park's are meant.
  if (kind[0] === '活动' && period === null && !ofThePark.test(plain.replace(/活动/gu, ''))) return null
  const past = pastWords.test(plain) || (period !== null && period.to <= today)
  return { types: kind[1], period, past, about: rest }
}

const ofThePark = new RegExp(`${coming}|${has}|${asksMore}|安排|日程|预告|计划|日历|列表|一览`, 'u')

const noise = new RegExp(
  `${asksMore}|${event}|开始|结束|开放|${coming}|${has}|可以|能|参加|报名|安排|日程表?|预告|计划表?|时间表|列表|清单|一览|信息|日历|通知|听|去|方面|领域|行业|类型?|相关|适合|没有?|我们?|咱们|公司|企业|想|怎么|如何|怎样|上午|下午|晚上|第|一[场次个]|那[场次个]|这[场次个]|场|次|期|吗|么|呢|嘛|啊|呀|吧|了|哈|过|在|和|与|\\b(?:what|which|when|where|is|are|there|any|the|next|upcoming|coming|do|does|you|have|on|in|for|of|me|show|list|tell|about|held|will|be|this|that|a|an|i|can|join|attend|soon|planned|scheduled|park|at|to|start|take|place|seats?|left|up|s|coming|for)\\b`,
  'gu',
)

/** The words that are left when everything that only asks is gone. */
function aboutIn(plain: string, period: Period | null): string {
  const rest = period === null ? plain : plain.replace(period.words, ' ')
  return rest
    .replace(pastWords, ' ')
    .replace(noise, ' ')
    .replace(/[\s\p{P}]+/gu, '')
}

const namedAsks = new RegExp(`(?:${asksMore})|介绍|讲什么|\\b(?:when|where|what time|who)\\b`, 'u')

/**
 * Pure: whether a question is about events that it calls by their titles.
 * @returns the places of these titles in the list; empty when it names none, or asks what rules say
 */
export function titlesNamed(question: string, titles: readonly string[]): number[] {
  const plain = bareTitle(plainOf(question))
  const found = titles.flatMap((title, index) => {
    const bare = bareTitle(title)
    return [...bare].length >= 4 && plain.includes(bare) ? [{ index, bare }] : []
  })
  const longest = Math.max(0, ...found.map((each) => each.bare.length))
  const best = found.filter((each) => each.bare.length === longest)
  if (best.length === 0) return calledByTheirEnd(plain, titles)
  const rest = best.reduce((text, each) => text.replace(each.bare, ''), plain)
  if (ofRules.test(rest) || (rest.length > 2 && !namedAsks.test(rest))) return []
  return best.map((each) => each.index)
}

/** 早餐会还能报吗 of 企业家早餐会. How a title begins also names other matters: 高新技术企业认定 of a briefing about it. */
function calledByTheirEnd(plain: string, titles: readonly string[]): number[] {
  if (!namedAsks.test(plain) || ofRules.test(plain)) return []
  const part = plain
    .replace(new RegExp(namedAsks.source, 'gu'), '')
    .replace(
      /^(?:请问|那个?|这个?|你们的?|咱们的?)+|(?:那|这)[个场次]|(?:了|的|是|在|办|开|开始|举办|还)*[吗么呢嘛啊呀吧的了哈]*$/gu,
      '',
    )
  if ([...part].length < 3 || bareEvent.test(part)) return []
  return titles.flatMap((title, index) => (bareTitle(title).endsWith(part) ? [index] : []))
}

/** Pure: a title without brackets, marks and blanks, in lower case. */
export function bareTitle(title: string): string {
  return normalize(title)
    .toLowerCase()
    .replace(/[（(【[][^)）】\]]{0,12}(?:取消|延期|改期)[^)）】\]]*[)）】\]]/gu, '')
    .replace(/[\s\p{P}\p{S}]+/gu, '')
}

/** Pure: whether what is asked about stands in a title or in the words of an event: at least two thirds of its pairs of characters. */
export function isAbout(about: string, words: string): boolean {
  const tight = bareTitle(words)
  const letters = [...about]
  if (letters.length < 2) return letters.length === 0 || tight.includes(about)
  const pairs = letters.slice(1).map((letter, index) => `${letters[index]}${letter}`)
  return pairs.filter((pair) => tight.includes(pair)).length * 3 >= pairs.length * 2
}
