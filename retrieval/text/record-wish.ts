import { numbersIn } from './numbers.ts'

/** What a question asks of an achievement besides its words: TRL 7 以上、可普通许可、价格 100 万以内. */
export type RecordWish = {
  readonly trlFrom: number | null
  readonly trlTo: number | null
  /** any of these ways of cooperation will do */
  readonly cooperation: readonly string[]
  /** kinds of rights, all of them */
  readonly rights: readonly string[]
  readonly granted: boolean
  /** yuan */
  readonly priceTo: number | null
}

const level = '([1-9一二三四五六七八九])'
const trl = new RegExp(
  `(?:TRL|技术成熟度|成熟度|技术就绪度)(?:等级|级别)?\\s*(?:在|为|是|:)?\\s*(不低于|至少|达到|大于等于|不小于|>=?|≥|at least)?\\s*${level}\\s*级?\\s*(?:(?:-|~|到|至)\\s*${level}\\s*级?)?\\s*(及以上|或以上|以上|\\+|or (?:above|higher|more)|及以下|以下|or (?:below|lower))?`,
  'i',
)
const atLeastTrl = new RegExp(`(?:at least|minimum|不低于|至少)\\s*TRL\\s*${level}`, 'i')
const stage = /(小试|样机|中试|量产|产业化|工业化)(?:阶段)?(?:及以上|以上|或以上)/
const stages: Readonly<Record<string, number>> = { 小试: 5, 样机: 6, 中试: 7, 量产: 9, 产业化: 9, 工业化: 9 }

const mode =
  '(独占许可|排[他它]许可|非独占许可|普通许可|开放许可|许可|转让|作价入股|作价投资|技术入股|合作开发|联合开发|委托开发|先使用后付费)'
const may = new RegExp(
  `(?:可以?|能够?|支持|接受|愿意|允许|提供|采取|以)\\s*(?:以|按|通过)?\\s*(?:技术|专利)?${mode}(?:\\s*(?:或者?|、|/|和)\\s*${mode})?`,
)
const named = new RegExp(`${mode}(?:方式)?的(?:[^，。？?、]{0,12})?(?:成果|技术|专利|项目|工艺|材料|设备)`)
const accepted: Readonly<Record<string, readonly string[]>> = {
  独占许可: ['独占许可', '许可'],
  排他许可: ['排他许可', '许可'],
  普通许可: ['普通许可', '开放许可', '许可'],
  非独占许可: ['普通许可', '开放许可', '许可'],
  开放许可: ['开放许可'],
  许可: ['许可', '普通许可', '独占许可', '排他许可', '开放许可'],
  转让: ['转让'],
  作价入股: ['作价投资'],
  作价投资: ['作价投资'],
  技术入股: ['作价投资'],
  合作开发: ['合作开发'],
  联合开发: ['合作开发'],
  委托开发: ['委托开发'],
  先使用后付费: ['先使用后付费'],
}
const owned =
  /(?:有|拥有|取得|获得|具有|授权)[^，。,]{0,6}?(发明专利|实用新型|外观设计|软件著作权)|(发明专利|实用新型|软件著作权)(?:已|均已)?授权/
const price =
  /(?:价格?|报价|转让费|许可费|费用|预算|意向价格?)[^，。,\d一二三四五六七八九十百千万]{0,6}([\d.,]+\s*[千万百亿]*|[一二三四五六七八九十百千万]+)\s*元?\s*(?:人民币)?\s*(以内|以下|之内|内)?/
/** Questions about rules use the same words: 技术许可合同怎么登记. */
const aboutRules = /补贴|补助|奖励|政策|登记|办法|申报|申请条件|比例|税|怎么办理|细则|条例|第[一二三四五六七八九十\d]+条/

/** Pure: @returns null when the question asks nothing of the kind */
export function recordWishOf(question: string): RecordWish | null {
  const text = question.normalize('NFKC')
  if (aboutRules.test(text)) return null
  const wish = { ...maturity(text), cooperation: cooperation(text), ...rights(text), priceTo: priceTo(text) }
  const asks =
    wish.trlFrom !== null || wish.trlTo !== null || wish.cooperation.length > 0 || wish.rights.length > 0 || wish.priceTo !== null
  return asks ? wish : null
}

function maturity(text: string): Pick<RecordWish, 'trlFrom' | 'trlTo'> {
  const least = atLeastTrl.exec(text)?.[1]
  if (least !== undefined) return { trlFrom: digit(least), trlTo: null }
  const found = trl.exec(text)
  if (found?.[2] === undefined) return { trlFrom: stages[stage.exec(text)?.[1] ?? ''] ?? null, trlTo: null }
  const value = digit(found[2])
  if (found[3] !== undefined) return { trlFrom: value, trlTo: digit(found[3]) }
  if (found[1] !== undefined || /以上|\+|above|higher|more/i.test(found[4] ?? '')) return { trlFrom: value, trlTo: null }
  return /以下|below|lower/i.test(found[4] ?? '') ? { trlFrom: null, trlTo: value } : { trlFrom: value, trlTo: value }
}

function digit(text: string): number {
  const at = '一二三四五六七八九'.indexOf(text)
  return at >= 0 ? at + 1 : Number(text)
}

function cooperation(text: string): string[] {
  const found = may.exec(text) ?? named.exec(text)
  const modes = [found?.[1], found?.[2]].flatMap((each) => (each === undefined ? [] : [each.replace('排它', '排他')]))
  return [...new Set(modes.flatMap((each) => accepted[each] ?? []))]
}

function rights(text: string): Pick<RecordWish, 'rights' | 'granted'> {
  const found = owned.exec(text)
  const kind = found?.[1] ?? found?.[2]
  return { rights: kind === undefined ? [] : [kind], granted: kind !== undefined && /授权|取得|获得/.test(found?.[0] ?? '') }
}

function priceTo(text: string): number | null {
  const found = price.exec(text)
  const limited = found !== null && (found[2] !== undefined || /不超过|低于|最多|少于|不高于|预算/.test(found[0]))
  return limited ? (numbersIn(found[1] ?? '')[0]?.value ?? null) : null
}

/**
 * SQL: the numbers of achievements that do not fit a wish. They are hidden before ranking, so that what is shown fits. An achievement
 * silent about maturity or rights does not fit; one without a price does.
 */
export function unfitRecords(wish: RecordWish, parameter: (value: unknown) => string): string {
  const fits = [
    ...(wish.trlFrom === null ? [] : [`${trlOf} >= ${parameter(wish.trlFrom)}::numeric`]),
    ...(wish.trlTo === null ? [] : [`${trlOf} <= ${parameter(wish.trlTo)}::numeric`]),
    ...(wish.cooperation.length === 0 ? [] : [`p.fields -> 'cooperation_modes' ?| ${parameter(wish.cooperation)}::text[]`]),
    ...wish.rights.map((each) => `p.fields -> 'ip_kinds' ? ${parameter(each)}::text`),
    ...(wish.granted ? [`p.fields -> 'ip_granted' = 'true'::jsonb`] : []),
    ...(wish.priceTo === null
      ? []
      : [
          `(case when jsonb_typeof(p.fields -> 'price_yuan') = 'number' then (p.fields ->> 'price_yuan')::numeric <= ${parameter(wish.priceTo)}::numeric else true end)`,
        ]),
  ]
  return `select p.number from passage p join document d on d.id = p.document_id
           where d.kind = 'achievement' and not coalesce(${fits.join(' and ')}, false)`
}

const trlOf = `(case when jsonb_typeof(p.fields -> 'trl') = 'number' then (p.fields ->> 'trl')::numeric end)`
