import { normalize } from '../../retrieval/text/normalize.ts'
import { numbersIn } from '../../retrieval/text/numbers.ts'

/** What an enterprise said about itself in this conversation: self-declared, not verified. Money in yuan. */
export type Company = {
  readonly employees?: number
  readonly revenue?: number
  readonly rd_spend?: number
  /** Year it was founded. */
  readonly founded?: number
  readonly in_park?: boolean
  readonly high_tech?: boolean
  readonly tech_sme?: boolean
  readonly capital?: number
}
export type FactName = keyof Company
export const factNames = ['in_park', 'employees', 'revenue', 'rd_spend', 'founded', 'high_tech', 'tech_sme', 'capital'] as const
type AmountName = 'rd_spend' | 'revenue' | 'capital'

const self = /我们?(?:公司|单位|企业|厂)?|我司|本公司|本企业|本单位|\b(?:we|our|us|my company)\b/
const figures: readonly (readonly [AmountName, RegExp])[] = [
  [
    'rd_spend',
    /研发(?:费用?|投入|经费|支出)(?:大概|大约|约|差不多)?(?:是|为|有|在|花了|占)?\s*$|\br&d (?:spend(?:ing)?|expenses?|cost)(?: (?:is|are|was|of|about))*\s*$/,
  ],
  [
    'revenue',
    /(?:营收|营业收入|年收入|销售(?:额|收入)|产值)(?:大概|大约|约|差不多)?(?:是|为|有|在|做到)?\s*$|\b(?:revenue|turnover|sales)(?: (?:is|are|was|of|about))*\s*$/,
  ],
  ['capital', /(?:注册资本|实缴资本)(?:金)?(?:是|为|有)?\s*$/],
]

/** Pure: facts in a message about the writer's own enterprise. @param today `YYYY-MM-DD` */
export function companyIn(text: string, today: string): Company {
  const plain = normalize(text)
  if (!self.test(plain)) return {}
  return {
    ...amountsIn(plain),
    ...peopleIn(plain),
    ...ageIn(plain, Number(today.slice(0, 4))),
    ...placeIn(plain),
    ...titlesIn(plain),
  }
}

function amountsIn(plain: string): Company {
  const found: Partial<Record<AmountName, number>> = {}
  for (const { value, start, end, text } of numbersIn(plain)) {
    const name = figures.find(([, before]) => before.test(plain.slice(Math.max(0, start - 24), start)))?.[0]
    const whole =
      /^\s*(?:万|亿)/.test(plain.slice(end)) && !/[万亿]$/.test(text)
        ? value * (plain.slice(end).trimStart()[0] === '亿' ? 1e8 : 1e4)
        : value
    if (name !== undefined && whole >= 1000) found[name] = whole
  }
  return found
}

function peopleIn(plain: string): Company {
  const said =
    /(?:职工|员工|人员|团队|公司|企业|我们|我司|一共|总共|共|有|大概|约)[^，,。；;\d]{0,6}?(\d{1,6}|[一二两三四五六七八九十百千]{1,6})\s*(?:多|余|来)?\s*(?:个|名|位)?\s*(?:人(?![工才民均次])|员工|职工)|\b(\d{1,6}) (?:employees|people|staff)\b/.exec(
      plain,
    )
  const value = numbersIn(said?.[1] ?? said?.[2] ?? '')[0]?.value
  return value === undefined ? {} : { employees: value }
}

