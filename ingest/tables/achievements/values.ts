import type { Visibility } from '../../../retrieval/evidence.ts'
import { numbersIn } from '../../../retrieval/text/numbers.ts'

/** Stages as tables name them, with their technology readiness level (GB/T 22900). */
const stages: readonly (readonly [RegExp, number])[] = [
  [/概念|原理|设想|concept|idea/i, 2],
  [/实验室|研发|研究|lab|research/i, 4],
  [/小试|初样|初期|bench/i, 5],
  [/样机|原型|中期|prototype/i, 6],
  [/中试|正样|示范|pilot|demonstrat/i, 7],
  [/小批量|试生产|small\s*batch/i, 8],
  [/产业化|量产|批量|成熟|应用(?!研究|基础)|mass|commerc|mature|market/i, 9],
]

/** @returns 1…9; null when the cell names no level; 'bad' when it names a number that is not one */
export function trlOf(text: string): number | null | 'bad' {
  const plain = text.normalize('NFKC').trim()
  if (plain === '') return null
  const level = /(?:^|TRL|成熟度|等级|level|第)\s*(?:等?级)?\s*[-—:：为]?\s*(\d{1,2})(?!\d|\s*[年月%])/i.exec(plain)?.[1]
  // The lower end of a range is certain.
  if (level !== undefined) return Number(level) >= 1 && Number(level) <= 9 ? Number(level) : 'bad'
  const reached = plain.replace(/(?:[尚暂还]?[未没待]|拟|准备|计划|即将)[^，,；;。]*/g, '')
  return stages.findLast(([pattern]) => pattern.test(reached))?.[1] ?? null
}

/** Who may see a record. An empty cell means public; of several words the narrowest count, and unknown ones make a bad row rather than a guess. */
export function visibilityOf(text: string | undefined): Visibility | null {
  const plain = (text ?? '').normalize('NFKC').trim()
  if (
    /^(?:L|级别)?\s*3\b|^三级|双方|同意|保密|[不非未].{0,2}公开|^否$|confidential|private|consent|nda|\b(?:not|non)\b|^un/i.test(
      plain,
    )
  )
    return 3
  if (/^(?:L|级别)?\s*2\b|^二级|登录|认证|注册|内部|部分公开|限|verified|member|restricted|semi/i.test(plain)) return 2
  return plain === '' ||
    /^(?:L|级别)?\s*1\b|^一级|^(?:完全|可以?|对外|向社会|全网)*公开(?:级|[（(，,].*)?$|^是$|^(?:public|open)/i.test(plain)
    ? 1
    : null
}

/** State secrets must not be in this system at all. */
export function isStateSecret(text: string | undefined): boolean {
  return /绝密|机密|秘密(?!★?解除)|涉密/.test(text ?? '') && !/^(?:非|不|无|否)/.test((text ?? '').trim())
}

const modes: readonly (readonly [string, RegExp])[] = [
  ['独占许可', /独占/],
  ['排他许可', /排[他它]/],
  ['普通许可', /普通|非独占|non-?exclusive/i],
  ['开放许可', /开放许可|open\s*licen/i],
  ['许可', /许可|licen[cs]/i],
  ['转让', /转让|出售|assign|sale|transfer/i],
  ['作价投资', /作价|入股|股权|equity/i],
  ['合作开发', /合作开发|联合(?:开发|研发)|共同开发|joint|co-?develop/i],
  ['委托开发', /委托|定制|commission|contract\s*(?:r&d|research)/i],
  ['技术服务', /技术服务|服务|咨询|service|consult/i],
  ['先使用后付费', /先(?:使|试)用后付|use\s*first/i],
]

/** @returns the ways of cooperation a cell names; 许可 is dropped when a kind of licence is named */
export function cooperationOf(text: string): string[] {
  const found = text.split(/[、,，;；/|\n]+/).flatMap((part) => modes.find(([, pattern]) => pattern.test(part))?.[0] ?? [])
  const exclusive = [...new Set(found)]
  // 许可(独占、普通): the kinds stand in one cell with the general word.
  return exclusive.some((each) => /.许可/.test(each)) ? exclusive.filter((each) => each !== '许可') : exclusive
}

const rights: readonly (readonly [string, RegExp])[] = [
  ['发明专利', /发明|invention|^patent/i],
  ['实用新型', /实用新型|utility/i],
  ['外观设计', /外观|design/i],
  ['软件著作权', /软件|软著|著作权|copyright|software/i],
  ['集成电路布图设计', /布图/],
  ['植物新品种', /植物新品种|品种权/],
  ['技术秘密', /技术秘密|专有技术|know-?how|trade\s*secret/i],
]

/** @returns kinds of rights, and whether one of them is granted; null where the cell does not say */
export function rightsOf(text: string): { readonly kinds: string[]; readonly granted: boolean | null } {
  const kinds = rights.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []))
  const granted = /授权|有效|granted|issued|登记/i.test(text)
    ? true
    : /申请|受理|实审|公开|pending|filed/i.test(text)
      ? false
      : null
  return { kinds, granted }
}

/** @returns yuan; null for 面议 and anything else without a sum. A bare number takes the unit of its header, 价格（万元）. */
export function priceOf(text: string, header: string): number | null {
  const plain = text.normalize('NFKC').replace(/\s+/g, '')
  const number = numbersIn(plain).find(({ end }) => !/^[%％]/.test(plain.slice(end)))
  if (number === undefined || /面议|协商|negotia/i.test(plain)) return null
  const hasUnit = /[万亿千百]|元|yuan|rmb|cny/i.test(plain)
  return number.value * (hasUnit ? 1 : unitOf(header))
}

function unitOf(header: string): number {
  if (/亿/.test(header)) return 1e8
  return /万/.test(header) ? 1e4 : 1
}
