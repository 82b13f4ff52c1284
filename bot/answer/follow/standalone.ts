import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { documentNumbersIn } from '../../../retrieval/text/document-numbers.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'
import type { Asking, PastExchange } from '../../answer.ts'
import { ofEveryRule } from '../../judge/asked/subject.ts'
import type { Account, Clerk } from '../../models/clerk.ts'
import { corrected, pointedAt, specified } from './references.ts'

export type Standalone = (asking: Asking, account: Account) => Promise<string>

const exchangesGiven = 3
const longest = 300

/** Makes a follow-up stand alone: with the model when there is one, else by rule. A question that stands alone is never changed. */
export function standaloner({ clerk, log }: { clerk: Clerk | null; log: Log }): Standalone {
  return async (asking, account) => {
    const { question, history } = asking
    const last = history.at(-1)
    if (last === undefined) return question
    const meant = corrected(question, last) ?? pointedAt(question, last) ?? specified(question, last)
    if (meant !== null) return meant
    if (!leansOnHistory(question, last.things?.[0]?.record != null)) return question
    return (clerk === null || closed(asking) ? null : await rewritten(clerk, log, asking, account)) ?? joined(question, last)
  }
}

/** Whether what may be shown now, or was said before, is not public: then no model may read it. */
function closed({ visibility, history }: Asking): boolean {
  return visibility > 1 || history.slice(-exchangesGiven).some((each) => each.protected === true)
}

/** @returns the model's question, or null when it added something of its own, or said nothing */
async function rewritten(clerk: Clerk, log: Log, asking: Asking, account: Account): Promise<string | null> {
  const { question, history, language, signal } = asking
  const past = history
    .slice(-exchangesGiven)
    .map((each) => `Q: ${each.standalone}\nA: ${each.answer ?? '-'}\n${each.titles.map((title) => `《${title}》`).join('')}`)
    .join('\n')
  try {
    const task = { language, account, ...(signal === undefined ? {} : { signal }) }
    const { text } = await clerk.ask('standalone', { ...task, data: { history: past, question } })
    const plain = text.replace(/\s*\n\s*/g, ' ').trim()
    return saysOnly(plain, `${past}\n${question}`) ? plain : null
  } catch (error) {
    if (signal?.aborted === true) throw error
    log('model_gave_nothing', errorFields(error))
    return null
  }
}

/** Pure: whether a rewritten question only combines what was said: no number, document or foreign word of the model's own. */
export function saysOnly(rewritten: string, said: string): boolean {
  if (rewritten === '' || [...rewritten].length > longest) return false
  const values = new Set(numbersIn(said).map((each) => each.value))
  const serials = new Set(documentNumbersIn(said).map((each) => `${each.year}:${each.serial}`))
  const source = normalize(said)
  return (
    numbersIn(rewritten).every(({ value, text }) => values.has(value) || /^[\p{Script=Han}]$/u.test(text)) &&
    documentNumbersIn(rewritten).every((each) => serials.has(`${each.year}:${each.serial}`)) &&
    (normalize(rewritten).match(/[a-z][a-z0-9_.-]{2,}/g) ?? []).every(
      (word) => /\p{Script=Han}/u.test(said) === false || source.includes(word),
    )
  )
}

const pronouns =
  /^(?:那|那么|它|这(?![里边么样儿些几次])|那个|那项|该|上面|上述|上次|上回|刚才|前面|以上)|(?:它|这个|那个|这项|该)(?:政策|办法|奖励|补贴|成果|项目|文件|通知|条)?(?:的|呢|是|有|能|要|怎)|^(?:还有|另外)?(?:.{1,10})呢[?？]?$|^(?:and|what about|how about)\b|\b(?:it|that one|this one|they|those)\b/i
const everyRule = new Set(
  `how much many long often soon far what when where which who whom whose why is are was were do does did can could may must should will
   would have has i we you our my your to the a an of for on in at by with from and or not any there apply applying application applications
   register submit pay paid get receive claim contact call email address phone telephone number website deadline date time limit period
   validity valid document documents material materials form forms paper papers condition conditions requirement requirements required need
   needed eligible eligibility qualify qualifies amount maximum max minimum most least highest rate percentage percent cost costs free year
   yearly annual month each per once again else more other please exactly process procedure steps it's what's who's`.split(/\s+/),
)
const shortest = 2

/** Words of every record of an achievement: after one was shown these name no subject either. */
const ofRecords =
  /专利号|专利权人|专利|知识产权|成熟度|联系人|价格|费用|报价|合作方式|许可|所属单位|研发团队|团队|简介|介绍|应用场景|用在|参数|指标|性能/g

