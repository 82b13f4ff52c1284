import { normalize } from '../../retrieval/text/normalize.ts'

/** The five points on which a need and an achievement are compared. */
export const points = ['material', 'method', 'efficacy', 'product', 'application'] as const
export type Point = (typeof points)[number]
export type Field = Point | 'budget' | 'time'
/** In the person's own words. */
export type Known = Readonly<Partial<Record<Field, string>>>

/** Order in which missing fields are asked for. */
export const asked: readonly Field[] = ['efficacy', 'application', 'material', 'product', 'method', 'budget', 'time']

const longestValue = 80

/** Words that show which field a clause is about; the first field that fits a clause gets it. */
const cues: readonly (readonly [Field, RegExp])[] = [
  ['budget', /预算|经费|出资|投入.{0,6}\d|\d+\s*[万亿]元?(?:以内|左右|上下)?(?:的)?(?:预算|费用)|\bbudget\b|\bafford\b/],
  [
    'time',
    /(?:\d+|[一二两三四五六七八九十半]+)\s*个?(?:月|周|年|天)(?:内|以内|之内|左右)|(?:年底|季度|月底|明年|今年|下半年|上半年).{0,4}(?:前|内|完成|上线|交付)?|(?:春节|元旦|国庆|五一|节|(?<![\d一二两三四五六七八九十几多半]\s*个?)年)前|(?<!\d)(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|中旬|\d{1,2}[日号]|之?前)|年内|尽快|工期|\bwithin \d+ (?:days|weeks|months|years)\b|\bby (?:the end|next)\b/,
  ],
  [
    'efficacy',
    /(?:提高|提升|降低|降到|减少|达到|不低于|不高于|效率|精度|寿命|强度|良率|能耗|去除率|截留率|成本|耐).{0,12}\d|\d.{0,8}(?:以上|以下|以内)|[≥≤><]\s*\d|\d\s*(?:%|％|‰|℃|度|倍|mg|毫克|微米|纳米|毫米|兆帕|mpa|小时|次|ppm|db|欧)|(?:提高|提升|降低|减少).{0,6}(?:效率|精度|寿命|强度|良率|能耗|成本)|\b(?:reduce|increase|improve|at least|efficiency|accuracy|lifetime)\b/,
  ],
  [
    'application',
    /用于|用在|应用|适用|(?:厂|场|车间|工地|站|店|医院|学校|线上?|船上?|车上?)(?:里|上)?用的?$|场景|行业|领域|生产线|产线|车间|工况|\b(?:used (?:for|in)|application|industry|production line)\b/,
  ],
  [
    'method',
    /工艺|方法|采用|技术路线|通过.{1,12}(?:实现|处理|制备)|算法|焊接|涂覆|镀|烧结|发酵|催化|蒸馏|结晶|分离|识别|检测法|\b(?:process|method|algorithm|by means of|using)\b/,
  ],
  [
    'material',
    /材料|材质|原料|基材|介质|合金|钢|树脂|塑料|橡胶|陶瓷|纤维|粉末|薄膜|涂料|溶液|废水|废气|污泥|废盐|硅片|玻璃|聚合物|铝|铜|钛|镁|锂|石墨|\b(?:material|alloy|steel|resin|ceramic|polymer|fibre|fiber|wastewater)\b/,
  ],
  [
    'product',
    /产品|设备|装置|部件|零件|系统|仪器|机器人|电池|芯片|传感器|电机|泵|阀|膜|模块|软件|平台|药|试剂|\b(?:product|device|equipment|component|system|sensor|battery|robot|software)\b/,
  ],
]

/** A field that stands alone after its own name: 应用场景：印染废水. */
const labels: readonly (readonly [Field, RegExp])[] = [
  ['application', /^(?:应用(?:场景|领域|方向|行业)?|适用(?:范围|场景)?|用途|applications?)$/i],
  ['efficacy', /^(?:(?:技术|性能|主要)?指标|性能|功效|效果|优势|performance)$/i],
  ['method', /^(?:方法|工艺|技术路线|原理|method|process)$/i],
  ['material', /^(?:材料|材质|原料|materials?)$/i],
  ['product', /^(?:产品|产品形态|成果名称|名称|product|name)$/i],
  ['budget', /^(?:预算|经费|budget)$/i],
  ['time', /^(?:时间|期限|工期|time|deadline)$/i],
]
/** These parts of a record say who, for how much and since when: a need is not compared with them. */
const others =
  /^(?:成熟度|专利号|知识产权|合作方式|意向价格|领域|所属单位|联系人|关键词|更新日期|英文名称|编号|密级|公开级别|[^：:]{0,10}(?:电话|邮箱|日期|单位))$/

/** Pure: what a text says about each field; a clause serves one field. */
export function fieldsIn(text: string): Known {
  const clauses = text.split(/[，。；;\n！!？?]|,\s|\.\s/).map(labelled)
  const found: Partial<Record<Field, string>> = {}
  const add = (field: Field | undefined, value: string) => {
    if (field !== undefined && value !== '' && found[field] === undefined) found[field] = clipped(value)
  }
  for (const { label, rest } of clauses) add(labels.find(([, pattern]) => pattern.test(label))?.[0], rest)
  const free = clauses.filter(({ label }) => !others.test(label) && !labels.some(([, pattern]) => pattern.test(label)))
  for (const { rest } of free) if (!saysNone(rest)) add(cueOf(rest), rest)
  return found
}

