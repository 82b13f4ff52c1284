import type { Vocabulary } from '../vocabulary.ts'

/** Names a table of events may give its columns; the first that fits a header decides. */
const columns: readonly { readonly key: string; readonly label: string; readonly pattern: RegExp }[] = [
  { key: 'id', label: '编号', pattern: /^(?:活动|场次|课程|培训)?(?:编号|编码|ID|No\.?|code|number)$/i },
  {
    key: 'closes',
    label: '报名截止',
    pattern: /截止|报名(?:时间|期限|日期)|deadline|register\s*by|closing|registration\s*(?:ends|closes)/i,
  },
  { key: 'starts', label: '开始时间', pattern: /开始|起始|start|begin|^from$/i },
  { key: 'ends', label: '结束时间', pattern: /结束|终止|^end|^to$|finish/i },
  { key: 'time', label: '时间', pattern: /时间|time|when/i },
  { key: 'day', label: '日期', pattern: /日期|日子|^日$|date|day$/i },
  { key: 'capacity', label: '名额', pattern: /名额|人数(?:上限|限制)?|容量|规模|席位|capacity|places|seats|limit/i },
  { key: 'place', label: '地点', pattern: /地点|地址|场地|会场|位置|^(?:举办|活动)?地$|venue|place|location|where|address/i },
  { key: 'link', label: '线上链接', pattern: /链接|线上|直播|会议号|link|url|online/i },
  { key: 'state', label: '状态', pattern: /状态|进展|是否(?:取消|举办)|status|state/i },
  { key: 'type', label: '类型', pattern: /类型|类别|形式|种类|分类|^type|category|format|kind/i },
  { key: 'asks', label: '报名信息', pattern: /报名(?:信息|需填|所需|填写|材料|要求)|sign-?up (?:asks|fields)/i },
  { key: 'contact', label: '联系人', pattern: /联系|电话|负责人|邮箱|咨询|contact|phone|e-?mail/i },
  { key: 'organiser', label: '主办', pattern: /主办|承办|组织(?:单位|方|者)|举办单位|协办|organi[sz]er|host/i },
  { key: 'audience', label: '对象', pattern: /对象|面向|适合|参加人员|参会人员|受众|audience|for whom|participants/i },
  { key: 'field', label: '领域', pattern: /领域|行业|方向|产业|field|sector|industry/i },
  {
    key: 'name',
    label: '活动名称',
    pattern:
      /^(?!.*(?:成果|专利|技术名称|单位名称|企业名称)).*(?:(?:活动|会议|培训|课程|讲座|路演|沙龙|比赛|大赛|论坛)(?:名称|主题|标题|内容|项目)?$)|^(?:名称|主题|标题|题目|项目名称)$|^(?:event|title|name|topic|course|activity)(?:\s*(?:name|title))?$/i,
  },
  { key: 'summary', label: '内容', pattern: /简介|内容|议程|说明|介绍|备注|summary|description|agenda|programme|note/i },
]

export const events: Vocabulary = { columns, never: /完成|登记|发布|成立|更新|填报|立项|签到时间|办理/u }

/** The fields with their Chinese names. */
export const eventLabels: ReadonlyMap<string, string> = new Map(columns.map(({ key, label }) => [key, label]))

export const eventFields: readonly string[] = columns.map(({ key }) => key)

/** Headers that only a table of events has. */
const ofEvents = /活动|会议|培训|课程|讲座|路演|沙龙|大赛|论坛|场次|开放日|\bevent|course|workshop|training|roadshow/i

/**
 * Pure: whether columns are those of events. A name and a time are needed; achievements and projects have these too, so that the name must
 * be an event's, or two more columns only events have.
 */
export function areOfEvents(keys: readonly (string | null)[], labels: readonly string[]): boolean {
  const has = (key: string) => keys.includes(key)
  if (!has('name') || !['starts', 'time', 'day'].some(has)) return false
  const name = labels[keys.indexOf('name')] ?? ''
  const own = ['place', 'closes', 'capacity', 'link'].filter(has).length + (has('day') && has('time') ? 1 : 0)
  return ofEvents.test(name) ? own + (has('type') || has('organiser') ? 1 : 0) >= 1 : own >= 2
}
