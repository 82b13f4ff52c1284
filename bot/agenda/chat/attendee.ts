import { surnames } from '../../handoff/packet/facts.ts'
import type { Attendee } from '../signups.ts'

const fields = ['name', 'company', 'people', 'phone', 'position'] as const
type Field = (typeof fields)[number]

const organisations =
  /(?:公司|集团|研究院?所?|研究中心|大学|学院|学校|中心|医院|银行|基金会?|资本|创投|事务所|协会|商会|联盟|合作社|工作室|工厂|厂|实验室|园区?|局|委员会|管委会|政府|街道|科技|智能|生物|材料|医药|电子|半导体|环保|能源|化工|机械|软件|信息|网络|数据|技术)$|(?:公司|集团)|\b(?:inc|ltd|llc|gmbh|co|corp|company|university|institute|labs?|group|college)\b\.?/iu
const positions =
  /^(?:.{0,8}(?:经理|总监|主任|工程师|教授|研究员|总裁|董事长|总经理|主管|专员|负责人|老师|院长|所长|科长|处长|部长|厂长|会计|创始人|合伙人)|ceo|cto|cfo|coo|[a-z ]{0,20}(?:manager|director|engineer|professor|founder))$/iu
const phone = /(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d{9})(?!\d)|(?<!\d)(0\d{2,3}-?\d{7,8})(?!\d)|(\+\d[\d -]{6,16}\d)/u
const people =
  /^(?:改成|改为|更正为|make it|change to|一?共|总共|合计|就|只|是|有|我们?|人数[是为]?|\s)*(\d{1,3}|[一二两三四五六七八九十])\s*(?:个)?(?:人|位|名|people|persons?|pax)?(?:参加|去|来)?$/iu
const alone = /^(?:就|只有?)?(?:我|本人)(?:一个人?|自己|一人)?$|^一个人$|^(?:just|only) me$|^alone$/iu
const labels: readonly (readonly [Field, RegExp])[] = [
  ['name', /^(?:姓名|名字|参会人|联系人|我叫|我的名字[是叫]|name is|my name is|name)\s*[:：是为]?\s*/iu],
  [
    'company',
    /^(?:单位(?:名称)?|公司(?:名称)?|企业(?:名称)?|机构|我们?(?:公司|单位)(?:是|叫)|company|organi[sz]ation)\s*[:：是为]\s*/iu,
  ],
  ['people', /^(?:参加)?(?:人数|number of people|people)\s*[:：是为]?\s*/iu],
  ['phone', /^(?:手机号?|电话(?:号码)?|联系(?:方式|电话)|phone|mobile|tel)\s*[:：是为]?\s*/iu],
  ['position', /^(?:职务|职位|岗位|position|title)\s*[:：是为]?\s*/iu],
]
const numerals = '一二三四五六七八九十'
const ofHan = /^\p{Script=Han}[\p{Script=Han}·]{1,5}$/u
const ofLatin = /^[\p{Script=Latin}.'’-]+(?: [\p{Script=Latin}.'’-]+){0,3}$/u
const mostPeople = 50

/** Pure: whether words could be a name, and not a nod or a word of another matter. */
function isName(text: string): boolean {
  if (
    /^(?:好的?|可以|行|是的?|对的?|确[认定]|没有|不用|谢谢|你好|您好|报名|参加|取消|算了|ok|okay|yes|no|thanks?|sure|hello|hi)$/iu.test(
      text,
    )
  )
    return false
  return (ofHan.test(text) && [...text].length <= 4) || ofLatin.test(text)
}

/**
 * Pure: what somebody says of themselves: 张三，云帆新材料公司，2人; 我是云帆公司的张三; 姓名：张三 单位：云帆.
 * @param asked the fields that are still missing, in the order in which they were asked for: an answer without a label may be one of them
 */
export function attendeeIn(text: string, asked: readonly string[]): Attendee {
  const found: { -readonly [Name in keyof Attendee]: Attendee[Name] } = {}
  const plain = text.normalize('NFKC').trim()
  const rest: string[] = []
  for (const piece of piecesOf(plain)) if (!labelled(piece, found) && !plainly(piece, found, asked)) rest.push(piece)
  for (const piece of rest) named(piece, found, asked)
  return found
}

type Found = { -readonly [Name in keyof Attendee]: Attendee[Name] }

