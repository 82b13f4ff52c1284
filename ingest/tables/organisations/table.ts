import type { NewPassage } from '../../../retrieval/store/document.ts'
import type { Header } from '../header.ts'
import { isPartlyAcross, type Row, recordOf, unknownIn } from '../rows.ts'
import type { TableKind } from '../table.ts'
import { areOfOrganisations, organisationFields, organisationLabels, organisations } from './columns.ts'

/** Institutions, platforms and experts (机构): who offers what, at what price. */
export const organisationTable: TableKind = {
  kind: 'organisation',
  vocabulary: organisations,
  fields: organisationFields,
  isOne: areOfOrganisations,
  reader:
    (_, header, { seen }) =>
    (row) =>
      passageOf(row, header, seen),
}

/** @returns the record as it is searched, or why the row cannot go in; adds what no second row may say to `seen` */
function passageOf(row: readonly string[], header: Header, seen: Set<string>): string | NewPassage {
  const record = recordOf(row, header)
  const name = record['name'] ?? ''
  if (isPartlyAcross(row, record['id'] !== undefined)) return 'row_across'
  if (name === '') return 'row_without_name'
  // One institution may stand there once for each of its services.
  const key = record['id'] ?? `${name} ${record['services'] ?? ''}`.trim()
  if (seen.has(key)) return 'row_duplicate'
  seen.add(key)
  return { clause: record['id'] ?? name, heading: name, text: wordsOf(record, row, header), visibility: 1, fields: { ...record } }
}

/** The row in words: 机构名称：…；类型：…, the name first, columns without a known meaning last. */
function wordsOf(record: Row, row: readonly string[], header: Header): string {
  const lineOf = ({ key, label }: { key: string; label: string }) =>
    record[key] === undefined ? [] : [`${label}：${record[key]}`]
  const named = organisationLabels.filter(({ key }) => key === 'name')
  const known = organisationLabels.filter(({ key }) => key !== 'name' && key !== 'id')
  const others = unknownIn(row, header).map(({ label, cell }) => `${label}：${cell}`)
  return [...named.flatMap(lineOf), ...known.flatMap(lineOf), ...others].join('；')
}
