import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { asksSum } from '../amounts.ts'

const openEnded = /还是|什么|哪|多少|几|怎|如何|谁|为何|何时|多[久长大高]|\b(?:what|which|who|whom|whose|when|where|how|why)\b/
const atTheEnd = /(?:吗|(?<![什怎那这多要])么|不|没有?|否|对吧)[\s\p{P}]*$/u
const inEnglish =
  /^\W*(?:(?:hi|hello|please|so|and|also)\W+)*(?:is|are|do|does|did|can|could|may|will|would|should|must|has|have|am)\b/
const within = /是否|能否|可否|有没有|(\p{Script=Han}{1,2})[不没]\1/u

/** Pure: whether a question wants a yes or a no. */
export function asksWhether(question: string): boolean {
  const plain = normalize(question)
  return !openEnded.test(plain) && (atTheEnd.test(plain) || within.test(plain) || inEnglish.test(plain))
}

/** Words that say nothing specific: who asks, what may or must be, function words, money changing hands. */
const light =
  /我们?|我司|咱们?|你们?|他们?|贵|本公司|公司|企业|单位|园区|政府|这种?|那种?|现在|目前|[今明去]年|自己|已经|如果|假如|必须|应该|可能|可以|只能|[花掏要出交付]钱|钱|一起|同时|一并|一共|总共|提供|进行|开展|使用|利用|[一每两三]年|[一二两三几每]次|[一每]家|一个|一般|继续|以[前后上下内]|之[前后]|直接|马上|牵头|到底|究竟|真的|其实|另外|分别|[拿领报当搞弄俩份各里]|(?<![氢储核热光动功性智节产职潜才效]|太阳)能|有?(?:什么)?(?:限制|要求|规定|说法|区别|不同)|一回事|一样|相同|办(?![公法学事])|[会要需用得给让被把的了着过还也都就再又只才不没有是在对于由从到和与及或等吗呢吧啊呀么行该算想请问下个做来去]/g
/** What is paid for, directly before the word for the payment: 董事责任险补贴, 高企认定奖励, 风电项目补贴. */
const paidFor =
  /(?<![\d\p{Script=Han}])(\p{Script=Han}{2,}?)(?:项目|费用?|方面|类)?\s*(?:报销|补助|补贴|奖励|奖补|资助|贴息|(?:工作)?经费|奖金?|补)/u
const asksMeasure = /(?:贴息|资助|补贴|奖励|补助|支持|经费)[^,。]{0,4}(?:多少|比例|标准|额度)/
/** Words of every rule whose characters occur in other words: the 企 of 高企 is not the one in 企业. */
const everywhere = /企业|公司|单位|最高|提高|不高于|高于/g
const leastAbsent = 2
/** What is paid once something is recognised (绿企首次认定奖多少, 首次认定绿企奖多少) is paid for the thing. */
const recognised = /(?:被|通过|获得?|取得)?(?:首次|初次|第[一二三]次|重新|再次|新)?(?:认定|评定|获评|入选|备案)(?:为|成|的|后)*/g
/** 企业通过认定的 names nothing that is recognised, so it may be the thing asked for. */
const anything = /(?:^|[,。;:\s])(?:企业|单位|机构|项目|申请人|申报单位)(?:通过|获得?|经|被)*(?:认定|评定|获评|入选)/u

/**
 * Pure: whether a yes-or-no question names something of which two consecutive characters occur nowhere in its source (缴税, 养宠物, 咨询服务);
 * related words in the same clause do not answer it. In a short question every word counts (创新券可以买咨询服务吗); a longer one first describes a
 * case in its own words.
 * @param source title, heading and text of a clause that ingest understood, where words are chosen with care
 */
export function predicateAbsent(question: string, source: string): boolean {
  if (!asksWhether(question)) return false
  const plain = normalize(question)
  const said = normalize(source)
  const [, judged] = opinion.exec(plain) ?? []
  if (judged !== undefined) return !said.includes(judged)
  const [, who = ''] = applicant.exec(plain.replace(light, ' ').trim()) ?? []
  if (absentRun([...who], new Set(said)) >= leastAbsent) return true
  const asked = plain.replace(within, ' ')
  if (fewWords(asked)) return longestAbsent(asked, said) >= leastAbsent
  return absentAtTheEnd(asked, said) >= leastAbsent
}

const longestShort = 8

function fewWords(question: string): boolean {
  return !/[,;:。]./.test(question) && (question.match(/\p{Script=Han}/gu)?.length ?? 0) <= longestShort
}

function longestAbsent(question: string, source: string): number {
  const said = new Set(source)
  return Math.max(0, ...(bare(question).match(/\p{Script=Han}+/gu) ?? []).map((run) => absentRun([...run], said)))
}

/** “One …” before the subject: PCT一件资助多少. */
const oneEach = /^[一二两三四五六七八九十每]+[个件项家次名人户年期批台套笔条篇部种]/
/**
 * Pure: the same for what is paid for, in questions of “whether” and “how much”: 董事责任险补贴多少 is not answered by the percentages of other
 * insurances, nor 风电 by those of 光伏发电. 高企 counts as named by 高新技术企业.
 */
export function bearerAbsent(question: string, source: string): boolean {
  if (!asksSum(question) && !asksWhether(question) && !asksMeasure.test(normalize(question))) return false
  const [, named = ''] = paidFor.exec(bare(normalize(question).replace(recognised, ' '))) ?? []
  const bearer = named.replace(oneEach, '')
  const said = normalize(source)
  if (bearer === '' || anything.test(said)) return false
  const letters = [...bearer]
  if (absentRun(letters, new Set(said.replace(everywhere, ' '))) >= leastAbsent) return true
  return (
    !letters.some((each, index) => index > 0 && said.includes(letters[index - 1] + each)) &&
    !shortened(letters, said) &&
    !shortened(letters.slice(-2), said)
  )
}

/** Whether the characters occur in a text in this order, as those of an abbreviation do in the full form. */
function shortened(letters: readonly string[], text: string): boolean {
  return new RegExp(letters.join('\\p{Script=Han}{0,4}'), 'u').test(text)
}

/** Opinions, which a rule hardly states: 难吗, 划算吗, 容易不. */
const opinion = /(难|贵|严格?|快|慢|麻烦|复杂|简单|容易|划算|值得?|靠谱|方便)(?:不\1)?(?:吗|么|不|呢)?[\s\p{P}]*$/u

/** Names who would apply: 外籍专家可以申请吗. */
const applicant = /^(\p{Script=Han}{2,6})(?:人才|专家|学者|学生|人员|团队|机构|高校|院所|创业者)\s/u

/**
 * What is asked stands last (…要缴税吗). The rule may call what comes before it by other words: with statutes, three of four right answers to
 * such questions lack two characters of it.
 */
function absentAtTheEnd(question: string, source: string): number {
  const said = new Set(source)
  const last = [
    ...(bare(question)
      .match(/\p{Script=Han}+/gu)
      ?.at(-1) ?? ''),
  ]
  return last.length - 1 - last.findLastIndex((each) => said.has(each))
}

function bare(question: string): string {
  return question.replace(questionWords, ' ').replace(light, ' ')
}

function absentRun(run: readonly string[], said: ReadonlySet<string>): number {
  let [longest, now] = [0, 0]
  for (const each of run) {
    now = said.has(each) ? 0 : now + 1
    longest = Math.max(longest, now)
  }
  return longest
}
