import { statfs } from 'node:fs/promises'
import { AppError, codeOf } from './errors.ts'

const full = 'Free some space where YUANQIAO_HOME and the database are, then do it again; what was stored before is kept.'

/** What the machine refuses, by the code Node or Postgres gives it: nobody should have to read a stack for these. */
const troubles: Readonly<Record<string, readonly [code: string, message: string, hint: string]>> = {
  ENOSPC: ['disk_full', 'The disk is full', full],
  EDQUOT: ['disk_full', 'The disk quota of this user is used up', full],
  '53100': ['disk_full', 'The disk of the database is full', full],
  EROFS: [
    'read_only',
    'The file system is read-only',
    'Mount it writable, or set YUANQIAO_HOME to a folder that can be written.',
  ],
  EMFILE: ['too_many_files', 'This process may not open more files', 'Raise the limit (ulimit -n), then start again.'],
}

/** @returns a full disk and the like as an error with a hint, or null for everything else, errors of our own among it */
export function machineTrouble(error: unknown): AppError | null {
  const [code, message, hint] = error instanceof AppError ? [] : (troubles[codeOf(error)] ?? [])
  if (code === undefined || message === undefined || hint === undefined) return null
  return new AppError(code, message, { hint, retry: true, cause: error })
}

/** @returns bytes that may still be written where `folder` is, or null where nobody can tell */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** A database that opens writes at least so much. */
const roomToOpen = 32 * 2 ** 20

/** @returns the error of a disk without room for a database in `folder`, or null when there is room or nobody can tell */
export async function withoutRoom(folder: string): Promise<AppError | null> {
  const free = await freeBytes(folder)
  return free === null || free > roomToOpen ? null : new AppError('disk_full', 'The disk is full', { hint: full, retry: true })
}
