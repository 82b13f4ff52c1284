import { normalize } from '../../../retrieval/text/normalize.ts'

/** What is done, at the end of a question: 怎么选, 在哪下载, 工资谁发. */
const done =
  /(?:怎么|怎样|如何|(?:在|去|到|从|上)哪(?:里|儿)?(?![天年月种些家个一几类项])|谁|何处)(?:才能|才可以|可以|可|能|会|来|去|要|应该?|进行)?(\p{Script=Han}{1,2}?)(?:的|呢|啊|呀|吧|吗|了)?[\s\p{P}]*$/u
/** What is done with what: 现场考察看什么. */
const object = /(?<![有是要为凭和与的叫了])(?![了过着])(\p{Script=Han})(?:些)?什么(?:内容|东西|方面)?[呢啊呀]?[\s\p{P}]*$/u
/** Verbs that say little, and those by which people mean any step. */
const light =
  /[弄搞办做走去来说给拿要有得是好行理找问补报交算申请领取定用到享受操作联系支持认带需准备提供包括含写填传送讲]|什么|回事|处理|样子?|比较|区别|规定|要求/g

const where = /(?:在|去|到|从|上)哪|何处/
const placed = /地[点址]|位于|设在|举[办行]/

/**
 * Pure: whether a question asks how, where or by whom something is done, and the source has not one character of that verb: 专家怎么选 is not
 * answered by a clause that has experts.
 * @param source title, heading and text
 */
export function doingAbsent(question: string, source: string): boolean {
  const [, verb = ''] = done.exec(normalize(question)) ?? object.exec(normalize(question)) ?? []
  const letters = [...verb.replace(light, '')]
  const said = normalize(source)
  if (where.test(normalize(question)) && placed.test(said)) return false
  return letters.length > 0 && !letters.some((each) => said.includes(each))
}

/** An opinion on two things (哪个难, 哪家靠谱), which no rule states. */
const opinion =
  /(?:哪一?[个种项家]|谁)[^,。]{0,4}?(?:难|好|容易|简单|严格?|快|慢|麻烦|划算|值得?|靠谱|火|热门|厉害)\p{Script=Han}{0,2}[\s\p{P}呢啊呀]*$/u

/** Pure: whether a comparison asks for an opinion. */
export function asksOpinion(question: string): boolean {
  return opinion.test(normalize(question))
}
