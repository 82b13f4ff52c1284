import type { Row } from './report.ts'
import type { RowsName } from './rows.ts'

type Rows = { readonly of: RowsName; readonly keep?: (row: Row) => boolean }

const answered = (row: Row) => row['first_response_s'] !== null

/** Figures that are another sum or share of rows listed under another name. */
const others: Readonly<Record<string, Rows>> = {
  'financing.amount': { of: 'financing.projects' },
  'contracts.contract_amount': { of: 'contracts.count' },
  'policies_redeemed.amount': { of: 'policies_redeemed.count' },
  'hand_offs.by_reason': { of: 'hand_offs' },
  'hand_offs.first_response_p50_s': { of: 'hand_offs', keep: answered },
  'hand_offs.first_response_p90_s': { of: 'hand_offs', keep: answered },
}

/**
 * Pure: the rows a figure of `report --json` is counted from, by its path: `contracts.count`, `hand_offs.by_reason.complaint`; null for
 * none.
 */
export function rowsOfFigure(path: string, names: readonly RowsName[]): Rows | null {
  const own = names.find((each) => each === path)
  if (own !== undefined) return { of: own }
  const other = Object.hasOwn(others, path) ? others[path] : undefined
  if (other !== undefined) return other
  const [, group, value] = /^hand_offs\.(by_reason|outcomes)\.([a-z_]+)$/.exec(path) ?? []
  if (group === 'by_reason') return { of: 'hand_offs', keep: (row) => row['reason'] === value }
  return group === 'outcomes' ? { of: 'hand_offs.outcomes', keep: (row) => row['outcome'] === value } : null
}
