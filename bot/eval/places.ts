import { closeSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError, codeOf } from '../../retrieval/base/errors.ts'
import { makeFolder } from '../../retrieval/base/folder.ts'

/** Checks that results can be written to a folder, before an hour of work begins. @throws AppError `not_writable` */
export function writableFolder(folder: string): void {
  tried(folder, () => {
    makeFolder(folder)
    const probe = join(folder, `.yuanqiao-${process.pid}`)
    closeSync(openSync(probe, 'w'))
    rmSync(probe)
  })
}

/** The same for a file; its content stays. @throws AppError `not_writable` */
export function writableFile(path: string): void {
  writableFolder(dirname(path))
  tried(path, () => closeSync(openSync(path, 'a')))
}

function tried(path: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw new AppError('not_writable', `${path} cannot be written (${codeOf(cause)})`, {
      hint: 'Name a folder or a file that you may write.',
      cause,
    })
  }
}
