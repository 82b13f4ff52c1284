import type { NewPassage } from '../../../retrieval/store/document.ts'
import type { Header } from '../header.ts'
import { isPartlyAcross, type Row, recordOf, unknownIn } from '../rows.ts'
import type { TableKind } from '../table.ts'
import { areOfEvents, eventFields, eventLabels, events } from './columns.ts'
import { asksOf, capacityOf, stateOf, titleOf, typeOf, yearIn } from './values.ts'
import { closesAt, type When, whenOf } from './when.ts'

/** Events (活动): when, where, how many, until when to sign up. The title or the sheet may name the year that their days leave out. */
export const eventTable: TableKind = {
  kind: 'event',
  vocabulary: events,
  fields: eventFields,
  isOne: areOfEvents,
  reader: (sheet, header, { title, seen }) => {
    const above = sheet.rows.slice(0, header.at + 1).flat()
    const year = yearIn([...header.labels, ...above]) ?? yearIn([sheet.name]) ?? yearIn([title])
    return (row) => passageOf(row, header, year, seen)
  },
}

/** Columns that name days. */
const dated: ReadonlySet<string> = new Set(['day', 'time', 'starts', 'ends', 'closes'])
/** How a spreadsheet shows a day that nobody gave a format: 12/3/26. */
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2})(?=\s|$)/
const isoDay = (_: string, month: string, day: string, year: string) =>
  `20${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`

/** What a yes or no says depends on its column: 是否取消, 是否举办. */
function said(cell: string, label: string): string {
  const isOff = /是否.*(?:取消|停办)/.test(label)
  if (!isOff && !/是否.*(?:举办|举行|召开)/.test(label)) return cell
  if (/^(?:是|√|✓|y|yes)$/i.test(cell)) return isOff ? '已取消' : '正常'
  return /^(?:否|×|✗|n|no)$/i.test(cell) ? (isOff ? '正常' : '已取消') : cell
}

/** When a record takes place, from whichever columns say it. A day and a time of their own belong together. */
function heldAt({ day, time, starts, ends }: Row, year: number | null): When | 'no_year' | null {
  const begins = starts ?? [day, time].filter(Boolean).join(' ')
  const first = whenOf(begins, year) ?? (starts === undefined ? null : whenOf(`${day ?? ''} ${starts}`, year))
  if (first === null || first === 'no_year' || ends === undefined) return first
  const both = whenOf(`${first.startsAt.slice(0, 10)} ${first.dayOnly ? '' : first.startsAt.slice(11, 16)} 至 ${ends}`, year)
  return both === 'no_year' ? null : both
}

/** @returns the event as it is searched, or why the row cannot go in; adds what no second row may say to `seen` */
function passageOf(row: readonly string[], header: Header, year: number | null, seen: Set<string>): string | NewPassage {
  const record = recordOf(row, header, (cell, key, label) =>
    dated.has(key) ? cell.replace(american, isoDay) : said(cell, label),
  )
  const name = record['name'] ?? ''
  if (isPartlyAcross(row, record['id'] !== undefined)) return 'row_across'
  if (name === '') return 'row_without_name'
  const typed = typedOf(record, name, year)
  if (typeof typed === 'string') return typed
  const title = titleOf(name)
  const key = record['id'] ?? `${title} ${typed.starts_at ?? ''}`.trim()
  if (seen.has(key)) return 'row_duplicate'
  seen.add(key)
  const text = wordsOf(record, row, header)
  return { clause: record['id'] ?? title, heading: title, text, visibility: 1, fields: { ...record, ...typed } }
}

/** The values that are compared and counted, or why the row cannot go in. Of an event that is off nobody needs to know its time. */
function typedOf(record: Row, name: string, year: number | null) {
  const state = stateOf(record['state'], name)
  const when = heldAt(record, year)
  if (when === 'no_year' && state === 'on') return 'row_without_year'
  const known = when === 'no_year' ? null : when
  if (known === null && state === 'on') return 'row_bad_time'
  const seats = capacityOf(record['capacity'] ?? '')
  if (seats === 'bad') return 'row_bad_capacity'
  const closes = closesAt(record['closes'] ?? '', known?.startsAt ?? null, year)
  if (closes === 'bad' && state === 'on') return 'row_bad_deadline'
  return {
    event_type: typeOf(record['type'], name),
    event_state: state,
    ...{ starts_at: known?.startsAt ?? null, ends_at: known?.endsAt ?? null, day_only: known?.dayOnly ?? false },
    ...{ seats, closes_at: closes === 'bad' ? null : closes, asks_for: asksOf(record['asks']) },
  }
}

const inReadingOrder = [
  ...['name', 'state', 'day', 'time', 'starts', 'ends', 'place', 'link', 'type', 'field', 'audience', 'capacity'],
  ...['closes', 'asks', 'organiser', 'contact', 'summary'],
]

/** The row in words: 活动名称：…；时间：…, columns without a known meaning last. */
function wordsOf(record: Row, row: readonly string[], header: Header): string {
  const known = inReadingOrder.flatMap((key) => {
    const value = record[key]
    return value === undefined ? [] : [`${eventLabels.get(key) ?? key}：${value}`]
  })
  const others = unknownIn(row, header).flatMap(({ label, cell }) =>
    /^(?:序号|No\.?)$/i.test(label) ? [] : [`${label}：${cell}`],
  )
  return [...known, ...others].join('；')
}
