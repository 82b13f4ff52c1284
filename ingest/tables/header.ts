import { type ColumnMapping, keysOf, type Vocabulary } from './vocabulary.ts'

/** The row with the column names, and the meaning of each column. */
export type Header = { readonly at: number; readonly keys: readonly (string | null)[]; readonly labels: readonly string[] }

const within = 10
const fewestColumns = 3

/** The first rows may be a title and a header over two rows; the row, or pair of rows, that names the most columns wins. */
export function headerOf(rows: readonly (readonly string[])[], mapping: ColumnMapping, vocabulary: Vocabulary): Header | null {
  let best: Header | null = null
  let most = 0
  for (let at = 0; at < Math.min(within, rows.length); at += 1) {
    for (const [end, labels] of candidates(rows, at)) {
      const keys = keysOf(labels, mapping, vocabulary)
      // When a row alone and the row with the one below it name equally many, the pair is the header.
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

/** Merged cells repeat their words: beside them when they span columns, below them when they span rows. */
function isOverTwo(above: readonly string[], below: readonly string[]): boolean {
  const beside = above.some((cell, index) => cell !== '' && cell === above[index + 1] && below[index] !== below[index + 1])
  return beside && above.filter((cell, index) => cell !== '' && cell === below[index]).length >= 2
}

/** Names that only make sense under the cell above: 姓名 below 负责人. */
const partial = /^(?:姓名|名称|单位|电话|手机|邮箱|联系电话|联系方式|职务)$/

/** A header over two rows: the group above, the column below; merged cells repeat their words. */
function joined(above: readonly string[], below: readonly string[]): string[] {
  return Array.from({ length: Math.max(above.length, below.length) }, (_, index) => {
    const [top = '', bottom = ''] = [above[index], below[index]]
    if (bottom === '' || bottom === top) return top
    return partial.test(bottom) ? top + bottom : bottom
  })
}
