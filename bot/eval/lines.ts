import { readFileSync } from 'node:fs'
import { AppError } from '../../retrieval/base/errors.ts'

/** A non-blank line, with its number in the file, from 1. */
export type Line = { readonly text: string; readonly number: number }

/**
 * The non-blank lines of a text file, with any line ends and with or without a byte order mark.
 * @throws AppError `bad_data_set` when the file is in another encoding or cannot be read
 */
export function linesOf(path: string): Line[] {
  return decoded(path)
    .split(/\r\n|\n|\r/)
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '')
}

function decoded(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    const encoding = cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    throw new AppError('bad_data_set', encoding ? `${path} is not UTF-8` : `${path} cannot be read`, {
      hint: encoding ? 'Save it as UTF-8.' : 'Check that it is a file and may be read.',
      cause,
    })
  }
}
