import { dayInChina } from '../../../retrieval/base/clock.ts'
import { agendaAsked, bareTitle, isAbout } from '../asked.ts'
import { chosen } from '../choose.ts'
import { joining, type ParkEvent } from '../event.ts'
import type { Meant } from './wishes.ts'

/** What an event is called by: its title, and the word its table has for what it is. */
const calledBy = ({ title, details }: ParkEvent) => `${title} ${details['type'] ?? ''}`

/** Pure: the events a wish may mean. Without a word for one, those that were just told; else all one can sign up for. */
export function meantIn({ n, words }: Meant, listed: readonly ParkEvent[], ahead: readonly ParkEvent[], now: Date): ParkEvent[] {
  if (n !== null) return listed.slice(n - 1, n)
  if (words === '') {
    const open = (listed.length > 0 ? listed : ahead).filter((each) => joining(each, now) === 'open')
    return open.length > 0 ? open : listed.slice(0, 1)
  }
  const bare = bareTitle(words)
  const exact = ahead.filter((each) => bareTitle(each.title) === bare)
  if (exact.length > 0) return exact
  const within = (each: ParkEvent) =>
    bare.includes(bareTitle(each.title)) || ([...bare].length >= 2 && isAbout(bare, calledBy(each)))
  const near = listed.filter(within)
  if (near.length > 0) return near
  const named = ahead.filter(within)
  return named.length > 0 ? named : ofKind(words, ahead, now)
}

/** 下周的培训, 4号的路演 */
function ofKind(words: string, ahead: readonly ParkEvent[], now: Date): ParkEvent[] {
  const asked = agendaAsked(`有${words}吗`, dayInChina(now))
  const fitting = asked === null ? null : chosen(asked, ahead, now)
  return fitting?.as === 'coming' ? [...fitting.events] : []
}

/**
 * Pure: the events a sentence names beyond doubt: by a part of the title, or by kind and day. Of several, those just told are meant.
 * @returns nothing where a word is only like a title
 */
export function namedIn(words: string, listed: readonly ParkEvent[], ahead: readonly ParkEvent[], now: Date): ParkEvent[] {
  const bare = bareTitle(words)
  if ([...bare].length < 2) return []
  const exact = ahead.filter((each) => bareTitle(each.title) === bare)
  if (exact.length > 0) return exact
  // 高新技术企业认定 also begins the title of a briefing about it; 早餐会 ends one.
  const parts = ahead.filter(
    ({ title, details }) =>
      bareTitle(title).endsWith(bare) || bareTitle(details['type'] ?? '').endsWith(bare) || bare.includes(bareTitle(title)),
  )
  const found = parts.length > 0 ? parts : ofKind(words, ahead, now)
  const told = listed.filter((each) => ahead.includes(each) && bareTitle(calledBy(each)).includes(bare))
  const near = told.length > 0 ? told : found.filter((each) => listed.includes(each))
  return near.length > 0 ? near : found
}
