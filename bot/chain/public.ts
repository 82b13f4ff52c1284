import { normalize } from '../../retrieval/text/normalize.ts'
import type { Known } from '../demand/fields.ts'
import { declaredFacts, surnames } from '../handoff/packet/facts.ts'

/** What tells who asks: names, accounts and contacts, and words the enterprise marked confidential. */
export type TellTales = readonly string[]

/** Of the trade, so they tell nobody apart. */
const trades =
  '新材料|材料|科技|技术|环保|环境|生物|医药|制药|药业|医疗|器械|电子|智能|制造|装备|实业|工业|机械|机电|化工|化学|能源|新能源|信息|网络|软件|数据|半导体|光电|电气|电器|电力|自动化|精密|汽车|食品|纺织|印染|水务|水处理|建筑|工程|设备|仪器|仪表|发展|贸易|服务|咨询|投资|控股|产业|创新|纳米|高分子|新型|铸造|锻造|加工|陶瓷|光学|玻璃|塑料|橡胶|钢铁|轴承|模具|五金|包装|印刷|服装|家具|精密'
const legal =
  '有限责任公司|股份有限公司|股份公司|有限公司|总公司|分公司|公司|集团|研究总院|研究院|研究所|研究中心|实验室|事务所|合作社|工厂|厂|大学|学院|医院|中心'
const endings = new RegExp(`(?:${legal}|${trades}|[（(][^）)]*[）)]|股份|集团)$`, 'u')
const generic = new RegExp(`^(?:${trades}|${legal}|园区|开发区|工业园|高新区|公司|企业|中国|江苏|苏州|我们|客户)+$`, 'u')

/** Compared without blanks, signs, width and traditional forms: 恒 力 is 恒力. */
const plain = (text: string) => normalize(text).replace(/[\s\p{P}\p{S}]/gu, '')

/**
 * Pure: a name as it may be said: whole, without what every company is called, and without the place in front. Too short or too common
 * parts are left out.
 */
export function spokenNames(name: string): string[] {
  const latin = name.match(/[A-Za-z][A-Za-z&.-]{3,}/g) ?? []
  let stem = name.replace(/[（(][^）)]*[）)]/gu, '').trim()
  const forms = [name.trim(), stem]
  while (endings.test(stem) && stem.length > 2) {
    stem = stem.replace(endings, '').trim()
    forms.push(stem)
  }
  const [, afterPlace] = /^(?:中国)?(?:\p{Script=Han}{1,6}?(?:省|市|区|县|州|镇))+(\p{Script=Han}{2,})$/u.exec(stem) ?? []
  // A city is mostly said without 市: its two characters are dropped where enough is left.
  for (const form of [afterPlace, /^\p{Script=Han}{4,}$/u.test(stem) ? stem.slice(2) : undefined])
    if (form !== undefined) forms.push(form)
  const firms = latin.filter((each) => !/^(?:ltd|limited|company|corp|technolog|material|group|china|gmbh|inc)/i.test(each))
  return [...new Set([...forms, ...firms])].filter((each) => plain(each).length >= 2 && !generic.test(plain(each)))
}

const numeral = '[\\d一二三四五六七八九十百零〇]+'
/** Contacts and numbers by which anybody is found; never in anything that is published. A longer form stands before what it contains. */
const contacts: readonly RegExp[] = [
  /(?:https?:\/\/|www\.)\S+/giu,
  /[\w.+-]+\s*(?:@|＠|[（(]at[）)])\s*[\w-]+(?:\.[\w-]+)+/giu,
  /(?<![\w@.-])(?:[a-z\d-]+\.)+(?:com|cn|net|org|io|tech|ltd|vip|top)(?![\w-])/giu,
  /(?:微信|薇信|wechat|weixin|vx|wx|qq|企鹅|钉钉|飞书|telegram|tg)\s*(?:号|号码|id)?\s*(?:是|为)?\s*[:：]?\s*[@\w-]{4,}/giu,
  /(?:电话|手机|座机|联系方式|tel|phone)\s*(?:号|号码)?\s*(?:是|为)?\s*[:：]?\s*[\d一二三四五六七八九零〇幺\s-]{7,}/giu,
  /(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/giu,
  /(?<![0-9A-Z])(?:ZL|CN)\s?\d{7,}(?:\.[\dX])?[A-Z]?/giu,
  /(?:股票|证券)(?:代码)?\s*[:：]?\s*\d{6}/gu,
  /(?<![\d.])(?:\+?86[\s-]?)?1[3-9](?:[\s-]?\d){9}(?!\d)/gu,
  /[一二三四五六七八九零〇幺]{11,12}/gu,
  /(?<!\d)0\d{2,3}[\s-]\d{7,8}(?!\d)/gu,
  /(?<![\d.,])\d{8,}(?!\d|\s*(?:元|吨|件|个|台|套|米|千克|公斤|kg|m))/giu,
  new RegExp(
    `\\p{Script=Han}{1,12}(?:路|街|大道|巷|弄)\\s*${numeral}\\s*(?:号|弄|幢|栋)(?:\\s*\\d+\\s*(?:楼|层|室|栋|幢))*`,
    'gu',
  ),
  new RegExp(
    `\\p{Script=Han}{2,10}(?:园|城|大厦|广场|中心|基地)\\s*[A-Za-z]?${numeral}\\s*(?:号楼|幢|栋|座)(?:\\s*\\d+\\s*(?:楼|层|室))*`,
    'gu',
  ),
]
/** Any organisation at all: whoever asks may also name a customer. */
const organisations =
  /[\p{Script=Han}A-Za-z0-9（）()·]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|集团|研究院|研究所|事务所)/gu
