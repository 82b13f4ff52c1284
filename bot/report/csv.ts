/** Pure: rows as CSV. Cells a spreadsheet would take for a formula are quoted as text. */
export function csvOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))]
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

function cell(value: unknown): string {
  const text = value == null ? '' : value instanceof Date ? value.toISOString() : String(value)
  const safe = typeof value === 'string' && /^[\s]*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Pure: a nested object as lines `a.b.c, value`. */
export function flat(value: Readonly<Record<string, unknown>>, path = ''): { name: string; value: unknown }[] {
  return Object.entries(value).flatMap(([name, each]) =>
    each !== null && typeof each === 'object'
      ? flat(each as Readonly<Record<string, unknown>>, `${path}${name}.`) // figures are plain objects all the way down
      : [{ name: `${path}${name}`, value: each }],
  )
}
