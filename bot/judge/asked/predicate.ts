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

/** Asks how something is done with an authority, that is, for the steps: 怎么登记, 如何申请. What it leads to (登记了怎么奖励) is another question. */
const howToDo =
  /(?:怎么|如何|怎样)(?:才能|才可以|去|来|进行|能)?(?:申请|申报|登记|办理|报名|备案|领取|兑现|提交|注册)(?!的)|(?:企业|机构|平台|中心|基地|孵化器|载体|人才|称号|资格|高企)(?:怎么|如何|怎样)(?:才能)?(?:认定|评定|认证)|(?:申请|申报|登记|报名|备案|认定|手续)\S{0,2}(?:怎么|如何|怎样)(?:弄|搞|办)|(?:申请|申报|登记|办理|报名|备案|领取)(?:的)?(?:流程|步骤|程序|手续)(?:是|有|怎|$|\p{P})|\bhow (?:to|do i|do we|can i|can we) (?:apply|register|sign up|claim)\b/u

/** A step: something is done, by somebody or somewhere. 登记 alone is as often a condition as a step. */
const step =
  /是指|指的?是|所称|提交|提出|递交|上报|报送|填写|填报|登录|登陆|受理|办理|审核|审查|初审|复核|公示|流程|程序|步骤|窗口|大厅|平台|系统|网站|网址|网上|线上|邮箱|邮寄|材料|申请(?:[表书]|人(?!才))|申[请报](?:单位|主体)?[应须需可]|[应须需可]当?(?:向|到|在|于|按|通过|登记|申请)|向.{1,20}(?:申请|申报|登记|备案|报名)|到.{1,20}(?:登记|办理|领取)|报名(?:表|方式|网)|由.{1,14}(?:登记|办理)|\b(?:submit|appl(?:y|ications?) (?:to|at|by|through|with|online|form|before|must|are)|form|online|portal|window|office|documents?|sign up|by (?:the|whoever))\b/u

/** Asks for something else as well (怎么申请，租金几折), so a text without steps may answer the other half. */
const besides =
  /多少|几[折成个名天日年月次件万]|比例|金额|什么时候|何时|多久|哪[天些个]|谁|[?？].*[?？]|how (?:much|many|long)|when|who/

/** Pure: whether a question asks only how something is done and the text has no step of it. */
export function stepsAbsent(question: string, text: string): boolean {
  const asked = normalize(question)
  return howToDo.test(asked) && !besides.test(asked) && !step.test(normalize(text))
}
