import { expect, test } from 'vitest'
import { agendaAsked } from '../../bot/agenda/asked.ts'
import { chosen } from '../../bot/agenda/choose.ts'
import { awake, isTimely, joining, type ParkEvent, remindersOf, seatsLeft, whenInWords } from '../../bot/agenda/event.ts'
import { type Listed, reconcile } from '../../bot/agenda/reconcile.ts'

const at = (text: string) => new Date(`${text}+08:00`)
const now = at('2026-11-26T10:00')
const event: ParkEvent = {
  ...{ id: '1', family: 'a.xlsx', number: null, title: '路演', type: 'roadshow', startsAt: at('2026-12-03T14:00'), endsAt: null },
  ...{ dayOnly: false, place: '一楼', details: {}, seats: 30, closesAt: null, asksFor: ['name'], passage: 'p', demo: false },
  ...{ state: 'on', decided: false, revision: 1, attendance: null, taken: 0, waiting: 0 },
}
const row: Listed = {
  ...{ family: 'a.xlsx', document: 'd', passage: 'p', demo: false, number: null, title: '路演', type: 'roadshow', state: 'on' },
  ...{
    startsAt: event.startsAt,
    endsAt: null,
    dayOnly: false,
    place: '一楼',
    details: {},
    seats: 30,
    closesAt: null,
    asksFor: ['name'],
  },
}

test.each([
  ['in time', {}, 'open'],
  ['full', { taken: 30 }, 'open'],
  ['after the deadline', { closesAt: at('2026-11-26T09:00') }, 'closed'],
  ['begun', { startsAt: at('2026-11-26T09:00') }, 'begun'],
  ['cancelled', { state: 'cancelled' }, 'off'],
  ['put off', { state: 'postponed' }, 'off'],
  ['no longer in a table', { passage: null }, 'off'],
] as const)('signing up %s: %j → %s', (_, change, result) => expect(joining({ ...event, ...change }, now)).toBe(result))

test('places left are never less than none, and unknown without a limit', () => {
  expect(seatsLeft({ seats: 30, taken: 12 })).toBe(18)
  expect(seatsLeft({ seats: 30, taken: 33 })).toBe(0)
  expect(seatsLeft({ seats: null, taken: 12 })).toBeNull()
})

const reminders = (startsAt: string, from = '2026-11-26T10:00', dayOnly = false) =>
  remindersOf({ startsAt: at(startsAt), dayOnly }, at(from)).map((each) => [each.name, each.at.toISOString()])
const iso = (text: string) => at(text).toISOString()

test.each([
  [
    '2026-12-03T14:00',
    [
      ['day', '2026-12-02T14:00'],
      ['hour', '2026-12-03T13:00'],
    ],
  ],
  [
    '2026-12-03T07:00',
    [
      ['day', '2026-12-02T08:00'],
      ['hour', '2026-12-03T06:00'],
    ],
  ],
  [
    '2026-12-03T22:30',
    [
      ['day', '2026-12-02T21:00'],
      ['hour', '2026-12-03T21:30'],
    ],
  ],
] as const)('of an event at %s', (startsAt, expected) =>
  expect(reminders(startsAt)).toEqual(expected.map(([name, when]) => [name, iso(when)])),
)

test('what lies in the past is not planned; where only the day is known, the morning before', () => {
  expect(reminders('2026-12-03T14:00', '2026-12-02T15:00')).toEqual([['hour', iso('2026-12-03T13:00')]])
  expect(reminders('2026-12-03T14:00', '2026-12-03T13:30')).toEqual([])
  expect(reminders('2026-12-03T00:00', '2026-11-26T10:00', true)).toEqual([['day', iso('2026-12-02T09:00')]])
})

test.each([
  ['2026-12-02T20:00', '2026-12-03T14:00', '2026-12-02T20:00'],
  ['2026-12-02T23:00', '2026-12-03T14:00', '2026-12-03T08:00'],
  ['2026-12-03T03:00', '2026-12-03T14:00', '2026-12-03T08:00'],
  ['2026-12-03T03:00', '2026-12-03T09:00', '2026-12-03T03:00'],
])('what happens at %s before %s is told at %s', (happens, due, told) =>
  expect(awake(at(happens), at(due)).toISOString()).toBe(iso(told)),
)

test.each([
  ['day', '2026-12-03T11:00', true],
  ['day', '2026-12-03T12:30', false],
  ['hour', '2026-12-03T13:59', true],
  ['hour', '2026-12-03T14:00', false],
] as const)('a reminder of the %s that comes at %s is timely: %s', (name, when, timely) =>
  expect(isTimely(name, event, at(when))).toBe(timely),
)

test('times in words', () => {
  expect(whenInWords({ ...event, endsAt: at('2026-12-03T16:30') }, now, 'zh')).toBe('12月3日（周四）14:00–16:30')
  expect(whenInWords({ ...event, startsAt: at('2027-01-02T00:00'), dayOnly: true }, now, 'zh')).toBe('2027年1月2日（周六）')
  expect(whenInWords({ ...event, endsAt: at('2026-12-04T23:59') }, now, 'en')).toBe('Thu 2026-12-03 14:00 – Fri 2026-12-04')
})

