import { codeOf } from '../../../retrieval/base/errors.ts'

/** Postgres error classes for data it will never accept: data exception, constraint, program limit. */
export function isBadData(error: unknown): boolean {
  return /^(?:22|23|54)[0-9A-Z]{3}$/.test(codeOf(error))
}
