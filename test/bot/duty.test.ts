import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isOnDuty, nextOnDuty, parseHours, sayHours, sayTime } from '../../bot/handoff/duty/duty.ts'
import { liveCalendar, readHolidays } from '../../bot/handoff/duty/holidays.ts'
import { keptLog } from '../fakes/library.ts'

const weekdays = parseHours('1-5 09:00-17:30')
const china = (local: string) => new Date(`${local}+08:00`)

test('hours are read with several spans and days', () => {
  expect(parseHours('1-5 09:00-12:00,13:30-17:30; 6 10:00-12:00')).toEqual([
    { days: [1, 2, 3, 4, 5], from: 540, to: 720 },
    { days: [1, 2, 3, 4, 5], from: 810, to: 1050 },
    { days: [6], from: 600, to: 720 },
  ])
})

test('days may go over the week’s end, like 6-1', () => {
  expect(parseHours('6-1 09:00-12:00')).toEqual([{ days: [6, 7, 1], from: 540, to: 720 }])
  expect(parseHours('7-7 09:00-12:00')[0]?.days).toEqual([7])
})

test('hours are told as people say them', () => {
  expect(sayHours(parseHours('1-5 09:00-12:00,13:30-17:30; 6 10:00-12:00'), 'zh')).toBe(
    '周一至周五 09:00-12:00、13:30-17:30；周六 10:00-12:00',
  )
  expect(sayHours(parseHours('1,3,7 9:00-17:30'), 'zh')).toBe('周一、周三、周日 09:00-17:30')
  expect(sayHours(weekdays, 'en')).toBe('Mon to Fri 09:00-17:30')
})

test.each(['', '9-17', '1-5', '1-5 17:30-09:00', '1-5 25:00-26:00', '8 09:00-10:00'])('“%s” is refused or empty', (text) => {
  if (text === '') expect(parseHours(text)).toEqual([])
  else expect(() => parseHours(text)).toThrow(expect.objectContaining({ code: 'bad_hours' }))
})

describe('duty is told in China’s time', () => {
  test.each([
    ['2026-11-24T09:00:00', true],
    ['2026-11-24T08:59:59', false],
    ['2026-11-24T17:29:59', true],
    ['2026-11-24T17:30:00', false],
    ['2026-11-28T10:00:00', false],
  ])('%s → %s', (local, onDuty) => {
    expect(isOnDuty(weekdays, china(local))).toBe(onDuty)
  })

  test('no hours means always on duty', () => {
    expect(isOnDuty(null, china('2026-11-28T03:00:00'))).toBe(true)
  })
})

test('after hours the next duty is the next working morning', () => {
  expect(nextOnDuty(weekdays, china('2026-11-27T18:00:00'))).toEqual(china('2026-11-30T09:00:00'))
  expect(nextOnDuty(weekdays, china('2026-11-24T01:00:00'))).toEqual(china('2026-11-24T09:00:00'))
  expect(nextOnDuty(parseHours('1-5 09:00-12:00,13:30-17:30'), china('2026-11-24T12:30:00'))).toEqual(
    china('2026-11-24T13:30:00'),
  )
})

test('the holiday file takes days out and puts days in', () => {
  const calendar = readHolidays('# 调休\n2026-11-30 off\n2026-11-28 work # 周六上班\n').calendar
  expect(nextOnDuty(weekdays, china('2026-11-27T18:00:00'), calendar)).toEqual(china('2026-11-28T09:00:00'))
  expect(nextOnDuty(weekdays, china('2026-11-28T18:00:00'), calendar)).toEqual(china('2026-12-01T09:00:00'))
  expect(readHolidays('\u{feff}2026-11-30 off\r\n2026/12/01 off\n2026-02-30 off\n2026-12-02 work\n休息')).toEqual({
    calendar: new Map([
      ['2026-11-30', 'off'],
      ['2026-12-02', 'work'],
    ]),
    bad: [2, 3, 5],
  })
})

test('the holiday file counts as it is now: edited without a restart, broken in one line, gone, and a folder by mistake', () => {
  const home = mkdtempSync(join(tmpdir(), 'yuanqiao-holidays-'))
  const file = join(home, 'holidays.txt')
  const { log, events } = keptLog()
  let now = 0
  const live = liveCalendar(home, log, () => now)
  const later = (words: string | null) => {
    rmSync(file, { force: true, recursive: true })
    if (words !== null) writeFileSync(file, words)
    now += 60_000
  }
  expect(live.get('2026-11-30')).toBeUndefined()
  later('2026-11-30 off\n')
  expect(live.get('2026-11-30')).toBe('off')
  later('2026-11-30 off\n明天放假\n2026-12-01 off\n')
  expect([live.get('2026-11-30'), live.get('2026-12-01')]).toEqual(['off', 'off'])
  expect(events).toEqual([{ event: 'holidays_unreadable', fields: { lines: '2' } }])
  later(null)
  mkdirSync(file)
  now += 60_000
  expect(live.get('2026-12-01')).toBe('off') // it cannot be read: the previous calendar stays
  later(null)
  expect(live.get('2026-12-01')).toBeUndefined()
  rmSync(home, { recursive: true })
})

test('times are said in both languages', () => {
  expect(sayTime(china('2026-11-25T10:00:00'), 'zh')).toBe('11月25日（周三）10:00')
  expect(sayTime(china('2026-11-25T10:00:00'), 'en')).toBe('Wed 25 Nov, 10:00 (Beijing time)')
})
