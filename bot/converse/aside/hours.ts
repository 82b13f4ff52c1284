import { nextOnDuty, parseHours, sayHours, sayTime } from '../../handoff/duty/duty.ts'
import { realFirst } from '../../handoff/who/routing.ts'
import { textsOf, type Work } from '../work.ts'

/** More differing hours than this are nobody's to read. */
const mostHours = 2

/** When a broker is there: now, next, or nobody knows; as the register says, never a document. */
export async function hoursInWords(work: Work): Promise<string> {
  const { deps, language } = work
  const texts = textsOf(work)
  const at = deps.clock()
  const brokers = realFirst(await deps.people.list()).filter(({ role, present }) => role !== 'staff' && present)
  const hours = brokers.map((each) => (each.hours === null ? null : parseHours(each.hours)))
  const there = hours
    .flatMap((each) => nextOnDuty(each, at, deps.calendar) ?? [])
    .sort((one, other) => one.getTime() - other.getTime())[0]
  if (there === undefined) return texts('hours_none')
  const now = there <= at ? texts('hours_now') : texts('hours_next', { at: sayTime(there, language) })
  const told = new Set(hours.flatMap((each) => (each === null ? [] : [sayHours(each, language)])))
  if (told.size === 0 || told.size > mostHours || hours.includes(null)) return now
  const line = texts('hours', { hours: [...told].join(language === 'zh' ? '；' : '; ') })
  return `${line}\n${now}`
}