/** 我们是恒力，… · we are Hengli; not 我们是做印染的. */
const introduced =
  /(?:我们?(?:公司|单位|企业)?|我司|本公司|公司)(?:是|叫|名称?(?:是|叫|为)?)\s*[:：]?\s*(?!做|搞|从事|生产|专业|专门|一[家个]|想|要|在|为|来自|需要|有|国内|国家|高新|中小|小微|规上|初创)([\p{Script=Han}A-Za-z0-9]{2,12}?)(?=的|[，,。；;、！!\s]|$)|\b(?:[Ww]e are|[Ww]e're|[Oo]ur company is|[Mm]y company is|I am from|I'm from|[Tt]his is)\s+([A-Z][\w&.-]+(?:\s+[A-Z][\w&.-]+){0,4})/gu
/** 恒力环保在找…, （恒力环保） */
const seeking =
  /(?<!\p{Script=Han})(\p{Script=Han}{2,6}?(?:环保|科技|生物|医药|制药|智能|机电|电气|光电|实业|重工|股份|精密|仪器))(?=(?:正)?(?:在找|想找|要找|寻找|寻求|诚求|急寻|求购)|[）)])/gu
/** 我叫王建国, 联系人：李四, 找张总, 李工负责. */
const people = new RegExp(
  `(?:(?:联系人|负责人|对接人)\\s*(?:是|叫|[:：])|(?:我叫|本人|姓名)\\s*(?:是|叫)?\\s*[:：]?)\\s*\\p{Script=Han}{2,3}(?=[，,。；;、\\s\\d]|$)|(?<!\\p{Script=Han})\\p{Script=Han}(?:总|经理|主任|工程师|先生|女士)(?=[，,。；;、\\s\\d:：]|$)|(?:(?<!\\p{Script=Han})|(?<=联系|找|请|跟|与|和|由|人|是))(?:${surnames})(?:总|工|董|经理|主任|老师|博士|教授|先生|女士|厂长|院长|所长|科长|部长)(?=[，,。；;、\\s\\d:：]|$|负责|对接|联系)`,
  'gu',
)

export type Asker = {
  readonly enterprise: string | null
  readonly personName: string | null
  readonly chat: string | null
  readonly confidential: readonly string[]
  /** Everything the person said. */
  readonly lines: readonly string[]
  /** What brokers said and noted: of these only names of organisations. */
  readonly heard?: readonly string[]
}

/** Pure: everything known that would tell who asks. */
export function tellTalesOf({ enterprise, personName, chat, confidential, lines, heard = [] }: Asker): TellTales {
  const facts = declaredFacts(lines).filter((fact) => ['企业名称', '联系人', '联系方式', '地点'].includes(fact.name))
  const names = [enterprise, ...facts.filter((fact) => fact.name === '企业名称').map((fact) => fact.value)]
  const named = [...lines, ...heard].flatMap((line) => [
    ...(line.match(organisations) ?? []).flatMap((each) => [each.replace(before, ''), each.replace(lead, '')]),
    ...[...line.matchAll(introduced), ...line.matchAll(seeking)].flatMap((match) =>
      match.slice(1).filter((each) => each !== undefined),
    ),
  ])
  const account = chat?.slice(chat.indexOf(':') + 1) ?? ''
  const others = facts.filter((fact) => fact.name !== '企业名称').map((fact) => fact.value)
  const all = [
    ...[...names, ...named].flatMap((name) => (name === null ? [] : spokenNames(name.replace(before, '')))),
    // 云汀膜科技 李工: the name on a platform is often firm and person.
    ...(personName === null ? [] : [personName, ...personName.split(/[\s\p{P}\p{S}]+/u)].flatMap(spokenNames)),
    ...[...others, ...confidential, account].filter((each) => plain(each).length >= 2),
  ]
  return [...new Set(all)].sort((a, b) => b.length - a.length)
}

/** What stands before a name in the middle of a sentence. */
const lead = /^.*(?:是|叫|为|给|和|与|找|到|由|的|在)(?=\p{Script=Han}{4,})/u
const before =
  /^(?:我们?(?:公司|司)?(?:是|叫)?|本公司|这里是|来自|代表|公司(?:名称)?(?:是|叫)?|您好|你好|请问|关于|寻求|寻找|想找|找|希望|需要|想|要|给|和|与|在|为|由|的)+/u