function piecesOf(plain: string): string[] {
  const pieces = plain.split(/[,，、;；\n/|。]+/u).map((each) => each.trim())
  // Between Chinese words a blank divides too; in 张三 云帆公司 2人 nothing else does.
  const all = pieces
    .flatMap((each) => (/\p{Script=Han}/u.test(each) ? each.split(/\s+(?!\d*\s*[:：])/u) : [each]))
    .filter((each) => each !== '')
  // 姓名 张三 单位 云帆: a label and what it says.
  return all.flatMap((each, index) => {
    if (label.test(all[index - 1] ?? '')) return []
    return label.test(each) && all[index + 1] !== undefined ? [`${each}：${all[index + 1]}`] : [each]
  })
}

const label =
  /^(?:姓名|名字|参会人|联系人|单位(?:名称)?|公司(?:名称)?|企业(?:名称)?|机构|(?:参加)?人数|手机号?|电话(?:号码)?|职务|职位|岗位)$/u
/** 张三, 欧阳明: a surname and one or two characters more. */
const person = new RegExp(`^(?:${surnames})\\p{Script=Han}{1,2}$`, 'u')
/** 华清光学的赵一鸣 */
const ofFirm = new RegExp(`^(?:我是|本人是?|我们是|这里是)(.{2,30}?)的((?:${surnames})\\p{Script=Han}{1,2})$`, 'u')

/** 姓名：张三 */
function labelled(piece: string, found: Found): boolean {
  const label = labels.find(([, pattern]) => pattern.test(piece))
  const value = label === undefined ? '' : piece.replace(label[1], '').trim()
  if (label === undefined || value === '') return false
  if (label[0] === 'people') return counted(value, found)
  if (label[0] === 'phone') return dialled(value, found)
  found[label[0]] = clipped(value)
  return true
}

/** What is told by its form: how many come, a telephone number, 我是云帆公司的张三. */
function plainly(piece: string, found: Found, asked: readonly string[]): boolean {
  if (dialled(piece, found)) return true
  const bare = /^\d{1,3}$/.test(piece)
  if ((!bare || asked.length <= 1 || asked.includes('people')) && counted(piece, found)) return true
  const [, of, name] =
    /^(?:我是|本人是?|我们是|这里是)?(.{2,30}?(?:公司|集团|研究院|研究所|大学|学院|中心|医院|科技|材料|生物))的?(\p{Script=Han}{2,4})$/u.exec(
      piece,
    ) ??
    ofFirm.exec(piece) ??
    []
  if (of === undefined || name === undefined || organisations.test(name) || positions.test(piece.slice(of.length))) return false
  found.company ??= clipped(of)
  found.name ??= name.replace(/^的/u, '')
  return true
}

function counted(piece: string, found: Found): boolean {
  const number = alone.test(piece) ? '1' : people.exec(piece)?.[1]
  if (number === undefined) return false
  const count = /\d/.test(number) ? Number(number) : number === '两' ? 2 : numerals.indexOf(number) + 1
  if (count < 1 || count > mostPeople) return false
  found.people ??= count
  return true
}

function dialled(piece: string, found: Found): boolean {
  const match = phone.exec(piece)
  if (match === null) return false
  found.phone ??= match[1] ?? match[2] ?? match[3] ?? ''
  return true
}

/** What is left are names: of an organisation by its ending, of a person by its length, else of what was asked for. */
function named(piece: string, found: Found, asked: readonly string[]): void {
  const value = clipped(piece.replace(/^(?:我是|我叫|本人|叫|来自|我们是|i'm|i am|from)\s*/iu, ''))
  if (value === '' || [...value].length > 40) return
  if (/^(?:个人|自由职业|无单位|individual)$/iu.test(value)) found.company ??= value
  else if (positions.test(value)) {
    if (asked.includes('position')) found.position ??= value
  } else if (organisations.test(value) && found.company === undefined) found.company = value
  else if (found.name === undefined && isName(value) && (asked.length !== 1 || asked[0] !== 'company')) found.name = value
  else if (found.company === undefined && asked.includes('company') && isNoSentence(value) && !person.test(value))
    found.company = value
}

/** Two to thirty letters that neither ask nor nod. */
function isNoSentence(text: string): boolean {
  const length = [...text].length
  return length >= 2 && length <= 30 && !/^\d+\s*[人位名]|[吗呢?？]|什么|怎么|如何|多少|可以|好的|谢谢|报名|取消/u.test(text)
}

const clipped = (text: string) => [...text.trim()].slice(0, 60).join('')
