import type { Passage } from '../../../retrieval/evidence.ts'
import { normalize } from '../../../retrieval/text/normalize.ts'
import { asksSum, bearsAmount, tellsWhen } from '../amounts.ts'
import { deniesAlone } from '../opposites.ts'
import { asksWhether } from './whether.ts'

/** Asks what is excluded: 哪些不可以, 不符合条件的有哪些, 什么情况不予支持. */
const asksDenied =
  /(?:哪些|哪种|哪类|什么|啥|谁).{0,10}?不(?:能|可以?|得|予|符合|属于|支持|适用|享受|给|算|用)|不(?:能|可以?|得|予|符合|属于|支持|适用|享受|给|算|用)[^,。]{0,12}(?:哪些|什么|谁|情[形况]|啥)/
const asksWhoMay =
  /(?:谁|哪些(?:人|企业|单位|公司|机构))(?:都)?(?:可以|能|可|有资格)(?:申[请报领]|领|拿|享受|参加|报名|用|买)|\bwho (?:can|may|is eligible)\b/
const anybody =
  /企业|公司|单位|人(?!才[券公])|团队|机构|高校|院所|基地|平台|者|户|方|主体|\b(?:compan|enterprise|applicant|centre|center|team|person|staff|firm)/
/** Asks whether the speaker qualifies (我们能享受吗), that is, for the conditions. */
const asksOfUs =
  /(?:我们?|我司|我公司|本公司|咱们?).{0,10}(?:能|可以|符合|够|有资格).{0,16}(?:申[请报]|享受|领|拿|条件|资格)|\b(?:are|do|can|could) we\b.{0,30}\b(?:eligible|qualify|entitled)\b/
const conditions =
  /条件|符合|应当|应|须|必须|注册|适用|对象|具备|是指|申请人|不予|不得|范围|以上|不低于|不少于|\b(?:shall|must|require|eligible|qualif|at least|no less|meet)/
/** Asks for a sum: 购房补贴差多少, 奖励一共多少. */
const asksPaid =
  /(?:奖励?|补贴?|补助|资助|贴息|奖金|减免?|减征|返还|罚款?|缴纳?|扣)[^,。\d]{0,4}多少(?![个份家名人天年月平㎡亩面])/

/** Asks when something happens: 什么时候到账, 几月发; not when something becomes possible (什么时候可以申请). */
const asksWhen =
  /(?:什么时候|何时|啥时候|几月|哪天|几号)(?!.{0,2}(?:可以|能|可))|\bwhen (?:can|do|does|is|are|will|should|must)\b/
const byEvent = /[前后时内起]|期满|期间|常年|随时|当[天日年月]|截[至止]|完成|\b(?:before|after|within|once|when|upon|during)\b/

/** Asks whom to contact: who explains a rule (由科技局负责解释) is no contact. */
const asksContact = /谁联系|联系(?:谁|哪|方式|人)|怎么联系|\bwho (?:do|should|can|may) (?:i|we) contact\b/
const reached = /联系|电话|邮箱|咨询|受理|窗口|\d{7}|\b(?:contact|phone|e-?mail)\b/

/** What happens when something was not done or passed (没通过复核怎么办): what follows when it was is no answer. */
const failed = /(?:没有?|未|不)(?:能|被)?\p{Script=Han}{2,6}(?:了|的话)?[,，\s]*(?:怎么办|怎么处理|会怎么?样?|有什么后果)/u
const consequence = /未|不|没|取消|退[回还]|终止|追[回缴]|逾期|整改|补正|作废|\bnot\b/

/** Pure: whether the quoted words are silent about what is asked, although their clause may not be. */
export function quoteSilent(question: string, quote: string): boolean {
  const [asked, said] = [normalize(question), normalize(quote)]
  if ((asksPaid.test(asked) || asksSum(question)) && !bearsAmount(quote)) return true
  if (asksContact.test(asked) && !reached.test(said)) return true
  if (asksWhen.test(asked) && !tellsWhen(quote) && !byEvent.test(said)) return true
  if (failed.test(asked) && !consequence.test(said)) return true
  if (asksWhoMay.test(asked) && !anybody.test(said)) return true
  if (asksOfUs.test(asked) && asksWhether(question) && !conditions.test(said)) return true
  return asksDenied.test(asked) && deniesAlone(asked, said) === 1
}

const clauseNumber = /第[〇零一二两三四五六七八九十百\d]+条/g

/** Pure: whether a question names clauses by number and the passage is another one that does not speak of them: 第五条 is not 第十五条. */
export function otherClause(question: string, { clause, text }: Pick<Passage, 'clause' | 'text'>): boolean {
  const numbersIn = (words: string): readonly string[] => normalize(words).match(clauseNumber) ?? []
  const asked = numbersIn(question)
  const own = numbersIn(clause ?? '')
  const said = numbersIn(text)
  return asked.length > 0 && own.length > 0 && !asked.some((each) => own.includes(each) || said.includes(each))
}
