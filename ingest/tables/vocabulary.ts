import { AppError } from '../../retrieval/base/errors.ts'

/** Header as it stands in the table → the field it means, or null for none. Given by a person, so it wins over the rules. */
export type ColumnMapping = Readonly<Record<string, string | null>>

/** A longer header is a sentence, not the name of a column. */
const longestHeader = 24

/** What the columns of one kind of table may mean. */
export type Vocabulary = {
  readonly columns: readonly { readonly key: string; readonly pattern: RegExp }[]
  /** Headers that never mean anything of it. */
  readonly never: RegExp
}

/**
 * Gives each column at most one meaning and each meaning at most one column, in the order of the list above; what a person said comes
 * first.
 */
export function keysOf(labels: readonly string[], mapping: ColumnMapping, { columns, never }: Vocabulary): (string | null)[] {
  const plain = new Map(Object.entries(mapping).map(([header, field]) => [tight(header), field]))
  const keys: (string | null)[] = labels.map((label) => plain.get(tight(label)) ?? null)
  const settled = labels.map((label) => plain.has(tight(label)))
  for (const { key, pattern } of columns) {
    if (keys.includes(key)) continue
    const at = labels.findIndex(
      (label, index) =>
        keys[index] === null &&
        !settled[index] &&
        label.trim() !== '' &&
        label.length <= longestHeader &&
        !never.test(tight(label)) &&
        pattern.test(tight(label)),
    )
    if (at >= 0) keys[at] = key
  }
  return keys
}

/** Line breaks and blanks in a header are layout; units in brackets are not part of its name. */
function tight(label: string): string {
  const plain = label
    .normalize('NFKC')
    .replace(/[(（][^)）]*[)）]/g, '')
    .trim()
  return /\p{Script=Han}/u.test(plain) ? plain.replace(/\s+/g, '') : plain
}

/** `列名=field` from a command. @param names the fields of every kind of table @throws AppError `usage` naming the fields there are */
export function parseMapping(pairs: readonly string[], names: readonly string[]): ColumnMapping {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=')
      const field = pair.slice(at + 1).trim()
      if (at < 1 || (field !== '' && field !== 'none' && !names.includes(field))) {
        throw new AppError('usage', `--map ${pair} 没有写明字段 · it names no field`, {
          hint: `写成 --map 列名=field。Write --map 列名=field; fields: ${names.join(', ')}, or none.`,
        })
      }
      return [pair.slice(0, at).trim(), field === '' || field === 'none' ? null : field] as const
    }),
  )
}
