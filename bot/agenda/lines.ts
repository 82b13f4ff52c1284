import type { Texts } from '../../prompts/load.ts'
import { dayInWords, isAhead, joining, overAt, type ParkEvent, seatsLeft, timeInChina, whenInWords } from './event.ts'

/** How events are said: with whose words, in which language, and what time it is. */
export type Saying = { readonly texts: Texts; readonly language: 'zh' | 'en'; readonly now: Date }

/** 待定 alone, after a time, says nothing of what. */
const isOpen =
  /^(?:地点|场地)?(?:(?:暂|尚)?(?:待定|未定)|待通知|另行通知|待确[定认]|tb[ad]|to be (?:announced|decided|confirmed))[。.]?$/iu

/** Pure: `新材料路演：12月3日（周四）14:00–16:30，孵化楼二楼；名额60，还有12个；12月1日（周二）23:59截止报名` */
export function eventLine(event: ParkEvent, saying: Saying): string {
  const { texts, language, now } = saying
  const state = stateWords(event, saying)
  const when = event.state === 'postponed' ? texts('event_when_open') : whenInWords(event, now, language)
  const place = event.place === null || !isOpen.test(event.place.trim()) ? event.place : texts('event_place_open')
  const where = place ?? event.details['link'] ?? ''
  const comma = language === 'zh' ? '，' : ', '
  const parts = [[when, where].filter(Boolean).join(comma), ...(isAhead(event, now) ? takingPart(event, saying) : [])]
  return texts('event_line', { title: event.title, state, rest: parts.filter(Boolean).join(language === 'zh' ? '；' : '; ') })
}

/** （已结束）, （进行中）, （已取消）, （延期）; '' for what is to come as planned. */
function stateWords(event: ParkEvent, { texts, now }: Saying): string {
  if (event.state === 'cancelled' || event.state === 'postponed') return texts(`event_state_${event.state}`)
  if (!isAhead(event, now)) return texts('event_state_past')
  const runs = event.startsAt <= now && !(event.dayOnly && event.endsAt === null && overAt(event) > now)
  return runs ? texts('event_state_running') : ''
}

/** Places and the last day for signing up, of an event that takes place. */
function takingPart(event: ParkEvent, saying: Saying): string[] {
  const { texts, language, now } = saying
  if (event.state !== 'on') return []
  const left = seatsLeft(event)
  const open = joining(event, now)
  const seats = left === null ? '' : texts(left > 0 ? 'event_seats' : 'event_full', { seats: event.seats ?? 0, left })
  if (open === 'closed') return [seats, texts('event_closed')]
  if (open !== 'open') return []
  const { closesAt } = event
  if (closesAt === null || closesAt >= event.startsAt) return [seats]
  const time = timeInChina(closesAt)
  const at = `${dayInWords(closesAt, now, language)}${time === '23:59' ? '' : `${language === 'zh' ? '' : ' '}${time}`}`
  return [seats, texts('event_closes', { at })]
}

/** Pure: what else the table says, for somebody who asks about one event. */
export function moreLines(event: ParkEvent, { texts }: Saying): string[] {
  return (['organiser', 'audience', 'field', 'summary', 'contact', 'link'] as const).flatMap((name) => {
    const value = event.details[name]
    return value === undefined || (name === 'link' && event.place === null) ? [] : [texts(`event_more_${name}`, { value })]
  })
}
