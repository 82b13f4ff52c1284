import type { EventType } from '../../../retrieval/evidence.ts'

const types: readonly (readonly [EventType, RegExp])[] = [
  ['broker_training', /(?:技术经纪|技术经理)人?.{0,6}(?:培训|研修|课程|学习)|broker\s*training/iu],
  ['contract_training', /(?:技术)?合同.{0,8}(?:培训|讲解|辅导|课)|contract.*training/iu],
  ['contest', /大赛|比赛|竞赛|赛事|创赛|挑战赛|contest|competition|hackathon/iu],
  ['open_day', /开放日|走进|参观|探访|open\s*day|tour/iu],
  ['matchmaking', /对接|供需|洽谈|撮合|相亲会|matchmaking|match-?making|networking/iu],
  ['roadshow', /路演|投融资|融资对接|road-?\s?show|pitch/iu],
  ['briefing', /宣讲|解读|说明会|发布会|宣介|briefing|policy\s*(?:talk|session)/iu],
  ['coaching', /辅导|咨询日|诊断|门诊|coaching|clinic|consultation/iu],
  ['training', /培训|讲座|课程|研修|沙龙课|训练营|workshop|training|course|seminar|lecture/iu],
]

/** Pure: the type as its column says; where that says none, the name. */
export function typeOf(said: string | undefined, name: string): EventType {
  for (const text of [said ?? '', name]) {
    const found = types.find(([, pattern]) => pattern.test(text))
    // 技术经纪人 stands in the name where the column only says 培训.
    if (found !== undefined) return found[0] === 'training' && text !== name ? (trainingOf(name) ?? 'training') : found[0]
  }
  return 'other'
}

function trainingOf(name: string): EventType | null {
  const found = types.find(([, pattern]) => pattern.test(name))?.[0]
  return found === 'broker_training' || found === 'contract_training' ? found : null
}

/** @returns how many people may come; null without a limit; 'bad' when the cell says something else */
export function capacityOf(text: string): number | null | 'bad' {
  const plain = text.normalize('NFKC').replace(/[\s,]/g, '')
  if (plain === '' || /^(?:不限|无(?:限制)?|[-—/]+|若干|unlimited|none|open)/iu.test(plain)) return null
  const found = /^(?:约|限|共|不超过|最多|上限|总|≤|<=?)*(\d{1,6})(?![\d场期次轮批天])/u.exec(plain)?.[1]
  const count = Number(found)
  return found === undefined || count < 1 || /^\D*\d+[-~至到]\d/u.test(plain) ? 'bad' : count
}

/** `on` · `postponed`: its day is not known yet · `cancelled` */
export type EventState = 'on' | 'postponed' | 'cancelled'

const offWords = '(?:取消|停办|延期|改期|暂缓|推迟)'
const before = '(?:已经?|活动|本[场次]|现|暂时?|临时|因[^（(【\\[)）】\\]]{1,8})*'
/** 早餐会（取消）, 【已延期】早餐会, 取消：早餐会, 早餐会-已取消. 取消 amid a title is its subject. */
const marks = new RegExp(
  `[（(【\\[]\\s*${before}${offWords}[^)）】\\]]*[)）】\\]]|^\\s*(?:${before}${offWords}\\s*[:：\\-—_|｜]|已(?:经)?${offWords}|${offWords}\\s)\\s*|\\s*(?:[-—_|｜:：]\\s*${before}${offWords}|\\s${before}${offWords}|已(?:经)?${offWords})\\s*$`,
  'gu',
)

/** Pure: a title without the marks that {@link stateOf} reads: with or without them it is the same event. */
export function titleOf(name: string): string {
  const title = name.replace(marks, '').trim()
  return title === '' ? name : title
}

/** Pure: what a cell about the state, or marks in the name, say. 延期至 and 改期 with a new time are no postponement: the time tells. */
export function stateOf(said: string | undefined, name: string): EventState {
  const text = `${said ?? ''} ${(name.match(marks) ?? []).join(' ')}`
  if (/(?<!未|不|无|没有)(?:已)?(?:取消|停办|作废)|cancel/iu.test(text)) return 'cancelled'
  return /(?:延期|推迟|暂缓|暂停|postponed)(?!至|到|于)/iu.test(text) ? 'postponed' : 'on'
}

const askable = ['name', 'company', 'people', 'phone', 'position'] as const
export type Askable = (typeof askable)[number]
const asked: readonly (readonly [Askable, RegExp])[] = [
  ['name', /姓名|参会人|name/iu],
  ['company', /单位|公司|企业|机构|company|organi[sz]ation/iu],
  ['people', /人数|几人|number of people|people/iu],
  ['phone', /电话|手机|联系方式|phone|mobile/iu],
  ['position', /职务|职位|position|job title/iu],
]

/** @returns what an event asks of whoever signs up */
export function asksOf(text: string | undefined): readonly Askable[] {
  const found = asked.flatMap(([key, pattern]) => (pattern.test(text ?? '') ? [key] : []))
  return found.length === 0 ? ['name', 'company', 'people'] : found
}

/** @returns a year that a title names (2026年活动安排, 2026 events), or null when it names none or several */
export function yearIn(texts: readonly string[]): number | null {
  const years = new Set(
    texts.flatMap((text) =>
      [...text.normalize('NFKC').matchAll(/(?<!\d)(20\d{2})(?=\s*年|\s*[-./]?\d{0,2}\s*月|(?!\d))/gu)].map((each) =>
        Number(each[1]),
      ),
    ),
  )
  return years.size === 1 ? ([...years][0] ?? null) : null
}
