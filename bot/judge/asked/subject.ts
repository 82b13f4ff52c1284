import type { Evidence } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { answerTypeOf } from '../../compose/answer-type.ts'
import { askedAttribute } from '../../compose/attribute.ts'

/** Words of every rule: a question made only of these names no subject. */
export const ofEveryRule =
  /什么时候|什么时间|什么|何时|几月份?|几号|多久|多长时间|怎么样?|如何|可不可以|能不能|可以|能否|申请|申报|报名|顺便|问一?下|受理|办理|审核|审批|提交|准备|咨询|联系|电话|号码|方式|热线|邮箱|网址|部门|单位|哪个|哪些|哪里|在哪|找谁|谁|去|材料|条件|要求|流程|程序|手续|截止|日期|时间|期限|有效期|地点|最长|最短|最高|最多|最低|上限|下限|多少|几|每年|一年|一次|每家|每件|比例|标准|金额|额度|钱|需要|需|要交|要|交|到账|到手|拿到|领到|打款|付款|拨付|发放|合作|见面|约见|结果|公示|为什么|文号|全文|链接|下载|施行|实施|生效|失效|发布|印发|开始|有效|过期|去年|今年|明年|前年|现在|目前|已经|市里|区里|省里|名额|拿|来|个人|几人|也是|这样|一样|同样|还有|其他|另外|吗|呢|么|的|了|是|有|能|年|月|天|个|次|请问|想问|你好|您好|咱们?|我们?/g

/** The zone's own name stands in most titles; the 高新技术 in it is not that of 高新技术企业. */
const zone =
  /(?:高新技术|经济技术|经济|综合|临港|高技术)(?:产业)?(?:开发区|园区|示范区)|高新区|经开区|科技园区?|管理委员会|管委会/g

/** Pure: a text without the names of zones and their administrations. */
export function withoutZone(text: string): string {
  return text.replace(zone, ' ')
}

const light =
  /奖励|补贴|补助|资助|政策|企业|公司|单位|园区|项目|地址|下班|上班|几点|多大|报名|在线|提供|填[写报]|[报交领办问找填发给拿要带几下上午到后前里中些种个项条位家分的了吗呢啊呀么和与及或在是有能会可想请您你咱我他它这那哪谁怎啥咋]/g
const kinds: ReadonlySet<string> = new Set(['phone', 'link', 'date', 'duration', 'place'])
const longestAsked = 24
const longestName = 8

/** Pure: the words that name the matter of a question for something that every rule has (创新券咨询电话多少 → 创新券); empty for others. */
export function mattersOf(question: string): string[] {
  const asked = normalize(question)
  if ([...asked].length > longestAsked || (!kinds.has(answerTypeOf(question)) && askedAttribute(question) === null)) return []
  // A name in letters (DCMM) says more than the words beside it.
  const letters = asked.match(/(?<![a-z])[a-z][a-z\d-]{2,}/g)?.filter((each) => each.length <= longestName) ?? []
  if (letters.length > 0 && /\p{Script=Han}/u.test(asked)) return letters
  return (
    asked
      .replace(questionWords, ' ')
      .replace(ofEveryRule, ' ')
      .replace(light, ' ')
      .match(/\p{Script=Han}{2,}/gu) ?? []
  )
}

/**
 * Pure: the documents of which nothing that was found names the matter asked about: the telephone number of another office is no answer,
 * nor its deadline. When one document has the whole name, half of it (创新型企业 for 创新券) is another matter. Only those that ingest understood,
 * since their titles are known.
 */
export function withoutSubject(question: string, evidence: readonly Evidence[]): ReadonlySet<string> {
  const matters = mattersOf(question)
  const documents = matters.length === 0 ? new Map<string, string>() : documentsOf(evidence)
  const shares = new Map([...documents].map(([id, said]) => [id, Math.max(0, ...matters.map((each) => share([...each], said)))]))
  const best = Math.max(0, ...shares.values())
  return new Set([...shares].filter(([, own]) => own === 0 || (best === 1 && own <= half)).map(([id]) => id))
}

const half = 0.5

/** What was found of each rule, normalised. */
function documentsOf(evidence: readonly Evidence[]): Map<string, string> {
  const documents = new Map<string, string>()
  for (const { passage } of evidence) {
    const { documentId, title, heading, text } = passage
    if (passage.kind !== 'policy' || (passage.clause === null && passage.docNo === null) || !/\p{Script=Han}/u.test(text))
      continue
    const said = withoutZone(normalize(`${title} ${heading ?? ''} ${text}`))
    documents.set(documentId, `${documents.get(documentId) ?? ''}\n${said}`)
  }
  return documents
}

/** @returns how many of a word's pairs of characters a text has, 0…1; an abbreviation counts as its full form */
function share(letters: readonly string[], said: string): number {
  if (/^[a-z]/.test(letters[0] ?? '')) return said.includes(letters.join('')) ? 1 : 0
  if (new RegExp(letters.join('\\p{Script=Han}{0,4}'), 'u').test(said)) return 1
  const pairs = letters.slice(1).map((each, index) => `${letters[index]}${each}`)
  return pairs.filter((each) => said.includes(each)).length / Math.max(1, pairs.length)
}
