import type { Vocabulary } from '../vocabulary.ts'

/** Names a table of institutions, platforms or experts may give its columns; the first that fits a header decides. */
const columns = [
  { key: 'id', label: '编号', pattern: /^(?:机构|平台|专家)?(?:编号|序号|编码|ID|No\.?|code|number)$/i },
  {
    key: 'type',
    label: '类型',
    pattern: /^(?:(?:机构|平台|服务|单位|专家|载体)(?:类型|类别|性质|分类)|类型|类别|性质|type|category)$/i,
  },
  {
    key: 'services',
    label: '服务内容',
    pattern:
      /服务(?:内容|项目|范围|事项|能力|产品|清单)|业务(?:范围|内容|领域)|主营|经营范围|擅长|可提供|检测(?:项目|范围|能力)|(?:共享|主要)(?:仪器|设备)|services?|expertise|business\s*scope/i,
  },
  { key: 'field', label: '领域', pattern: /领域|行业|方向|专业|产业|学科|field|sector|industry/i },
  { key: 'qualification', label: '资质', pattern: /资质|资格|认可|认证|备案|等级|级别|职称|qualification|accreditation/i },
  { key: 'price', label: '收费', pattern: /收费|价格|费用|报价|优惠|fee|price|charge/i },
  { key: 'address', label: '地址', pattern: /地址|地点|位置|所在地|address|location/i },
  { key: 'contact', label: '联系人', pattern: /联系人|对接人|负责人|contact(?:\s*person)?$/i },
  { key: 'phone', label: '联系方式', pattern: /电话|手机|联系方式|邮箱|phone|tel|e-?mail/i },
  { key: 'website', label: '网址', pattern: /网址|网站|公众号|website|url/i },
  {
    key: 'name',
    label: '机构名称',
    pattern:
      /^(?:(?:服务|中介|检测|投资|金融|代理|依托)?(?:机构|单位|平台|实验室|中心|载体|专家|公司|企业)(?:名称|全称|姓名)?|名称|姓名|(?:organi[sz]ation|institution|provider|platform|expert)(?:\s*name)?|name)$/i,
  },
  { key: 'summary', label: '简介', pattern: /简介|概况|介绍|说明|备注|summary|description|note/i },
] as const

export const organisations: Vocabulary = { columns, never: /成立|注册|登记|完成|更新|填报|发布/u }

/** The fields in reading order, with their Chinese names. */
export const organisationLabels: readonly { readonly key: string; readonly label: string }[] = columns

export const organisationFields: readonly string[] = columns.map(({ key }) => key)

/** Headers that say a row is an achievement, a demand or a project. */
const ofOthers = /成果|专利|成熟度|TRL|知识产权(?!服务|代理)|需求|揭榜|合同|项目名称|活动|合作方式|转让/i

/** Pure: whether columns are those of institutions: a name and what it offers, and nothing of another kind of table. */
export function areOfOrganisations(keys: readonly (string | null)[], labels: readonly string[]): boolean {
  return keys.includes('name') && keys.includes('services') && !labels.some((label) => ofOthers.test(label))
}