/** Pure: what of a text tells who asks; empty when nothing does. Contacts count whoever they belong to. */
export function leaksIn(text: string, tellTales: TellTales): string[] {
  const bare = plain(text)
  const told = tellTales.filter((each) => bare.includes(plain(each)))
  const shown = contacts.flatMap((pattern) => text.normalize('NFKC').match(pattern) ?? [])
  return [...new Set([...told, ...shown.map((each) => each.trim())])]
}

const left = '〔略〕'

/** Pure: a text without what tells who asks; null when that cannot be taken out safely. */
export function redacted(text: string, tellTales: TellTales, form: 'open' | 'anonymous' = 'anonymous'): string | null {
  let open = text.replace(markedList, '').replace(/[０-９Ａ-Ｚａ-ｚ]/g, (each) => each.normalize('NFKC'))
  for (const each of tellTales) open = open.replace(spaced(each), left)
  for (const pattern of [...contacts, ...(form === 'open' ? [] : [people])]) open = open.replace(pattern, left)
  // 大学、研究院 alone is anybody.
  const anybody = (name: string) => spokenNames(name.replace(before, '')).length === 0
  if (form === 'anonymous') open = open.replace(organisations, (name) => (anybody(name) ? name : left))
  const clauses = open.split(/(?<=[，,。；;！!\n])/u).map(withoutRest)
  const whole = clauses.join('').replace(/^[\s，,、。；;]+|[\s，,、；;]+$/gu, '')
  return leaksIn(whole, tellTales).length > 0 ? null : whole
}

/** A clause from which something was taken, in plain words; nothing of one that said nothing else (电话〔略〕, 我们是〔略〕). */
function withoutRest(clause: string): string {
  if (!clause.includes(left)) return clause
  const [, words = '', end = ''] = /^([\s\S]*?)([\s，,。；;！!\n]*)$/u.exec(clause) ?? []
  const rest = plain(words.replaceAll(left, '')).replace(filler, '')
  if (rest.length < leastClause) return ''
  return `${words.replace(/(?:〔略〕[\s，,、]*)+/gu, left).replace(/^(?:〔略〕|的)+|〔略〕$/gu, '')}${end}`
}

const leastClause = 3
const filler =
  /^(?:我们?|我司|本公司|公司|这里|这边|请|找|联系|您好|你好)*(?:是|叫|来自|位于|在|为|的)*|电话|手机|座机|微信|邮箱|联系人?|地址|号码?/gu

/** The characters of a word with anything but letters between them. */
function spaced(word: string): RegExp {
  const characters = [...word.normalize('NFKC')].filter((each) => /[\p{L}\p{N}]/u.test(each))
  return new RegExp(characters.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\p{P}\\p{S}]*'), 'giu')
}

const fields = ['efficacy', 'application', 'material', 'product', 'method', 'budget', 'time'] as const
export type PublicLine = { readonly field: (typeof fields)[number] | 'need'; readonly value: string }

/** Pure: what may be published of a demand: its need and what it says on each point, without what tells who asks. */
export function publicLines(
  demand: { readonly need: string; readonly fields: Known },
  tellTales: TellTales,
  form: 'open' | 'anonymous' = 'anonymous',
): PublicLine[] {
  const need = demand.need.split('\n')[0] ?? ''
  const said = [{ field: 'need' as const, value: need }, ...fields.map((field) => ({ field, value: demand.fields[field] ?? '' }))]
  return said.flatMap(({ field, value }) => {
    const open = redacted(value, tellTales, form)
    const says = open !== null && plain(open.replaceAll(left, '')).length >= 2
    const again = field !== 'need' && plain(need).includes(plain(value))
    return says && !again ? [{ field, value: open }] : []
  })
}

/** Pure: names of tell-tales of a demand published openly: only contacts and what was marked confidential stay inside. */
export const openTellTales = (of: Pick<Asker, 'confidential'>): TellTales =>
  of.confidential.filter((each) => plain(each).length >= 2)

const markedList =
  /[，,。；;\s]*(?:请|以下)?(?:保密|不(?:要|能|便|得)?(?:对外)?(?:公开|透露|外传))(?:的?(?:词|内容|信息|部分))?\s*[:：]\s*([^\n。；;]+)/gu
const markedWord =
  /(?:把|将|对|关于)?[“"「『]([^”"」』\n]{1,40})[”"」』](?:这个词|的?(?:字样|信息|内容))?(?:请|要|需要|必须|先)?(?:保密|不(?:要|能|便|得)?(?:对外)?(?:公开|透露))/gu

/** Pure: words the enterprise marked confidential in what it said: 保密：三号线、客户甲 or 请对“三号线”保密. */
export function confidentialIn(text: string): string[] {
  const lists = [...text.matchAll(markedList)].map((match) => match[1] ?? '')
  const marked = [...text.matchAll(markedWord)].map((match) => match[1] ?? '')
  const words = [...lists.flatMap((list) => list.split(/[、，,/|]|和(?=\p{L})/u)), ...marked].map((each) =>
    each.trim().replace(/^[“"「]|[”"」]$/gu, ''),
  )
  return [...new Set(words)].filter((each) => plain(each).length >= 2 && each.length <= 40)
}
