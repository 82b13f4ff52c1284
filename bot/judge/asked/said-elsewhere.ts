import type { Evidence, Passage } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { questionWords } from '../../../retrieval/text/question-words.ts'
import { coveredCharacters } from '../characters.ts'
import { asksPapers } from '../materials.ts'
import { lightInEnglish } from './english.ts'
import { piecesOf } from './pieces.ts'
import { ofEveryRule, withoutZone } from './subject.ts'

/** Fewer characters of its own do not tell one statement from another. */
const leastOwn = 3
const passagesRead = 10

/**
 * Pure: whether another statement that was found says more of the words by which a question names its matter than any statement shown: then the words
 * shown are about something else. Titles and headings count with each of their statements.
 * @param shown the quotation as people will read it
 */
export function saidElsewhere(question: string, shown: string, cited: Passage, evidence: readonly Evidence[]): boolean {
  const own = ownWords(question)
  // The clause on papers is one for all matters of a rule and names none of them.
  if (own.join('').length < leastOwn || asksPapers(question)) return false
  const most = (passage: Passage, text: string) =>
    Math.max(
      0,
      ...piecesOf(normalize(text)).map((piece) => coveredCharacters(own, withoutZone(`${above(passage)} ${piece}`)).share),
    )
  const told = most(cited, shown)
  return evidence.slice(0, passagesRead).some(({ passage }) => passage.id !== cited.id && most(passage, passage.text) > told)
}

function above({ title, docNo, heading, clause }: Passage): string {
  return normalize(`${title} ${docNo ?? ''} ${heading ?? ''} ${clause ?? ''}`)
}

/** Who asks, what is granted and how, and words without a thing of their own. */
const light =
  /我们?|我司|咱们?|你们?|他们?|本公司|(?<!\p{Script=Han})(?:公司|企业|单位)(?!\p{Script=Han})|[一每]家企业|园区|政府|这种?|那种?|自己|如果|必须|应该|可能|可以|只能|一起|一共|总共|提供|进行|一般|一定|还能|直接|到底|究竟|另外|拿到|领到|奖励|补贴|补助|资助|百分之|封顶|限制|门槛|处理|情况|情形|好处|[之以][内下上前后]|收费|经验|级别|多长|范围|解释|负责|[会要需用得给让被把的了着过还也都就再又只才不没有是在对于由从到和与及或等吗呢吧啊呀么该算想请问下个做来去拿领报搞弄能补奖]/gu
/** Pure: the words by which a question names what it is about: without those of every question and of every rule. */
function ownWords(question: string): string[] {
  const words = normalize(question).replace(questionWords, ' ').replace(ofEveryRule, ' ').replace(light, ' ')
  return (words.match(/\p{Script=Han}+|[a-z][a-z\d-]{2,}/gu) ?? []).filter((word) => !lightInEnglish.has(word))
}
