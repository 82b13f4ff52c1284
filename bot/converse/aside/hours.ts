import { type Hours, nextOnDuty, parseHours, sayHours, sayTime } from '../../handoff/duty/duty.ts'
import { realFirst } from '../../handoff/who/routing.ts'
import { textsOf, type Work } from '../work.ts'

/** With more differing opening times than this, nobody would read the list. */
const mostHours = 2

/** Says when a broker is available: now, at the next opening, or unknown. Read from the duty roster, never from a document. */
export async function hoursInWords(work: Work): Promise<string> {
  const { deps, language } = work
  const texts = textsOf(work)
  const at = deps.clock()
  const hours = await hoursKept(work)
  const there = hours
    .flatMap((each) => nextOnDuty(each, at, deps.calendar) ?? [])
    .sort((one, other) => one.getTime() - other.getTime())[0]
  if (there === undefined) return texts('hours_none')
  const now = there <= at ? texts('hours_now') : texts('hours_next', { at: sayTime(there, language) })
  const line = lineOf(work, hours)
  return line === null ? now : `${line}\n${now}`
}

/** The hours alone, for somebody who waits for a broker already; null when they differ too much or nobody keeps any. */
export async function hoursLine(work: Work): Promise<string | null> {
  return lineOf(work, await hoursKept(work))
}

async function hoursKept({ deps }: Work): Promise<(Hours | null)[]> {
  const brokers = realFirst(await deps.people.list()).filter(({ role, present }) => role !== 'staff' && present)
  return brokers.map((each) => (each.hours === null ? null : parseHours(each.hours)))
}

function lineOf(work: Work, hours: readonly (Hours | null)[]): string | null {
  const told = new Set(hours.flatMap((each) => (each === null ? [] : [sayHours(each, work.language)])))
  if (told.size === 0 || told.size > mostHours || hours.includes(null)) return null
  return textsOf(work)('hours', { hours: [...told].join(work.language === 'zh' ? '；' : '; ') })
}
