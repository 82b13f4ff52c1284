import type { Pool } from 'pg'
import { recordAudit } from '../records/audit.ts'
import { listRows, type Period, type Row, report, rowsOfName } from './report.ts'

/**
 * Exports the figures, or with `name` the rows behind one of them, and records the export.
 * @param name as {@link rowsOfName} knows it;
 * @param form `text`, `json` or `csv`
 */
export async function exported(
  pool: Pool,
  wanted: { readonly name: string | null; readonly period: Period; readonly days: { from: string; to: string } },
  by: { readonly actor: string; readonly form: string },
): Promise<readonly Row[]> {
  const { name, period, days } = wanted
  const rows = name === null ? [await report(pool, period, days)] : await rowsOfFigure(pool, name, period)
  await recordAudit(pool, {
    actor: by.actor,
    action: 'exported',
    about: `report:${name ?? 'summary'}`,
    detail: { ...days, form: by.form, ...(name === null ? {} : { rows: rows.length }) },
  })
  return rows
}

async function rowsOfFigure(pool: Pool, name: string, period: Period): Promise<readonly Row[]> {
  const found = rowsOfName(name)
  if (found === null) return []
  const rows = await listRows(pool, found.of, period)
  return found.keep === undefined ? rows : rows.filter(found.keep)
}
