import type { Vocabulary } from '../vocabulary.ts'

/**
 * Names a table of achievements may give its columns; the first that fits a header decides. `apart` columns are never indexed, `open` ones
 * always; all others only of public records.
 */
const columns: readonly {
  readonly key: string
  readonly label: string
  readonly pattern: RegExp
  readonly kept?: 'apart' | 'open'
}[] = [
  { key: 'id', label: '编号', pattern: /^(?:成果|项目)?(?:编号|序号|编码|ID|No\.?|code|number)$/i, kept: 'open' },
  { key: 'name_en', label: '英文名称', pattern: /英文|english|name\s*\(en\)/i },
  {
    key: 'confidential',
    label: '保密详情',
    pattern:
      /保密(?:详情|内容|信息|描述|说明)|不公开|技术秘密|内部(?:资料|信息|说明|详情)|核心参数|confidential(?!ity)|secret\s*detail/i,
    kept: 'apart',
  },
  { key: 'price_floor', label: '底价', pattern: /底价|最低价|心理价|reserve\s*price|floor\s*price/i, kept: 'apart' },
  { key: 'secrecy', label: '密级', pattern: /^密级|保密级别|定密|secrecy|classification/i, kept: 'open' },
  {
    key: 'visibility',
    label: '公开级别',
    pattern: /公开(?:级别|程度|范围|方式)?$|可见(?:级别|性|范围)?|披露(?:级别|程度)|visibility|access|disclosure/i,
    kept: 'open',
  },
  {
    key: 'name',
    label: '成果名称',
    pattern: /(?:成果|项目|技术|专利)名称|^名称$|^(?:成果|科技成果|achievement|title|name|technology)(?:\s*(?:name|title))?$/i,
    kept: 'open',
  },
  { key: 'trl', label: '成熟度', pattern: /成熟度|TRL|所处阶段|技术阶段|^阶段|maturity|readiness|stage/i, kept: 'open' },
  { key: 'patent', label: '专利号', pattern: /专利号|申请号|授权号|登记号|patent\s*(?:no|number|id)/i },
  { key: 'ip', label: '知识产权', pattern: /知识产权|专利|^IP$|IP\s*(?:type|status|right)|intellectual/i },
  {
    key: 'cooperation',
    label: '合作方式',
    pattern:
      /^(?!.*(?:价|费|金额|企业|单位|机构|院校|高校|伙伴|对象|案例|(?:合作|转让|受让|许可)方(?![式案向])|fee|price|cost)).*(?:合作|转化方式|转让方式|许可方式|交易方式|转让|许可|cooperation|collaboration|licen[cs]|mode)/i,
    kept: 'open',
  },
  {
    key: 'price',
    label: '意向价格',
    pattern:
      /^(?!.*(?:研发|投入|投资|产值|营收|收入|经费|合同|项目费)).*(?:价格|转让价|许可价|报价|费用|转让费|许可费|金额|价款|估值)|price|fee|cost/i,
  },
  { key: 'field', label: '领域', pattern: /领域|行业|方向|产业|学科|分类|field|sector|industry|domain|area/i, kept: 'open' },
  {
    key: 'owner',
    label: '所属单位',
    pattern:
      /^(?!(?!(?:第一|主要)?(?:完成|所属|持有|依托)).*(?:合作|转化|转让|许可|受让|应用|使用|推广|需求|委托|投资|资助|推荐|评价|鉴定|检测|partner|collaborat|licen[cs])).*(?:单位|机构|院校|高校|完成(?!人|时|日|年|情)|持有|权利人|发布方|owner|institution|organi[sz]ation|university|holder)/i,
  },
  {
    key: 'contact',
    label: '联系人',
    pattern: /联系|经纪人|负责人|电话|邮箱|contact|inventor|phone|e-?mail/i,
  },
  { key: 'keywords', label: '关键词', pattern: /关键词|标签|keyword|tag/i },
  { key: 'public_summary', label: '公开摘要', pattern: /公开(?:摘要|简介|描述)|public\s*(?:summary|abstract)/i, kept: 'open' },
  {
    key: 'summary',
    label: '简介',
    pattern:
      /简介|概述|内容|描述|介绍|摘要|应用(?!单位|企业|机构|方$)|优势|指标|亮点|summary|abstract|description|overview|application|advantage/i,
  },
]

export const achievementFields: readonly string[] = columns.map((each) => each.key)

/** 完成日期 is not 完成单位: columns of dates carry no meaning known here. */
const isDate = /日期|时间|年[份度月]$/u

export const achievements: Vocabulary = { columns, never: isDate }

/** @returns the fields in reading order, with their Chinese names */
export function labelsOf(): readonly {
  readonly key: string
  readonly label: string
  readonly kept: 'apart' | 'guarded' | 'open'
}[] {
  return columns.map(({ key, label, kept }) => ({ key, label, kept: kept ?? 'guarded' }))
}
