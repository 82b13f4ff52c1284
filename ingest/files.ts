import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { AppError } from '../retrieval/base/errors.ts'
import { FormatError } from './formats/format.ts'
import type { Incoming } from './ingest.ts'

const largest = 100 * 1024 * 1024
/** Files that programs leave beside documents. */
const ignored = /^(?:\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i

/** @returns the files of the given paths, folders walked in a stable order; @throws AppError `usage` for a path that does not exist */
export function filesIn(paths: readonly string[]): Incoming[] {
  return paths.flatMap((path) => {
    try {
      return statSync(path).isDirectory() ? walk(path, realpathSync(path)) : [incoming(path)]
    } catch (cause) {
      throw new AppError('usage', `找不到或读不了 ${path} · it is not there or cannot be read`, {
        hint: 'Check the path; a folder is read with everything in it.',
        cause,
      })
    }
  })
}

function walk(folder: string, root: string): Incoming[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !ignored.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => visit(join(folder, entry.name), entry, root))
}

/** A link that leads out of the folder is not followed. */
function visit(path: string, entry: Dirent, root: string): Incoming[] {
  if (lstatSync(path).isSymbolicLink() && !realpathSync(path).startsWith(root + sep)) return []
  if (entry.isDirectory()) return walk(path, root)
  return statSync(path).isFile() ? [incoming(path)] : []
}

/** @returns the prefixes of the sources below each given folder; none for files or for the current folder */
export function foldersIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const source = sourceOf(path)
    return statSync(path).isDirectory() && source !== '.' ? [`${source}/`] : []
  })
}

/** The source is the path relative to the current folder, so that the same file is the same document in every run. */
function incoming(path: string): Incoming {
  return {
    source: sourceOf(path),
    path,
    name: basename(path),
    isThere: existsSync,
    async bytes() {
      if (statSync(path).size > largest)
        throw new FormatError('too_large', 'The file is larger than 100 MB', { hint: 'Split it.' })
      return new Uint8Array(await readFile(path))
    },
  }
}

function sourceOf(path: string): string {
  const source = relative(process.cwd(), resolve(path)) || '.'
  return source.split(sep).join('/').normalize('NFC')
}