const steps = (known: readonly ParkEvent[], listed: readonly Listed[]) =>
  reconcile(known, listed, now).map((step) => [step.do, step.do === 'update' ? step.change : null])

test.each([
  ['the same again', [event], [row], []],
  ['a new one', [], [row], [['add', null]]],
  ['more places', [event], [{ ...row, seats: 40 }], [['update', null]]],
  ['another time', [event], [{ ...row, startsAt: at('2026-12-04T14:00') }], [['update', 'moved']]],
  ['another place', [event], [{ ...row, place: '二楼' }], [['update', 'moved']]],
  ['cancelled', [event], [{ ...row, state: 'cancelled' as const, startsAt: null }], [['update', 'cancelled']]],
  ['put off', [event], [{ ...row, state: 'postponed' as const, startsAt: null }], [['update', 'postponed']]],
  [
    'taken up again',
    [{ ...event, state: 'postponed' as const }],
    [{ ...row, startsAt: at('2026-12-09T14:00') }],
    [['update', 'moved']],
  ],
  ['gone from the table', [event], [], [['unlist', null]]],
  ['gone before', [{ ...event, passage: null }], [], []],
  ['a person cancelled it', [{ ...event, state: 'cancelled' as const, decided: true }], [row], []],
  [
    'over: a correction is told nobody',
    [{ ...event, startsAt: at('2026-11-20T14:00') }],
    [{ ...row, startsAt: at('2026-11-20T15:00') }],
    [
      ['add', null],
      ['unlist', null],
    ],
  ],
  ['off from the beginning and without a day', [], [{ ...row, state: 'cancelled' as const, startsAt: null }], []],
  ['the same in a newer table', [event], [row, { ...row, family: 'b.xlsx', passage: 'q' }], [['update', null]]],
  [
    'a series: which of them moved is unknown',
    [event, { ...event, id: '2', startsAt: at('2026-12-10T14:00') }],
    [
      { ...row, startsAt: at('2026-12-10T14:00') },
      { ...row, startsAt: at('2026-12-17T14:00') },
    ],
    [
      ['add', null],
      ['unlist', null],
    ],
  ],
  [
    'by a number of its own, whatever else changed',
    [{ ...event, number: 'LY-7' }],
    [{ ...row, number: 'LY-7', title: '新路演', startsAt: at('2026-12-05T14:00') }],
    [['update', 'moved']],
  ],
  [
    'not by a number that only counts rows: one put in before moves nobody to another event',
    [{ ...event, number: '1' }],
    [
      { ...row, passage: 'q', number: '1', title: '培训', startsAt: at('2026-12-01T14:00') },
      { ...row, number: '2' },
    ],
    [
      ['add', null],
      ['update', null],
    ],
  ],
  [
    'of the demo park, never of the park',
    [event],
    [{ ...row, demo: true }],
    [
      ['add', null],
      ['unlist', null],
    ],
  ],
] as const)('%s', (_, known, listed, expected) => expect(steps(known, listed)).toEqual(expected))

const agenda: readonly ParkEvent[] = [
  { ...event, id: '1', title: '十月路演', startsAt: at('2026-10-20T14:00') },
  { ...event, id: '2', title: '新材料路演' },
  {
    ...event,
    id: '3',
    title: '财务讲座',
    type: 'training',
    startsAt: at('2026-12-08T14:00'),
    place: null,
    details: { link: 'x' },
  },
  { ...event, id: '4', title: '早餐会', type: 'other', state: 'cancelled', startsAt: at('2026-12-09T08:00') },
]
test.each([
  ['最近有什么活动', 'coming', ['2', '3']],
  ['下周有路演吗', 'coming', ['2']],
  ['新材料的路演什么时候', 'coming', ['2']],
  ['有没有线上的讲座', 'coming', ['3']],
  ['明年有路演吗', 'none_then', ['2']],
  ['量子计算的路演什么时候', 'none_about', ['2']],
  ['最近有比赛吗', 'none_kind', ['2', '3']],
  ['上个月办了哪些路演', 'past', ['1']],
] as const)('%s is answered %s with %j', (question, as, ids) => {
  const asked = agendaAsked(question, '2026-11-26')
  const told = asked === null ? null : chosen(asked, agenda, now)
  expect([told?.as, told?.events.map((each) => each.id)]).toEqual([as, ids])
})

test('with nothing to come the last one that was is told, and what is off only to whoever names it', () => {
  const all = { types: null, period: null, past: false, about: '' }
  expect(chosen(all, agenda.slice(0, 1), now)).toMatchObject({ as: 'none_ahead', events: [{ id: '1' }] })
  expect(chosen({ ...all, about: '早餐会' }, agenda, now)).toMatchObject({ as: 'coming', events: [{ id: '4' }] })
  expect(chosen(all, [], now)).toBeNull()
})
