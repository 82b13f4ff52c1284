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
      // Of one row and the same row with its second below it, both are the header.
      const known = keys.filter((key) => key !== null).length + (isOverTwo(rows[at] ?? [], rows[at + 1] ?? []) ? 0.5 : 0)
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
  if (below !== undefined && isOverTwo(row, below)) return [[at + 1, joined(row, below)]]
  return below === undefined
    ? [[at, row]]
    : [
        [at, row],
        [at + 1, joined(row, below)],
      ]
}

/** Merged cells: one over several columns repeats its words beside it, one over both rows repeats them below. */
function isOverTwo(above: readonly string[], below: readonly string[]): boolean {
  const beside = above.some((cell, index) => cell !== '' && cell === above[index + 1] && below[index] !== below[index + 1])
  return beside && above.filter((cell, index) => cell !== '' && cell === below[index]).length >= 2
}

/** What these are of is said in the cell above: 负责人 and below it 姓名. */
const partial = /^(?:姓名|名称|单位|电话|手机|邮箱|联系电话|联系方式|职务)$/

/** A header over two rows: the group above, the column below; merged cells repeat the same words. */
function joined(above: readonly string[], below: readonly string[]): string[] {
  return Array.from({ length: Math.max(above.length, below.length) }, (_, index) => {
    const [top = '', bottom = ''] = [above[index], below[index]]
    if (bottom === '' || bottom === top) return top
    return partial.test(bottom) ? top + bottom : bottom
  })
}
