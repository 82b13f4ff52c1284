import { AppError } from '../../../retrieval/base/errors.ts'
import { type Reason, reasons } from '../../decide.ts'
import { type Calendar, type Hours, nextOnDuty } from './duty.ts'

/** What the park promises for one reason. */
export type Span = {
  /** Minutes on duty until the first answer. */
  readonly firstMinutes: number
  /** Minutes until a result, or word of progress; moved into duty time. */
  readonly followUpMinutes: number
}
export type Promises = (reason: Reason) => Span

/** Minutes. Out of hours the first answer comes at most this long after duty begins, however short the promise. */
const afterStart = 60

/**
 * Parses `* 30m 24h; complaint 15m 8h`: reason, first response, follow-up; `*` stands for all other reasons.
 * @throws AppError `bad_promises`
 */
export function parsePromises(text: string): Promises {
  const spans = new Map<string, Span>()
  for (const part of text.split(/[;；]/).map((each) => each.trim())) {
    if (part === '') continue
    const [, reason = '', first = '', follow = ''] = /^(\*|[a-z_]+)\s+(\d{1,4}[mhd])\s+(\d{1,4}[mhd])$/.exec(part) ?? []
    if (reason !== '*' && !reasons.some((each) => each === reason)) throw badPromises(part)
    spans.set(reason, { firstMinutes: minutes(first), followUpMinutes: minutes(follow) })
  }
  const rest = spans.get('*')
  if (rest === undefined) throw badPromises(text)
  return (reason) => spans.get(reason) ?? rest
}

/** Whether a setting can be read as promises. */
export function arePromises(text: string): boolean {
  try {
    return parsePromises(text) !== null
  } catch {
    return false
  }
}

function minutes(text: string): number {
  const count = Number(text.slice(0, -1))
  return text.endsWith('d') ? count * 1_440 : text.endsWith('h') ? count * 60 : count
}

function badPromises(part: string): AppError {
  return new AppError('bad_promises', `“${part}” is not a promise`, {
    hint: `Write reason, first response, follow-up: "* 30m 24h; complaint 15m 8h". Reasons: ${reasons.join(', ')}.`,
  })
}

/** What is promised: by when somebody answers, and by when there is more than a first word. */
export type Promised = { readonly onDuty: boolean; readonly by: Date; readonly followUp: Date }

/**
 * @param allHours of everybody who could take it; null = always on duty
 * @returns null when there is nobody, or no duty lies ahead: then nothing may be promised
 */
export function promised(allHours: readonly (Hours | null)[], at: Date, span: Span, calendar: Calendar): Promised | null {
  const start = earliest(allHours, at, calendar)
  if (start === null) return null
  const onDuty = start.getTime() === at.getTime()
  const soon = later(start, onDuty ? span.firstMinutes : Math.max(afterStart, span.firstMinutes))
  const there = earliest(allHours, soon, calendar) ?? soon
  // A quarter of an hour before the end of duty, half an hour means tomorrow.
  const by = there > soon ? later(there, afterStart) : soon
  const wanted = later(at, span.followUpMinutes)
  const followUp = earliest(allHours, wanted, calendar) ?? wanted
  return { onDuty, by, followUp: followUp < by ? by : followUp }
}

/** @returns when the first of them is on duty (again), or null */
export function earliest(allHours: readonly (Hours | null)[], at: Date, calendar: Calendar): Date | null {
  const starts = allHours.map((hours) => nextOnDuty(hours, at, calendar)).filter((each) => each !== null)
  return starts.length === 0 ? null : new Date(Math.min(...starts.map((each) => each.getTime())))
}

function later(at: Date, minutesLater: number): Date {
  return new Date(at.getTime() + minutesLater * 60_000)
}

/** The state of a promise when its time has come. */
export type Overdue = {
  readonly state: 'waiting' | 'claimed'
  /** Whether somebody has answered the person at all. */
  readonly answered: boolean
  /** Whether the last public words are the person's. */
  readonly personWaits: boolean
  /** How often this promise has been made, from 1. */
  readonly round: number
}

/**
 * `kept`: nothing to say · `remind`: the owner is reminded · `slip`: the person is told the truth, the owner is reminded, leads are asked ·
 * `requeue`: a slip, and it goes back to the queue · `end`: the person is told that nobody came and has the bot back.
 */
export type Remedy = 'kept' | 'remind' | 'slip' | 'requeue' | 'end'

/** Pure: the first answer did not come. Two rounds for a waiting ticket; an owner who kept silent loses it to the queue for one more. */
export function firstResponseRemedy({ state, answered, round }: Overdue): Remedy {
  if (answered) return 'kept'
  if (round <= 1) return 'slip'
  if (state === 'claimed' && round === 2) return 'requeue'
  return 'end'
}

/**
 * Pure: the follow-up. A waiting person is told; the third time the ticket goes to somebody else; when the person is silent, the owner is
 * only reminded. Before the first word, the first answer's own promise speaks: two apologies for one silence would name two times.
 */
export function followUpRemedy({ state, answered, personWaits, round }: Overdue): Remedy {
  if (state === 'waiting' || !answered) return 'kept'
  if (!personWaits) return 'remind'
  return round >= 3 ? 'requeue' : 'slip'
}
