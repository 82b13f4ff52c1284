import { documentNumbersIn } from '../../../retrieval/text/document-numbers.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'

export type NameFault = 'link' | 'phone' | 'document_number' | 'title' | 'quotation' | 'organisation' | 'foreign_word'

const links =
  /(?:https?|ftp|tg|javascript|data|mailto):\S+|www\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|gov|edu|io|example|top|xyz|info|cc|me)\b\S*/gi
const mails = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const phones = /\+?\d(?:[\d\s()（）-]{5,}\d)/g

/** Pure: @returns the first kind of name in a sentence that its evidence does not hold, or null */
export function namesWrong(words: string, evidence: string): NameFault | null {
  const source = normalize(evidence)
  const tight = source.replace(/\s/g, '')
  const absent = (each: string) => !tight.includes(normalize(each).replace(/\s/g, ''))
  if ([...(words.match(links) ?? []), ...(words.match(mails) ?? [])].some((each) => absent(each.replace(/[。，,;；)）]+$/, ''))))
    return 'link'
  if (
    phonesIn(words).some((each) => !phonesIn(evidence).some((held) => held === each || (each.length > 6 && held.endsWith(each))))
  )
    return 'phone'
  if (!documentNumbersStand(words, evidence)) return 'document_number'
  if ([...words.matchAll(/《([^》]+)》/g)].some((match) => absent(match[1] ?? ''))) return 'title'
  if ([...words.matchAll(/[「『“"‘]([^」』”"’]{2,})[」』”"’]/g)].some((match) => absent(match[1] ?? ''))) return 'quotation'
  if (organisationsIn(words).some((each) => !pieced(unabridged(normalize(each)), unabridged(tight)))) return 'organisation'
  return foreignWords(words).some(absent) ? 'foreign_word' : null
}

/** Runs of seven digits or more, whatever separates them; not dates. */
function phonesIn(text: string): string[] {
  const plain = normalize(text).replace(/(?:19|20)\d{2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}/g, ' ')
  return (plain.match(phones) ?? []).map((each) => each.replace(/\D/g, '')).filter((each) => each.length >= 7)
}

function documentNumbersStand(words: string, evidence: string): boolean {
  const held = documentNumbersIn(evidence)
  return documentNumbersIn(words).every(({ agency, year, serial }) =>
    held.some((each) => each.year === year && each.serial === serial && sameEnd(agency, each.agency)),
  )
}

/** The agency before a number may carry words that precede it: 根据云园管 and 云园管 are the same. */
function sameEnd(one: string, other: string): boolean {
  const needed = Math.min(one.length, other.length, 3)
  let same = 0
  while (same < needed && one.at(-1 - same) === other.at(-1 - same)) same += 1
  return same === needed
}

const bodies =
  '(?:管理委员会|管委会|委员会|科技局|税务局|财政局|发改委|知识产权局|市场监管局|公安局|人社局|研究院|研究所|研究中心|服务中心|转移中心|技术中心|实验室|有限公司|股份公司|集团|公司|大学|学院|银行|协会|学会|联盟|基金会|事务所|办公室|法院|政府|局|厅|中心)'
const organisation = new RegExp(`([\\p{Script=Han}（）()]{2,16}?${bodies})`, 'gu')
/** Words after which a name begins. */
const before =
  /.*(?:向|由|在|到|与|和|及|或|是|为|经|报|找|请|联系|咨询|提交至?|拨打|登录|根据|依据|按照|可|应|须|的|给|去|从|对|至|，|、)/u
const generic =
  /^(?:本|该|各|贵|我|您|其|有关|相关|所在|当地|主管|园区|企业|一般|申请|上述)*(?:公司|单位|机构|中心|政府|局|厅|集团|大学|学院|银行|协会|办公室|实验室|有限公司|委员会)$/

function organisationsIn(words: string): string[] {
  const chinese = [...words.matchAll(organisation)].map((match) => (match[1] ?? '').replace(before, ''))
  const english =
    words.match(
      /\b(?:[A-Z][\w&.-]*\s+){1,6}(?:Bureau|Committee|Commission|Center|Centre|University|Institute|Office|Department|Ministry|Bank|Company|Group|Association|Ltd|Inc)\b/g,
    ) ?? []
  return [...chinese.filter((each) => [...each].length > 2 && !generic.test(each)), ...english]
}

function unabridged(text: string): string {
  return text.replaceAll('管委会', '管理委员会').replaceAll('发改委', '发展和改革委员会')
}

/** @returns whether a name is composed of pieces of two or more characters of the evidence: 云汀市+科技局, but not 苏州市+科技局 */
function pieced(name: string, evidence: string): boolean {
  const tight = name.replace(/\s/g, '')
  let at = 0
  while (at < tight.length) {
    let to = tight.length
    while (to > at + 1 && !evidence.includes(tight.slice(at, to))) to -= 1
    if (to <= at + 1) return false
    at = to
  }
  return true
}

/**
 * Latin words in a Chinese sentence, and Chinese ones in an English sentence, are names, codes or foreign words: the evidence must hold
 * them.
 */
function foreignWords(words: string): string[] {
  const han = words.match(/\p{Script=Han}+/gu) ?? []
  if (han.length === 0) return []
  const latin = words.match(/\p{Script=Latin}+/gu)?.length ?? 0
  if (latin > [...han.join('')].length) return [...han]
  return (words.normalize('NFKC').match(/[a-z][a-z0-9_.+-]*[a-z0-9]/gi) ?? []).filter((each) => !/^(?:ai|rmb)$/i.test(each))
}
