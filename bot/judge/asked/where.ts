import { normalize } from '../../../retrieval/text/normalize.ts'

/** Asks where to go: 去哪里领, 在哪办, “where can I collect”. Not where something is located or comes from. */
const whereTo =
  /(?:去|到|在|上)(?:哪里?|哪儿|什么地方|何处)(?:去)?(?:可以|能)?(?:办|领|交|申|看|查|下载|报|买|提|取|登记|咨询)|(?:(?<!举)办理?|领取|申请|受理|提交|查询|下载|登记)[^,。]{0,6}(?:在|去|到)(?:哪里?|哪儿|什么地方|何处)|\bwhere (?:can|do|should) (?:i|we) (?:collect|get|submit|apply|pick|download|file|register)/
/** Anything one can turn to. */
const anywhere =
  /平台|网|系统|app|小程序|公众号|窗口|中心|大厅|部门|[局厅委]|办公室|街道|银行|机构|处|室|楼|路|号|现场|邮|所|站|点|馆|政府|http|www|\b(?:office|counter|bureau|website|portal|online|platform|centre|center|department|hall|committee)\b/

/** Asks where an event takes place: 在哪里上课, 去哪报到. */
const heldWhere =
  /(?:在|去|到)(?:哪里?|哪儿|什么地方|何处)(?:上课|授课|培训|学习|报到|集合|签到|开会|开班|考试|参加|举办|举行|办(?=[\s\p{P}呢啊呀]|$))|(?:上课|授课|培训|报到|集合|签到|开班|考试)(?:的)?(?:地点|地址)/u
/** Asks where an organisation is located: 数据交易所在哪. */
const sitsWhere = /(?<!现|实|存|还|正)在(?:哪里?|哪儿|什么地方|何处)[\s\p{P}呢啊呀]*$|(?:地址|位置)(?:是|在|呢|[\s\p{P}]*$)/u
const anyAddress = /地址|位于|坐落|设在|[路街道]|号|楼|层|室|大厦|广场|中心|窗口|大厅|园|网|平台|系统|http|www/
const anyPlace = /地[点址]|[路街]\d|号楼|\d[号楼]|大厦|中心|[厅室院馆校]|园区|基地|线上|网|平台|现场|online|campus|room|hall/

/** Asks where we are: only an address answers that. */
const whereWeAre =
  /^(?:请问)?(?:那|你们?|您|咱们?|贵)?(?:的)?(?:园区|科技园|管委会|管理委员会|服务大厅|政务大厅|办公室|单位|公司)?(?:的)?(?:具体)?(?:办公)?(?:地址|地点|位置)?(?:在|是)(?:什么|哪个?)?(?:哪里?|哪儿|地方|位置|地址|路|楼)(?:啊|呢|呀|吗)?[?？。]*$|^(?:where (?:are you|is the (?:park|office))|what(?:'s| is) your address)\??$/
const addressed =
  /地址|地点|位于|坐落|[路街道巷]\S{0,6}\d+号|\d+号楼|\d+\s*[层楼室]|[A-Za-z\d]座|大厦|窗口|\b(?:address|located|road|street|floor|room)\b/

/** Pure: whether a question asks where to turn or where we are, or asks a rule where an event takes place, and the text names no such place. */
export function nowhere(question: string, text: string, understood: boolean): boolean {
  const [asked, said] = [normalize(question), normalize(text)]
  return (
    (whereTo.test(asked) && !anywhere.test(said)) ||
    (whereWeAre.test(asked.trim()) && !addressed.test(said)) ||
    (understood && ((heldWhere.test(asked) && !anyPlace.test(said)) || (sitsWhere.test(asked) && !anyAddress.test(said))))
  )
}
