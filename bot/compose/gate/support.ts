import { normalize } from '../../../retrieval/text/normalize.ts'
import { coveredInRun, longestMiss } from '../../judge/characters.ts'
import { datesIn } from './dates.ts'

/** The longest run of its own words a sentence may hold, and the least share of its words found in the evidence. */
const longestOwn = 4
const leastShare = 0.5
const leastShareEnglish = 0.5

/** Words about manner rather than content: free to use. */
const free =
  /您好|你好|温馨提示|注意|总之|也就是说|因此|所以|简单(?:来)?说|换句话说|具体来说|以主管部门(?:的)?(?:最终)?审核(?:结果)?为准|以(?:官方|发布机关)?原文为准|根据(?:上述)?(?:规定|条款|办法|文件)|按照?(?:规定|办法)|如(?:果|需)|您的?|贵(?:公司|单位|企业)|我们|企业|公司|单位|园区|可以?|能够?|需要?|应当?|必须|请|申请人?|申报|办理|咨询|联系|提交|给予|享受|获得|符合|满足|条件|要求|材料|政策|规定|办法|文件|标准|金额|额度|比例|奖励|补贴|补助|资助|支持|最高|最多|不超过|至多|上限|封顶|最低|至少|不低于|每年度?|每家|每件|每个|每项|一次性|累计|合计|其中|以及|并且?|而且|或者?|同时|另外|此外|具体|包括|属于|方面|情况|内容|问题|如下|分别|即为?|就|也|还|都|均|则|若|且|和|与|及|的|了|是|为|有|在|对|按照?|根据|依据|由|向|从|至|到|起|止|内|前|后|上|下|该|这项?|那|此|等|所|以|于|被|把|将|已|仍|再|又/gu

/**
 * Pure: whether a sentence says what its evidence says. Within one language runs of words are compared; between two languages only facts
 * can be, so a sentence without any fails.
 * @param facts how many figures, dates and names of the sentence were found in the evidence
 */
export function supported(words: string, evidence: string, facts: number): boolean {
  const chinese = han(words) > 0
  const sameLanguage = chinese === mostlyChinese(evidence)
  if (!sameLanguage) return facts > 0
  return chinese ? supportedChinese(words, evidence, facts) : supportedEnglish(words, evidence)
}

function supportedChinese(words: string, evidence: string, facts: number): boolean {
  const source = normalize(evidence).replace(/\s/g, '')
  const runs = datesIn(normalize(words))
    .rest.replace(/[百千]分之[\d.〇零一二两三四五六七八九十百点]+/g, ' ')
    .replace(/\d[\d,.%‰]*|[〇零一二两三四五六七八九十百千万亿]{2,}|[〇零一二两三四五六七八九十](?=[年月日天个家项])/g, ' ')
    .replace(free, ' ')
    .match(/\p{Script=Han}+/gu)
  if (strangeAside(words, source)) return false
  const marks = (runs ?? []).map((run) => coveredOwn([...run], source))
  const all = marks.flat()
  if (all.length === 0) return facts > 0
  return all.filter(Boolean).length / all.length >= leastShare && Math.max(...marks.map(longestMiss)) <= longestOwn
}

/** A piece between two commas about which the evidence says nothing at all: an aside of the model's own. */
function strangeAside(words: string, source: string): boolean {
  return datesIn(normalize(words))
    .rest.split(/[,;:、()[\]"'“”‘’「」『』《》—…。!?\s]+|以及|[和及与](?=\p{Script=Han}{3})/u)
    .some((piece) => {
      const own = piece.replace(free, '').match(/\p{Script=Han}/gu) ?? []
      return (
        own.length > 1 && !/\d/.test(piece) && !coveredInRun([...piece.replace(/[^\p{Script=Han}]/gu, '')], source).some(Boolean)
      )
    })
}

/** A single character is no statement. */
function coveredOwn(run: readonly string[], source: string): boolean[] {
  return run.length === 1 ? [true] : coveredInRun(run, source)
}

function supportedEnglish(words: string, evidence: string): boolean {
  const stem = (word: string) => word.replace(/(?:ies|es|s|ed|ing|ly)$/, '')
  const held = new Set((normalize(evidence).match(/[a-z]{3,}/g) ?? []).map(stem))
  const own = (normalize(words).match(/[a-z]{4,}/g) ?? []).filter((word) => !common.test(word)).map(stem)
  return own.length > 0 && own.filter((word) => held.has(word)).length / own.length >= leastShareEnglish
}

const common =
  /^(?:your|you|that|this|with|from|which|will|have|must|each|year|years|yuan|more|than|most|least|also|them|they|their|there|when|under|into|only|such|company|companies|enterprise|enterprises|apply|award|support|policy|subject|review|between|within)$/

/** Words that reverse a rule. */
const negations =
  /不得|不予|不能|不可|不再|不适用|不享受|不属于|不包括|禁止|无需|无须|免于|除外|\b(?:not|cannot|never|no longer|except|without|prohibited)\b/
const nearlySame = 0.6

/** Pure: whether a sentence denies what the closest sentence of the evidence affirms, or the reverse. */
export function turnedRound(words: string, sentences: readonly string[]): boolean {
  const own = pairs(words)
  if (own.size < 4) return false
  const closest = sentences
    .map((sentence) => ({ sentence, share: overlap(own, pairs(sentence)) }))
    .sort((a, b) => b.share - a.share)[0]
  if (closest === undefined || closest.share < nearlySame) return false
  return negations.test(normalize(words)) !== negations.test(normalize(closest.sentence))
}

function pairs(text: string): ReadonlySet<string> {
  const characters = [
    ...normalize(text)
      .replace(negations, '')
      .replace(/[^\p{Script=Han}a-z]/gu, ''),
  ]
  return new Set(characters.slice(1).map((each, index) => `${characters[index]}${each}`))
}

function overlap(own: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...own].filter((each) => other.has(each)).length / Math.max(1, own.size)
}

/** Pure: names in letters are written in Chinese texts too. */
export function mostlyChinese(text: string): boolean {
  return han(text) > latin(text) / 4
}

function han(text: string): number {
  return text.match(/\p{Script=Han}/gu)?.length ?? 0
}

function latin(text: string): number {
  return text.match(/\p{Script=Latin}/gu)?.length ?? 0
}
