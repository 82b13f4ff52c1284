import type { NewPassage } from '../../../retrieval/store/document.ts'
import type { Header } from '../header.ts'
import { isPartlyAcross, type Row, recordOf, unknownIn } from '../rows.ts'
import type { TableKind } from '../table.ts'
import { achievementFields, achievements, labelsOf } from './columns.ts'
import { cooperationOf, isStateSecret, priceOf, rightsOf, trlOf, visibilityOf } from './values.ts'

/** Achievements (成果): name, field, maturity, rights, price … */
export const achievementTable: TableKind = {
  kind: 'achievement',
  vocabulary: achievements,
  fields: achievementFields,
  isOne: () => true,
  reader:
    (_, header, { seen }) =>
    (row, where) => {
      const record = recordOf(row, header, (cell, _, label) => withUnit(cell, label))
      const problem = isPartlyAcross(row, record['id'] !== undefined) ? 'row_across' : problemOf(record, seen)
      if (problem !== null) return problem
      const key = record['id'] ?? record['name'] ?? where
      seen.add(key)
      return passageOf(record, row, header, key)
    },
}

/** 价格（万元） with 10 below becomes 10万元, because the words of a record are read without their column. */
function withUnit(cell: string, label: string): string {
  const unit = /[（(]\s*(?:单位\s*[:：]\s*)?([万亿]?(?:美|欧|日)?元|%|％|个?月|年)\s*[)）]\s*$/u.exec(label)?.[1]
  return unit !== undefined && /^\d[\d,]*(?:\.\d+)?(?:\s*[-~—至]\s*\d[\d,]*(?:\.\d+)?)?$/.test(cell) ? `${cell}${unit}` : cell
}

/** Why a row cannot go in; null when it can. */
function problemOf(record: Row, seen: ReadonlySet<string>): string | null {
  if ((record['name'] ?? '') === '') return 'row_without_name'
  if (isStateSecret(record['secrecy']) || isStateSecret(record['visibility'])) return 'row_secret'
  if (seen.has(record['id'] ?? record['name'] ?? '')) return 'row_duplicate'
  if (visibilityOf(record['visibility']) === null) return 'row_bad_visibility'
  return trlOf(record['trl'] ?? '') === 'bad' ? 'row_bad_trl' : null
}

/**
 * A record as it is searched, and separately what not everybody may read. Of a record that is not public only name, field, maturity, ways
 * of cooperation and public summary are searched.
 */
function passageOf(record: Row, row: readonly string[], header: Header, key: string): NewPassage {
  const visibility = visibilityOf(record['visibility']) ?? 3
  const open = visibility === 1
  const isApart = (kept: 'apart' | 'guarded' | 'open') => kept === 'apart' || (kept === 'guarded' && !open)
  const lines = labelsOf().flatMap(({ key: name, label, kept }) =>
    record[name] === undefined || ['id', 'visibility', 'secrecy'].includes(name)
      ? []
      : [{ name, line: `${label}：${record[name]}`, apart: isApart(kept) }],
  )
  const others = unknownIn(row, header).map(({ label, cell }) => ({ name: label, line: `${label}：${cell}`, apart: !open }))
  const order = ({ name }: { name: string }) => (name === 'name' ? 0 : name === 'name_en' ? 2 : 1)
  const all = [...lines, ...others].sort((a, b) => order(a) - order(b))
  const apart = all.filter((each) => each.apart)
  const hidden = new Set(apart.map((each) => each.name))
  return {
    clause: key,
    heading: record['name'] ?? null,
    text: all.flatMap((each) => (each.apart ? [] : [each.line])).join('；'),
    visibility,
    fields: typed(Object.fromEntries(Object.entries(record).filter(([name]) => !hidden.has(name))), header, row),
    ...(apart.length === 0
      ? {}
      : {
          protected: {
            visibility: open ? 3 : visibility,
            text: apart.map((each) => each.line).join('；'),
            fields: Object.fromEntries(Object.entries(record).filter(([name]) => hidden.has(name))),
          },
        }),
  }
}

/** The words of each column, and beside them the values that filters compare. */
function typed(record: Row, header: Header, row: readonly string[]): Record<string, unknown> {
  const trl = trlOf(record['trl'] ?? '')
  const rights = rightsOf(`${record['ip'] ?? ''} ${record['patent'] ?? ''}`)
  const priceAt = header.keys.indexOf('price')
  const price = priceOf(row[priceAt] ?? '', header.labels[priceAt] ?? '')
  return {
    ...record,
    ...(typeof trl === 'number' ? { trl } : {}),
    ...(record['cooperation'] === undefined ? {} : { cooperation_modes: cooperationOf(record['cooperation']) }),
    ...(rights.kinds.length === 0 ? {} : { ip_kinds: rights.kinds, ip_granted: rights.granted }),
    ...(record['price'] === undefined ? {} : { price_yuan: price }),
  }
}
