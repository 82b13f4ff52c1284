import type { Cell } from '../base/grid.ts'
import type { Attributes } from '../base/xml.ts'

/** Applies an element of a cell's properties (span, vertical merge) to the cell. */
export function describeCell(cell: Cell, name: string, attributes: Attributes): void {
  if (name === 'w:gridSpan') cell.span = Math.max(1, Math.min(Number(attributes['w:val']) || 1, 50))
  else if (name === 'w:vMerge') cell.continues = (attributes['w:val'] ?? 'continue') === 'continue'
}
