import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

/** @returns every file below a folder, in a stable order, without what says what another file holds */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !/(?:\.truth\.txt|expected\.jsonl|SOURCES\.md|README\.md)$/.test(path))
    .sort()
}

/** The exact text of a file, where it was written down: `<stem>.truth.txt` beside `<stem>-….ext`. Parts of a document have none. */
export function truthFor(path: string): string | null {
  const stem = basename(path, extname(path))
  if (/-p\d+$/.test(stem)) return null
  const truths = readdirSync(dirname(path)).filter((name) => name.endsWith('.truth.txt'))
  const found = truths.find((name) => stem === name.slice(0, -10) || stem.startsWith(`${name.slice(0, -10)}-`))
  return found === undefined ? null : join(dirname(path), found)
}

export function formatOf(path: string): string {
  return extname(path).slice(1).toLowerCase() || 'none'
}
