import { keysOf } from '../vocabulary.ts'
import { events } from './columns.ts'
import { titleOf, yearIn } from './values.ts'
import { closesAt, type When, whenOf } from './when.ts'

const kinds = '活动|路演|培训班?|讲座|课程|公开课|开放日|沙龙|论坛|宣讲会?|说明会|对接会|推介会|交流会|研讨会|大赛|早餐会|下午茶'
/** 关于举办“新材料路演”活动的通知: what is announced is an event, and not how to apply for something. */
const titled = new RegExp(
  `^(?:关于)?(?:举办|召开|组织|开展|参加|邀请参加)*(.*?(?:${kinds})[”"》）)」]*(?:活动)?)的?(?:预?通知|预告|公告|启事|邀请函|邀请)$`,
  'u',
)
const numbering = /^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*)?/u
const longestLabel = 10

/**
 * Pure: the event that a notice of one event announces, when its title, its time and its place say so in lines of their own; null for any
 * other text. A person looks at it before it counts.
 * @param issuedOn `YYYY-MM-DD`; a day without a year is the next such day
 * @returns a row of a table of events: column → cell
 */
export function eventNoticed(title: string, text: string, issuedOn: string | null): Readonly<Record<string, string>> | null {
  const [, name = ''] = titled.exec(title.replace(/\s/g, '')) ?? []
  const said = labelled(text.split('\n').map((line) => line.replace(numbering, '').trim()))
  const place = said.get('place') ?? said.get('link')
  const when = heldAt(said.get('time') ?? [said.get('day'), said.get('starts')].filter(Boolean).join(' '), issuedOn)
  if (name === '' || place === undefined || when === null) return null
  const closes =
    said.get('closes') ?? /((?:20\d{2}年)?\d{1,2}月\d{1,2}日[^，,。；;\n]{0,8}前)[^，,。；;\n]{0,8}报名/u.exec(text)?.[1]
  const last = closes === undefined ? null : lastMoment(closes, when.startsAt)
  const seats = /(?:名额|限额|规模)[^\d，,。；;\n]{0,4}(\d{1,4})\s*[人个名]/u.exec(text)?.[1]
  const contact = said.get('contact') ?? /联系人[:：]\s*([^，,。；;\n]+)/u.exec(text)?.[1]
  const cells = {
    活动名称: titleOf(name.replace(/^[“"《「]|[”"》」](?:活动)?$/gu, '')),
    活动时间: spanOf(when),
    活动地点: said.get('place'),
    线上链接: said.get('link'),
    名额: seats,
    报名截止: last === null ? undefined : momentOf(last),
    参加对象: said.get('audience'),
    主办单位: said.get('organiser'),
    联系人: contact,
  }
  return Object.fromEntries(Object.entries(cells).flatMap(([label, cell]) => (cell === undefined ? [] : [[label, cell]])))
}

/** 活动时间：…, or 活动时间 on a line of its own and what it says on the next; the first of each kind counts. */
function labelled(lines: readonly string[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  for (const [index, line] of lines.entries()) {
    const [, label = line, value = lines[index + 1] ?? ''] = /^([^:：]{2,10})[:：]\s*(.+)$/u.exec(line) ?? []
    const [key] = [...label].length > longestLabel ? [null] : keysOf([label], {}, events)
    if (key != null && value !== '' && !said.has(key)) said.set(key, value.replace(/[。；;]$/u, ''))
  }
  return said
}

function heldAt(words: string, issuedOn: string | null): When | null {
  const year = yearIn([words]) ?? (issuedOn === null ? null : Number(issuedOn.slice(0, 4)))
  const found = whenOf(words, year)
  if (found === 'no_year' || found === null || issuedOn === null || found.startsAt.slice(0, 10) >= issuedOn)
    return found === 'no_year' ? null : found
  // Announced in December for January.
  const next = yearIn([words]) === null ? whenOf(words, (year ?? 0) + 1) : null
  return next === 'no_year' ? null : next
}

/** The last moment for signing up, before the event: 12月30日 of one in January is of the year before. */
function lastMoment(words: string, startsAt: string): string | null {
  const year = Number(startsAt.slice(0, 4))
  const found = [closesAt(words, startsAt, year), closesAt(words, startsAt, year - 1)]
  return found.find((each) => each !== null && each !== 'bad' && each <= startsAt) ?? null
}

const momentOf = (at: string) => at.slice(0, 16).replace('T', ' ')
function spanOf({ startsAt, endsAt, dayOnly }: When): string {
  const shown = (at: string) => (dayOnly ? at.slice(0, 10) : momentOf(at))
  return endsAt === null ? shown(startsAt) : `${shown(startsAt)} 至 ${shown(endsAt)}`
}
