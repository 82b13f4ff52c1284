import { isAsking } from '../../converse/wishes.ts'

/** Which event is meant: by its place in the list that was shown (`n`, from 1), by words, or by neither. */
export type Meant = { readonly n: number | null; readonly words: string }

export type AgendaWish =
  /** `details`: what was said with it, to be read as name, company and people */
  | { readonly do: 'join'; readonly meant: Meant; readonly details: string }
  | { readonly do: 'leave'; readonly meant: Meant }
  | { readonly do: 'mine' }

const digits = '一二三四五六七八九十'
const polite = '(?:你好|您好|请|麻烦|帮忙?|我们?|给我|替我|那就?|就|先|现在|直接|也|还是|要|想要?|需要|打算|希望|准备|可以|能)*'
const joins = new RegExp(
  `^${polite}(?:给我|我们?|一下|先)*(?:(?:报名|预约|报个名)(?:参加|去|一下|到)?|报(?=第|\\d|[一二三四五六七八九十](?![下个些起])))(?<rest>[\\s\\S]*)$`,
  'u',
)
const attends = new RegExp(`^${polite}(?:参加|去|上)(?<rest>第?(?:\\d{1,2}|[一二三四五六七八九十])(?:个|场|项|号)?)$`, 'u')
const joinsEnglish =
  /^(?:please |can you |could you |i (?:want|would like|'d like) to |i'd like to |let me )*(?:sign (?:me|us) up|sign up|register(?: me| us)?|join|attend|book(?: me)?)(?: for| to)?(?: the)?(?<rest>[\s\S]*)$/iu
/** 报名条件, 报名时间: what signing up needs is a question or a subject, not the wish. */
const asSubject =
  /^(?:的|条件|要求|截止|时间|期限|日期|方式|方法|流程|程序|步骤|费|材料|资料|链接|地址|入口|表|系统|网[站址]|资格|人数|情况|成功|结果|记录|信息|名单|后|前|时|了|过|需|应|是|在哪|渠道|电话|对象|范围|官网|平台|通知|开始|结束|怎|如何|什么|哪|多)/u
const leaves = new RegExp(
  `^${polite}(?:把)?(?:我的)?(?:取消|退掉|退出|撤销|撤回|撤|退|不要)了?(?:我的|这个|那个|刚才的)?(?:报名|预约)(?:了)?(?<rest>[\\s\\S]*)$`,
  'u',
)
const leavesLast = new RegExp(
  `^${polite}(?:把)?(?<rest>[^，,]{1,40}?)(?:的)?(?:报名|预约)(?:取消|退掉|撤销)(?:掉|了|吧|一下)*$`,
  'u',
)
const leavesNamed = new RegExp(`^${polite}(?:取消|退掉|撤销)(?<rest>[^,]{1,40}?)的?(?:报名|预约)(?:吧|了|一下)*$`, 'u')
const leavesEnglish =
  /^(?:please |i (?:want|would like) to )*(?:cancel|withdraw|drop)(?: my)? (?:registration|sign-?up|booking|place|seat)(?: for)?(?: the)?(?<rest>[\s\S]*)$/iu
const mine =
  /^(?=.*(?:哪|什么|啥|几|多少|吗))(?:请问|查(?:一?下|看)?|看看)*(?:我们?)(?:都|已经?|现在)*(?:报(?:了名|名了?|过名?|的名|了)|参加|预约)(?:了|过|的)?(?:是|有)?(?:哪些|什么|啥|哪几[个场]|几[个场]|哪[个场]|多少)?的?(?:活动|培训|路演|场次)?(?:有?(?:哪些|什么))?[吗呢啊]*$|^(?:查(?:一?下|看)?|看看)?我们?(?:已经?)?报(?:了)?名(?:过|了)?的(?:活动|培训|路演|场次)$|^(?:查(?:一?下|看)?|看看)?我的(?:报名|活动|预约|日程)(?:记录|情况|列表|信息|状态)?(?:有?(?:哪些|什么)|呢)?$|^(?:show |list )?my (?:registrations?|sign-?ups?|bookings|events)$|^(?:what|which)(?: events)? (?:have|did|am) i (?:signed?|registered?|booked|join(?:ed)?)(?: up)?(?: for)?$/iu
const longest = 200

/**
 * Pure: a wish about taking part: 报名, 报名2, 报名 新材料路演，张三，云帆公司，2人, 取消报名, 我报名了哪些. Questions about signing up are none:
 * 报名条件是什么, 怎么报名.
 */
export function agendaWishOf(text: string): AgendaWish | null {
  // Names keep their capitals and blanks.
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/\s*\n+\s*/g, ',')
    .replace(/[?!。.\s]+$/u, '')
  if (plain === '' || plain.length > longest) return null
  if (mine.test(plain)) return { do: 'mine' }
  if (/[?？]\s*$/.test(text.trim()) || isAsking(plain)) return null
  const leave = leaves.exec(plain) ?? leavesEnglish.exec(plain) ?? leavesNamed.exec(plain) ?? leavesLast.exec(plain)
  if (leave !== null) return { do: 'leave', meant: meantBy(tidy(leave.groups?.['rest'] ?? '')) }
  const join = attends.exec(plain) ?? joins.exec(plain) ?? joinsEnglish.exec(plain)
  const rest = tidy(join?.groups?.['rest'] ?? '')
  if (join === null || asSubject.test(rest)) return null
  const [which, details] = divided(rest)
  // “join” alone is a wish only for a number or a title, which whoever knows the list has to say.
  return { do: 'join', meant: meantBy(which), details }
}

const tidy = (rest: string) => rest.replace(/^[\s:：，,、]+|(?:吧|了|哈|啊|谢谢|please|[\s。.!！])+$/gu, '').trim()

/** 2，张三，云帆公司 is the second event and what was said with it; 张三，云帆公司，2人 only says who comes. */
function divided(rest: string): readonly [string, string] {
  const numbered =
    /^(?:e|第)?\s*(?:\d{1,6}|[一二三四五六七八九十])(?:\s*(?:个|场|项|号))?(?:活动|路演|培训)?(?=$|[\s，,、:：;；])(?!\s*(?:人|位|名))/iu.exec(
      rest,
    )?.[0]
  if (numbered !== undefined) return [numbered, tidy(rest.slice(numbered.length))]
  const at = rest.search(/[，,;；]|\s(?=\p{Script=Han}{2,4}(?:[，,\s]|$)|(?:\d{1,2}|[一二两三四五六七八九十])\s*个?[人位])/u)
  return at < 0 ? [rest, ''] : [rest.slice(0, at).trim(), tidy(rest.slice(at + 1))]
}

function meantBy(which: string): Meant {
  const [, number] =
    /^(?:e|第)?\s*(\d{1,6}|[一二三四五六七八九十])(?:\s*(?:个|场|项|号))?(?:活动|路演|培训)?$/iu.exec(which) ?? []
  if (number === undefined) return { n: null, words: which.replace(/^[《“"]|[》”"]$/gu, '') }
  return { n: /\d/.test(number) ? Number(number) : digits.indexOf(number) + 1, words: '' }
}
