import { normalize } from '../../../retrieval/text/normalize.ts'

/** Who founds: 残疾人创业, 博士创办的企业. */
const founder = /(?:^|[\s\p{P}])(\p{Script=Han}{2,5}?)(?:自主|自己)?(?:创办|创业|开办|创立|领办)(?!团队|者|园|孵化|投资|担保)/u
const nobody = /^(?:我们?|自己|如何|怎么|在|来|想|本地|大家|个人)$/
/** Enterprises from elsewhere, and a text that speaks of them. */
const outsider = /(?:外[市地省区县]|异地)(?:的)?(?:企业|公司|机构|单位|团队)/
const outside = /外[市地省区县]|[市省区县]外|异地|跨[市省区]|不限|全国|外来|国内外/

/** Pure: whether a question asks about founders or outsiders of whom the text does not speak. What 大学生 get is not what 博士 get. */
export function applicantAbsent(question: string, source: string): boolean {
  const [asked, said] = [normalize(question), normalize(source)]
  const [, who = ''] = founder.exec(asked) ?? []
  if (who !== '' && !nobody.test(who) && !said.includes(who)) return true
  return outsider.test(asked) && !outside.test(said)
}

/** Which bank: one with a name of its own, not 合作银行. */
const whichBank = /哪[家个些]?(?:银行|保险公司|担保公司)/
const someBank =
  /(?:工商|农业|建设|交通|招商|邮储|邮政储蓄|中信|光大|民生|浦发|兴业|平安|华夏|广发|中国|农商|村镇|人保|太平洋|人寿|人民财产)\p{Script=Han}{0,6}(?:银行|保险|财险|公司)|\p{Script=Han}{2}市?(?:农商|城市商业|商业)?银行股份|名单|目录|附件/u

/** Pure: whether a bank is asked for by name and the text names none. */
export function bankAbsent(question: string, text: string): boolean {
  return whichBank.test(normalize(question)) && !someBank.test(normalize(text))
}

/** Asks which office to turn to, for something. */
const whichOffice =
  /(?:哪个?|什么|哪些)(?:部门|单位|局|机构|科室|处室|窗口)[^,。]{0,4}(?:申[请报]|受理|咨询|办理?|管|负责|提交|报)/
const deals = /申[请报]|受理|提出|提交|办理|咨询|负责|联系|报送|登记|牵头|管理|审[核批]|认定|实施|组织/
/** Only recognising something is no dealing with an application. */
const onlyRecognised = /认定/g

const whoDeals = /(?:找|问|联系)谁|谁(?:来|去)?(?:负责|受理|办|审|管)/
const office =
  /[局厅署司所处科部]|委员会|管委会|办公室|中心|窗口|大厅|联系人|老师|电话|机构|单位|银行|平台|街道|政府|\b(?:office|bureau|department|contact|cent)/

/** Who somebody is: a role (配备一名科技专员) is no name. */
const whoIs = /(?:联系人|负责人|专员|[科局处]长|主任|老师|经办人|经理|专家|组长)(?:们)?(?:是谁|叫什么|姓什么|的?(?:名字|姓名))/
const someone =
  /(?:联系人|负责人|专员|经办人)[:：]\s*\p{Script=Han}|\p{Script=Han}(?:[科局处]长|主任|老师|经理|工(?![作程业信])|先生|女士)|名单|附件/u

/** Asks who made a rule: 办法是哪个部门发的. What a rule pays out (资助) is no issuing. */
const whoIssued =
  /(?:办法|细则|政策|措施|规定|意见|通知|指南|文件)[》”]?(?:是|由|都是)?(?:哪个?(?:部门|单位|局|机构|机关|委)|谁)(?:印发|发布|发文|出台|制定|颁布|下发|发)的?[吗呢啊呀]?[\s?？]*$/
const issued =
  /(?:委员会|管委会|政府|办公室|中心|[局厅署部])\s*(?:[\d〇○零一二]{4}\s*年)|(?:由|经|会同)[^,。]{2,24}(?:制定|印发|发布|解释)|印发|发文/

/** Pure: whether a question asks which office deals with applications and in the text nobody deals with anything. */
export function officeAbsent(question: string, text: string): boolean {
  const asked = normalize(question)
  if (whoIs.test(asked) && !someone.test(normalize(text))) return true
  if (whoIssued.test(asked) && !issued.test(normalize(text))) return true
  if (whoDeals.test(asked) && !office.test(normalize(text))) return true
  const said = asked.includes('认定') ? normalize(text) : normalize(text).replace(onlyRecognised, ' ')
  return whichOffice.test(asked) && !deals.test(said)
}
