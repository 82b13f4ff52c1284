import type { Road } from '../../answer.ts'
import { answerTypeOf } from '../../compose/answer-type.ts'
import { mattersOf, withoutSubject } from '../../judge/asked/subject.ts'
import { asksPapers } from '../../judge/materials.ts'
import { type Considered, consider } from '../consider.ts'
import type { SearchAgain } from '../search.ts'

/**
 * A rule on many matters says once for all of them where and with which papers to apply, and whom to call; that clause names none of them, so it is found
 * (技术改造补助要什么材料) but hardly believed. It is when the same clause answers the question for the whole rule, in which another clause
 * names the matter.
 */
export async function generally(road: Road, considered: Considered, look: SearchAgain): Promise<Considered> {
  const { decision, draft } = considered
  const cited = draft?.cited[0]?.passage
  if (!ofAll(road.question)) return considered
  const matters = mattersOf(road.question)
  if (decision.do !== 'hand_off' || decision.because !== 'low_confidence' || cited === undefined || cited.clause === null)
    return considered
  if (cited.kind !== 'policy' || matters.length === 0 || matters.some((each) => cited.text.includes(each))) return considered
  const found = await look({ text: road.question })
  const others = found.evidence.filter(({ passage }) => passage.documentId === cited.documentId && passage.id !== cited.id)
  if (withoutSubject(road.question, others).has(cited.documentId) || others.length === 0) return considered
  const bare = matters.reduce((text, each) => text.replace(each, ''), road.question).replace(support, '')
  const question = `《${cited.title}》${bare}`
  const within = await look({ text: question })
  const again = await consider({ ...road, question }, within)
  return again.decision.do === 'answer' && again.draft?.cited[0]?.passage.id === cited.id ? again : considered
}

/** Days and terms differ from matter to matter; papers, numbers to call and offices hardly do. */
function ofAll(question: string): boolean {
  const type = answerTypeOf(question)
  return type === 'phone' || type === 'link' || asksPapers(question) || office.test(question)
}
const office = /(?:哪个?|什么|哪些)(?:部门|单位|局|机构|科室|窗口|平台|系统|网站)|找谁/

const support = /补[贴助]|奖励|资助|项目|的(?=[什怎在哪要几])/g
