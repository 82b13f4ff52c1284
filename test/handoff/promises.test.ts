import { describe, expect, test } from 'vitest'
import { parseHours } from '../../bot/handoff/duty/duty.ts'
import { readHolidays } from '../../bot/handoff/duty/holidays.ts'
import { firstResponseRemedy, followUpRemedy, parsePromises, promised } from '../../bot/handoff/duty/promises.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { type Need, route } from '../../bot/handoff/who/route.ts'

const china = (local: string) => new Date(`${local}+08:00`)
const weekdays = parseHours('1-5 09:00-17:30')
const span = { firstMinutes: 30, followUpMinutes: 1_440 }
const none = new Map()

describe('what may be promised', () => {
  test('nothing is promised when nobody will be there', () => {
    expect(promised([], china('2026-11-24T10:00:00'), span, none)).toBeNull()
    expect(promised([[]], china('2026-11-24T10:00:00'), span, none)).toBeNull()
  })
  test.each([
    ['on duty', '2026-11-24T10:00:00', true, '2026-11-24T10:30:00', '2026-11-25T10:00:00'],
    ['in the night', '2026-11-24T22:00:00', false, '2026-11-25T10:00:00', '2026-11-26T09:00:00'],
    ['on a Friday evening', '2026-11-27T18:00:00', false, '2026-11-30T10:00:00', '2026-11-30T10:00:00'],
    ['just before the end of duty', '2026-11-24T17:20:00', true, '2026-11-25T10:00:00', '2026-11-25T17:20:00'],
  ])('%s', (_, at, onDuty, by, followUp) => {
    expect(promised([weekdays], china(at), span, none)).toEqual({ onDuty, by: china(by), followUp: china(followUp) })
  })
  test('a holiday is no duty time', () => {
    const calendar = readHolidays('2026-11-25 off').calendar
    expect(promised([weekdays], china('2026-11-24T22:00:00'), span, calendar)?.by).toEqual(china('2026-11-26T10:00:00'))
  })
  test('promises are read per reason from the settings', () => {
    const promises = parsePromises('* 30m 1d; complaint 15m 8h')
    expect(promises('complaint')).toEqual({ firstMinutes: 15, followUpMinutes: 480 })
    expect(promises('sensitive')).toEqual({ firstMinutes: 30, followUpMinutes: 1_440 })
    for (const wrong of ['', 'complaint 15m 8h', '* soon', '* 30m', 'nonsense 1m 1h; * 1m 1h'])
      expect(() => parsePromises(wrong)).toThrow(expect.objectContaining({ code: 'bad_promises' }))
  })
})

describe('when a promise has come due', () => {
  const first = { state: 'waiting', answered: false, personWaits: true, round: 1 } as const
  test.each([
    ['answered in time', { ...first, state: 'claimed', answered: true }, 'kept'],
    ['nobody took it', first, 'slip'],
    ['nobody took it twice', { ...first, round: 2 }, 'end'],
    ['claimed and silent', { ...first, state: 'claimed' }, 'slip'],
    ['claimed and silent twice', { ...first, state: 'claimed', round: 2 }, 'requeue'],
    ['claimed and silent for ever', { ...first, state: 'claimed', round: 3 }, 'end'],
  ] as const)('%s', (_, overdue, remedy) => {
    expect(firstResponseRemedy(overdue)).toBe(remedy)
  })
  test.each([
    ['it still waits: the first response is another timer’s', { ...first, round: 1 }, 'kept'],
    ['claimed, no word yet: one apology, the first answer’s', { ...first, state: 'claimed' }, 'kept'],
    ['the person waits', { ...first, state: 'claimed', answered: true }, 'slip'],
    ['the person waits the third time', { ...first, state: 'claimed', answered: true, round: 3 }, 'requeue'],
    ['the person is silent', { ...first, state: 'claimed', answered: true, personWaits: false, round: 9 }, 'remind'],
  ] as const)('%s', (_, overdue, remedy) => {
    expect(followUpRemedy(overdue)).toBe(remedy)
  })
  test('no sequence of broken promises goes on for ever', () => {
    for (const state of ['waiting', 'claimed'] as const)
      expect(['end', 'kept']).toContain(firstResponseRemedy({ ...first, state, round: 99 }))
  })
})

describe('who is asked', () => {
  const person = (id: string, change: Partial<Person> = {}): Person => ({
    ...{ id, role: 'broker', name: `P${id}`, telegram: id, wecom: null, fields: [], hours: null, capacity: 2 },
    ...{ present: true, languages: [], conflicts: [], demo: false },
    ...change,
  })
  const need: Need = {
    ...{
      text: '膜材料 脱氮 绿源环保公司',
      reason: 'nothing_found',
      language: 'zh',
      channel: 'telegram',
      enterprise: ['绿源环保有限公司'],
    },
    ...{ excluded: [], before: null, at: china('2026-11-24T10:00:00') },
  }
  const asked = (people: Person[], change: Partial<Need> = {}, loads = new Map<string, number>()) =>
    route(people, { ...need, ...change }, loads, span).suggested.map((each) => each.id)

  test.each<[string, Person[], Partial<Need>, string[]]>([
    ['the field', [person('1'), person('2', { fields: ['膜材料'] })], {}, ['2', '1']],
    ['my broker before the field', [person('1'), person('2', { fields: ['膜材料', '脱氮'] })], { before: '1' }, ['1', '2']],
    ['never staff', [person('1', { role: 'staff' })], {}, []],
    ['nobody off duty', [person('1', { hours: '6 10:00-12:00' }), person('2')], {}, ['2']],
    ['nobody switched off', [person('1', { present: false }), person('2')], {}, ['2']],
    [
      'somebody who speaks the language',
      [person('1', { languages: ['zh'] }), person('2', { languages: ['en', 'zh'] })],
      { language: 'en' },
      ['2'],
    ],
    ['nobody with a conflict, by the name', [person('1', { conflicts: ['绿源环保'] }), person('2')], {}, ['2']],
    ['nobody who declared one on this ticket', [person('1'), person('2')], { excluded: ['1'] }, ['2']],
    ['who can be reached by the same door', [person('1', { telegram: null }), person('2')], {}, ['2', '1']],
    ['a broker before a lead', [person('1', { role: 'lead' }), person('2', { telegram: null })], {}, ['2', '1']],
    [
      'a lead for a complaint',
      [person('1', { fields: ['膜材料'] }), person('2', { role: 'lead' })],
      { reason: 'complaint' },
      ['2', '1'],
    ],
  ])('%s', (_, people, change, ids) => {
    expect(asked(people, change)).toEqual(ids)
  })

  test('the broker with the fewest cases comes first, and nobody who is full', () => {
    const people = [person('1'), person('2'), person('3')]
    expect(
      asked(
        people,
        {},
        new Map([
          ['1', 1],
          ['3', 2],
        ]),
      ),
    ).toEqual(['2', '1'])
  })

  test('a promise is made for those who could take it, even when all are full', () => {
    const routed = route([person('1', { hours: '1-5 09:00-17:30' })], need, new Map([['1', 9]]), span)
    expect(routed.suggested).toEqual([])
    expect(routed.promise?.by).toEqual(china('2026-11-24T10:30:00'))
    expect(route([person('1', { present: false })], need, new Map(), span).promise).toBeNull()
  })
})
