import { AppError } from './errors.ts'

/** Tells the time. Besides randomness, the only thing injected as a function. */
export type Clock = (() => Date) & { readonly script?: Script }

/** A clock that showed `start` at `origin`, both in ms since 1970, and since then runs `rate` times as fast. */
export type Script = { readonly start: number; readonly rate: number; readonly origin: number }

export const systemClock: Clock = () => new Date()

/**
 * A clock for tests and scripted years: `2026-11-23T09:00:00+08:00` starts there and runs in real time, `…,60` runs sixty times as fast.
 * @throws AppError `bad_setting`
 */
export function scriptedClock(setting: string, now: () => number = Date.now): Clock {
  const comma = setting.indexOf(',')
  const start = Date.parse(comma < 0 ? setting : setting.slice(0, comma))
  const rate = comma < 0 ? 1 : Number(setting.slice(comma + 1))
  if (Number.isNaN(start) || !Number.isFinite(rate) || rate < 0) {
    throw new AppError('bad_setting', 'YUANQIAO_CLOCK is not a time', {
      hint: 'Write an ISO time, then optionally a comma and a rate: 2026-11-23T09:00:00+08:00,60',
    })
  }
  const origin = now()
  return Object.assign(() => new Date(start + (now() - origin) * rate), { script: { start, rate, origin } })
}

/** Whether a setting can be read as a scripted clock. */
export function isClock(setting: string): boolean {
  try {
    return scriptedClock(setting).script !== undefined
  } catch {
    return false
  }
}

/** @returns the clock a setting asks for; the real one when it is unset */
export function clockFor(setting: string | undefined): Clock {
  return setting === undefined ? systemClock : scriptedClock(setting)
}

/** Policies start and end at midnight in China, whatever zone the machine is in. @returns `YYYY-MM-DD` */
export function dayInChina(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** @returns the instant at which a day `YYYY-MM-DD` begins in China; null when the calendar has no such day */
export function midnightInChina(day: string): Date | null {
  const at = new Date(`${day}T00:00:00+08:00`)
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(at.getTime()) && dayInChina(at) === day ? at : null
}

/** @returns the day so many days after `YYYY-MM-DD`; before it when negative */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
