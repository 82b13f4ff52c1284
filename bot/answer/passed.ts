import { midnightInChina } from '../../retrieval/base/clock.ts'
import { normalize } from '../../retrieval/text/normalize.ts'

const day = '(20\\d{2})\\s*(?:年|[-./])\\s*(\\d{1,2})\\s*(?:月|[-./])\\s*(\\d{1,2})\\s*[日号]?'
const clock = '(?:\\s*[(（][^)）]{1,8}[)）])?(?:\\s*(?:上午|下午|晚上?|中午)?\\s*\\d{1,2}(?:[:：]\\d{2}|[时点](?:\\d{1,2}分)?))?'
const months = 'january|february|march|april|may|june|july|august|september|october|november|december'
const dayInEnglish = `(?:(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${months})|(${months})\\s+(\\d{1,2})(?:st|nd|rd|th)?),?\\s+(20\\d{2})`
/** A day, or the last day of a span (2026年9月15日至17日). */
const moment = new RegExp(
  `${day}${clock}(?:\\s*(?:至|到|-|—|–|~)\\s*(?:(20\\d{2})\\s*年\\s*)?(?:(\\d{1,2})\\s*月\\s*)?(\\d{1,2})\\s*[日号]${clock})?|${dayInEnglish}`,
  'giu',
)

const act = '(?:报|提交|申请|寄|送|交|填|登录|办理|上传|反馈|回复|预约|缴)'
/** Words that make a date a deadline or an appointment. The date by which a company must have been founded is neither. */
const before = {
  deadline:
    /截止(?:时间|日期)?(?:为|是|到|至|于)?\s*[:：]?\s*$|(?:最迟|不晚于|不迟于)\s*$|\b(?:by|before|until|no later than|deadline(?: is| of)?:?)\s*$/i,
  event:
    /(?<!更新|发布|成文|印发|成立|完成|申请|授权|公开|登记|签订|入库|录入|填报)(?:时间|日期)(?:为|是|定于)?\s*[:：]?\s*$|(?:定于|拟于|将于)\s*$|\b(?:held|takes? place|scheduled)(?: for)?(?: on)?\s*$/i,
  asked: /(?:请|须|应|需|务必|要求)[^,。;]{0,8}[于在]\s*$/,
  founded: /(?:成立|注册|登记|设立|签订|发生|取得|购买|产生|认定)[于在]?\s*$/,
}
const after = {
  asked: /^\s*(?:之前|以前|前)/,
  deadline: new RegExp(
    `^\\s*(?:之前|以前|前)(?!的|已|注册|登记|成立|设立|取得)[^。;]{0,30}?${act}|^\\s*(?:截止|为止|止(?![损付]))`,
    'u',
  ),
  event: /^\s*(?:举办|举行|召开|开班|开幕|报到)/u,
  starts: /^[^,。;]{0,14}起/,
}
/** When a rule begins or ends, and the period it covers, is its validity and no appointment. */
const other = /施行|实施|执行|生效|有效期|印发|发布|起算|期间|以来|以后/

/**
 * Pure: the deadlines and appointments in a text that are over, as `YYYY-MM-DD`; empty while one of them is still to come. A rule stays in
 * force after its deadline, so the person is told about it.
 * @param today `YYYY-MM-DD`
 */
export function passedDays(text: string, today: string): string[] {
  const days = text.split(/(?<=[。；;\n])/).flatMap((sentence) => appointmentsIn(normalize(sentence)))
  return days.some((each) => each >= today) ? [] : [...new Set(days)].toSorted()
}

function appointmentsIn(sentence: string): string[] {
  if (other.test(sentence)) return []
  return [...sentence.matchAll(moment)].flatMap((match) => {
    const [lead, rest] = [
      sentence.slice(Math.max(0, match.index - 24), match.index),
      sentence.slice(match.index + match[0].length),
    ]
    const found = isAppointment(lead, rest) ? lastDayOf(match) : null
    return found === null ? [] : [found]
  })
}

function isAppointment(lead: string, rest: string): boolean {
  if (before.founded.test(lead) || after.starts.test(rest)) return false
  return (
    before.deadline.test(lead) ||
    before.event.test(lead) ||
    (before.asked.test(lead) && after.asked.test(rest)) ||
    after.deadline.test(rest) ||
    after.event.test(rest)
  )
}

function lastDayOf([, year, month, date, toYear, toMonth, toDate, d1, m1, m2, d2, inEnglish]: RegExpExecArray): string | null {
  const name = (m1 ?? m2)?.toLowerCase()
  return name === undefined
    ? iso(Number(toYear ?? year), Number(toMonth ?? month), Number(toDate ?? date))
    : iso(Number(inEnglish), months.split('|').indexOf(name) + 1, Number(d1 ?? d2))
}

function iso(year: number, month: number, date: number): string | null {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  return midnightInChina(text) === null ? null : text
}