/** Pure: whether a question leaves out its subject. @param afterRecord one record of a table was cited last */
export function leansOnHistory(question: string, afterRecord = false): boolean {
  const plain = question.trim()
  if (pronouns.test(plain)) return true
  if (!/\p{Script=Han}/u.test(plain))
    return (
      plain
        .toLowerCase()
        .match(/[a-z']+/g)
        ?.every((word) => everyRule.has(word)) ?? false
    )
  const own = plain
    .replace(/《[^》]*》/g, '书名')
    .replace(afterRecord ? ofRecords : /$^/, '')
    .replace(ofEveryRule, '')
    .replace(/[\s\p{P}]/gu, '')
  return [...own].length < shortest
}

/** What a question asks, at its end: 最多奖多少？, 有补助吗？, 怎么申请？ */
const asked =
  /(?:[，,]\s*)?(?:可以|能|需要?|要)?(?:最多|最高|最低|每年|每月|一年|一件|一场|每件|每项|一次)?(?:能|可以)?[^，,。；;\s]{0,4}(?:多少|几[个年月天次名]?|什么时候|什么|怎么样?|如何|哪[里些个]|多久|吗|有没有|是不是)[^，,。；;]*$|\b(?:how|what|when|where|which|who)\b[^?]*\?*$/i
/** The same where another thing replaces the subject: 那X呢 keeps no part of its name. */
const askedAlone =
  /(?:[，,]\s*)?(?:可以|能|需要?|要)?(?:最多|最高|最低|每年|每月|一年|一件|一场|每件|每项|一次)?(?:能|可以)?(?:(?:申请)?材料|条件|奖励?|资助|补助|补贴?|贴息?|支持|给|付|拿|领|报|退|收|需要?|要|交|办|申请|申报|受理|提交|准备|是|有)*[^，,。；;\s]?(?:多少|几[个年月天次名]?|什么时候|什么|怎么样?|如何|哪[里些个]|多久|吗|有没有|是不是)[^，,。；;]*$|\b(?:how|what|when|where|which|who)\b[^?]*\?*$/i
const another = /^(?:那|那么|还有|另外)?\s*(?:换成|如果是|要是)?\s*(.{2,20}?)(?:的话)?呢[?？]?$/

/**
 * Pure: the follow-up with the subject of the last exchange in front: the document it cited and the thing it named. “那X呢” asks of X what
 * was asked before.
 */
export function joined(question: string, last: PastExchange): string {
  const before = last.standalone.replace(/^《[^》]*》/, '').trim()
  const other = another.exec(question.trim())?.[1]
  const title = last.titles[0] === undefined ? '' : `《${last.titles[0]}》`
  const own = other !== undefined && !pronounOnly.test(other)
  const matched = (own ? askedAlone : asked).exec(before)?.[0] ?? ''
  // An English question states its subject throughout, so all of it is kept.
  const tail =
    matched.length === before.length && !/\p{Script=Han}/u.test(before)
      ? ''
      : fromQuantity(fromThere(wholeWords(before, matched)))
  // 该办法 means the document as a whole, not what was asked about it.
  if (title !== '' && wholeDocument.test(question)) return `${title}${question.trim()}`
  const whole = own ? `${title}${other}${tail}` : `${title}${subjectOf(before, tail)} ${question.trim()}`
  return [...whole].slice(0, longest).join('')
}

const asking = /多少|什么|怎么|如何|哪|几[年个月天]|多久|吗|有没有|能不能|可以/
const leastSubject = 2

/** What the last question was about; a short one (商标贴息多少) is all subject up to the asking word. */
function subjectOf(before: string, tail: string): string {
  const kept = upTo(before, before.length - tail.length)
  const short = [...kept.replace(/[\s\p{P}]/gu, '')].length < leastSubject && /\p{Script=Han}/u.test(before)
  return short ? before.slice(0, Math.max(0, before.search(asking))) : kept
}

/** Two characters that belong together, so that what is kept never ends in half a word: …的时候首|次认定奖多少. */
const oneWord =
  /^(?:首次|重新|再次|认定|登记|奖励|补贴|补助|资助|申请|申报|企业|专利|合同|项目|技术|成果|人才|租金|贷款|材料|公司|比例|金额|额度|期限|标准|场地|面积|时间)$/

function upTo(text: string, at: number): string {
  return text.slice(0, at > 0 && oneWord.test(text.slice(at - 1, at + 1)) ? at - 1 : at)
}

/** 例多少 → 多少: the tail never begins with half a word. */
function wholeWords(before: string, tail: string): string {
  const at = before.length - tail.length
  return tail !== '' && at > 0 && oneWord.test(before.slice(at - 1, at + 1)) ? tail.slice(1) : tail
}

const wholeDocument = /(?:该|这个|那个|这份|这项|此)(?:办法|政策|细则|文件|通知|规定|指南|措施)/
const pronounOnly =
  /^(?:它|这个|那个|这项|该项|时间|材料|电话|条件|流程|金额|比例|上限|期限|年限|时限|有效期|标准|地址|地点|方式|对象|范围|要求)$/

/** 经纪人有什么奖励 → 有什么奖励: what stands before it is the subject's own. */
function fromThere(tail: string): string {
  return tail.replace(/^[^有]{1,4}(?=有(?:多少|什么|哪|没有|几))/, '')
}

/** 记最多奖多少 → 最多奖多少: what stands before the quantity is the end of another word. */
function fromQuantity(tail: string): string {
  const at = tail.search(/(?:可以|能|需要?|要)?(?:最多|最高|最低|每年|每月|一年|一次)/)
  return at > 0 && at < 4 ? tail.slice(at) : tail
}
