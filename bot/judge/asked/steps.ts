import { normalize } from '../../../retrieval/text/normalize.ts'

/** Asks how something is done with an authority, that is, for the steps: 怎么登记, 如何申请. What it leads to (登记了怎么奖励) is another question. */
const howToDo =
  /(?:怎么|如何|怎样)(?:才能|才可以|去|来|进行|能)?(?:申请|申报|登记|办理|报名|备案|领取|兑现|提交|注册)(?!的)|(?:企业|机构|平台|中心|基地|孵化器|载体|人才|称号|资格|高企)(?:怎么|如何|怎样)(?:才能)?(?:认定|评定|认证)|(?:申请|申报|登记|报名|备案|认定|手续)\S{0,2}(?:怎么|如何|怎样)(?:弄|搞|办)|(?:申请|申报|登记|办理|报名|备案|领取)(?:的)?(?:流程|步骤|程序|手续)(?:是|有|怎|$|\p{P})|\bhow (?:to|do i|do we|can i|can we) (?:apply|register|sign up|claim)\b/u

/** A step: something is done, by somebody or somewhere. 登记 alone is as often a condition as a step. */
const done =
  /是指|指的?是|所称|提交|提出|递交|上报|报送|填写|填报|登录|登陆|受理|办理|审核|审查|初审|复核|公示|流程|程序|步骤|窗口|大厅|平台|系统|网站|网址|网上|线上|邮箱|邮寄|材料|申请(?:[表书]|人(?!才))|申[请报](?:单位|主体)?[应须需可]|[应须需可]当?(?:向|到|在|于|按|通过|登记|申请)|向.{1,20}(?:申请|申报|登记|备案|报名)|到.{1,20}(?:登记|办理|领取)|报名(?:表|方式|网)|由.{1,14}(?:登记|办理)|\b(?:submit|appl(?:y|ications?) (?:to|at|by|through|with|online|form|before|must|are)|form|online|portal|window|office|documents?|sign up|by (?:the|whoever))\b/u

/** Asks for something else as well (怎么申请，租金几折), so a text without steps may answer the other half. */
const besides =
  /多少|几[折成个名天日年月次件万]|比例|金额|什么时候|何时|多久|哪[天些个]|谁|[?？].*[?？]|how (?:much|many|long)|when|who/

/** Pure: whether a question asks only how something is done and the text has no step of it. */
export function stepsAbsent(question: string, text: string): boolean {
  const asked = normalize(question)
  return howToDo.test(asked) && !besides.test(asked) && !done.test(normalize(text))
}