function ageIn(plain: string, year: number): Company {
  const founded =
    /((?:19|20)\d{2})\s*年?\s*(?:\d{1,2}月)?(?:刚|才)?(?:成立|注册|设立|创办|创立)|(?:成立|注册|设立|创办|创立)(?:于|时间(?:是|为)?)\s*((?:19|20)\d{2})|\bfounded in ((?:19|20)\d{2})\b/.exec(
      plain,
    )
  const named = founded?.[1] ?? founded?.[2] ?? founded?.[3]
  if (named !== undefined) return { founded: Number(named) }
  if (/(?:今年)(?:刚|才)?(?:成立|注册|设立)/.test(plain)) return { founded: year }
  if (/(?:去年)(?:刚|才)?(?:成立|注册|设立)/.test(plain)) return { founded: year - 1 }
  const ago = /(?:成立|注册)(?:了|才|已经?|有|快)*\s*(\d{1,2}|[一二两三四五六七八九十]{1,2})\s*年/.exec(plain)?.[1]
  const years = ago === undefined ? undefined : numbersIn(ago)[0]?.value
  return years === undefined ? {} : { founded: year - years }
}

function placeIn(plain: string): Company {
  if (/(?:不在|没在|不是)(?:本|咱们?|你们)?园区|园区(?:以)?外|注册(?:地)?(?:不在|在外地|在别的)/.test(plain))
    return { in_park: false }
  return /(?:注册(?:地)?(?:就|都|也)?在|在)(?:本|咱们?|你们|云汀科技)?园区(?:内|里)?|园区(?:内的?)?企业|落户(?:在)?(?:本|你们)?园区|\bregistered in the park\b/.test(
    plain,
  )
    ? { in_park: true }
    : {}
}

function titlesIn(plain: string): Company {
  const state = (name: RegExp) => {
    const at = name.exec(plain)
    if (at === null) return undefined
    return !/(?:不是|没有?(?:取得|评上|通过|拿到)?|未(?:取得|认定)|还不是|没评|not (?:a )?)[^，,。]{0,4}$/.test(
      plain.slice(Math.max(0, at.index - 8), at.index),
    )
  }
  const high = state(/高新技术企业|高企|high-tech enterprise/)
  const sme = state(/科技型中小企业|科小|technology-based sme/)
  return { ...(high === undefined ? {} : { high_tech: high }), ...(sme === undefined ? {} : { tech_sme: sme }) }
}

/** Pure: a question without the clauses that only describe the asker: 我们公司2023年成立，能入驻孵化器吗 → 能入驻孵化器吗. */
export function withoutCompany(question: string, today: string): string {
  const clauses = question.split(/(?<=[，,。；;])/)
  const kept = clauses.filter((each, index) => index === clauses.length - 1 || Object.keys(companyIn(each, today)).length === 0)
  return kept.length === clauses.length ? question : kept.join('').trim()
}

/** Pure: a bare answer to our question about one fact: 50, 50人, 8000万, 是, 没有, 2019年. Null when it answers nothing. */
export function factAnswered(text: string, asked: FactName, today: string): Company | null {
  const plain = normalize(text).trim()
  if ([...plain].length > 30) return null
  if (asked === 'in_park' || asked === 'high_tech' || asked === 'tech_sme') {
    if (/^(?:不是|不|否|没有?|没|未|还没|不在|no|not)/.test(plain)) return { [asked]: false }
    return /^(?:是|对|嗯|有|在|已|yes|y$|right)/.test(plain) ? { [asked]: true } : null
  }
  const value = unitFits(plain, asked) ? valueSaid(plain) : null
  if (value === null) return null
  return asked === 'founded' && value < 1900 ? { founded: Number(today.slice(0, 4)) - value } : { [asked]: value }
}

/** 50人 is no capital, 1000万 no number of people. */
function unitFits(plain: string, asked: FactName): boolean {
  if (asked === 'employees') return !/元|万|亿|年/.test(plain)
  return asked === 'founded' ? !/人|元|万|亿/.test(plain) : !/人|名|年/.test(plain)
}

function valueSaid(plain: string): number | null {
  const [number] = numbersIn(plain)
  if (number === undefined) return null
  const unit = /^\s*([万亿])/.exec(plain.slice(number.end))?.[1]
  return number.value * (unit === '亿' ? 1e8 : unit === '万' ? 1e4 : 1)
}
