import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { midnightInChina } from '../../../retrieval/base/clock.ts'
import { codeOf } from '../../../retrieval/base/errors.ts'
import type { Log } from '../../../retrieval/base/log.ts'
import type { Calendar } from './duty.ts'

/** `bad`: numbers of unreadable lines; the others count. */
export type Holidays = { readonly calendar: ReadonlyMap<string, 'off' | 'work'>; readonly bad: readonly number[] }

const lookEveryMs = 10_000

/** Pure: `2027-02-12 off` or `2027-02-14 work` per line, `#` starts a comment. One bad line does not undo the other days. */
export function readHolidays(text: string): Holidays {
  const calendar = new Map<string, 'off' | 'work'>()
  const bad: number[] = []
  for (const [index, line] of text
    .replace(/^\u{feff}/u, '')
    .split('\n')
    .entries()) {
    const plain = line.replace(/#.*/, '').trim()
    if (plain === '') continue
    const [, day = '', what] = /^(\d{4}-\d{2}-\d{2})\s+(off|work)$/.exec(plain) ?? []
    if (midnightInChina(day) !== null) calendar.set(day, what === 'off' ? 'off' : 'work')
    else bad.push(index + 1)
  }
  return { calendar, bad }
}

/** In YUANQIAO_HOME. */
export const holidayFile = 'holidays.txt'

/**
 * {@link holidayFile} in YUANQIAO_HOME; without the file there are no holidays, since none are invented.
 * @returns null when it cannot be read right now
 */
export function holidaysIn(home: string): Holidays | null {
  try {
    return readHolidays(readFileSync(join(home, holidayFile), 'utf8'))
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { calendar: new Map(), bad: [] } : null
  }
}

/** The calendar as the file is now, without a restart; an unreadable file leaves what was read before, and is logged once per change. */
export function liveCalendar(home: string, log: Log, now: () => number = Date.now): Calendar {
  let known: Holidays = { calendar: new Map(), bad: [] }
  let version = ''
  let looked = Number.NEGATIVE_INFINITY

  function look(): void {
    looked = now()
    const found = versionOf(home)
    if (found === version) return
    version = found
    const read = holidaysIn(home)
    if (read === null || read.bad.length > 0) log('holidays_unreadable', { lines: read?.bad.join(',') ?? 'all' })
    known = read ?? known
  }

  return {
    get(day) {
      if (now() - looked >= lookEveryMs) look()
      return known.calendar.get(day)
    },
  }
}

function versionOf(home: string): string {
  try {
    const stat = statSync(join(home, holidayFile), { throwIfNoEntry: false })
    return stat === undefined ? 'none' : `${stat.mtimeMs}:${stat.size}`
  } catch {
    return 'hidden' // reading it fails the same way, and is logged
  }
}