/** 应用场景：印染废水 → its label and the rest; without a label the whole clause is the rest. */
function labelled(clause: string): { readonly label: string; readonly rest: string } {
  const [, label = '', rest = clause.trim()] = /^([^：:]{1,14})[：:]\s*(.+)$/s.exec(clause.trim()) ?? []
  return { label, rest }
}

function cueOf(clause: string): Field | undefined {
  const plain = normalize(clause)
  // What is not reached, or reached now, is no target; the rest of such a clause still counts.
  const fails = failure.test(plain) && !wished.test(plain)
  if ([...plain].length < (deadline.test(plain) ? 2 : 3)) return undefined
  return cues.find(([field, pattern]) => pattern.test(plain) && !(fails && field === 'efficacy'))?.[0]
}

const failure =
  /过不了|达不到|做不到|到不了|上不去|下不来|降不|提不|不达标|不合格|总是|老是|一直|超标|只能|最多只|^(?:目前|现在|现有|眼下)/
const wished = /想|希望|需要|要(?!求)|目标/
const deadline = /^(?:年前|节前|年内|尽快|月底|年底|明年|今年)$/

const none =
  /^(?:我们?|这个|这|目前|暂时|现在|都|也|还|真|其实)*(?:跳过|略过|下一个|没有?(?:试过|做过|用过|想过|考虑过?|想好|定|要求|预算|经验|了解过?|概念|特别要求|特殊要求)?|暂无|无|空|不(?:太)?(?:清楚|知道|确定|了解|懂|限|方便说|便透露|好说)|说不(?:清|准|好)|待定|保密|随便|都(?:行|可以)|无所谓|skip|next|none|no idea|not sure|unknown|don'?t know|never tried)(?:过|吧|了|呢|的|啊|[\s。.!！])*$/i

/** Pure: whether words only say that there is nothing to say: 没试过, 不清楚, 跳过. */
export function saysNone(text: string): boolean {
  const clauses = text.split(/[，,。；;、]/).filter((each) => each.trim() !== '')
  return clauses.length > 0 && clauses.every((each) => none.test(each.trim()))
}

/** Pure: an answer without the clauses that say nothing. */
export function withoutNone(text: string): string {
  return text
    .split(/(?<=[，,。；;])/)
    .filter((each) => !saysNone(each))
    .join('')
}

/** Pure: a whole answer to one question, shortened. */
export function clipped(text: string): string {
  return [...text.replace(/\s+/g, ' ').trim()].slice(0, longestValue).join('')
}

/**
 * Pure: whether a need and a record's words on one point mean the same: a common run of three characters, or two pairs that are not in
 * every text.
 */
export function fits(need: string, value: string): boolean {
  const [one, other] = [normalize(need), normalize(value)]
  const words = new Set(one.match(/[a-z][a-z\d-]{3,}/g) ?? [])
  if ((other.match(/[a-z][a-z\d-]{3,}/g) ?? []).some((word) => words.has(word))) return true
  const runs = (other.match(/\p{Script=Han}+/gu) ?? []).map((run) => [...run])
  const of = (size: number) =>
    runs.flatMap((run) => run.slice(0, Math.max(0, run.length - size + 1)).map((_, at) => run.slice(at, at + size).join('')))
  const shared = (size: number) => new Set(of(size).filter((each) => !everybodys.test(each) && one.includes(each)))
  return shared(3).size > 0 || shared(2).size > 1
}

/** Pure: whether both hold the same run of four characters without a word that is in every text: 水性环氧. */
export function sharesName(need: string, record: string): boolean {
  const [one, other] = [normalize(need), normalize(record)]
  const runs = (one.match(/\p{Script=Han}{4,}/gu) ?? []).map((run) => [...run])
  const fours = runs.flatMap((run) => run.slice(0, -3).map((_, at) => run.slice(at, at + 4).join('')))
  return fours.some((each) => !everybodys.test(each) && other.includes(each))
}

/** Words found in every need and every record. */
const everybodys =
  /技术|采用|应用|产品|材料|设备|工艺|方法|提高|降低|可以|公司|企业|我们|系统|处理|问题|解决|用于|通过|实现|开发|研发|合作|需要|希望|想找|生产|以上|以下|左右|目前|现有|能够|进行|使用|适用/

/** Pure: whether words ask for this field and no other: a model may phrase a question, not choose one. */
export function asksFor(field: Field, words: string): boolean {
  const plain = normalize(words)
  return questions[field].test(plain)
}

const questions: Readonly<Record<Field, RegExp>> = {
  material: /材料|材质|原料|基材|介质|什么(?:做|样的物)|处理的是|material|substance/,
  method: /方法|工艺|办法|技术路线|怎么(?:做|处理|生产)|试过|method|process|tried/,
  efficacy: /指标|效果|达到|性能|多少|水平|要求|target|performance|result|reach/,
  product: /产品|设备|装置|部件|对象|形态|product|device|equipment|part/,
  application: /用在|用于|应用|场景|场合|行业|环节|哪里用|where|used|application|industry/,
  budget: /预算|经费|费用|投入|资金|budget|spend|cost/,
  time: /时间|什么时候|多久|期限|何时|when|deadline|time/,
}
