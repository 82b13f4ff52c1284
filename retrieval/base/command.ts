import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError, toError } from './errors.ts'

/** The last catch of every command: one line and a hint on stderr, exit 1; wrong usage exits 2. */
export function fail(error: unknown): never {
  const known = error instanceof AppError
  if (known && error.code === 'help') {
    process.stdout.write(`${error.message}\n`)
    process.exit(0)
  }
  process.stderr.write(`${known ? error.message : `Unexpected error: ${toError(error).stack ?? toError(error).message}`}\n`)
  if (known && error.hint !== undefined) process.stderr.write(`→ ${error.hint}\n`)
  process.exit(known && error.code === 'usage' ? 2 : 1)
}

/** @returns an error that ends a command with exit code 2 and shows how it is used */
export function usage(message: string, how: string): AppError {
  return new AppError('usage', message, { hint: how })
}

/**
 * Parses the arguments of a command. @throws AppError `usage` for an argument that `config` does not know, `help` when help was asked for
 * (not a failure)
 */
export function parsed<Config extends ParseArgsConfig>(config: Config, how: string): ReturnType<typeof parseArgs<Config>> {
  if (process.argv.slice(2).some((each) => each === '--help' || each === '-h')) throw new AppError('help', how)
  try {
    return parseArgs(config)
  } catch (error) {
    throw usage(toError(error).message, how)
  }
}
