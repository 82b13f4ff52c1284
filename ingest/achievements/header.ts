import { type ColumnMapping, keysOf } from './columns.ts'

/** Where the names of the columns stand, and what each of them means. */
export type Header = { readonly at: number; readonly keys: readonly (string | null)[]; readonly labels: readonly string[] }

const within = 10
const fewestColumns = 3

/** The first rows may be a title and a header of two rows; the row (or pair) that names most columns wins. */
export function headerOf(rows: readonly (readonly string[])[], mapping: ColumnMapping): Header | null {
  let best: Header | null = null
  let most = 0
  for (let at = 0; at < Math.min(within, rows.length); at += 1) {
    for (const [end, labels] of candidates(rows, at)) {
      const keys = keysOf(labels, mapping)
      const known = keys.filter((key) => key !== null).length
      if (keys.includes('name') && known >= fewestColumns && known > most) {
        most = known
        best = { at: end, keys, labels }
      }
    }
  }
  return best
}

function candidates(rows: readonly (readonly string[])[], at: number): [number, readonly string[]][] {
  const row = rows[at] ?? []
  const below = rows[at + 1]
  return below === undefined
    ? [[at, row]]
    : [
        [at, row],
        [at + 1, joined(row, below)],
      ]
}

/** A header over two rows: the group above, the column below; merged cells repeat the same words. */
function joined(above: readonly string[], below: readonly string[]): string[] {
  return Array.from({ length: Math.max(above.length, below.length) }, (_, index) => {
    const [top = '', bottom = ''] = [above[index], below[index]]
    return bottom === '' || bottom === top ? top : bottom
  })
}
