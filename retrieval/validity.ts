import { addDays } from './base/clock.ts'
import type { Kind, Status } from './evidence.ts'

/** What decides whether a document may support an answer. Days are `YYYY-MM-DD` in China. */
export type Validity = {
  readonly kind: Kind
  /** false for drafts for comment, interpretations, notices and news */
  readonly binding: boolean
  readonly issuedOn: string | null
  readonly effectiveFrom: string | null
  /** last day in force, inclusive */
  readonly effectiveTo: string | null
  /** first day no longer in force because another document replaced it */
  readonly endedOn: string | null
  readonly endedHow: 'superseded' | 'repealed' | null
  /** Title of a later document that says its validity goes on, while nobody has looked at its last day since; see {@link prolongedSql}. */
  readonly prolongedBy?: string | null
}

/** How long before its last day a document counts as expiring. */
export const expiringDays = 180
/** Days before expiry at which whoever looks after a document is told again. */
const reminders = [30, 90, expiringDays] as const
/** A text that begins longer than this before it was issued is an amended one: it kept the original 施行 and serves since its amendment. */
const retroactiveDays = 366

/**
 * The status of a document on a day. The search filter says the same in SQL ({@link inForce}); a property test keeps them equal. A policy
 * that names no starting day is `unknown`, even when it names an expiry: a proposed expiry may stop an answer, never allow one. Other kinds
 * (achievements, approved questions) need no date. What is said to go on after its last day is neither expired nor in force until a person
 * has set that day.
 */
export function statusOf(document: Validity, asOf: string): Status {
  const { endedOn, effectiveTo } = document
  const start = servesFrom(document)
  if (!document.binding) return 'draft'
  if (endedOn !== null && endedOn <= asOf) return document.endedHow ?? 'superseded'
  if (effectiveTo !== null && effectiveTo < asOf) return (document.prolongedBy ?? null) === null ? 'expired' : 'unknown'
  if (start === null && document.kind === 'policy') return 'unknown'
  if (start !== null && start > asOf) return 'scheduled'
  const last = [effectiveTo, endedOn].filter((day) => day !== null).toSorted()[0]
  return last !== undefined && last <= addDays(asOf, expiringDays) ? 'expiring' : 'effective'
}

/** @returns the first day of a document: the one it states, else the day it was issued, else null */
export function startOf(document: Pick<Validity, 'effectiveFrom' | 'issuedOn'>): string | null {
  return document.effectiveFrom ?? document.issuedOn
}

/**
 * @returns the first day on which this very text served. A law of 1985 as amended in 2020 serves since 2020, whatever its closing article
 * says; a measure issued in February that counts from January serves from January.
 */
export function servesFrom(document: Pick<Validity, 'effectiveFrom' | 'issuedOn'>): string | null {
  const { effectiveFrom, issuedOn } = document
  if (effectiveFrom === null || issuedOn === null) return effectiveFrom ?? issuedOn
  return issuedOn > effectiveFrom && issuedOn > addDays(effectiveFrom, retroactiveDays) ? issuedOn : effectiveFrom
}

/** The SQL twin of {@link servesFrom}; null when no day is known. */
export function servesFromSql(alias: string): string {
  return `(case when ${alias}.issued_on > ${alias}.effective_from + ${retroactiveDays} then ${alias}.issued_on
    else coalesce(${alias}.effective_from, ${alias}.issued_on) end)`
}

/** @returns 30, 90 or 180: it ends within so many days; null when it does not, or has ended */
export function expiresWithin(
  document: Pick<Validity, 'effectiveTo' | 'endedOn'>,
  asOf: string,
): (typeof reminders)[number] | null {
  const last = [document.effectiveTo, document.endedOn === null ? null : addDays(document.endedOn, -1)]
    .filter((each) => each !== null)
    .toSorted()[0]
  if (last === undefined || last < asOf) return null
  return reminders.find((days) => last <= addDays(asOf, days)) ?? null
}

/** Only these may support an answer. */
export function mayAnswer(status: Status): boolean {
  return status === 'effective' || status === 'expiring'
}

/** The SQL twin of `mayAnswer(statusOf(document, asOf))` for rows of `document` under `alias`. @param asOf a placeholder or literal of type date */
export function inForce(alias: string, asOf: string): string {
  return `(${alias}.binding
    and (${alias}.ended_on is null or ${alias}.ended_on > ${asOf})
    and (${alias}.effective_to is null or ${alias}.effective_to >= ${asOf})
    and coalesce(${servesFromSql(alias)} <= ${asOf}, ${alias}.kind <> 'policy'))`
}

/**
 * SQL: title of the newest live document that prolongs the row of `document` under `alias` beyond its last day, of the same place or issuer,
 * as long as nobody has set that day since; else null.
 */
export function prolongedSql(alias: string): string {
  return `(select x.title from document x
      where ${alias}.effective_to is not null and x.prolongs_names <> '{}' and x.prolongs_names && ${alias}.names
        and x.state = 'live' and x.binding and x.family <> ${alias}.family and x.demo = ${alias}.demo
        and (x.prolongs_to is null or x.prolongs_to > ${alias}.effective_to) and coalesce(x.issued_on >= ${alias}.issued_on, true)
        and (x.regions = '{}' or ${alias}.regions = '{}' or x.regions && ${alias}.regions or x.issuers && ${alias}.issuers)
        and not exists (select from document_action a where a.document = ${alias}.id and a.field = 'effective_to' and a.at >= x.live_from)
      order by x.number desc limit 1)`
}
