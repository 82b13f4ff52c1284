import { addDays } from '../retrieval/base/clock.ts'
import type { Incoming } from './ingest.ts'

/** Fixed days of each month, so that for a year some events are always to come; a plan like that of a real park, and as fictional as all of it. */
const programme = [
  {
    mark: 'L',
    name: '云汀路演日',
    type: '路演',
    weekday: 5,
    nth: -1,
    every: 1,
    time: '14:00-17:00',
    place: '云汀科技园一号楼路演厅',
    seats: 60,
  },
  {
    mark: 'H',
    name: '技术合同认定登记业务培训',
    type: '培训',
    weekday: 3,
    nth: 2,
    every: 1,
    time: '9:30-11:30',
    place: '云汀政务服务中心302室',
    seats: 40,
  },
  {
    mark: 'K',
    name: '大院大所开放日',
    type: '开放日',
    weekday: 4,
    nth: 3,
    every: 2,
    time: '13:30-16:00',
    place: '云汀先进材料研究院',
    seats: 30,
  },
  {
    mark: 'J',
    name: '初级技术经纪人培训班',
    type: '培训',
    weekday: 2,
    nth: 2,
    every: 3,
    time: '9:00-17:00',
    place: '云汀科技园二号楼报告厅',
    seats: 50,
  },
] as const

const header = '编号,活动名称,活动时间,活动地点,类型,名额,报名截止,主办,联系人,备注'
const monthsAhead = 12
/** What took place last month shows what a past event looks like. */
const monthsBefore = 1

/** @param today `YYYY-MM-DD`; @returns the demo park's table of events as a file, from last month until a year ahead */
export function demoAgenda(today: string): Incoming {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const rows = Array.from({ length: monthsBefore + monthsAhead + 1 }, (_, index) => index - monthsBefore).flatMap((ahead) => {
    const first = new Date(Date.UTC(year, month - 1 + ahead, 1))
    return programme.flatMap(({ mark, name, type, weekday, nth, every, time, place, seats }) => {
      if (first.getUTCMonth() % every !== 0) return []
      const day = nthWeekday(first, weekday, nth)
      const number = `YT${day.slice(0, 7).replace('-', '')}${mark}`
      const rest = [place, type, seats, addDays(day, -2), '云汀科技园活动中心', '0599-5550141', '示范活动，纯属虚构']
      return [[number, name, `${day} ${time}`, ...rest].join(',')]
    })
  })
  const name = '云汀科技园活动安排.csv'
  return { source: `demo/events/${name}`, name, bytes: async () => Buffer.from([header, ...rows].join('\n')) }
}

/** @param nth from 1; -1 = the last one */
function nthWeekday(first: Date, weekday: number, nth: number): string {
  const day = first.toISOString().slice(0, 10)
  const offset = (weekday - first.getUTCDay() + 7) % 7
  if (nth > 0) return addDays(day, offset + 7 * (nth - 1))
  const next = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1))
  return addDays(next.toISOString().slice(0, 10), ((weekday - next.getUTCDay() + 7) % 7) - 7)
}
