import { normalize } from '../../retrieval/text/normalize.ts'

/**
 * Asks which documents to submit (“要交什么”, “多交什么东西”, “带哪些资料”, “which documents do we need”); not which fee is paid, which service is
 * provided, or what something is made of.
 */
const whatToHandIn =
  /(?:(?<![成外社相移转])交|(?<![地])带|准备|报送|出示)(?:些|点|上|一些)?(?:什么|哪些|啥|何种)(?:东西|(?:证明|申请|申报)?(?:材料|资料|文件)|证件|证明|手续|单据)?(?=\s*$|\s*\p{P}|[呢呀啊吗吧才给来去])|(?:提供|附上?)(?:什么|哪些|啥|何种)(?:证明|申请|申报)?(?:材料|资料|证件)|\b(?:what|which) (?:\w+ )?(?:documents|papers|paperwork)\b.{0,40}\b(?:need|submit|hand|bring|provide|required?|file|attach)/u

/** The text submits something, or names a document that may be submitted. */
const handedIn =
  /材料|资料|提交|递交|上交|报送|呈报|提供|出具|出示|携带|随带|附上|附有|附件|凭|证明|证件|证书|许可证|执照|身份证|户口|护照|复印|原件|表格|申请[表书函]|登记表|报告|文件|清单|合同|协议|票据|发票|凭证|照片|承诺书|章程|名单|介绍信|委托书|无需|免交|\b(?:submit|hand(?:ed)? in|provide|attach|enclose|bring|present|documents?|cop(?:y|ies)|certificate|invoice|contract|form|report|passport|proof|licen[cs]e|letter)/

/** Asks for documents by that word (需要哪些材料): a text about missing or late documents lists none. */
const whichPapers =
  /(?:(?:需要?|要|提交|准备|交|带)(?:什么|哪些|啥)(?:样的)?(?:证明|申请|申报|登记|报名)?|(?:什么|哪些|啥)(?:样的)?(?:证明|申请|申报|登记|报名))(?:材料|资料|证件|文件|手续)(?=\s*$|\s*\p{P}|[呢呀啊吗吧])|材料(?:清单)?(?:是|有|要|包括)?(?:什么|哪些|啥)/u
const incomplete = /(?:材料|资料|手续)(?:不[全齐符]|缺失|有误|不完整|不符合)|补正|补齐|弄虚作假|虚假|退回|核验|审核/
const anyPaper =
  /证(?!明材料|实|券)|照|复印|原件|表|报告|合同|协议|票|凭|书(?!面)|名单|章程|清单|简历|说明|方案|图|文稿|声明|账|申请函|\b(?:copy|copies|form|certificate|report|contract|invoice|plan|passport|licen[cs]e|letter|proof)/

/** 自签订租赁合同之日起 mentions a document that nobody submits there. */
const handsIn =
  /材料|资料|提交|递交|上交|报送|呈报|提供|出具|出示|携带|随带|附上|附有|附件|凭|持|上传|填[写报]|准备|证明(?!实)|证件|复印|原件|清单|手续|无需|免交|\b(?:submit|hand(?:ed)? in|provide|attach|enclose|bring|present|upload|documents?|cop(?:y|ies)|proof)/

/** Pure: whether a question asks which documents to submit. */
export function asksPapers(question: string): boolean {
  const asked = normalize(question)
  return whatToHandIn.test(asked) || whichPapers.test(asked)
}

/** Pure: whether a question asks which documents to submit, and the text submits nothing or is only about missing ones. */
export function materialsAbsent(question: string, text: string): boolean {
  const [asked, said] = [normalize(question), normalize(text)]
  if (whatToHandIn.test(asked) && !handedIn.test(said)) return true
  if (whichPapers.test(asked) && !handsIn.test(said)) return true
  return whichPapers.test(asked) && incomplete.test(said) && !anyPaper.test(said.replace(/材料|资料/g, ''))
}
